/// ASHA in its stopping form: at each rung a trial goes on if it is among the best 1/η of those that have come there.
///
/// Nobody waits: the first to come is always the best so far and goes on. Of fewer than η the best goes on. Trials that
/// crashed or diverged since rank behind all others: what they had reported stops nobody.
///
/// Source: Li et al. 2020 (arXiv:1810.05934), in the variant that Optuna and Syne Tune call stopping.
public struct AsynchronousHalvingPruner: Pruner, Hashable {
    public var rungs: Rungs

    public init(_ rungs: Rungs) {
        self.rungs = rungs
    }

    public func decide(_ curve: LearningCurve, among curves: ArraySlice<LearningCurve>) -> PruningDecision? {
        decide(curve, among: curves) { _ in true }
    }

    /// - Parameter isCompetitor: of which of the other trials the curve is compared with.
    func decide(
        _ curve: LearningCurve, among curves: ArraySlice<LearningCurve>, _ isCompetitor: (Int) -> Bool
    ) -> PruningDecision? {
        guard let last = curve.points.last else { return nil }
        var decision: PruningDecision?
        for (rung, step) in rungs.passed(after: curve.points.dropLast().last?.step, upTo: last.step) {
            var (competitors, rank) = (1, 1)
            for other in curves where other.trial != curve.trial && isCompetitor(other.trial) {
                guard let value = other.value(from: step) else { continue }
                competitors += 1
                // Equals share a rank.
                if !other.isFailed, value < last.value { rank += 1 }
            }
            let kept = max(1, competitors / rungs.reductionFactor)
            let reason = PruningReason.rung(rung, step: step, rank: rank, competitors: competitors, kept: kept)
            if rank > kept { return .prune(reason) }
            decision = .goOn(reason)
        }
        return decision
    }
}
