import Foundation
import Synchronization
import SystemPackage

/// A reservation of file descriptors for one trainer, held while that is being started.
///
/// swift-subprocess aborts this process if descriptors run out in the middle of a start. So there must be enough of
/// them before it begins, also for other trainers that are being started at the same time.
///
///     let room = try await DescriptorRoom.held()      // waits where other starts need what is left
///     …                                               // start the trainer
///     room.giveBack()                                 // its own descriptors are open, and count by themselves
final class DescriptorRoom: Sendable {
    /// How many descriptors are reserved for a start; it opens fewer.
    private static let perStart = 32
    /// How many starts hold a reservation now.
    private static let starts = Mutex(0)

    /// False once it was given back, so that a second call and `deinit` do not count it twice.
    private let isHeld = Mutex(true)

    private init() {}

    /// Reserves descriptors for one start. If there are not enough because of other starts, it waits for those.
    ///
    /// - Throws: `Errno.tooManyOpenFiles` if there are not enough even for a single start; nothing is then reserved.
    static func held() async throws(Errno) -> DescriptorRoom {
        while true {
            let (isEnough, others) = starts.withLock { starts in
                let isEnough = hasClosed((starts + 1) * perStart)
                if isEnough { starts += 1 }
                return (isEnough, starts)
            }
            if isEnough { return DescriptorRoom() }
            guard others > 0 else { throw .tooManyOpenFiles }
            try? await Task.sleep(for: .milliseconds(5))
        }
    }

    deinit { giveBack() }

    /// Ends the reservation: the trainer has been started, or could not be. A second call has no effect.
    func giveBack() {
        isHeld.withLock { isHeld in
            if isHeld { Self.starts.withLock { $0 -= 1 } }
            isHeld = false
        }
    }

    /// Whether at least `wanted` descriptors below the limit are closed. `poll` tells this without opening one.
    private static func hasClosed(_ wanted: Int) -> Bool {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return true }
        let end = Int(clamping: min(limit.rlim_cur, rlim_t(Int32.max)))
        var (closed, first) = (0, 0)
        while closed < wanted, first < end {
            var entries = (first..<min(first + 256, end)).map { pollfd(fd: Int32($0), events: 0, revents: 0) }
            guard poll(&entries, nfds_t(entries.count), 0) >= 0 else { return true }
            closed += entries.count { Int32($0.revents) & Int32(POLLNVAL) != 0 }
            first += entries.count
        }
        return closed >= wanted
    }
}
