/// Prunes a trial that reports a value outside a range, such as a loss that can only mean that training has failed.
///
///     let pruner = ThresholdPruner(lower: nil, upper: 100, warmupSteps: 3)
public struct ThresholdPruner: Pruner, Hashable {
    /// Values below are pruned; nil for no bound. Of a metric to maximize the bounds are negated and change places.
    public var lower: Double?
    /// Values above are pruned; nil for no bound.
    public var upper: Double?
    /// Nothing is pruned before this step.
    public var warmupSteps: Int
    /// The number of steps from one decision to the next.
    public var intervalSteps: Int

    public init(lower: Double?, upper: Double?, warmupSteps: Int = 0, intervalSteps: Int = 1) {
        precondition(intervalSteps >= 1, "an interval has at least one step")
        self.lower = lower
        self.upper = upper
        self.warmupSteps = warmupSteps
        self.intervalSteps = intervalSteps
    }

    public func decide(_ curve: LearningCurve, among curves: ArraySlice<LearningCurve>) -> PruningDecision? {
        guard curve.isFirst(inIntervalsOf: intervalSteps, from: warmupSteps), let last = curve.points.last else {
            return nil
        }
        if let lower, last.value < lower {
            return .prune(.threshold(value: last.value, bound: lower, step: last.step))
        }
        if let upper, last.value > upper {
            return .prune(.threshold(value: last.value, bound: upper, step: last.step))
        }
        return nil
    }
}
