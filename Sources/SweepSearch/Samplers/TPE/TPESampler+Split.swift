import RealModule

/// The ended trials divided into good and bad ones, by their index among the observations.
package struct TrialSplit {
    /// Those that the density l(x) is estimated from, in the order of their numbers.
    package var good: [Int]
    /// Those that the density g(x) is estimated from, in the order of their numbers.
    package var bad: [Int]
    /// How many of the good trials are better than each of them, in the order of ``good``.
    package var ranks: [Int]
    /// How many trials tell something about the metric: all but the failed ones.
    package var informative: Int
}

extension TPESampler {
    /// Splits the trials: the best share γ, `goodFraction`, is good, everything else bad.
    ///
    /// Complete trials come first, by value, and pruned ones whose final value is estimated among them; then the other
    /// pruned ones, by their last value, which count as good only where complete ones are few. Diverged trials are the
    /// worst, and so are failed ones: a crash, a timeout or lack of memory usually occurs again with the same values,
    /// and where it does not, one kernel among many bad ones does little harm. But a failure tells nothing about the
    /// metric, so it neither ends the start-up nor raises the number of good trials.
    ///
    ///     values 3, 1, 2 and a failure, goodFraction 0.5      // of 3 informative trials ⌈1.5⌉ = 2 are good
    ///
    ///     good [1, 2]     ranks [0, 1]     bad [0, 3]     informative 3
    ///
    /// - Parameter goodFraction: γ, of the informative trials; the number is rounded up and is at most `maxGood`.
    package func split(_ observations: Observations, goodFraction: Double) -> TrialSplit {
        struct Ranked {
            let index: Int
            let isComplete: Bool
            let value: Double
        }
        /// Nil for a trial without a value. It is computed where needed rather than stored: there may be very many
        /// trials.
        func ranked(_ index: Int) -> Ranked? {
            switch observations.outcomes[index] {
            case .value(let value) where value.isFinite: Ranked(index: index, isComplete: true, value: value)
            case .estimated(let value, _): Ranked(index: index, isComplete: true, value: value)
            case .pruned(let value?) where value.isFinite: Ranked(index: index, isComplete: false, value: value)
            case .value, .pruned, .diverged, .failed: nil
            }
        }
        let informative = observations.outcomes.count { if case .failed = $0 { false } else { true } }
        func precedes(_ left: Ranked, _ right: Ranked) -> Bool {
            if left.isComplete != right.isComplete { return left.isComplete }
            return (left.value, left.index) < (right.value, right.index)
        }
        let wanted = Int(min((goodFraction * Double(informative)).rounded(.up), Double(maxGood)))
        // Few of many are wanted: one pass that keeps the best so far is cheaper than sorting all.
        var best = [Ranked]()
        for index in observations.indices where wanted > 0 {
            guard let trial = ranked(index) else { continue }
            if best.count == wanted {
                guard let worst = best.last, precedes(trial, worst) else { continue }
                best.removeLast()
            }
            best.insert(trial, at: best.firstIndex { precedes(trial, $0) } ?? best.endIndex)
        }
        let byNumber = best.indices.sorted { best[$0].index < best[$1].index }
        let good = byNumber.map { best[$0].index }
        var isGood = [Bool](repeating: false, count: observations.count)
        for index in good { isGood[index] = true }
        return TrialSplit(
            good: good, bad: observations.indices.filter { !isGood[$0] }, ranks: byNumber, informative: informative)
    }
}

extension TPESampler.Selection {
    /// The weights of the good trials by their ranks. Their mean is 1, so that the weight of the prior kernel stays the
    /// same.
    ///
    /// Measured on functions of all kinds, ranked weights gain more than a smaller good set does, which gains nothing
    /// where trials run one at a time.
    ///
    ///     ranks [0, 1] with rankExponent 4        1 and 1/16, scaled: 1.88 and 0.12
    package func weights(_ ranks: [Int]) -> [Double] {
        let count = Double(ranks.count)
        let weights = ranks.map { Double.pow(1 - Double($0) / count, rankExponent) }
        let total = weights.reduce(0, +)
        return weights.map { $0 * count / total }
    }
}
