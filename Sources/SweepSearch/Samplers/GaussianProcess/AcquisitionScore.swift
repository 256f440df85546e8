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

/// What is expected of the values at points, however that is computed.
protocol Posterior: Sendable {
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
    var weights: [Double] { hyperparameters.weights }
    var noiseVariance: Double { hyperparameters.noiseVariance }
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

/// A score weighed with the belief that good trials lie within the space rather than at its border:
///
///     log α(x) + β/n·log π(x)        π(x) = Πⱼ N(xⱼ; ½, ¼)        β = 10
///
/// with n trials, over the numeric inputs, which are quantiles from 0 to 1. So a corner of five inputs is worth a
/// twelfth of the centre after ten trials, and three quarters after a hundred.
///
///     let score = CentredScore(ImprovementScore(process), dimensions, trials: 20)
///
/// A process is least certain in the corners, where a point has the fewest neighbours, so that without this many trials
/// go there, while ranges are mostly chosen so that good values lie within them. The belief fades as more is known:
/// Hvarfner et al. 2022, "πBO: Augmenting Acquisition Functions with User Beliefs for Bayesian Optimization", whose
/// form this is. `Benchmarks/planners/introduction.md` tells what it gains, and what it costs where the optimum lies at
/// the border.
package struct CentredScore<Base: AcquisitionScore>: AcquisitionScore {
    private let base: Base
    private let isNumeric: [Bool]
    /// β/n.
    private let weight: Double

    /// β.
    private static var belief: Double { 10 }
    /// The variance of π in each input.
    private static var variance: Double { 0.25 }

    /// - Parameters:
    ///   - dimensions: the kinds of the inputs.
    ///   - trials: how many are known, ended or pending.
    package init(_ base: Base, _ dimensions: [InputDimension], trials: Int) {
        self.base = base
        isNumeric = dimensions.map { $0 == .numeric }
        weight = Self.belief / Double(max(1, trials))
    }

    package var weights: [Double] { base.weights }

    /// β/n·log π(x), but for a constant.
    private func belief(at point: [Double]) -> Double {
        let squares = zip(isNumeric, point).reduce(0) { $0 + ($1.0 ? ($1.1 - 0.5) * ($1.1 - 0.5) : 0) }
        return -weight * squares / (2 * Self.variance)
    }

    package func score(at point: [Double]) -> Double { base.score(at: point) + belief(at: point) }

    package func scores(at points: [[Double]]) -> [Double] {
        zip(base.scores(at: points), points).map { $0 + belief(at: $1) }
    }

    package func slopes(at point: [Double], along moving: [Int]) -> (value: Double, slopes: [Double]) {
        let (value, slopes) = base.slopes(at: point, along: moving)
        return (
            value + belief(at: point),
            zip(moving, slopes).map { $1 - weight * (point[$0] - 0.5) / Self.variance }
        )
    }
}
