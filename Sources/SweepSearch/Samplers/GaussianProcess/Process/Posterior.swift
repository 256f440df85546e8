/// What is expected of the values at points, however that is computed.
package protocol Posterior: Sendable {
    /// wⱼ = 1/ℓⱼ² of each input.
    var weights: [Double] { get }
    /// The variance of a single trial around the function.
    var noiseVariance: Double { get }
    /// The points of the trials, ended and pending.
    var points: [[Double]] { get }

    /// The mean and the standard deviation of the function at a point.
    func posterior(at point: [Double]) -> (mean: Double, deviation: Double)

    /// The same at many points at once, which is faster.
    func posteriors(at points: [[Double]]) -> [(mean: Double, deviation: Double)]

    /// The same, with the derivatives with respect to some of the coordinates.
    func slopes(
        at point: [Double], along moving: [Int]
    ) -> (mean: Double, deviation: Double, meanSlopes: [Double], deviationSlopes: [Double])
}

extension GaussianProcess: Posterior {
    package var weights: [Double] { hyperparameters.weights }
    package var noiseVariance: Double { hyperparameters.noiseVariance }
}
