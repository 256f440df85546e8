/// ASHA in its stopping form: at each rung a trial goes on if it is among the best 1/η of those that have come there.
///
/// Nobody waits: the first to come is always the best so far and goes on. Of fewer than η the best goes on.
///
/// Source: Li et al. 2020 (arXiv:1810.05934), in the variant that Optuna and Syne Tune call stopping.
public struct AsynchronousHalvingPruner: Pruner, Hashable {
    public var rungs: Rungs

    public init(_ rungs: Rungs) {
        self.rungs = rungs
    }

    public func decide(_ curve: LearningCurve, among curves: ArraySlice<LearningCurve>) -> PruningDecision? {
        guard let last = curve.points.last else { return nil }
        var decision: PruningDecision?
        for (rung, step) in rungs.passed(after: curve.points.dropLast().last?.step, upTo: last.step) {
            let others = curves.compactMap { $0.trial == curve.trial ? nil : $0.value(from: step) }
            let rank = Rungs.rank(of: last.value, among: others)
            let kept = max(1, (others.count + 1) / rungs.reductionFactor)
            let reason = PruningReason.rung(
                rung, step: step, rank: rank, competitors: others.count + 1, kept: kept)
            if rank > kept { return .prune(reason) }
            decision = .goOn(reason)
        }
        return decision
    }
}
