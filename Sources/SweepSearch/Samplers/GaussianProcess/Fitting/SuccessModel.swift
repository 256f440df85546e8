import RealModule

/// Which trials have a value that a process can model, and how likely that is elsewhere in the space.
///
/// Trials that diverge, crash or end on a wall are often neighbours: a learning rate is too large, a network too wide
/// for the memory. As values among others they would spoil the process: it expects neighbours of a wall to be bad, and
/// the optimum often lies beside it. So they have no part in the regression. A second process models whether a trial
/// has a value, and its probability p weighs the expected improvement:
///
///     log α(x) = log EI(x) + k·log p(x)        p(x) = Φ((m(x) − t)/√(s(x)² + σₙ² + c))
///
/// The second process is a regression on labels, 1 for a value and −1 for none: m and s are its mean and deviation, σₙ²
/// is its noise, and t the middle between the labels. (Classification by least squares: Rasmussen and Williams 2006,
/// section 6.5. The product of improvement and probability, k = 1: Gelbart, Snoek and Adams 2014, arXiv:1403.5607,
/// eq. 6.) With k = 5 the search keeps off the border until it knows it.
///
/// Trials also fail by chance, wherever they are. So any share of the labels may be noise: where those of neighbours
/// differ at random, σₙ² is large and p differs little, and the search comes back to where trials have failed.
/// `Benchmarks/planners/introduction.md` tells how all this was measured.
package struct SuccessModel: Sendable {
    private let process: GaussianProcess
    /// t, as the labels are standardized.
    private let middle: Double

    /// c: how sharply the probability falls from 1 to 0.
    private static let width = 0.15
    /// k: how much more a probability weighs than an improvement.
    private static let weight = 5.0

    /// Fits the second process.
    ///
    /// - Parameter isUsable: for each trial whether it has a value.
    /// - Returns: nil if all trials have one or none has, or if they lie so that no process can be computed.
    package init?(_ dimensions: [InputDimension], columns: [[Double]], _ isUsable: [Bool]) {
        let count = Double(isUsable.count)
        let mean = isUsable.reduce(0) { $0 + ($1 ? 1 : -1) } / count
        let deviation = (1 - mean * mean).squareRoot()
        guard deviation > 0 else { return nil }
        let labels = isUsable.map { (($0 ? 1 : -1) - mean) / deviation }
        middle = -mean / deviation
        let chosen = Self.chosen(isUsable)
        var (hyperparameters, _) = HyperparameterFit(
            dimensions, columns: columns.map { column in chosen.map { column[$0] } }, values: chosen.map { labels[$0] },
            of: .labels
        ).maximumAPosteriori(iterations: 20)
        // A label is never exact.
        hyperparameters.noiseVariance = max(hyperparameters.noiseVariance, 1e-3)
        guard
            let process = GaussianProcess.stable(dimensions, columns: columns, values: labels, hyperparameters)
        else { return nil }
        self.process = process
    }

    /// At most 100 trials for the fit: the newest of either kind, as these lie at the border.
    private static func chosen(_ isUsable: [Bool]) -> [Int] {
        let limit = 100
        guard isUsable.count > limit else { return Array(isUsable.indices) }
        let bad = isUsable.indices.filter { !isUsable[$0] }.suffix(limit / 2)
        let good = isUsable.indices.filter { isUsable[$0] }.suffix(limit - bad.count)
        return (bad + good).sorted()
    }

    /// k·log p at a point.
    package func score(at point: [Double]) -> Double { score(process.posterior(at: point)) }

    /// The same at many points.
    func scores(at points: [[Double]]) -> [Double] { process.posteriors(at: points).map(score) }

    private func score(_ posterior: (mean: Double, deviation: Double)) -> Double {
        Self.weight * NormalProbability.logarithm((posterior.mean - middle) / width(posterior.deviation)).value
    }

    /// p at a point.
    package func probability(at point: [Double]) -> Double { Double.exp(score(at: point) / Self.weight) }

    private func width(_ deviation: Double) -> Double {
        (deviation * deviation + process.noiseVariance + Self.width).squareRoot()
    }

    /// k·log p at a point, and its derivatives with respect to some of the coordinates:
    ///
    ///     ∂ log p/∂xⱼ = φ(u)/Φ(u)·(∂m/∂xⱼ − u·s/q·∂s/∂xⱼ)/q        u = (m − t)/q        q = √(s² + σₙ² + c)
    ///
    /// - Parameter moving: the indices of those coordinates; all numeric.
    package func slopes(at point: [Double], along moving: [Int]) -> (value: Double, slopes: [Double]) {
        let slopes = process.slopes(at: point, along: moving)
        let width = width(slopes.deviation)
        let u = (slopes.mean - middle) / width
        let (value, hazard) = NormalProbability.logarithm(u)
        let gradient = zip(slopes.meanSlopes, slopes.deviationSlopes).map { mean, deviation in
            Self.weight * hazard * (mean - u * slopes.deviation / width * deviation) / width
        }
        return (Self.weight * value, gradient)
    }
}

extension SuccessModel {
    /// For each outcome whether it is a value that the regression can use.
    ///
    /// A diverged or failed trial has none. A finite value beyond a wall is none either: values that are 30 times as
    /// far above the others as these are apart, and ten times as large as any of them. (The latter, as a few good
    /// trials may be nearly equal by chance.) The wall is looked for among the first 16 values, which are spread over
    /// the space; later ones gather at the optimum, and are always far from the rest for their own distances.
    ///
    ///     0.2, 0.9, 1.4, 2.1, 10000, 10003, 3.0, 10001        the wall is at 87: 30 times 2.8 above 3.0
    ///
    /// - Parameter hasWall: whether a wall is looked for.
    package static func usable(_ outcomes: [Outcome], hasWall: Bool = true) -> [Bool] {
        let limit = hasWall ? wall(outcomes) : .infinity
        return outcomes.map { outcome in
            switch outcome {
            case .value(let value): value.isFinite && value < limit
            case .pruned(let value?), .estimated(let value, _): !value.isNaN
            case .pruned: true
            case .diverged, .failed: false
            }
        }
    }

    /// The value from which on trials are behind a wall; infinity if there is none.
    private static func wall(_ outcomes: [Outcome]) -> Double {
        let first = outcomes.lazy.compactMap { outcome -> Double? in
            if case .value(let value) = outcome, value.isFinite { value } else { nil }
        }.prefix(16).sorted()
        // As many are needed below for their distances to mean anything.
        let least = max(4, first.count / 4)
        guard first.count > least else { return .infinity }
        for place in least..<first.count {
            let height = 30 * (first[place - 1] - first[0])
            let isLarge = first[place] > 10 * max(abs(first[0]), abs(first[place - 1]))
            if height > 0, isLarge, first[place] - first[place - 1] > height { return first[place - 1] + height }
        }
        return .infinity
    }
}
