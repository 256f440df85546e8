import Foundation
import Subprocess
import Synchronization
import SystemPackage
import TrialProtocol

/// Asks a running trainer to stop; it may be used from any task, also before the trainer has started.
///
///     let stop = StopRequest()
///     async let exit = TrialProcess.run(launch, stop: stop) { _ in }
///     stop.stop(grace: .seconds(5))      // the stop signal now, SIGKILL in five seconds
///     await exit                         // .signaled(15) from a trainer that does not catch SIGTERM
///     stop.wasTold                       // true
public final class StopRequest: Sendable {
    fileprivate struct Request: Sendable {
        /// The time between the stop signal and SIGKILL.
        var grace: Duration
        /// The time before the stop signal, in which the trainer may end by itself.
        var patience: Duration
    }

    fileprivate let requests: AsyncStream<Request>
    private let continuation: AsyncStream<Request>.Continuation
    /// Whether `stop` was called, also where no trainer runs yet.
    private let wasRequested = Mutex(false)
    /// Whether a signal was sent to a trainer that still ran.
    private let told = Mutex(false)

    /// A request that has not been made yet; one serves for one run of `TrialProcess`.
    public init() {
        (requests, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Sends the launch's stop signal to the trainer's process group, and SIGKILL after the time `grace`. A second
    /// request with a shorter grace takes effect before the first.
    ///
    /// - Parameters:
    ///   - grace: how long the trainer has to end after the signal; zero to send SIGKILL at once.
    ///   - patience: how long to wait before the signal, for a trainer that is about to end by itself.
    public func stop(grace: Duration, patience: Duration = .zero) {
        wasRequested.withLock { $0 = true }
        continuation.yield(Request(grace: grace, patience: patience))
    }

    /// Whether the stop signal was sent while the trainer still ran, so that it has not ended by itself.
    public var wasTold: Bool { told.withLock(\.self) }

    /// Notes that the stop signal is about to be sent.
    fileprivate func tells() { told.withLock { $0 = true } }

    /// The attempt is over: nothing waits for requests any more.
    fileprivate func finish() {
        continuation.finish()
    }

    /// Waits until a stop is requested, or until `time` has passed.
    fileprivate func isRequested(within time: Duration) async -> Bool {
        let end = ContinuousClock.now + time
        while ContinuousClock.now < end, !wasRequested.withLock(\.self) {
            try? await Task.sleep(for: .milliseconds(50))
        }
        return wasRequested.withLock(\.self)
    }
}

/// Runs one trainer process from its start to its end, in a session of its own. It passes on what the trainer reports,
/// keeps its limits, and kills what it leaves behind.
///
///     let launch = TrialLaunch(
///         program: "/usr/bin/python3", arguments: ["train.py", "--lr", "0.1"], environment: [:],
///         directory: "/sweeps/mnist/trials/000012", timeout: .seconds(3600))
///     let exit = await TrialProcess.run(launch, stop: StopRequest()) { reports in
///         for report in reports { print(report.step ?? 0, report["loss"] ?? .nan) }
///     }
///     // exit == .exited(0)
public enum TrialProcess {
    /// Runs the trainer to its end and passes on its reports as they arrive.
    ///
    /// When this returns, no process that the trainer started is left. Everything it printed is in `stdout.log` and
    /// `stderr.log`, after what earlier attempts printed there. It does not throw: a trainer that fails, or cannot be
    /// started, is an outcome that is stored like any other.
    ///
    /// - Parameters:
    ///   - launch: what to start, and its limits.
    ///   - stop: ends the trainer, or the attempts to start it, when it is used.
    ///   - guardian: is told of the process while it runs; nil to run it without a guardian, as tests do.
    ///   - delayed: called with the reason, as text for the user, when the system has no room for another process at
    ///     present; the start is then tried again.
    ///   - report: called with the reports of one piece of output at a time. No more output is read until it returns.
    /// - Returns: how the attempt ended.
    public static func run(
        _ launch: TrialLaunch, stop: StopRequest, guardian: GuardianLine? = nil,
        delayed: @Sendable (String) -> Void = { _ in },
        report: @escaping @Sendable ([MetricReport]) async -> Void
    ) async -> TrialExit {
        var pause = Duration.seconds(1)
        while true {
            do {
                return try await start(launch, stop: stop, guardian: guardian, report: report)
            } catch {
                if error.isOfMachine { return .noRoom(error.words) }
                guard let cause = error.shortage else { return .notLaunched(error.words) }
                delayed("the trainer cannot be started for now: \(cause); trying again")
                if await stop.isRequested(within: pause) { return .notLaunched(error.words) }
                pause = min(pause * 2, .seconds(30))
            }
        }
    }

    /// One try to start the trainer, and if that succeeds, its run to the end.
    ///
    /// The order at the end matters. The guardians may forget the leader only after its group is killed; and leftovers
    /// in other sessions are searched for after it is gone, when it cannot start any more of them.
    ///
    /// - Throws: `LaunchProblem` if there is no process; the folder and some files may then exist.
    private static func start(
        _ launch: TrialLaunch, stop: StopRequest, guardian: GuardianLine?,
        report: @escaping @Sendable ([MetricReport]) async -> Void
    ) async throws(LaunchProblem) -> TrialExit {
        if let problem = LaunchProblem(tooLongIn: launch) { throw problem }
        let room: DescriptorRoom
        let log: FileDescriptor
        let errorLog: FileDescriptor
        let pipe: (readEnd: FileDescriptor, writeEnd: FileDescriptor)
        do {
            room = try await DescriptorRoom.held()
        } catch {
            throw LaunchProblem(error, "no file descriptors")
        }
        defer { room.giveBack() }
        do throws(TrialFiles.Problem) {
            try TrialFiles.makeFolder(launch.directory)
            for (name, text) in launch.files { try TrialFiles.replace(name, in: launch.directory, with: text) }
            log = try TrialFiles.log(.output, in: launch.directory)
        } catch {
            throw LaunchProblem(error)
        }
        defer { try? log.close() }
        do throws(TrialFiles.Problem) {
            errorLog = try TrialFiles.log(.errors, in: launch.directory)
        } catch {
            throw LaunchProblem(error)
        }
        defer { try? errorLog.close() }
        do {
            pipe = try FileDescriptor.pipe()
        } catch {
            throw LaunchProblem(error, "there is no pipe for what the trainer prints")
        }
        for end in [pipe.readEnd, pipe.writeEnd] { _ = fcntl(end.rawValue, F_SETFD, FD_CLOEXEC) }
        defer { try? pipe.readEnd.close() }
        let start = Orphans.startBegins()
        defer { Orphans.startEnded(start) }
        var options = PlatformOptions()
        options.createSession = true
        let watch = TrialWatch()
        let begin = ContinuousClock.now
        do {
            let result = try await Subprocess.run(
                .path(FilePath(launch.program)), arguments: Arguments(launch.arguments),
                environment: InheritedEnvironment.overlaid(with: launch.environment),
                workingDirectory: FilePath(launch.workingDirectory), platformOptions: options, input: .none,
                output: .fileDescriptor(pipe.writeEnd, closeAfterSpawningProcess: true),
                error: .fileDescriptor(errorLog, closeAfterSpawningProcess: false)
            ) { execution in
                room.giveBack()
                let leader = execution.processIdentifier.value
                Orphans.started(leader, start, isTrial: true)
                Orphans.startEnded(start)
                guardian?.started(leader, isLauncher: launch.isRemote)
                let output = TrainerOutput(pipe.readEnd, of: leader, execution.processIdentifier.processDescriptor)
                await supervise(
                    execution, launch, output, stop: stop, watch: watch, logs: (log, errorLog), report: report)
                // The leader has ended, but its status has not been collected yet, so its identifier cannot name
                // another group by now.
                kill(-leader, SIGKILL)
                guardian?.ended(leader)
            }
            let leader = result.processIdentifier.value
            Orphans.ended(leader)
            await ProcessTable.killLeftovers(
                ofTrialIn: launch.directory, ledBy: leader, after: ContinuousClock.now - begin)
            await Orphans.kill(ofTrialIn: launch.directory, ledBy: leader)
            if let end = watch.end { return end }
            if launch.isRemote {
                guard let mark = watch.mark else { return .lost(status: result.terminationStatus.code) }
                return mark > 128 ? .signaled(mark - 128) : .exited(mark)
            }
            switch result.terminationStatus {
            case .exited(let code): return .exited(code)
            case .signaled(let signal): return .signaled(signal)
            }
        } catch {
            throw LaunchProblem(error, launch)
        }
    }

    /// Reads the trainer's output and watches its limits and `stop`, until the process has ended and all it printed is
    /// read.
    private static func supervise<Input, Output, Errors>(
        _ execution: Execution<Input, Output, Errors>, _ launch: TrialLaunch, _ output: TrainerOutput,
        stop: StopRequest, watch: TrialWatch, logs: (output: FileDescriptor, errors: FileDescriptor),
        report: @escaping @Sendable ([MetricReport]) async -> Void
    ) async {
        let leader = execution.processIdentifier.value
        /// Adds a task for one limit: it ends the trainer when the limit is exceeded, and is cancelled when the process
        /// has ended.
        func limit(
            _ tasks: inout TaskGroup<Bool>, grace: Duration,
            _ exceeded: @escaping @Sendable () async throws -> TrialExit
        ) {
            tasks.addTask {
                guard let end = try? await exceeded(), !Task.isCancelled, !output.isOver else { return false }
                watch.ends(because: end)
                await execution.teardown(using: steps(launch, grace))
                return false
            }
        }
        await withTaskGroup(of: Bool.self) { tasks in
            tasks.addTask {
                await read(output, launch, watch: watch, stop: stop, log: logs.output, report: report)
                return true
            }
            tasks.addTask {
                await withTaskGroup { teardowns in
                    for await request in stop.requests {
                        teardowns.addTask {
                            if request.patience > .zero {
                                do { try await Task.sleep(for: request.patience) } catch { return }
                                if stop.wasTold { return }
                            }
                            // A trainer that has ended by itself gets no signal, and does not count as told to
                            // stop, even if some of its output has still to be read.
                            if output.isOver { return }
                            if watch.mark == nil { stop.tells() }
                            await execution.teardown(using: steps(launch, request.grace))
                        }
                    }
                }
                return false
            }
            if let timeout = launch.timeout {
                limit(&tasks, grace: launch.grace) {
                    // By a clock that stands still while the machine sleeps.
                    try await Task.sleep(for: timeout, clock: .suspending)
                    return .timedOut
                }
            }
            if let stall = launch.stall {
                limit(&tasks, grace: launch.grace) {
                    try await watch.waitForStall(
                        stall, errors: logs.errors, at: "\(launch.directory)/\(TrialLog.errors.fileName)")
                    return .stalled
                }
            }
            if launch.memory != nil || launch.processes != nil {
                limit(&tasks, grace: .zero) { try await watch.waitForExcess(of: launch, leader: leader) }
            }
            for await hasEnded in tasks where hasEnded {
                stop.finish()
                tasks.cancelAll()
            }
        }
    }

    /// The signals that end a trainer, in their order: the stop signal with its grace, SIGTERM for a launcher so that
    /// it ends its job, and SIGKILL.
    private static func steps(_ launch: TrialLaunch, _ grace: Duration) -> [TeardownStep] {
        var steps: [TeardownStep] = []
        if grace > .zero {
            steps.append(
                .send(
                    signal: .init(rawValue: launch.stopSignal), toProcessGroup: true, allowedDurationToNextStep: grace))
        }
        if launch.isRemote {
            steps.append(
                .send(signal: .terminate, toProcessGroup: false, allowedDurationToNextStep: Guardian.cleanUpTime))
        }
        return steps + [.send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .seconds(1))]
    }

    /// Writes all output to the log, passes on the reports in it, and notes the end mark of a trainer behind a
    /// launcher.
    private static func read(
        _ output: TrainerOutput, _ launch: TrialLaunch, watch: TrialWatch, stop: StopRequest,
        log: FileDescriptor, report: ([MetricReport]) async -> Void
    ) async {
        var splitter = LineSplitter()
        var reports: [MetricReport] = []
        var reader = ReportReader(launch.reportPatterns)
        func take(_ line: ArraySlice<UInt8>) {
            guard let report = reader.report(in: line) else { return }
            if launch.isRemote, EndMark.isMark(report) {
                if let status = EndMark.status(report) { watch.noted(mark: status) }
            } else {
                reports.append(report)
            }
        }
        await output.read { bytes in
            watch.notedOutput()
            do {
                try log.writeAll(bytes)
            } catch {
                // A log with a gap would be misleading: the attempt ends here, and the trial may be run again.
                watch.ends(because: .notLogged("\(launch.directory)/\(TrialLog.output.fileName): \(error)"))
                stop.stop(grace: launch.grace)
            }
            splitter.take(bytes, line: take)
        } then: {
            if !reports.isEmpty { await report(reports) }
            reports = []
        }
        splitter.finish(take)
        if !reports.isEmpty { await report(reports) }
    }

}

/// Why a trainer could not be started.
private struct LaunchProblem: Error {
    /// The reason, for the user.
    let words: String
    /// Of what the system has too little at present; nil if trying again would not help.
    let shortage: String?
    /// Whether the machine has no room for the trial's files, such as on a full disk, which may last.
    var isOfMachine = false

