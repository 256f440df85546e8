// Dispatch sources may be used from any thread; Dispatch on Linux does not say so yet.
@preconcurrency import Dispatch
import Foundation

/// The signals by which a person or a system asks a sweep to stop.
enum Signals {
    /// An element for each Ctrl-C; two at once for a signal that leaves no time to let running trials end.
    static func interruptions() -> AsyncStream<Void> {
        AsyncStream { continuation in
            // Under `nohup` the end of the terminal is not to be the end of the sweep.
            var inherited = sigaction()
            sigaction(SIGHUP, nil, &inherited)
            let isKeptAlive =
                unsafeBitCast(inherited.__sigaction_handler.sa_handler, to: Int.self)
                == unsafeBitCast(SIG_IGN, to: Int.self)
            let signals = [(SIGINT, 1), (SIGTERM, 2)] + (isKeptAlive ? [] : [(SIGHUP, 2)])
            let sources = signals.map { number, urgency in
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
                source.setEventHandler { for _ in 0..<urgency { continuation.yield() } }
                source.resume()
                return source
            }
            continuation.onTermination = { _ in for source in sources { source.cancel() } }
        }
    }
}
