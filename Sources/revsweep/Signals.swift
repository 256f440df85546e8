// Dispatch sources may be used from any thread; Dispatch on Linux does not say so yet.
@preconcurrency import Dispatch
import Foundation
import Synchronization

/// The signals by which a person or a system asks a sweep to stop.
enum Signals {
    /// Whether more have come than leave time to end in order.
    static var areUrgent: Bool {
        signalCount.load(ordering: .relaxed) > (isFirstTolerated.load(ordering: .relaxed) ? 1 : 0)
    }

    /// Whether any has come since ``interruptions()`` was called. Unlike the stream this is never behind: it waits
    /// for no thread that is busy.
    @Sendable static func haveCome() -> Bool { haveSignalsCome.load(ordering: .relaxed) }

    /// From now on the first leaves time: trials run that may end.
    static func tolerateFirst() { isFirstTolerated.store(true, ordering: .relaxed) }

    /// An element for each Ctrl-C; two at once for a signal that leaves no time to let running trials end.
    ///
    /// From the moment this returns no signal is lost, nor ends the process: each becomes a byte in a pipe. A dispatch
    /// source for signals would have to be registered first, and what came before that would do either.
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
            source.setEventHandler {
                var urgency: UInt8 = 0
                while read(readEnd, &urgency, 1) == 1 {
                    for _ in 0..<urgency { continuation.yield() }
                }
            }
            source.resume()
            continuation.onTermination = { _ in source.cancel() }
            signalPipe = ends[1]
            // Made now, not in a handler.
            _ = (areUrgent, haveCome())
            // Under `nohup` the end of the terminal is not to be the end of the sweep.
            for number in [SIGINT, SIGTERM] + (isIgnored(SIGHUP) ? [] : [SIGHUP]) { signal(number, note) }
        }
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var inherited = sigaction()
        sigaction(number, nil, &inherited)
        return unsafeBitCast(inherited.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}

/// Where `note` writes to. Set before it is first called, and never again.
nonisolated(unsafe) private var signalPipe: Int32 = -1

private let signalCount = Atomic(0)
private let haveSignalsCome = Atomic(false)
private let isFirstTolerated = Atomic(false)

/// Runs at any moment in any thread: it may do no more than count and write a byte.
private func note(_ number: Int32) {
    let code = errno
    var urgency: UInt8 = number == SIGINT ? 1 : 2
    signalCount.add(Int(urgency), ordering: .relaxed)
    haveSignalsCome.store(true, ordering: .relaxed)
    _ = write(signalPipe, &urgency, 1)
    errno = code
}
