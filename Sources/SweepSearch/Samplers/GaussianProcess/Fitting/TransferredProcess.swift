import RealModule

/// A process whose mean is a share of what another sweep predicts, and which models the rest:
///
///     z(x) = ρ·(m(x) − m̄) + s·g(x)
///
/// m is the mean of the process that was fitted to the other sweep, m̄ its average at the trials of this one, and g a
/// process that is fitted to what is left, standardized by s. ρ is the regression of the values z on m, shrunk towards
/// 0, and never negative:
///
///     ρ = max(0, Σ z·(m − m̄)) / (Σ (m − m̄)² + 1)
///
/// (Kennedy and O'Hagan 2000, "Predicting the Output from a Complex Computer Code When Fast Approximations Are
/// Available", eq. 1.) Whether the other sweep helps is decided by the posterior density at its maximum:
/// −log p(z | θ) − log p(θ) of this model is compared with that of a process that knows nothing of it. A sweep that
/// misleads is so left out.
struct TransferredProcess: Posterior {
    private let lesson: Lesson
    private let share: Double
    private let centre: Double
    private let spread: Double
    private var rest: GaussianProcess
    /// −log p(z) − log p(θ) but for a constant, comparable with that of `ModelSelection`.
    let cost: Double

    /// s is at least this: what is left may be next to nothing.
    private static let leastSpread = 1e-2

    /// - Parameters:
    ///   - columns: the trials' coordinates, dimension by dimension.
    ///   - values: z, of the trials.
    ///   - pending: the points of trials that have not ended.
    /// - Returns: nil if the other sweep has no model, if nothing of it is found in the values, or if no process can be
    ///   computed.
    init?(
        _ lesson: Lesson, _ dimensions: [InputDimension], columns: [[Double]], _ values: ModelledValues,
        pending: [[Double]]
    ) {
        guard lesson.isModelled, let count = columns.first?.count, count == values.standardized.count else {
            return nil
        }
        let points = (0..<count).map { row in columns.map { $0[row] } }
        let means = lesson.means(at: points)
        let centre = means.reduce(0, +) / Double(count)
        let centred = means.map { $0 - centre }
        let product = zip(values.standardized, centred).reduce(0) { $0 + $1.0 * $1.1 }
        let share = max(0, product) / (centred.reduce(0) { $0 + $1 * $1 } + 1)
        guard share > 0 else { return nil }
        let left = zip(values.standardized, centred).map { $0 - share * $1 }
        let variance = left.reduce(0) { $0 + $1 * $1 } / Double(count)
        let spread = max(variance.squareRoot(), Self.leastSpread)
        let residuals = values.replaced(by: left.map { $0 / spread }, shrunkBy: spread)
        let (hyperparameters, cost) = ModelSelection.matern(dimensions, columns, rest: residuals, of: values)
        guard
            var rest = GaussianProcess.stable(
                dimensions, columns: columns, values: residuals.standardized, errors: residuals.errors, hyperparameters)
        else { return nil }
        for point in pending { rest.addBelief(at: point) }
        self.lesson = lesson
        self.share = share
        self.centre = centre
        self.spread = spread
        self.rest = rest
        self.cost = cost
    }

    var weights: [Double] { rest.hyperparameters.weights }
    var noiseVariance: Double { spread * spread * rest.hyperparameters.noiseVariance }
    var points: [[Double]] { rest.points }

    private func value(_ rest: (mean: Double, deviation: Double), _ mean: Double) -> (mean: Double, deviation: Double) {
        (share * (mean - centre) + spread * rest.mean, spread * rest.deviation)
    }

    func posterior(at point: [Double]) -> (mean: Double, deviation: Double) {
        value(rest.posterior(at: point), lesson.mean(at: point))
    }

    func posteriors(at points: [[Double]]) -> [(mean: Double, deviation: Double)] {
        zip(rest.posteriors(at: points), lesson.means(at: points)).map(value)
    }

    func slopes(
        at point: [Double], along moving: [Int]
    ) -> (mean: Double, deviation: Double, meanSlopes: [Double], deviationSlopes: [Double]) {
        let own = rest.slopes(at: point, along: moving)
        let other = lesson.slopes(at: point, along: moving)
        let (mean, deviation) = value((own.mean, own.deviation), other.mean)
        return (
            mean, deviation, zip(own.meanSlopes, other.slopes).map { spread * $0 + share * $1 },
            own.deviationSlopes.map { spread * $0 }
        )
    }
}
