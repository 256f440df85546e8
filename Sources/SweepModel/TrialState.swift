/// Where a trial is in its life.
///
///     waiting → running → complete | pruned | diverged | failed
///                    ↘ waiting                  interrupted, or to be tried again
///     waiting → pruned | failed                 will not be run
public enum TrialState: String, Sendable, Hashable, CaseIterable {
    /// Planned, and not running: not yet, or not again.
    case waiting
    case running
    /// Ended by itself, with a value.
    case complete
    /// Stopped because others promised more.
    case pruned
    /// Reported something that is not a finite number.
    case diverged
    case failed

    /// Whether the trial is over for good.
    public var isFinal: Bool {
        switch self {
        case .waiting, .running: false
        case .complete, .pruned, .diverged, .failed: true
        }
    }

    /// The states that may follow this one; the database refuses every other move.
    public var successors: [TrialState] {
        switch self {
        case .waiting: [.running, .pruned, .failed]
        case .running: [.waiting, .complete, .pruned, .diverged, .failed]
        case .complete, .pruned, .diverged, .failed: []
        }
    }
}
