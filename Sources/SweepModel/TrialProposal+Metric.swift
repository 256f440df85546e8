import SweepSearch

extension Metric {
    /// The same expectation with its sign changed where higher is better; see ``minimized(_:)``.
    public func minimized(_ expectation: Expectation) -> Expectation {
        let ends = [minimized(expectation.low), minimized(expectation.high)].sorted()
        return Expectation(
            mean: minimized(expectation.mean), deviation: expectation.deviation, low: ends[0], high: ends[1])
    }

    /// The same estimate with its sign changed where higher is better.
    public func minimized(_ estimate: Estimate) -> Estimate {
        switch goal {
        case .minimize: estimate
        case .maximize: estimate.negated
        }
    }
}

extension TrialProposal {
    /// What a sampler proposed for a trial. What is not a finite number is left out: a model may overflow.
    ///
    /// - Parameters:
    ///   - ended: how many trials had ended that it rests on.
    ///   - pending: how many it knew the values of.
    public init(_ proposal: Proposal, trial: Int, metric: Metric, ended: Int, pending: Int) {
        self.init(
            trial: trial, method: proposal.method, occasion: proposal.occasion, ended: ended, pending: pending)
        switch proposal.forecast {
        case .value(let expectation, let improvement):
            let value = metric.minimized(expectation)
            let numbers = [value.mean, value.deviation, value.low, value.high, improvement]
            if numbers.allSatisfy(\.isFinite) { forecast = Forecast(value: value, improvement: improvement) }
        case .logRatio(let ratio): logRatio = ratio.isFinite ? ratio : nil
        case nil: break
        }
    }
}
