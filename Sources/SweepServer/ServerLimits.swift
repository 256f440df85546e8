import Foundation
import Synchronization

/// How much of this machine clients may use, whatever they do.
///
/// The machine belongs to the trainers.
public struct ServerLimits: Sendable {
    /// How many clients may be connected; others wait.
    public var connections: Int
    /// How many of them may follow events.
    public var streams = 64
    /// How long a client may take to send its request, or to read a piece of an answer.
    public var patience = Duration.seconds(30)
    /// How long a connection is kept without a request.
    public var idle = Duration.seconds(20)

    /// The bytes of one header or of the address, and of all headers.
    static let headerSize = 8 << 10
    static let headersSize = 16 << 10
    static let headersCount = 100

    public init() {
        var limit = rlimit()
        let files = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 ? limit.rlim_cur : 256
        // Databases and logs need descriptors, too.
        connections = max(8, min(256, Int(clamping: files) / 2))
    }
}

/// How many clients follow events.
final class StreamCount: Sendable {
    private let limit: Int
    private let count = Mutex(0)

    init(limit: Int) { self.limit = limit }

    /// A place among them, which is free again when this is gone.
    final class Slot: Sendable {
        private let streams: StreamCount

        fileprivate init(of streams: StreamCount) { self.streams = streams }

        deinit { streams.count.withLock { $0 -= 1 } }
    }

    /// Nil if there are too many.
    func slot() -> Slot? {
        let isFree = count.withLock { count in
            guard count < limit else { return false }
            count += 1
            return true
        }
        return isFree ? Slot(of: self) : nil
    }
}
