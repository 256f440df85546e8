import Foundation
import Synchronization
import SystemPackage

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
