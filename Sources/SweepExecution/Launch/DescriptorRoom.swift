import Foundation
import Synchronization
import SystemPackage

/// Room among the file descriptors of this process, held for a trainer while it is started.
///
/// swift-subprocess stops this process when descriptors run out half-way: so there have to be enough before it begins,
/// also for trainers that start at the same time.
final class DescriptorRoom: Sendable {
    /// More than a start opens.
    private static let perStart = 32
    private static let starts = Mutex(0)

    private let isHeld = Mutex(true)

    private init() {}

    /// Room for one start; where others are under way and there is not enough for all, it waits for them.
    ///
    /// - Throws: `Errno.tooManyOpenFiles` where there is not enough for one.
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

    /// The trainer has been started, or could not be.
    func giveBack() {
        isHeld.withLock { isHeld in
            if isHeld { Self.starts.withLock { $0 -= 1 } }
            isHeld = false
        }
    }

    /// Whether so many descriptors below the limit are closed. `poll` tells without opening one.
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
