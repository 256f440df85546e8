import Foundation
import Synchronization

/// Lets tasks wait until descriptors become readable; one thread calls `poll` for all of them.
///
/// Dispatch sources are not used: on Linux a source may be freed while one of its events is still to be delivered, and
/// with hundreds of short processes a second that crashes within a minute. Here each wait has a number that is never
/// used again, so an event that comes late finds nothing and does no harm.
final class Readiness: Sendable {
    /// A task that waits, and for what.
    private struct Wait {
        var descriptors: [CInt]
        var continuation: CheckedContinuation<Void, Never>
    }

    /// All tasks that wait, by numbers that are never used again.
    private struct Waits {
        var last: UInt64 = 0
        var open: [UInt64: Wait] = [:]
    }

    static let shared = Readiness()

    /// A byte written to this pipe ends the thread's call of `poll`, so that it sees new waits.
    private let wakeUpPipe: (readEnd: CInt, writeEnd: CInt)
    private let waits = Mutex(Waits())

    private init() {
        var ends: [CInt] = [-1, -1]
        _ = pipe(&ends)
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        wakeUpPipe = (ends[0], ends[1])
        Thread.detachNewThread { [self] in while true { waitOnce() } }
    }

    /// Returns when one of these descriptors is readable, at its end, or broken. They must stay open until then.
    func wait(forAnyOf descriptors: [CInt]) async {
        await withCheckedContinuation { continuation in
            waits.withLock { waits in
                waits.last += 1
                waits.open[waits.last] = Wait(descriptors: descriptors, continuation: continuation)
            }
            var byte: UInt8 = 0
            _ = write(wakeUpPipe.writeEnd, &byte, 1)
        }
    }

    /// One call of `poll` for everything that is waited for, and the tasks that it wakes. Only the thread of this
    /// object calls it.
    private func waitOnce() {
        let open = waits.withLock { $0.open.flatMap { wait in wait.value.descriptors.map { (wait.key, $0) } } }
        var events = ([wakeUpPipe.readEnd] + open.map(\.1)).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        // If there was no room for the pipe, the thread looks for new waits every 10 milliseconds.
        guard poll(&events, nfds_t(events.count), wakeUpPipe.readEnd < 0 ? 10 : -1) > 0 else { return }
        if events[0].revents != 0 {
            var bytes = [UInt8](repeating: 0, count: 256)
            _ = read(wakeUpPipe.readEnd, &bytes, bytes.count)
        }
        for (event, (wait, _)) in zip(events.dropFirst(), open) where event.revents != 0 {
            waits.withLock { $0.open.removeValue(forKey: wait) }?.continuation.resume()
        }
    }
}
