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
    /// How many turns a plan of a reproducible sweep lies behind; nil where plans rest on all that is known. See
    /// `SweepState`.
    let lag: Int?
    /// Where the trials' folders are, and what trainers are started with.
    let folder: TrialFolder
    /// One for each trial that may run at once.
    let slots: [TrialSlots.Slot]
    /// Told of each trainer while it runs; nil to run them without guardians, as tests do.
    let guardian: GuardianLine?
    /// Whether the user has asked the sweep to stop.
    let isInterrupted: @Sendable () -> Bool
    /// The time of day, only for what is recorded; durations are measured by clocks that cannot be set.
    let now: @Sendable () -> Date
    let notify: @Sendable (SweepNotice) -> Void
}

extension SuspendingClock.Instant {
    /// The seconds from this instant until now, to the millisecond: by a clock that no one sets and that stands still
    /// while the machine sleeps.
    var secondsSoFar: Double { ((SuspendingClock.now - self) / .milliseconds(1)).rounded() / 1000 }
}
