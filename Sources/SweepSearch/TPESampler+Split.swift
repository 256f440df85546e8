/// The ended trials as TPE sees them, by their index among the observations.
package struct TrialSplit {
    /// In order of their numbers, like ``bad``.
    package var good: [Int]
    package var bad: [Int]
    /// How many trials tell something about the metric.
    package var informative: Int
}

extension TPESampler {
    /// Splits the trials: the best share γ is good, everything else bad.
    ///
    /// Complete trials come first, by value; then pruned ones, by their last value, which are good only where complete
    /// ones are few. Diverged trials are the worst, and so are failed ones: a crash, a timeout or lack of memory mostly
    /// comes back with the same values, and where it does not, one kernel among many bad ones does little harm. But a
    /// failure tells nothing about the metric, so it neither ends the start-up nor raises the number of good trials.
    package func split(_ observations: [Observation]) -> TrialSplit {
        struct Ranked {
            let index: Int
            let isComplete: Bool
            let value: Double
        }
        var ranked = [Ranked]()
        var informative = 0
        for (index, observation) in observations.enumerated() {
            switch observation.outcome {
            case .value(let value) where value.isFinite:
                ranked.append(Ranked(index: index, isComplete: true, value: value))
                informative += 1
            case .pruned(let value?) where value.isFinite:
                ranked.append(Ranked(index: index, isComplete: false, value: value))
                informative += 1
            case .value, .pruned, .diverged: informative += 1
            case .failed: break
            }
        }
        func precedes(_ left: Ranked, _ right: Ranked) -> Bool {
            if left.isComplete != right.isComplete { return left.isComplete }
            return (left.value, left.index) < (right.value, right.index)
        }
        let wanted = Int(min((goodFraction * Double(informative)).rounded(.up), Double(mostGood)))
        // Few are wanted of many: each trial is compared with the worst of the best so far.
        var best = [Ranked]()
        for trial in ranked where wanted > 0 {
            if best.count == wanted {
                guard let worst = best.last, precedes(trial, worst) else { continue }
                best.removeLast()
            }
            best.insert(trial, at: best.firstIndex { precedes(trial, $0) } ?? best.endIndex)
        }
        let good = best.map(\.index).sorted()
        var isGood = [Bool](repeating: false, count: observations.count)
        for index in good { isGood[index] = true }
        return TrialSplit(good: good, bad: observations.indices.filter { !isGood[$0] }, informative: informative)
    }
}
