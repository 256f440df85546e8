/// Hyperband: several brackets of successive halving side by side, from one that prunes early to one that prunes late,
/// or never: the last has a rung only where `maxSteps` is no power of the reduction times `minSteps`.
///
///     // Brackets with the rungs {1, 3}, {3} and {}.
///     let pruner = HyperbandPruner(minSteps: 1, maxSteps: 9, reductionFactor: 3)
///     pruner.bracket(of: 0)                           // 0
///
/// It is not known beforehand how early in a curve good and bad trials can be told apart. Each trial belongs to one
/// bracket and is compared only with the trials of that bracket; bracket s leaves out the lowest s rungs.
///
/// Source: Li et al. 2018, "Hyperband" (JMLR 18); the brackets are filled side by side as Optuna does it.
public struct HyperbandPruner: Pruner, Hashable {
    private let brackets: [AsynchronousHalvingPruner]
    /// The share of all trials that belongs to the brackets up to each, ending with 1.
    private let shares: [Double]

    /// - Parameters:
    ///   - minSteps: r, the steps that each trial is given before it may be pruned; at least 1.
    ///   - maxSteps: R, the steps of a complete trial; at least `minSteps`.
    ///   - reductionFactor: η, at least 2; one of η trials passes a rung.
    public init(minSteps: Int, maxSteps: Int, reductionFactor: Int) {
        precondition(minSteps >= 1 && reductionFactor >= 2, "the steps of a bracket's rungs must grow")
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
        // A bracket whose trials are reduced k times gets about η^k / (k + 1) trials, so that all brackets cost about
        // the same.
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

    /// At the rungs of the first bracket, of which those of the others are some.
    public func progress(of curve: LearningCurve) -> [Double] { brackets[0].progress(of: curve) }

    /// The bracket of a trial, a function of its number alone. The fractional parts of multiples of the golden ratio
    /// are evenly spread, so every run of consecutive trials has about the same share in each bracket.
    public func bracket(of trial: Int) -> Int {
        let place = (Double(trial) * 0.618_033_988_749_894_9).truncatingRemainder(dividingBy: 1)
        return shares.firstIndex { place < $0 } ?? shares.count - 1
    }
}
