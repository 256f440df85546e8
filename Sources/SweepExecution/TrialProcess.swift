import Foundation
import Subprocess
import SystemPackage
import TrialProtocol

/// Asks a running trainer to stop, from wherever that is decided.
public final class StopRequest: Sendable {
    fileprivate let requests: AsyncStream<Duration>
    private let continuation: AsyncStream<Duration>.Continuation

    public init() {
        (requests, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Sends SIGTERM to the trainer's process group, and SIGKILL when `grace` is over. A second request with a shorter
    /// grace overtakes the first.
    public func stop(grace: Duration) {
        continuation.yield(grace)
    }

    fileprivate func finish() {
        continuation.finish()
    }
}

/// One trainer process, from its start to its end, in a session of its own.
public enum TrialProcess {
    /// Runs the trainer to its end and hands over what it reports as it reports it.
    ///
    /// When this returns nothing of the trainer's process group is left. Everything it printed is in `stdout.log` and
    /// `stderr.log`, behind what earlier attempts printed there.
    ///
    /// - Parameter report: called with the reports of one piece of output at a time; the trainer's output waits
    ///   meanwhile.
    public static func run(
        _ launch: TrialLaunch, stop: StopRequest, report: @escaping @Sendable ([MetricReport]) async -> Void
    ) async -> TrialExit {
        let output: FileDescriptor
        let errorOutput: FileDescriptor
        do {
            output = try Self.log("stdout.log", in: launch.directory)
            errorOutput = try Self.log("stderr.log", in: launch.directory)
        } catch {
            return .notLaunched("the logs in \(launch.directory) cannot be written: \(error)")
        }
        defer { try? output.close() }
        var options = PlatformOptions()
        options.createSession = true
        do {
            let result = try await Subprocess.run(
                .path(FilePath(launch.program)), arguments: Arguments(launch.arguments),
                environment: .inherit.updating(
                    Dictionary(uniqueKeysWithValues: launch.environment.map { (.init(stringLiteral: $0), $1) })),
                workingDirectory: FilePath(launch.directory), platformOptions: options, input: .none,
                output: .sequence, error: .fileDescriptor(errorOutput, closeAfterSpawningProcess: true)
            ) { execution in
                await supervise(execution, launch, stop: stop, log: output, report: report)
            }
            // The leader is gone; what it left behind in its group goes too.
            kill(-result.processIdentifier.value, SIGKILL)
            if result.closureResult { return .timedOut }
            switch result.terminationStatus {
            case .exited(let code): return .exited(code)
            case .signaled(let signal): return .signaled(signal)
            }
        } catch let error as SubprocessError {
            return .notLaunched(Self.words(for: error, launch))
        } catch {
            return .notLaunched("\(error)")
        }
    }

    /// - Returns: whether the attempt ran out of time.
    private static func supervise<Input, Errors>(
        _ execution: Execution<Input, SequenceOutput, Errors>, _ launch: TrialLaunch, stop: StopRequest,
        log: FileDescriptor, report: @escaping @Sendable ([MetricReport]) async -> Void
    ) async -> Bool {
        await withTaskGroup(of: Bool?.self) { tasks in
            tasks.addTask {
                await read(execution.standardOutput, log: log, report: report)
                // A trainer may close its output and work on: it is over when it is gone, not when it is silent.
                await ProcessTable.waitForEnd(of: execution.processIdentifier.value)
                return nil
            }
            tasks.addTask {
                await withTaskGroup { teardowns in
                    for await grace in stop.requests {
                        teardowns.addTask { await execution.teardown(using: Self.steps(grace)) }
                    }
                }
                return false
            }
            if let timeout = launch.timeout {
                tasks.addTask {
                    do { try await Task.sleep(for: timeout) } catch { return false }
                    await execution.teardown(using: Self.steps(launch.grace))
                    return true
                }
            }
            var timedOut = false
            for await result in tasks {
                switch result {
                case .some(let ranOut): timedOut = timedOut || ranOut
                case .none:
                    stop.finish()
                    tasks.cancelAll()
                }
            }
            return timedOut
        }
    }

    private static func steps(_ grace: Duration) -> [TeardownStep] {
        grace > .zero
            ? [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: grace)]
            : [.send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .seconds(1))]
    }

    private static func read(
        _ output: SubprocessOutputSequence, log: FileDescriptor, report: ([MetricReport]) async -> Void
    ) async {
        var splitter = LineSplitter()
        var canLog = true
        do {
            for try await buffer in output {
                var reports: [MetricReport] = []
                buffer.withUnsafeBytes { bytes in
                    if canLog { canLog = (try? log.writeAll(bytes)) != nil }
                    splitter.take(bytes) { line in MetricReport(line: line).map { reports.append($0) } }
                }
                if !reports.isEmpty { await report(reports) }
            }
        } catch {
            // The pipe broke: the process is going or gone, and its exit status tells how.
        }
        var last: [MetricReport] = []
        splitter.finish { line in MetricReport(line: line).map { last.append($0) } }
        if !last.isEmpty { await report(last) }
    }

    private static func log(_ name: String, in directory: String) throws -> FileDescriptor {
        try FileDescriptor.open(
            FilePath("\(directory)/\(name)"), .writeOnly, options: [.append, .create, .closeOnExec],
            permissions: [.ownerReadWrite, .groupRead, .otherRead])
    }

    private static func words(for error: SubprocessError, _ launch: TrialLaunch) -> String {
        switch error.code {
        case .executableNotFound: "\(launch.program) is not there or cannot be executed"
        case .failedToChangeWorkingDirectory: "\(launch.directory) cannot be entered"
        default: "\(error)"
        }
    }
}
