import Foundation
import Synchronization

/// What is done while another program holds a sweep's database: when to stop waiting, and how to tell the user.
///
///     HeldUp(
///         isGivenUp: { Signals.areUrgent },
///         notice: { Console.printError("another program holds the database of this sweep") })
public struct HeldUp: Sendable {
    var isGivenUp: @Sendable () -> Bool
    var notice: @Sendable () -> Void

    /// - Parameters:
    ///   - isGivenUp: asked every hundredth of a second; true ends the wait with an error.
    ///   - notice: called once in a wait, after some seconds, so that the user learns why nothing happens.
    public init(
        isGivenUp: @escaping @Sendable () -> Bool = { false }, notice: @escaping @Sendable () -> Void = {}
    ) {
        self.isGivenUp = isGivenUp
        self.notice = notice
    }
}

/// How long a write waits while another program holds the database.
///
/// A transaction that was left open in a database browser must not end a sweep that runs for a night. But the user
/// should be told, and Ctrl-C must work meanwhile.
final class Patience: Sendable {
    /// The wait between two tries, in microseconds.
    private static let pause: useconds_t = 10_000
    private static let triesBeforeNotice = 300
    private static let maxTriesAtTheEnd = 100

    private let maxTries: Int

    private let heldUp: Mutex<HeldUp>
    private let isEnding = Atomic(false)

    /// - Parameter maxWait: how long to wait unless `heldUp` gives up before.
    init(_ heldUp: HeldUp = HeldUp(), maxWait: Duration = .seconds(3600)) {
        self.heldUp = Mutex(heldUp)
        maxTries = Int(maxWait / .microseconds(Int(Self.pause)))
    }

    func set(notice: @escaping @Sendable () -> Void) { heldUp.withLock { $0.notice = notice } }

    /// Limits every further wait to a second: a program that is ending should not keep its user for an hour.
    func end() { isEnding.store(true, ordering: .relaxed) }

    /// Waits for a moment and says whether SQLite is to try again. SQLite calls this each time it finds the database
    /// locked, on the queue of that connection, so blocking it blocks no task.
    @Sendable func mayTryAgain(_ tries: Int) -> Bool {
        let heldUp = heldUp.withLock(\.self)
        if heldUp.isGivenUp() { return false }
        if tries == Self.triesBeforeNotice { heldUp.notice() }
        usleep(Self.pause)
        return tries < (isEnding.load(ordering: .relaxed) ? Self.maxTriesAtTheEnd : maxTries)
    }
}
