import Foundation
import Synchronization

/// What is done while another program holds a sweep's database.
public struct HeldUp: Sendable {
    var isGivenUp: @Sendable () -> Bool
    var notice: @Sendable () -> Void

    /// - Parameters:
    ///   - isGivenUp: asked again and again whether to wait no longer.
    ///   - notice: called once it has been held for some seconds.
    public init(
        isGivenUp: @escaping @Sendable () -> Bool = { false }, notice: @escaping @Sendable () -> Void = {}
    ) {
        self.isGivenUp = isGivenUp
        self.notice = notice
    }
}

/// How long a write waits while another program holds the database.
///
/// Somebody's forgotten transaction in a database browser must not end a night's sweep; but somebody should be told,
/// and Ctrl-C must work meanwhile.
final class Patience: Sendable {
    private static let pause: useconds_t = 10_000
    private static let triesBeforeNotice = 300
    private static let mostTriesAtTheEnd = 100

    private let mostTries: Int

    private let heldUp: Mutex<HeldUp>
    private let isEnding = Atomic(false)

    /// - Parameter most: how long to wait, if nobody gives up before.
    init(_ heldUp: HeldUp = HeldUp(), most: Duration = .seconds(3600)) {
        self.heldUp = Mutex(heldUp)
        mostTries = Int(most / .microseconds(Int(Self.pause)))
    }

    func set(notice: @escaping @Sendable () -> Void) { heldUp.withLock { $0.notice = notice } }

    /// From now on waits for a second only.
    func end() { isEnding.store(true, ordering: .relaxed) }

    /// Waits a moment; SQLite calls this each time it finds the database locked, on a thread of its own queue.
    @Sendable func mayTryAgain(_ tries: Int) -> Bool {
        let heldUp = heldUp.withLock(\.self)
        if heldUp.isGivenUp() { return false }
        if tries == Self.triesBeforeNotice { heldUp.notice() }
        usleep(Self.pause)
        return tries < (isEnding.load(ordering: .relaxed) ? Self.mostTriesAtTheEnd : mostTries)
    }
}
