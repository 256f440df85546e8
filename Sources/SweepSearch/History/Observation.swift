/// What a sampler may know of one trial that has ended.
public struct Observation: Sendable, Hashable {
    /// The trial's number: later trials have larger ones.
    public var number: Int
    public var assignment: Assignment
    public var outcome: Outcome

    public init(number: Int, assignment: Assignment, outcome: Outcome) {
        self.number = number
        self.assignment = assignment
        self.outcome = outcome
    }
}

/// How a trial ended, seen by a sampler. Lower values are better: for a metric to maximize the caller negates them.
public enum Outcome: Sendable, Hashable {
    /// It ran to its end with this finite value.
    case value(Double)
    /// It was stopped early, after this value if it had reported one. It cannot be compared with a final one.
    case pruned(Double?)
    /// It reported something that is not a number.
    case diverged
    /// It crashed, hung or never reported.
    case failed
}
