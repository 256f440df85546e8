import RealModule

/// A Gaussian process that is fitted to trials, with what is needed to ask it about assignments.
struct FittedProcess {
    let landscape: Landscape
    /// On the scale of the selected model.
    let values: ModelledValues
    private(set) var process: GaussianProcess

    /// Fits the process to the trials that have ended, with a belief added for each pending one.
    ///
    /// - Parameters:
    ///   - values: the outcomes on the default scale.
    /// - Returns: nil if K stays singular even with 10⁹ times the fitted noise.
    init?(
        _ landscape: Landscape, _ assignments: [Assignment], _ outcomes: [Outcome], _ values: ModelledValues,
        pending: [Assignment]
    ) {
        let columns = landscape.columns(of: assignments)
        let choice = ModelSelection(landscape.dimensions, columns: columns, outcomes, values)
        var hyperparameters = choice.hyperparameters
        for _ in 0..<10 {
            if var process = try? GaussianProcess(
                landscape.dimensions, columns: columns, values: choice.values.standardized, hyperparameters)
            {
                let points = landscape.columns(of: pending)
                for index in pending.indices { process.addBelief(at: points.map { $0[index] }) }
                self.landscape = landscape
                self.values = choice.values
                self.process = process
                return
            }
            // Where points lie so close together that rounding makes K singular, more noise separates them.
            hyperparameters.noiseVariance *= 10
        }
        return nil
    }

    /// What the process expects at a point, in the unit of the metric.
    ///
    /// - Parameters:
    ///   - best: the modelled value on which the improvement is counted.
    ///   - probability: of the trial having a value; without one there is no improvement.
    func forecast(at point: [Double], _ best: Double, _ probability: Double) -> Proposal.Forecast {
        let (mean, deviation) = process.posterior(at: point)
        let improvement = deviation * Double.exp(ExpectedImprovement.logarithm((best - mean) / deviation).value)
        return .value(
            values.expectation(
                mean: mean, deviation: deviation, noise: process.hyperparameters.noiseVariance),
            improvement: probability * values.improvement(improvement))
    }
}
