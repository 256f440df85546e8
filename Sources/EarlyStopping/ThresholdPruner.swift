/// Prunes a trial whose value leaves the range of what is plausible.
public struct ThresholdPruner: Pruner, Hashable {
    public var lower: Double?
    public var upper: Double?
    /// Nothing is pruned before this step.
    public var warmupSteps: Int
    /// How many steps lie between two decisions.
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
