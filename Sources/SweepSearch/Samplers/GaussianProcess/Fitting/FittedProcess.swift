import RealModule

/// A Gaussian process that is fitted to trials, with what is needed to ask it about assignments.
struct FittedProcess {
    let landscape: Landscape
    /// On the scale of the selected model.
    let values: ModelledValues
    private(set) var process: GaussianProcess
    /// −log p(y) − log p(θ) but for a constant: how badly the model fits.
    let cost: Double
    /// The share of the variance that it explains of trials that are left out: see `GaussianProcess.explained`.
    let explained: Double

    /// Fits the process to the trials that have ended, with a belief added for each pending one.
    ///
    /// - Parameter columns: the trials' coordinates, dimension by dimension.
    /// - Returns: nil if K stays singular even with 10⁹ times the fitted noise.
    init?(
        _ landscape: Landscape, columns: [[Double]], _ model: ModelSelection.Model, pending: [Assignment] = []
    ) {
        let stable = GaussianProcess.stable(
            landscape.dimensions, columns: columns, values: model.values.standardized, errors: model.values.errors,
            model.hyperparameters)
        guard var process = stable else { return nil }
        explained = process.explained(model.values.standardized)
        let points = landscape.columns(of: pending)
        for index in pending.indices { process.addBelief(at: points.map { $0[index] }) }
        self.landscape = landscape
        self.values = model.values
        self.process = process
        cost = model.cost
    }

    /// The best of the smooth models, fitted: see `ModelSelection.Candidates`.
    ///
    /// - Returns: nil if K stays singular.
    static func smooth(
        _ landscape: Landscape, _ assignments: [Assignment], _ outcomes: [Outcome], pending: [Assignment] = []
    ) -> FittedProcess? {
        let columns = landscape.columns(of: assignments)
        let selection = ModelSelection(
            landscape.dimensions, columns: columns, outcomes, ModelledValues(outcomes), among: .smooth)
        return FittedProcess(landscape, columns: columns, selection.smooth, pending: pending)
    }

    /// What the process expects at a point, in the unit of the metric.
    ///
    /// - Parameters:
    ///   - process: this one, or one that knows another sweep.
    ///   - best: the modelled value on which the improvement is counted.
    ///   - probability: of the trial having a value; without one there is no improvement.
    func forecast(
        at point: [Double], by process: any Posterior, _ best: Double, _ probability: Double
    ) -> Proposal.Forecast {
        let (mean, deviation) = process.posterior(at: point)
        let improvement = deviation * Double.exp(ExpectedImprovement.logarithm((best - mean) / deviation).value)
        return .value(
            values.expectation(
                mean: mean, deviation: deviation, noise: process.noiseVariance),
            improvement: probability * values.improvement(improvement, on: best))
    }
}
