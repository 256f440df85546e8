/// Prunes a trial whose best value so far is worse than a percentile of the values that complete trials had at the same
/// step. With the percentile 50 this is the median stopping rule.
///
///     // Only trials in the best quarter go on, from step 10 on, once 20 trials are complete.
///     let pruner = PercentilePruner(percentile: 25, startupTrials: 20, warmupSteps: 10)
///
/// Source: Optuna's pruner of this name, whose options these are. Golovin et al. 2017, "Google Vizier", 3.2.2, compare
/// with the median of the running averages that the others had at the step, where this takes their values there.
public struct PercentilePruner: Pruner, Hashable {
    /// The share of trials that are good enough, in percent: 25 keeps the best quarter.
    public var percentile: Double
    /// How many trials must be complete before any is pruned.
    public var startupTrials: Int
    /// Nothing is pruned before this step.
    public var warmupSteps: Int
    /// The number of steps from one decision to the next.
    public var intervalSteps: Int
    /// How many complete trials must have reached the step.
    public var minTrials: Int

    public init(
        percentile: Double = 50, startupTrials: Int = 5, warmupSteps: Int = 0, intervalSteps: Int = 1,
        minTrials: Int = 1
    ) {
        precondition(intervalSteps >= 1 && minTrials >= 1, "a decision needs an interval and a trial to compare with")
        self.percentile = percentile
        self.startupTrials = startupTrials
        self.warmupSteps = warmupSteps
        self.intervalSteps = intervalSteps
        self.minTrials = minTrials
    }

    public func decide(_ curve: LearningCurve, among curves: ArraySlice<LearningCurve>) -> PruningDecision? {
        guard curve.isFirst(inIntervalsOf: intervalSteps, from: warmupSteps), let step = curve.points.last?.step,
            let best = curve.lastImprovement()?.point.value
        else { return nil }
        let complete = curves.filter { $0.isComplete && $0.trial != curve.trial }
        guard complete.count >= startupTrials else { return nil }
        let values = complete.compactMap { $0.value(at: step) }
        guard values.count >= minTrials else { return nil }
        let bound = Self.percentile(percentile, of: values)
        let reason = PruningReason.percentile(
            percentile, step: step, best: best, bound: bound, trials: values.count)
        return best > bound ? .prune(reason) : .goOn(reason)
    }

    /// The percentile with linear interpolation between the two values around it, the default of NumPy.
    static func percentile(_ percentile: Double, of values: [Double]) -> Double {
        let sorted = values.sorted()
        let place = percentile / 100 * Double(sorted.count - 1)
        let (low, high) = (Int(place.rounded(.down)), Int(place.rounded(.up)))
        return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
    }
}

extension LearningCurve {
    /// Whether the last point is the first one in its interval, where the intervals begin at `start` and are `length`
    /// steps long; false before `start`.
    func isFirst(inIntervalsOf length: Int, from start: Int) -> Bool {
        guard let step = points.last?.step, step >= start else { return false }
        let interval = (step - start) / length * length + start
        return points.dropLast().last.map { $0.step < interval } ?? true
    }
}
