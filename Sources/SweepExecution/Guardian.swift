import Foundation
import Subprocess
import SystemPackage
import TrialProtocol

/// Sees to it that no trainer outlives its planner, not even one that is killed outright.
///
/// A second process waits at a pipe whose other end only the planner holds. When the planner is gone, however it went,
/// the pipe closes; the guardian then kills every process that carries the planner's token in its environment: the
/// trainers and whatever they started, also in sessions of their own. Linux's "parent death signal" reaches neither
/// grandchildren nor a trainer behind a launcher, and a process group is left by whoever calls `setsid`.
public enum Guardian {
    /// What the guardian is called in process listings. It is the planner's own program: the name it is started under
    /// tells it what to do.
    static let processName = "trial-guardian"

    private static let dismissal = UInt8(ascii: "q")

    /// Whether this process was started to be a guardian; if so, `runAsGuardian()` is all it may do.
    public static var isThisProcess: Bool { CommandLine.arguments.first == processName }

    /// Waits until the planner dismisses it or is gone, and kills whatever trainers have left.
    public static func runAsGuardian() {
        for ignored in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] { signal(ignored, SIG_IGN) }
        // What `ps` and `pkill` go by: whoever kills all of revsweep by name shall not kill its guardian too.
        try? processName.write(toFile: "/proc/self/comm", atomically: false, encoding: .utf8)
        guard let token = ProcessInfo.processInfo.environment[TrialVariable.planner.rawValue] else { return }
        let rounds = waitForPlanner() ? 1 : 5
        // When a planner was killed while it started a trainer, that one carries the token only once it runs: look
        // again until all is surely quiet.
        for round in 0..<rounds {
            if round > 0 { usleep(100_000) }
            ProcessTable.killAll(within: .seconds(2)) {
                ProcessTable.processes(with: .planner, equalTo: token)
            }
        }
    }

    /// - Returns: whether the planner has ended in order.
    private static func waitForPlanner() -> Bool {
        var byte: UInt8 = 0
        while true {
            let count = Foundation.read(STDIN_FILENO, &byte, 1)
            if count == 1, byte == dismissal { return true }
            if count == 0 || (count < 0 && errno != EINTR) { return false }
        }
    }

    /// Runs `body` under the guard of `program`, this planner's own executable.
    ///
    /// - Throws: what `body` throws, or `SubprocessError` if the guardian cannot be started; `body` has then not run.
    public static func guarding<Value: Sendable>(
        token: String, program: String, _ body: @Sendable () async throws -> Value
    ) async throws -> Value {
        let pipe = try FileDescriptor.pipe()
        defer { try? pipe.writeEnd.close() }
        // The guardian and the trainers must not hold the end whose closing means that the planner is gone.
        for end in [pipe.readEnd, pipe.writeEnd] { _ = fcntl(end.rawValue, F_SETFD, FD_CLOEXEC) }
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            let (ready, readiness) = AsyncThrowingStream<Void, any Error>.makeStream()
            tasks.addTask {
                do {
                    _ = try await Subprocess.run(
                        configuration(token: token, program: program),
                        input: .fileDescriptor(pipe.readEnd, closeAfterSpawningProcess: true),
                        output: .discarded, error: .discarded
                    ) { _ in
                        readiness.finish()
                    }
                } catch {
                    readiness.finish(throwing: error)
                }
            }
            for try await _ in ready {}
            let result: Result<Value, any Error>
            do {
                result = .success(try await body())
            } catch {
                result = .failure(error)
            }
            _ = try? pipe.writeEnd.writeAll([dismissal])
            try await tasks.waitForAll()
            return try result.get()
        }
    }

    private static func configuration(token: String, program: String) -> Configuration {
        var options = PlatformOptions()
        options.createSession = true
        return Configuration(
            executable: .path(FilePath(program)),
            arguments: Arguments(executablePathOverride: processName, remainingValues: []),
            environment: .inherit.updating([.init(stringLiteral: TrialVariable.planner.rawValue): token]),
            workingDirectory: "/", platformOptions: options)
    }
}
