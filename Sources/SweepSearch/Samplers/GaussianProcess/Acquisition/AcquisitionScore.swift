import RealModule

/// How much a trial at a point promises, by what is known of the others: what a search for the next trial maximizes.
package protocol AcquisitionScore {
    /// wⱼ = 1/ℓⱼ² of each input: how near two points must be to promise the same.
    var weights: [Double] { get }

    /// The logarithm of what the point promises.
    func score(at point: [Double]) -> Double

    /// The same at many points at once, which is faster.
    func scores(at points: [[Double]]) -> [Double]

    /// The score at a point, and its derivatives with respect to some of the coordinates.
    ///
    /// - Parameter moving: the indices of those coordinates; all numeric.
    func slopes(at point: [Double], along moving: [Int]) -> (value: Double, slopes: [Double])
}

/// The expected improvement on the best value, times how likely the trial has a value at all:
///
///     log EI + k·log p        log EI = log σ + log h(z)        z = (best − μ)/σ
///
///     let score = ImprovementScore(process, success)
///     score.score(at: [0.5, 0.2])
struct ImprovementScore: AcquisitionScore {
    let process: any Posterior
    /// Nil where every trial has a value.
    let success: SuccessModel?
    /// The least predicted mean among the trials that have ended or are pending.
    let best: Double

    var weights: [Double] { process.weights }

    /// The improvement is counted from the least mean that the process predicts at a trial, not from the least value:
    /// with noise the least value is partly luck.
    init(_ process: any Posterior, _ success: SuccessModel? = nil) {
        self.process = process
        self.success = success
        best = process.posteriors(at: process.points).map(\.mean).min() ?? 0
    }

    func score(at point: [Double]) -> Double {
        score(process.posterior(at: point), success?.score(at: point) ?? 0)
    }

    func scores(at points: [[Double]]) -> [Double] {
        let successes = success?.scores(at: points)
        return process.posteriors(at: points).enumerated().map { score($1, successes?[$0] ?? 0) }
    }

    private func score(_ posterior: (mean: Double, deviation: Double), _ success: Double) -> Double {
        let z = (best - posterior.mean) / posterior.deviation
        return Double.log(posterior.deviation) + ExpectedImprovement.logarithm(z).value + success
    }

    func slopes(at point: [Double], along moving: [Int]) -> (value: Double, slopes: [Double]) {
        let slopes = process.slopes(at: point, along: moving)
        let z = (best - slopes.mean) / slopes.deviation
        let improvement = ExpectedImprovement.logarithm(z)
        let chance = success?.slopes(at: point, along: moving)
        let gradient = moving.indices.map { index in
            let relative = slopes.deviationSlopes[index] / slopes.deviation
            let change = -slopes.meanSlopes[index] / slopes.deviation - z * relative
            return relative + improvement.slope * change + (chance?.slopes[index] ?? 0)
        }
        return (Double.log(slopes.deviation) + improvement.value + (chance?.value ?? 0), gradient)
    }
}
