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

/// The planner's ends of the pipes at which its guardians wait; it tells them through these which trainers run.
///
/// Each message is one line; the numbers are those of processes:
///
///     +4711        a trainer runs, and its process leads the session 4711
///     *4712        the same of a launcher
///     -4711        it is gone
///     q            the planner has ended its trainers itself
public final class GuardianLine: Sendable {
    /// A line of text on the pipe. Trainers are named by the process that leads their session.
    enum Message: Equatable {
        case started(Int32, isLauncher: Bool)
        case ended(Int32)
        case dismissed

        /// Reads a line without its line end; nil if it is not a message.
        init?(_ text: String) {
            let leader = Int32(text.dropFirst())
            switch (text.first, leader) {
            case ("+", let leader?): self = .started(leader, isLauncher: false)
            case ("*", let leader?): self = .started(leader, isLauncher: true)
            case ("-", let leader?): self = .ended(leader)
            case ("q", _): self = .dismissed
            default: return nil
            }
        }

        /// The line as it is sent, with its line end.
        var text: String {
            switch self {
            case .started(let leader, let isLauncher): "\(isLauncher ? "*" : "+")\(leader)\n"
            case .ended(let leader): "-\(leader)\n"
            case .dismissed: "q\n"
            }
        }
    }

    fileprivate struct State {
        /// The planner's ends, by the number of the guardian.
        var pipes: [Int: FileDescriptor] = [:]
        /// The guardians that run, by number.
        var processes: [Int: Int32] = [:]
        /// The leaders of the sessions that run, and whether each is a launcher.
        var leaders: [Int32: Bool] = [:]
        var isDismissed = false
    }

    private let state = Mutex(State())

    init() {}

    deinit {
        state.withLock { $0.close() }
    }

    /// Tells the guardians that a trainer runs, and that its process leads this session.
    func started(_ leader: Int32, isLauncher: Bool) {
        state.withLock { state in
            state.leaders[leader] = isLauncher
            state.send(.started(leader, isLauncher: isLauncher))
        }
    }

    /// Tells the guardians that the trainer is gone, so that they do not kill a later process of the same number.
    func ended(_ leader: Int32) {
        state.withLock { state in
            state.leaders[leader] = nil
            state.send(.ended(leader))
        }
    }

    /// Whether the guardians have been told that they are no longer needed; one that ends now is not replaced.
    var isDismissed: Bool { state.withLock { $0.isDismissed } }

    /// Notes which process a guardian is, so that it can be killed if it stops reading.
    func runs(_ guardian: Int, as process: Int32) {
        state.withLock { $0.processes[guardian] = process }
    }

    /// Notes that a guardian has ended, so that its number is not killed when another process has it.
    func isGone(_ guardian: Int) {
        state.withLock { $0.processes[guardian] = nil }
    }

    /// Tells the guardians to end, and closes all pipes. The trainers have ended by then.
    func dismiss() {
        state.withLock { state in
            state.isDismissed = true
            state.send(.dismissed)
            // A guardian that did not get the message sees the end of the pipe, and ends as well.
            state.close()
        }
    }

    /// Makes a pipe for a new guardian and tells it of all running trainers.
    ///
    /// - Returns: the guardian's end.
    /// - Throws: `Errno` if there is no room for a pipe; nothing has then changed.
    func open(_ guardian: Int) throws -> FileDescriptor {
        let pipe = try FileDescriptor.pipe()
        // If a guardian or a trainer inherited the planner's end, the pipe would stay open after the planner's death.
        for end in [pipe.readEnd, pipe.writeEnd] { _ = fcntl(end.rawValue, F_SETFD, FD_CLOEXEC) }
        // A guardian that does not read must not hold up the planner.
        _ = fcntl(pipe.writeEnd.rawValue, F_SETFL, O_NONBLOCK)
        state.withLock { state in
            try? state.pipes.updateValue(pipe.writeEnd, forKey: guardian)?.close()
            if state.isDismissed { state.send(.dismissed) }
            // If it is told of a trainer twice, that does no harm.
            for (leader, isLauncher) in state.leaders { state.send(.started(leader, isLauncher: isLauncher)) }
        }
        return pipe.readEnd
    }
}

extension GuardianLine.State {
    /// Sends a message to all guardians. One that is gone misses it, but its replacement is told of everything.
    fileprivate mutating func send(_ message: GuardianLine.Message) {
        // A write of up to PIPE_BUF bytes (4,096 on Linux) to a pipe is atomic: whole or not at all.
        let bytes = Array(message.text.utf8)
        for (guardian, pipe) in pipes where write(pipe.rawValue, bytes, bytes.count) < 0 && errno == EAGAIN {
            // The pipe is full: it has not read for thousands of messages, so it is stopped or frozen. It is killed,
            // since without this message it would kill the wrong processes, or too few; its replacement knows all.
            if let process = processes[guardian] { kill(process, SIGKILL) }
            try? pipe.close()
            pipes[guardian] = nil
        }
    }

    /// Closes the planner's ends: a guardian that reads notices it at once.
    fileprivate mutating func close() {
        for pipe in pipes.values { try? pipe.close() }
        pipes = [:]
    }
}
