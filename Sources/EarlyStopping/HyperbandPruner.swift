/// Hyperband: several brackets of successive halving at once, from one that stops early to one that never stops.
///
/// How early a curve tells the end is not known beforehand. Each trial belongs to one bracket and is compared with the
/// trials of that bracket alone; bracket s leaves out the lowest s rungs.
///
/// Source: Li et al. 2018, "Hyperband" (JMLR 18); the brackets are filled side by side as Optuna does it.
public struct HyperbandPruner: Pruner, Hashable {
    private let brackets: [AsynchronousHalvingPruner]
    /// How much of all trials belongs to the brackets up to each.
    private let shares: [Double]

    /// - Parameter maxSteps: at least `minSteps`.
    public init(minSteps: Int, maxSteps: Int, reductionFactor: Int) {
        var count = 1
        var step = minSteps
        while step <= maxSteps / reductionFactor {
            step *= reductionFactor
            count += 1
        }
        brackets = (0..<count).map { bracket in
            AsynchronousHalvingPruner(
                Rungs(minSteps: minSteps, reductionFactor: reductionFactor, maxSteps: maxSteps, bracket: bracket))
        }
        // A bracket with k halvings starts with about η^k / (k + 1) trials, so that all cost about the same.
        var sum = 0.0
        let sums = (0..<count).map { bracket in
            let halvings = count - 1 - bracket
            var size = 1.0
            for _ in 0..<halvings { size *= Double(reductionFactor) }
            sum += (Double(count) * size / Double(halvings + 1)).rounded(.up)
            return sum
        }
        shares = sums.map { $0 / sum }
    }

    public func decide(_ curve: LearningCurve, among curves: ArraySlice<LearningCurve>) -> PruningDecision? {
        let bracket = bracket(of: curve.trial)
        return brackets[bracket].decide(curve, among: curves) { self.bracket(of: $0) == bracket }
    }

    /// The bracket of a trial by its number alone: multiples of the golden ratio fill every stretch of trials evenly.
    public func bracket(of trial: Int) -> Int {
        let place = (Double(trial) * 0.618_033_988_749_894_9).truncatingRemainder(dividingBy: 1)
        return shares.firstIndex { place < $0 } ?? shares.count - 1
    }
}
