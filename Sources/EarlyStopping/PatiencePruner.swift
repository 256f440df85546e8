/// Prunes a trial that has not improved for `patience` reports, whatever the other trials do.
///
///     let pruner = PatiencePruner(patience: 5, minDelta: 0.001)
public struct PatiencePruner: Pruner, Hashable {
    /// The number of reports without an improvement after which the trial is pruned.
    public var patience: Int
    /// By how much a value must be better than the last improvement to be one itself; in units of the metric.
    public var minDelta: Double

    public init(patience: Int, minDelta: Double = 0) {
        precondition(patience >= 1 && minDelta >= 0, "patience is at least one report")
        self.patience = patience
        self.minDelta = minDelta
    }

    public var improvementDelta: Double { minDelta }

    public func decide(_ curve: LearningCurve, among curves: ArraySlice<LearningCurve>) -> PruningDecision? {
        guard let (last, since) = curve.lastImprovement(by: minDelta), since >= patience else { return nil }
        return .prune(.patience(reports: since, improved: last.value, step: last.step))
    }
}
