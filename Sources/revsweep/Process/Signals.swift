// Dispatch sources may be used from any thread, but Dispatch on Linux is not annotated as `Sendable` yet.
@preconcurrency import Dispatch
import Foundation
import Synchronization

/// The signals by which a person or a system asks a sweep to stop: SIGINT (Ctrl-C), SIGTERM and SIGHUP.
///
/// The first Ctrl-C lets running trials end, the second ends them, the third kills them. The other signals end them,
/// and however many of these come, none kills: when a terminal is closed the kernel and the shell both send one, and
/// `timeout` sends two. What `revsweep stop` sends counts once, since it may be typed again while it waits.
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
            guard let pipe = try? SignalPipe() else { return }
            let readEnd = pipe.readEnd
            let source = DispatchSource.makeReadSource(fileDescriptor: readEnd, queue: .global())
            let given = Atomic(0)
            source.setEventHandler {
                var urgency: UInt8 = 0
                while read(readEnd, &urgency, 1) == 1 {
                    let former = given.load(ordering: .relaxed)
                    let wanted =
                        switch Urgency(rawValue: urgency) {
                        case .oneMore: former + 1
                        case .atLeastOne: max(former, 1)
                        case .atLeastTwo, nil: max(former, 2)
                        }
                    for _ in former..<wanted { continuation.yield() }
                    given.store(wanted, ordering: .relaxed)
                }
            }
            source.resume()
            continuation.onTermination = { _ in source.cancel() }
            signalPipe = pipe.writeEnd
            // Swift initializes globals on first use, with a lock, which a signal handler must not take.
            _ = (areUrgent, haveCome())
            // `nohup` starts a program with SIGHUP ignored, so that closing the terminal does not end it.
            var action = sigaction()
            action.__sigaction_handler.sa_sigaction = note
            action.sa_flags = Int32(SA_SIGINFO | SA_RESTART)
            for number in [SIGINT, SIGTERM] + (isIgnored(SIGHUP) ? [] : [SIGHUP]) { sigaction(number, &action, nil) }
        }
    }

    /// Asks another process, which runs a sweep, to stop.
    ///
    /// - Parameter atOnce: whether running trials are to be ended.
    /// - Returns: false if the process cannot be signalled; `errno` says why.
    static func stop(_ process: pid_t, atOnce: Bool) -> Bool {
        (atOnce ? kill(process, SIGTERM) : sigqueue(process, SIGINT, sigval())) == 0
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

/// What a signal says, as the byte that stands for it in the pipe.
private enum Urgency: UInt8 {
    /// A Ctrl-C more than before.
    case oneMore = 1
    /// Together with those before as much as one Ctrl-C, or two.
    case atLeastOne = 2
    case atLeastTwo = 3
}

/// By how much the signals so far ask the sweep to stop: 1 for each Ctrl-C, 2 for each other signal.
private let signalCount = Atomic(0)
/// Whether there was any signal.
private let haveSignalsCome = Atomic(false)
/// Whether a trial has been started, which the first Ctrl-C lets end.
private let isFirstTolerated = Atomic(false)

/// The signal handler. It may run at any moment in any thread, so it only counts and writes a byte, and leaves `errno`
/// as it was.
private func note(_ number: Int32, _ info: UnsafeMutablePointer<siginfo_t>?, _ context: UnsafeMutableRawPointer?) {
    let code = errno
    let urgency: Urgency
    if number != SIGINT {
        urgency = .atLeastTwo
        signalCount.add(2, ordering: .relaxed)
    } else if let info, Int(info.pointee.si_code) == SI_QUEUE {
        urgency = .atLeastOne
        signalCount.max(1, ordering: .relaxed)
    } else {
        urgency = .oneMore
        signalCount.add(1, ordering: .relaxed)
    }
    haveSignalsCome.store(true, ordering: .relaxed)
    var byte = urgency.rawValue
    _ = write(signalPipe, &byte, 1)
    errno = code
}
