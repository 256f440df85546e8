/// ASHA, the asynchronous successive halving algorithm, in its stopping variant: at each rung a trial goes on if it is
/// among the best 1/η of those that have reached the rung so far.
///
///     // Rungs at the steps 1, 3, 9, …; a third of the trials passes each.
///     let pruner = AsynchronousHalvingPruner(Rungs(minSteps: 1, reductionFactor: 3))
///
/// No trial waits for others: the first to reach a rung is the best so far and goes on, and of fewer than η trials the
/// best goes on. Trials that have crashed or diverged since then rank behind all others, whatever they had reported.
///
/// Source: Li et al. 2020, "A System for Massively Parallel Hyperparameter Tuning" (arXiv:1810.05934), in the variant
/// that Optuna and Syne Tune call stopping.
public struct AsynchronousHalvingPruner: Pruner, Hashable {
    public var rungs: Rungs

    public init(_ rungs: Rungs) {
        self.rungs = rungs
    }

    public func decide(_ curve: LearningCurve, among curves: ArraySlice<LearningCurve>) -> PruningDecision? {
        decide(curve, among: curves) { _ in true }
    }

    public func progress(of curve: LearningCurve) -> [Double] { rungs.progress(of: curve) }

    /// - Parameter isCompetitor: whether the curve is compared with the trial of that number.
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
                // Trials with equal values share a rank.
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
