// Dispatch sources may be used from any thread, but Dispatch on Linux is not annotated as `Sendable` yet.
@preconcurrency import Dispatch
import Foundation
import Synchronization

/// The signals by which a person or a system asks a sweep to stop: SIGINT (Ctrl-C), SIGTERM and SIGHUP.
///
/// The first Ctrl-C lets running trials end, the second ends them, the third kills them. The other signals end them,
/// and however many of these come, none kills: when a terminal is closed the kernel and the shell both send one, and
/// `timeout` sends two.
///
///     for await _ in Signals.interruptions() { … }
enum Signals {
    /// Whether the signals so far leave no time to end in order: any signal before the first trial has started, and
    /// after that a second Ctrl-C or any other signal.
    static var areUrgent: Bool {
        signalCount.load(ordering: .relaxed) > (isFirstTolerated.load(ordering: .relaxed) ? 1 : 0)
    }

    /// Whether any signal has come since ``interruptions()`` was called. Unlike the stream it is never late, since no
    /// busy thread has to deliver it.
    @Sendable static func haveCome() -> Bool { haveSignalsCome.load(ordering: .relaxed) }

    /// From now on the first signal is not urgent, because trials run that may end.
    static func tolerateFirst() { isFirstTolerated.store(true, ordering: .relaxed) }

    /// A stream with one element for each Ctrl-C. SIGTERM and SIGHUP leave no time to let running trials end: with them
    /// it has two elements at least.
    ///
    /// Once this has returned, no signal is lost and none ends the process: each becomes a byte in a pipe. A dispatch
    /// source for signals has to be registered first, and a signal before that would be lost or end the process.
    static func interruptions() -> AsyncStream<Void> {
        AsyncStream { continuation in
            var ends: [Int32] = [-1, -1]
            guard pipe(&ends) == 0 else { return }
            for end in ends {
                _ = fcntl(end, F_SETFD, FD_CLOEXEC)
                _ = fcntl(end, F_SETFL, O_NONBLOCK)
            }
            let readEnd = ends[0]
            let source = DispatchSource.makeReadSource(fileDescriptor: readEnd, queue: .global())
            let given = Atomic(0)
            source.setEventHandler {
                var urgency: UInt8 = 0
                while read(readEnd, &urgency, 1) == 1 {
                    let former = given.load(ordering: .relaxed)
                    let wanted = urgency == 1 ? former + 1 : max(former, 2)
                    for _ in former..<wanted { continuation.yield() }
                    given.store(wanted, ordering: .relaxed)
                }
            }
            source.resume()
            continuation.onTermination = { _ in source.cancel() }
            signalPipe = ends[1]
            // Swift initializes globals on first use, with a lock, which a signal handler must not take.
            _ = (areUrgent, haveCome())
            // `nohup` starts a program with SIGHUP ignored, so that closing the terminal does not end it.
            for number in [SIGINT, SIGTERM] + (isIgnored(SIGHUP) ? [] : [SIGHUP]) { signal(number, note) }
        }
    }

    /// Whether this process was started with the signal ignored.
    static func isIgnored(_ number: Int32) -> Bool {
        var inherited = sigaction()
        sigaction(number, nil, &inherited)
        return unsafeBitCast(inherited.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}

/// The end of the pipe that `note` writes to. It is set once, before `note` can be called, so there is no race.
nonisolated(unsafe) private var signalPipe: Int32 = -1

/// By how much the signals so far ask the sweep to stop: 1 for each Ctrl-C, 2 for each other signal.
private let signalCount = Atomic(0)
/// Whether there was any signal.
private let haveSignalsCome = Atomic(false)
/// Whether a trial has been started, which the first Ctrl-C lets end.
private let isFirstTolerated = Atomic(false)

/// The signal handler. It may run at any moment in any thread, so it only counts and writes a byte, and leaves `errno`
/// as it was.
private func note(_ number: Int32) {
    let code = errno
    var urgency: UInt8 = number == SIGINT ? 1 : 2
    signalCount.add(Int(urgency), ordering: .relaxed)
    haveSignalsCome.store(true, ordering: .relaxed)
    _ = write(signalPipe, &urgency, 1)
    errno = code
}