    init(_ problem: TrialFiles.Problem) {
        words = "\(problem)"
        shortage = TrialFiles.shortage(problem.code)
        isOfMachine = problem.isOfMachine
    }

    init(_ error: any Error, _ subject: String) {
        words = "\(subject): \(error)"
        shortage = TrialFiles.shortage(error as? Errno)
    }

    /// Linux takes 128 KiB for one argument, or for one variable with its name, each with the NUL at its end.
    private static let maxLength = 131_071

    /// Nil if every argument and every variable is short enough for the system.
    init?(tooLongIn launch: TrialLaunch) {
        func refusal(_ subject: String, _ size: Int) -> String {
            "\(subject) is \(size) bytes long, and Linux takes \(Self.maxLength); values as large as that need a file: "
                + "{args:file}"
        }
        if let argument = launch.arguments.first(where: { $0.utf8.count > Self.maxLength }) {
            words = refusal("the argument '\(argument.prefix(20))…'", argument.utf8.count)
        } else if let (name, value) = launch.environment.first(where: {
            $0.key.utf8.count + 1 + $0.value.utf8.count > Self.maxLength
        }) {
            words = refusal("the environment variable \(name)", name.utf8.count + 1 + value.utf8.count)
        } else {
            return nil
        }
        shortage = nil
    }

    init(_ error: any Error, _ launch: TrialLaunch) {
        guard let error = error as? SubprocessError else {
            (words, shortage) = ("\(error)", nil)
            return
        }
        words =
            switch error.code {
            case .failedToChangeWorkingDirectory: "the trainer's directory \(launch.workingDirectory) cannot be entered"
            case _ where error.underlyingError == .argListTooLong:
                "the arguments and the environment are together larger than Linux takes; {args:file} hands the values "
                    + "over in a file"
            default:
                if let problem = ProgramSearch.problem(with: launch.program, path: launch.environment["PATH"]) {
                    "\(problem)"
                } else if error.code == .executableNotFound {
                    "\(launch.program) is not there or cannot be executed"
                } else {
                    "\(launch.program): \(error.underlyingError.map { "\($0)" } ?? "\(error)")"
                }
            }
        shortage = TrialFiles.shortage(error.underlyingError)
    }
}

extension TerminationStatus {
    /// The status as a shell gives it: 128 and the number of the signal if one ended the process.
    fileprivate var code: Int32 {
        switch self {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
    }
}
