import RealModule

/// The belief that good trials lie within the space rather than at its border:
///
///     β/n·log π(x)        π(x) = Πⱼ N(xⱼ; ½, ¼)
///
/// with n trials, over the numeric inputs, which are quantiles from 0 to 1.
///
/// A process is least certain in the corners, where a point has the fewest neighbours, so that without this many trials
/// go there, while ranges are mostly chosen so that good values lie within them. The belief fades as more is known:
/// Hvarfner et al. 2022, "πBO: Augmenting Acquisition Functions with User Beliefs for Bayesian Optimization", whose
/// form this is. `Benchmarks/planners/introduction.md` tells what it gains, and what it costs where the optimum lies at
/// the border.
private struct CentredBelief {
    private let isNumeric: [Bool]
    /// β/n.
    private let weight: Double

    /// The variance of π in each input.
    private static var variance: Double { 0.25 }

    /// - Parameters:
    ///   - strength: β.
    ///   - mostWeight: β/n is at most this, however few trials there are.
    init(_ strength: Double, _ dimensions: [InputDimension], trials: Int, mostWeight: Double = .infinity) {
        isNumeric = dimensions.map { $0 == .numeric }
        weight = min(strength / Double(max(1, trials)), mostWeight)
    }

    /// The logarithm, but for a constant: 0 in the centre.
    func logarithm(at point: [Double]) -> Double {
        let squares = zip(isNumeric, point).reduce(0) { $0 + ($1.0 ? ($1.1 - 0.5) * ($1.1 - 0.5) : 0) }
        return -weight * squares / (2 * Self.variance)
    }

    /// Its derivative with respect to a numeric coordinate.
    func slope(at coordinate: Double) -> Double { -weight * (coordinate - 0.5) / Self.variance }
}

/// A process that is believed to know more at the border than it says, where good trials hardly lie:
///
///     σ'(x) = σ(x)·π(x)^min(1, β/n)        β = 30
///
/// Only what is uncertain loses: where the mean promises an improvement at the border, a trial goes there all the same.
/// So the deviation in a corner of five inputs counts a twelfth of what it does in the centre in the first 30 trials,
/// and half after a hundred.
///
///     let score = ImprovementScore(CentredPosterior(process, dimensions))
package struct CentredPosterior: Posterior {
    private let base: any Posterior
    private let belief: CentredBelief

    /// β.
    private static let strength = 30.0

    /// - Parameter dimensions: the kinds of the inputs.
    package init(_ base: any Posterior, _ dimensions: [InputDimension]) {
        self.base = base
        belief = CentredBelief(Self.strength, dimensions, trials: base.points.count, mostWeight: 1)
    }

    package var weights: [Double] { base.weights }
    package var noiseVariance: Double { base.noiseVariance }
    package var points: [[Double]] { base.points }

    package func posterior(at point: [Double]) -> (mean: Double, deviation: Double) {
        let (mean, deviation) = base.posterior(at: point)
        return (mean, deviation * Double.exp(belief.logarithm(at: point)))
    }

    package func posteriors(at points: [[Double]]) -> [(mean: Double, deviation: Double)] {
        zip(base.posteriors(at: points), points).map { posterior, point in
            (posterior.mean, posterior.deviation * Double.exp(belief.logarithm(at: point)))
        }
    }

    package func slopes(
        at point: [Double], along moving: [Int]
    ) -> (mean: Double, deviation: Double, meanSlopes: [Double], deviationSlopes: [Double]) {
        let slopes = base.slopes(at: point, along: moving)
        let share = Double.exp(belief.logarithm(at: point))
        let deviationSlopes = zip(moving, slopes.deviationSlopes).map { index, slope in
            share * (slope + slopes.deviation * belief.slope(at: point[index]))
        }
        return (slopes.mean, slopes.deviation * share, slopes.meanSlopes, deviationSlopes)
    }
}

/// A score weighed with the belief:
///
///     log α(x) + β/n·log π(x)        β = 10
///
/// It is for several objectives, where it was better than a form of ``CentredPosterior`` without a limit. A corner of
/// five inputs is worth a twelfth of the centre after ten trials, and three quarters after a hundred.
///
///     let score = CentredScore(HypervolumeScore(…), dimensions, trials: 20)
package struct CentredScore<Base: AcquisitionScore>: AcquisitionScore {
    private let base: Base
    private let belief: CentredBelief

    /// β.
    private static var strength: Double { 10 }

    /// - Parameters:
    ///   - dimensions: the kinds of the inputs.
    ///   - trials: how many are known, ended or pending.
    package init(_ base: Base, _ dimensions: [InputDimension], trials: Int) {
        self.base = base
        belief = CentredBelief(Self.strength, dimensions, trials: trials)
    }

    package var weights: [Double] { base.weights }

    package func score(at point: [Double]) -> Double { base.score(at: point) + belief.logarithm(at: point) }

    package func scores(at points: [[Double]]) -> [Double] {
        zip(base.scores(at: points), points).map { $0 + belief.logarithm(at: $1) }
    }

    package func slopes(at point: [Double], along moving: [Int]) -> (value: Double, slopes: [Double]) {
        let (value, slopes) = base.slopes(at: point, along: moving)
        return (
            value + belief.logarithm(at: point), zip(moving, slopes).map { $1 + belief.slope(at: point[$0]) }
        )
    }
}
