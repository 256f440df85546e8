/// Prunes a trial that has not improved for so many reports, whatever the others do.
public struct PatiencePruner: Pruner, Hashable {
    /// How many reports may pass without an improvement.
    public var patience: Int
    /// A value must be better by more than this to be an improvement.
    public var minDelta: Double

    public init(patience: Int, minDelta: Double = 0) {
        precondition(patience >= 1 && minDelta >= 0, "patience is at least one report")
        self.patience = patience
        self.minDelta = minDelta
    }

    public var improvementDelta: Double { minDelta }

    public func decide(_ curve: LearningCurve, among curves: ArraySlice<LearningCurve>) -> PruningDecision? {
        guard let (best, since) = curve.lastImprovement(by: minDelta), since >= patience else { return nil }
        return .prune(.patience(reports: since, best: best.value, step: best.step))
    }
}
