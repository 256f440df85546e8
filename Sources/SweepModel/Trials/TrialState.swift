/// Where a trial is in its life.
///
/// The raw values are words of the database and of every output, so they never change.
///
///     waiting → running → complete | pruned | diverged | failed
///                    ↘ waiting                  interrupted, or to be tried again
///     waiting → pruned | failed                 will not be run
public enum TrialState: String, Sendable, Hashable, CaseIterable {
    /// Planned but not running: it has not been started yet, or waits to be run again.
    case waiting
    /// Started, and not ended as far as the database knows: a planner that is killed leaves its trials so.
    case running
    /// Ended by itself, with a value.
    case complete
    /// Stopped early because other trials promised more.
    case pruned
    /// Reported a value of the metric that is not a finite number. Not a failure: the trainer did its work, and
    /// samplers learn from it that these values are bad.
    case diverged
    /// Ended without a result: a crash, a limit, or no report of the metric.
    case failed

    /// Whether the trial is over for good.
    public var isFinal: Bool {
        switch self {
        case .waiting, .running: false
        case .complete, .pruned, .diverged, .failed: true
        }
    }

    /// The states that may follow this one. A trigger of the database refuses every other move, so a fault in the
    /// planner cannot corrupt a sweep.
    public var successors: [TrialState] {
        switch self {
        case .waiting: [.running, .pruned, .failed]
        case .running: [.waiting, .complete, .pruned, .diverged, .failed]
        case .complete, .pruned, .diverged, .failed: []
        }
    }
}
