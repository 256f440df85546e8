import Foundation
import Synchronization

/// Tells when descriptors become readable; one thread waits for all of them.
///
/// Not dispatch sources: on Linux one may be freed while an event of its own is still on its way, and at hundreds of
/// short processes a second that crashes within a minute. Here whoever waits has a number that never comes again.
final class Readiness: Sendable {
    private struct Wait {
        var descriptors: [CInt]
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct Waits {
        var last: UInt64 = 0
        var open: [UInt64: Wait] = [:]
    }

    static let shared = Readiness()

    /// A pipe through which the thread hears of new waits.
    private let bell: (readEnd: CInt, writeEnd: CInt)
    private let waits = Mutex(Waits())

    private init() {
        var ends: [CInt] = [-1, -1]
        _ = pipe(&ends)
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        bell = (ends[0], ends[1])
        Thread.detachNewThread { [self] in while true { waitOnce() } }
    }

    /// Returns when one of these descriptors can be read, has come to its end or is broken. They must stay open.
    func wait(forAnyOf descriptors: [CInt]) async {
        await withCheckedContinuation { continuation in
            waits.withLock { waits in
                waits.last += 1
                waits.open[waits.last] = Wait(descriptors: descriptors, continuation: continuation)
            }
            var stroke: UInt8 = 0
            _ = write(bell.writeEnd, &stroke, 1)
        }
    }

    private func waitOnce() {
        let open = waits.withLock { $0.open.flatMap { wait in wait.value.descriptors.map { (wait.key, $0) } } }
        var events = ([bell.readEnd] + open.map(\.1)).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        // Without a bell, new waits have to be looked for.
        guard poll(&events, nfds_t(events.count), bell.readEnd < 0 ? 10 : -1) > 0 else { return }
        if events[0].revents != 0 {
            var strokes = [UInt8](repeating: 0, count: 256)
            _ = read(bell.readEnd, &strokes, strokes.count)
        }
        for (event, (wait, _)) in zip(events.dropFirst(), open) where event.revents != 0 {
            waits.withLock { $0.open.removeValue(forKey: wait) }?.continuation.resume()
        }
    }
}
