import Foundation
import Subprocess
import Synchronization
import SystemPackage
import TrialProtocol

/// Makes sure that no trainer outlives its planner, even if the planner is killed with SIGKILL. Guardians are separate
/// processes that wait for the planner's end and then kill what its trainers have left running.
///
///     if Guardian.isThisProcess { return Guardian.runAsGuardian() }  // first thing in `main`
///     try await Guardian.guarding(token: token, program: ProgramSearch.ownExecutable) { line in
///         await TrialProcess.run(launch, stop: StopRequest(), guardian: line) { reports in … }
///     }
///
/// A guardian waits at a pipe whose other end only the planner holds, so the pipe closes when the planner is gone, in
/// whatever way it ended. The guardian then kills the sessions of the running trainers, which the planner has named
/// through the pipe, and every process that carries the planner's token in its environment, which also finds what
/// trainers started in sessions of their own. Linux's "parent death signal" would not do: it reaches neither
/// grandchildren nor a trainer behind a launcher. Nor would a process group: `setsid` leaves it.
///
/// There are two guardians, each in a session of its own, in case one is killed together with the planner. One that is
/// killed alone is replaced. If all three are killed at the same instant, the next start of the sweep finds and kills
/// the trainers.
public enum Guardian {
    /// The guardian's name in process listings. It runs the planner's own program, which recognises by this name, its
    /// first argument, that it is to be a guardian.
    static let processName = "trial-guardian"

    /// One could be killed together with the planner by chance; that both are is improbable.
    private static let count = 2

    /// How long a launcher may take to end its job after SIGTERM, before it is killed.
    static let cleanUpTime = Duration.seconds(1)

    /// Whether this process was started as a guardian; it must then call `runAsGuardian()` and do nothing else.
    public static var isThisProcess: Bool { CommandLine.arguments.first == processName }

    /// Runs `body` while two guardians watch this planner. One that is killed or stopped is replaced. When this returns
    /// or throws, no process that trainers started is left.
    ///
    /// - Parameters:
    ///   - token: the planner's own, which trainers inherit as `TrialVariable.planner`.
    ///   - program: the path of this planner's own executable, which guardians run.
    ///   - body: gets the line through which it tells the guardians of each trainer.
    /// - Throws: what `body` throws, or `SubprocessError` if a guardian cannot be started; `body` has then not run.
    public static func guarding<Value: Sendable>(
        token: String, program: String, _ body: @Sendable (GuardianLine) async throws -> Value
    ) async throws -> Value {
        Orphans.adopt()
        let line = GuardianLine()
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            let (ready, readiness) = AsyncThrowingStream<Void, any Error>.makeStream()
            for guardian in 0..<count {
                tasks.addTask {
                    // After a hundred times something on this machine keeps killing it, and replacing it is no use.
                    for _ in 0..<100 where !line.isDismissed {
                        do {
                            try await run(guardian, line, token: token, program: program) { readiness.yield() }
                        } catch {
                            // Without the first two, `body` must not run. A replacement may find room later.
                            readiness.finish(throwing: error)
                            try? await Task.sleep(for: .seconds(1))
                        }
                    }
                }
            }
            let result: Result<Value, any Error>
            do {
                var started = 0
                for try await _ in ready {
                    started += 1
                    if started == count { break }
                }
                result = .success(try await reaping { try await body(line) })
            } catch {
                result = .failure(error)
            }
            line.dismiss()
            try await tasks.waitForAll()
            await Orphans.kill(ofTrialIn: nil)
            return try result.get()
        }
    }

    /// Runs one guardian to its end.
    private static func run(
        _ guardian: Int, _ line: GuardianLine, token: String, program: String, started: @Sendable () -> Void
    ) async throws {
        let room = try await DescriptorRoom.held()
        defer { room.giveBack() }
        let start = Orphans.startBegins()
        defer { Orphans.startEnded(start) }
        let readEnd = try line.open(guardian)
        let result = try await Subprocess.run(
            configuration(token: token, program: program),
            input: .fileDescriptor(readEnd, closeAfterSpawningProcess: true), output: .discarded, error: .discarded
        ) { execution in
            room.giveBack()
            let process = execution.processIdentifier
            Orphans.started(process.value, start, isTrial: false)
            Orphans.startEnded(start)
            line.runs(guardian, as: process.value)
            started()
            await withTaskGroup(of: Void.self) { tasks in
                tasks.addTask { await waitForEnd(of: process.value, process.processDescriptor) }
                tasks.addTask { await killIfStopped(process.value, line) }
                await tasks.next()
                tasks.cancelAll()
            }
            // Its status has not been collected yet, so its identifier cannot belong to another process by now.
            line.isGone(guardian)
        }
        Orphans.ended(result.processIdentifier.value)
    }

    /// Returns when the process has ended; its status need not have been collected.
    private static func waitForEnd(of process: Int32, _ descriptor: CInt) async {
        if descriptor >= 0 { return await Readiness.shared.wait(forAnyOf: [descriptor]) }
        // Before Linux 5.3 there are no descriptors of processes.
        while ProcessTable.isAlive(process) { try? await Task.sleep(for: .milliseconds(20)) }
    }

    /// Kills a guardian that has been stopped, since it guards nothing, or that does not end after it was dismissed.
    private static func killIfStopped(_ process: Int32, _ line: GuardianLine) async {
        var checksSinceDismissal = 0
        while true {
            do { try await Task.sleep(for: .milliseconds(500)) } catch { return }
            if line.isDismissed { checksSinceDismissal += 1 }
            // A dismissed guardian still searches for leftover processes, for five seconds at most; it gets ten.
            if ProcessTable.isStopped(process) || checksSinceDismissal > 20 { kill(process, SIGKILL) }
        }
    }

    /// Runs `body`, and meanwhile collects the status of ended orphans once a second, lest they fill the process table.
    private static func reaping<Value: Sendable>(_ body: @Sendable () async throws -> Value) async throws -> Value {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                while true {
                    try await Task.sleep(for: .seconds(1))
                    Orphans.reap()
                }
            }
            defer { tasks.cancelAll() }
            return try await body()
        }
    }

    /// How a guardian is started: under its own name, in a session of its own, and in the folder `/` so that it keeps
    /// no file system busy. The token and the planner's identifier are arguments, since a guardian that had the token
    /// in its environment would be taken for a trainer.
    private static func configuration(token: String, program: String) -> Configuration {
        var options = PlatformOptions()
        options.createSession = true
        let earlier = Orphans.earlierChildren.map(String.init).joined(separator: " ")
        return Configuration(
            executable: .path(FilePath(program)),
            arguments: Arguments(
                executablePathOverride: processName, remainingValues: [token, "\(getpid())", earlier]),
            workingDirectory: "/", platformOptions: options)
    }
}
