import Foundation
import Synchronization

/// How long a write waits while another program holds the database.
///
/// Somebody's forgotten transaction in a database browser must not end a night's sweep; but somebody should be told.
final class Patience: Sendable {
    private static let pause: useconds_t = 10_000
    private static let triesBeforeNotice = 300
    private static let mostTries = 360_000

    private let heldUp = Mutex<@Sendable () -> Void>({})

    func set(_ action: @escaping @Sendable () -> Void) { heldUp.withLock { $0 = action } }

    /// Waits a moment; SQLite calls this each time it finds the database locked.
    @Sendable func mayTryAgain(_ tries: Int) -> Bool {
        if tries == Self.triesBeforeNotice { heldUp.withLock(\.self)() }
        usleep(Self.pause)
        return tries < Self.mostTries
    }
}
