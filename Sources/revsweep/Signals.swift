// Dispatch sources may be used from any thread; Dispatch on Linux does not say so yet.
@preconcurrency import Dispatch
import Foundation

/// The signals by which a person or a system asks a sweep to stop.
enum Signals {
    /// An element for each Ctrl-C; two at once for a signal that leaves no time to let running trials end.
    static func interruptions() -> AsyncStream<Void> {
        AsyncStream { continuation in
            let sources = [(SIGINT, 1), (SIGTERM, 2), (SIGHUP, 2)].map { number, urgency in
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
