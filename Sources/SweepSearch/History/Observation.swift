/// One trial that has ended, as a sampler sees it.
///
///     Observation(number: 12, assignment: assignment, outcome: .value(0.31))
public struct Observation: Sendable, Hashable {
    /// The trial's number: later trials have larger ones.
    public var number: Int
    /// The values it ran with.
    public var assignment: Assignment
    /// How it ended; for samplers lower is better. Where there are several objectives, this is the first one's value.
    public var outcome: Outcome
    /// What it reached in all objectives and bounds; nil where there is one objective and no bound, or where the trial
    /// did not come to its end.
    public var objectives: ObjectiveVector?
    /// What it had reported when it came to each of the steps at which trials are compared, as far as it came. These
    /// steps are the same for all trials of a sweep. Empty where no trial is stopped early.
    public var progress: [Double]

    public init(
        number: Int, assignment: Assignment, outcome: Outcome, objectives: ObjectiveVector? = nil,
        progress: [Double] = []
    ) {
        self.number = number
        self.assignment = assignment
        self.outcome = outcome
        self.objectives = objectives
        self.progress = progress
    }
}

/// How a trial ended, as a sampler sees it. Lower values are better: the caller negates those of a metric to maximize.
public enum Outcome: Sendable, Hashable {
    /// It ran to its end with this finite value.
    case value(Double)
    /// It was stopped early, after this value if it had reported one. It cannot be compared with a final one.
    case pruned(Double?)
    /// It was stopped early, and would have ended with about this finite value: see
    /// ``Observations/estimatingPruned()``. The variance is that of the estimate's error, over the variance of the
    /// final values: 0 is certain, and 1 is no better than their mean.
    case estimated(Double, variance: Double)
    /// It reported something that is not a number.
    case diverged
    /// It crashed, hung or never reported.
    case failed
}
