import Foundation
import Subprocess
import Synchronization
import SystemPackage
import TrialProtocol

/// Sees to it that no trainer outlives its planner, not even one that is killed outright.
///
/// Another process waits at a pipe whose other end only the planner holds. When the planner is gone, however it went,
/// the pipe closes; the guardian then kills the sessions of the trainers that ran, of which the planner told it through
/// the pipe, and every process that carries the planner's token in its environment: what trainers started, also in
/// sessions of their own. Linux's "parent death signal" reaches neither grandchildren nor a trainer behind a launcher,
/// and a process group is left by whoever calls `setsid`.
///
/// There are two guardians, each in a session of its own, so that one that is killed together with the planner is not
/// missed. One that is killed alone is replaced. If all three go in the same instant, the next start finds the
/// trainers.
public enum Guardian {
    /// What the guardian is called in process listings. It is the planner's own program: the name it is started under
    /// tells it what to do.
    static let processName = "trial-guardian"

    private static let count = 2

    /// What a launcher gets to end its job when it has been asked to.
    static let cleanUpTime = Duration.seconds(1)

    /// Whether this process was started to be a guardian; if so, `runAsGuardian()` is all it may do.
    public static var isThisProcess: Bool { CommandLine.arguments.first == processName }

    /// Runs `body` under the guard of `program`, this planner's own executable. A guardian that is killed, or
    /// stopped, is replaced. When this returns, nothing that trainers started is left.
    ///
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
                    // One that is killed again and again is given up: something on this machine does not want it.
                    for _ in 0..<100 where !line.isDismissed {
                        do {
                            try await run(guardian, line, token: token, program: program) { readiness.yield() }
                        } catch {
                            // The first ones have to be there; for others there may be room later.
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
            // Nobody has asked for its status yet: until here its number names no other process.
            line.isGone(guardian)
        }
        Orphans.ended(result.processIdentifier.value)
    }

    private static func waitForEnd(of process: Int32, _ descriptor: CInt) async {
        if descriptor >= 0 { return await Readiness.shared.wait(forAnyOf: [descriptor]) }
        // A kernel without descriptors of processes.
        while ProcessTable.isAlive(process) { try? await Task.sleep(for: .milliseconds(20)) }
    }

    /// A guardian that is stopped guards nobody, and one that was dismissed has to go.
    private static func killIfStopped(_ process: Int32, _ line: GuardianLine) async {
        var looks = 0
        while true {
            do { try await Task.sleep(for: .milliseconds(500)) } catch { return }
            if line.isDismissed { looks += 1 }
            // When it is dismissed it takes a last look around, for at most five seconds.
            if ProcessTable.isStopped(process) || looks > 20 { kill(process, SIGKILL) }
        }
    }

    /// Runs `body`, and meanwhile asks now and then for the status of what trainers have left and has ended.
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

/// The planner's ends of the pipes at which its guardians wait.
public final class GuardianLine: Sendable {
    enum Message: Equatable {
        case started(Int32, isLauncher: Bool)
        case ended(Int32)
        case dismissed

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

        var text: String {
            switch self {
            case .started(let leader, let isLauncher): "\(isLauncher ? "*" : "+")\(leader)\n"
            case .ended(let leader): "-\(leader)\n"
            case .dismissed: "q\n"
            }
        }
    }

    fileprivate struct State {
        /// By guardian.
        var pipes: [Int: FileDescriptor] = [:]
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

    /// A trainer runs that leads this session.
    func started(_ leader: Int32, isLauncher: Bool) {
        state.withLock { state in
            state.leaders[leader] = isLauncher
            state.send(.started(leader, isLauncher: isLauncher))
        }
    }

    func ended(_ leader: Int32) {
        state.withLock { state in
            state.leaders[leader] = nil
            state.send(.ended(leader))
        }
    }

    var isDismissed: Bool { state.withLock { $0.isDismissed } }

    /// A guardian has been started.
    func runs(_ guardian: Int, as process: Int32) {
        state.withLock { $0.processes[guardian] = process }
    }

    func isGone(_ guardian: Int) {
        state.withLock { $0.processes[guardian] = nil }
    }

    func dismiss() {
        state.withLock { state in
            state.isDismissed = true
            state.send(.dismissed)
            // Also a guardian that has missed the word hears that the planner is done.
            state.close()
        }
    }

    /// Makes a pipe for a new guardian and tells it of all trainers that run.
    ///
    /// - Returns: the guardian's end.
    func open(_ guardian: Int) throws -> FileDescriptor {
        let pipe = try FileDescriptor.pipe()
        // The guardian and the trainers must not hold the end whose closing means that the planner is gone.
        for end in [pipe.readEnd, pipe.writeEnd] { _ = fcntl(end.rawValue, F_SETFD, FD_CLOEXEC) }
        // The planner waits for no guardian.
        _ = fcntl(pipe.writeEnd.rawValue, F_SETFL, O_NONBLOCK)
        state.withLock { state in
            try? state.pipes.updateValue(pipe.writeEnd, forKey: guardian)?.close()
            if state.isDismissed { state.send(.dismissed) }
            // What the other one hears twice does no harm.
            for (leader, isLauncher) in state.leaders { state.send(.started(leader, isLauncher: isLauncher)) }
        }
        return pipe.readEnd
    }
}

extension GuardianLine.State {
    /// A guardian that is gone is replaced, and hears of everything then.
    fileprivate mutating func send(_ message: GuardianLine.Message) {
        // As short as a message is, it is written whole or not at all.
        let bytes = Array(message.text.utf8)
        for (guardian, pipe) in pipes where write(pipe.rawValue, bytes, bytes.count) < 0 && errno == EAGAIN {
            // It has not read for thousands of messages: it is stopped, or frozen. Without this one it would be wrong.
            if let process = processes[guardian] { kill(process, SIGKILL) }
            try? pipe.close()
            pipes[guardian] = nil
        }
    }

    fileprivate mutating func close() {
        for pipe in pipes.values { try? pipe.close() }
        pipes = [:]
    }
}
