import Statistics

extension Observations {
    /// The same trials, where those that were stopped early have an estimate of the value with which they would have
    /// ended.
    ///
    /// Trials that were stopped at different steps cannot be compared by their last values, and those that came to
    /// their end are the best ones: without the others a sampler knows little of where trials are bad.
    ///
    /// A trial that was stopped at step s with the value v is compared with the trials that went on from there: the
    /// regression of their final values on their values at s, both on the scale of ``ValueScale``, says what v leads
    /// to. The trials that were stopped last are estimated first, so that they help to estimate the others. The
    /// estimate is not worse than v and the worst of these final values, and not better than the best of them. The
    /// regression also says how far off the estimate may be, so that a model of the values need not believe it. With
    /// fewer than three such trials there is no estimate.
    ///
    /// Outcomes of trials without ``Observation/progress`` stay as they are.
    public func estimatingPruned() -> Observations {
        guard haveProgress, outcomes.contains(where: { if case .pruned(_?) = $0 { true } else { false } }) else {
            return self
        }
        var estimator = FinalValues(self)
        return with(outcomes: estimator.estimated())
    }
}

/// The final values of trials, known or estimated.
private struct FinalValues {
    private var outcomes: [Outcome]
    private var progress: [[Double]]
    /// By row; nil for a trial that failed, and for one that has no estimate yet.
    private var finals: [Double?]

    /// From so many trials on that went further, there are estimates.
    private static let minTrials = 3
    /// One more trial at the distance 1 that says nothing, so that few that are close together say little.
    private static let slopePrior = 1.0
    /// Of the regression, on the scale of the final values.
    private static let residualPrior = 0.1
    /// The most that the variance of an error counts, in units of the variance of the final values.
    private static let mostVariance = 4.0

    init(_ observations: Observations) {
        outcomes = observations.outcomes
        progress = observations.indices.map(observations.progress(ofRow:))
        finals = outcomes.map { outcome in
            if case .value(let value) = outcome, value.isFinite { value } else { nil }
        }
    }

    mutating func estimated() -> [Outcome] {
        var stopped: [Int: [Int]] = [:]
        for row in outcomes.indices {
            guard case .pruned(let value?) = outcomes[row], value.isFinite, let last = progress[row].last, last.isFinite
            else { continue }
            stopped[progress[row].count, default: []].append(row)
            // It may have been stopped for what it reported after that step.
            progress[row][progress[row].count - 1] = max(last, value)
        }
        for length in stopped.keys.sorted(by: >) { estimate(stopped[length] ?? [], at: length - 1) }
        return outcomes
    }

    /// Estimates the trials of these rows, which were stopped at one of the steps.
    private mutating func estimate(_ rows: [Int], at place: Int) {
        let known = finals.indices.compactMap { row -> (now: Double, final: Double)? in
            guard let final = finals[row], progress[row].count > place, progress[row][place].isFinite
            else { return nil }
            return (progress[row][place], final)
        }
        guard known.count >= Self.minTrials else { return }
        let nowScale = ValueScale(known.map(\.now) + rows.map { progress[$0][place] }, .bent)
        let finalScale = ValueScale(known.map(\.final), .bent)
        let ends = known.map { finalScale($0.final) }
        let line = RisingLine(
            zip(known, ends).map { (nowScale($0.now), $1) }, slopePrior: Self.slopePrior,
            residualPrior: Self.residualPrior)
        let mean = ends.reduce(0, +) / Double(ends.count)
        let spread = ends.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(ends.count)
        let (best, worst) = (known.map(\.final).min() ?? 0, known.map(\.final).max() ?? 0)
        for row in rows {
            let now = progress[row][place]
            let x = nowScale(now)
            let estimate = finalScale.value(ofScaled: line.mean(at: x))
            let final = min(max(estimate, best), max(worst, now))
            finals[row] = final
            let variance = line.variance(at: x) / spread
            outcomes[row] = .estimated(
                final, variance: variance < Self.mostVariance ? variance : Self.mostVariance)
        }
    }
}
