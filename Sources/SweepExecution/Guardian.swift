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
/// missed. One that is killed alone is replaced. If all three go in the same instant, the next start finds the trainers.
public enum Guardian {
    /// What the guardian is called in process listings. It is the planner's own program: the name it is started under
    /// tells it what to do.
    static let processName = "trial-guardian"

    private static let count = 2

    /// What a launcher gets to end its job when it has been asked to.
    static let cleanUpTime = Duration.seconds(1)

    /// Whether this process was started to be a guardian; if so, `runAsGuardian()` is all it may do.
    public static var isThisProcess: Bool { CommandLine.arguments.first == processName }

    /// Waits until the planner dismisses it or is gone, and kills whatever trainers have left.
    public static func runAsGuardian() {
        for ignored in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] { signal(ignored, SIG_IGN) }
        // What `ps` and `pkill` go by: whoever kills all of revsweep by name shall not kill its guardian too.
        try? processName.write(toFile: "/proc/self/comm", atomically: false, encoding: .utf8)
        // Not from the environment: by that the guardians would take each other for trainers.
        guard let token = CommandLine.arguments.dropFirst().first else { return }
        var trainers: Set<Int32> = []
        var launchers: Set<Int32> = []
        let isDismissed = waitForPlanner(&trainers, &launchers)
        if !isDismissed { ProcessTable.terminate(launchers, within: cleanUpTime) }
        // When a planner was killed while it started a trainer, that one carries the token only once it runs: look
        // again until all is surely quiet.
        for round in 0..<(isDismissed ? 1 : 5) {
            if round > 0 { usleep(100_000) }
            ProcessTable.killAll(within: .seconds(5)) { process in
                if ProcessTable.value(of: .planner, in: process) == token { return true }
                // A trainer that was started without its environment, by `sudo` or `env -i`, is known by its session.
                guard !trainers.isEmpty, let status = ProcessTable.status(of: process) else { return false }
                return trainers.contains(status.session)
            }
        }
    }

    /// - Returns: whether the planner has ended in order.
    private static func waitForPlanner(_ trainers: inout Set<Int32>, _ launchers: inout Set<Int32>) -> Bool {
        var line: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Foundation.read(STDIN_FILENO, &buffer, buffer.count)
            if count == 0 || (count < 0 && errno != EINTR) { return false }
            for byte in buffer.prefix(max(0, count)) {
                guard byte == UInt8(ascii: "\n") else {
                    line.append(byte)
                    continue
                }
                let message = GuardianLine.Message(String(decoding: line, as: UTF8.self))
                line = []
                switch message {
                case .started(let leader, let isLauncher):
                    trainers.insert(leader)
                    if isLauncher { launchers.insert(leader) }
                case .ended(let leader):
                    trainers.remove(leader)
                    launchers.remove(leader)
                case .dismissed: return true
                case nil: continue
                }
            }
        }
    }

    /// Runs `body` under the guard of `program`, this planner's own executable. A guardian that is killed is replaced.
    ///
    /// - Throws: what `body` throws, or `SubprocessError` if a guardian cannot be started; `body` has then not run.
    public static func guarding<Value: Sendable>(
        token: String, program: String, _ body: @Sendable (GuardianLine) async throws -> Value
    ) async throws -> Value {
        let line = GuardianLine()
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            let (ready, readiness) = AsyncThrowingStream<Void, any Error>.makeStream()
            for guardian in 0..<count {
                tasks.addTask {
                    // One that is killed again and again is given up: something on this machine does not want it.
                    for _ in 0..<100 where !line.isDismissed {
                        do {
                            let readEnd = try line.open(guardian)
                            _ = try await Subprocess.run(
                                configuration(token: token, program: program),
                                input: .fileDescriptor(readEnd, closeAfterSpawningProcess: true),
                                output: .discarded, error: .discarded
                            ) { _ in
                                readiness.yield()
                            }
                        } catch {
                            readiness.finish(throwing: error)
                            return
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
                result = .success(try await body(line))
            } catch {
                result = .failure(error)
            }
            line.dismiss()
            try await tasks.waitForAll()
            return try result.get()
        }
    }

    private static func configuration(token: String, program: String) -> Configuration {
        var options = PlatformOptions()
        options.createSession = true
        return Configuration(
            executable: .path(FilePath(program)),
            arguments: Arguments(executablePathOverride: processName, remainingValues: [token]),
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
    fileprivate func send(_ message: GuardianLine.Message) {
        for pipe in pipes.values { _ = try? pipe.writeAll(message.text.utf8) }
    }

    fileprivate mutating func close() {
        for pipe in pipes.values { try? pipe.close() }
        pipes = [:]
    }
}
