import Foundation
import SweepExecution
import SweepFile
import SweepStore

/// What a run of a sweep works with: the same for all its trials, and unchanged while it runs.
struct SweepContext: Sendable {
    let file: SweepFile
    let store: SweepStore
    /// The right to run it, which this process must not lose.
    let lock: SweepLock?
    let lag: Int?
    let folder: TrialFolder
    /// One for each trial that may run at once.
    let slots: [TrialSlots.Slot]
    let guardian: GuardianLine?
    /// Whether the user has asked the sweep to stop.
    let isInterrupted: @Sendable () -> Bool
    let now: @Sendable () -> Date
    let notify: @Sendable (SweepNotice) -> Void
}

extension SuspendingClock.Instant {
    /// The seconds from this instant until now, to the millisecond: by a clock that no one sets and that stands still
    /// while the machine sleeps.
    var secondsSoFar: Double { ((SuspendingClock.now - self) / .milliseconds(1)).rounded() / 1000 }
}
