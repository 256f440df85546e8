/// Selects the model of the metric: how its values are scaled, the kernel and the hyperparameters.
///
///     let selection = ModelSelection(dimensions, columns: columns, outcomes, ModelledValues(outcomes), among: .all)
///     let model = selection.best
///     let process = try GaussianProcess(
///         dimensions, columns: columns, values: model.values.standardized, model.hyperparameters)
///
/// The default is a Matérn kernel on values that are linear below their median and logarithmic above (`.bent`), which
/// converges well on nearly every function. Others compete with it: a logarithmic scale, for functions with a long flat
/// valley; a rougher kernel; and linear values, as the default puts a kink into a function that is smooth by itself.
/// The one of the greatest posterior density is selected, less a margin for some. Model m has the density p(z | θ, m)
/// for its scaled values z(y), hence p(y | θ, m) = p(z | θ, m)·Π |dz/dy| for the values y themselves, and what is
/// compared is
///
///     −log p(y | θ, m) − log p(θ) = −log p(z | θ, m) − log p(θ) − Σ log |dz/dy|
///
/// at its minimum over the hyperparameters θ. `Benchmarks/planners/introduction.md` tells how it was measured.
struct ModelSelection {
    /// A model that was fitted to the trials.
    struct Model {
        /// On the scale of the model.
        let values: ModelledValues
        /// With the kernel.
        let hyperparameters: Hyperparameters
        /// −log p(y | m) − log p(θ), but for a constant.
        let cost: Double
    }

    /// The one that is selected.
    let best: Model
    /// The one that is selected among the smooth ones.
    let smooth: Model

    /// A model that competes with the default.
    private struct Challenger {
        var shape: ValueScale.Shape
        var kernel: ProcessKernel
        /// With fewer trials that have a value it does not compete: models differ too little then, and one with too
        /// strong assumptions misses the better regions.
        var minTrials: Int
        /// What is taken off its log density when it is compared with the other models'.
        var margin: Double

        var isSmooth: Bool { kernel != .roughMatern && shape != .logarithmic }
    }

    /// Which models compete.
    enum Candidates: Sendable {
        /// All of them: to propose the next trial of one metric, where it matters little whether a bump is noise.
        case all
        /// Neither the rough kernel nor the logarithmic scale. With these noise is easily taken for a part of the
        /// function, so the model that says which trial is best does without them. So do the models of other sweeps and
        /// of several objectives, with which they were not measured.
        case smooth
    }

    private static let challengers = [
        Challenger(shape: .logarithmic, kernel: .matern, minTrials: 15, margin: 0),
        Challenger(shape: .bent, kernel: .roughMatern, minTrials: 15, margin: 0),
        Challenger(shape: .linear, kernel: .matern, minTrials: 40, margin: 4),
        Challenger(shape: .linear, kernel: .squaredExponential, minTrials: 40, margin: 4),
    ]
    /// For the next trial, a model that costs so much more than the best so far, with hyperparameters fitted to the
    /// oldest trials, is not fitted to more: the fits take most of the time of a suggestion.
    private static let hopeless = 8.0
    /// How many of the oldest trials the hyperparameters are fitted to first; the fit to more starts from there. The
    /// newest trials lie too close together to show how the function varies.
    private static let firstFitted = 50
    /// The hyperparameters are fitted to at most this many trials: with more they hardly change, but the cost grows
    /// with the cube of the number.
    private static let maxFitted = 100

    /// - Parameters:
    ///   - columns: the observations' coordinates, dimension by dimension.
    ///   - bent: the values of the default model.
    ///   - candidates: which models compete.
    init(
        _ dimensions: [InputDimension], columns: [[Double]], _ outcomes: [Outcome], _ bent: ModelledValues,
        among candidates: Candidates
    ) {
        let standard = Self.fit(dimensions, columns, bent, .matern, first: nil)
        var best = Model(values: bent, hyperparameters: standard.last, cost: standard.cost)
        var smooth = best
        var (least, leastSmooth) = (standard.cost, standard.cost)
        for challenger in Self.challengers where bent.informative >= challenger.minTrials {
            if candidates == .smooth, !challenger.isSmooth { continue }
            let values = challenger.shape == .bent ? bent : ModelledValues(outcomes, shape: challenger.shape)
            let fit = Self.fit(
                dimensions, columns, values, challenger.kernel, first: standard.first,
                limit: candidates == .all ? least + Self.hopeless - challenger.margin : .infinity)
            let model = Model(values: values, hyperparameters: fit.last, cost: fit.cost)
            let cost = fit.cost + challenger.margin
            if cost < least { (best, least) = (model, cost) }
            if challenger.isSmooth, cost < leastSmooth { (smooth, leastSmooth) = (model, cost) }
        }
        self.best = best
        self.smooth = smooth
    }

    /// The default kernel, fitted to what is left of some values, with −log p(y) − log p(θ) but for the same constant.
    ///
    /// - Parameter values: those of which `rest` is left; they say to which trials it is fitted, since costs of
    ///   different trials cannot be compared.
    static func matern(
        _ dimensions: [InputDimension], _ columns: [[Double]], rest: ModelledValues, of values: ModelledValues
    ) -> (hyperparameters: Hyperparameters, cost: Double) {
        let fit = fit(dimensions, columns, rest, .matern, first: nil, chosen: values.bestAndSpread(maxFitted))
        return (fit.last, fit.cost)
    }

    /// The hyperparameters of the oldest trials and of all, and −log p(y | m) − log p(θ) but for a constant.
    private typealias Fit = (first: Hyperparameters, last: Hyperparameters, cost: Double)

    /// Fits one model: to the oldest trials first, and from there to the best and some others of all.
    ///
    /// - Parameters:
    ///   - start: where the first fit begins; nil for the two fixed points of `HyperparameterFit`.
    ///   - chosen: the trials of the last fit; nil for the best of these values, and some others.
    ///   - limit: if the model costs more with the hyperparameters of the first fit, there is no other.
    private static func fit(
        _ dimensions: [InputDimension], _ columns: [[Double]], _ values: ModelledValues, _ kernel: ProcessKernel,
        first start: Hyperparameters?, chosen: [Int]? = nil, limit: Double = .infinity
    ) -> Fit {
        func problem(_ chosen: [Int]) -> (fit: HyperparameterFit, logSlope: Double) {
            let fit = HyperparameterFit(
                dimensions, columns: columns.map { column in chosen.map { column[$0] } },
                values: chosen.map { values.standardized[$0] }, errors: chosen.map { values.errors[$0] }, kernel: kernel
            )
            return (fit, chosen.reduce(0) { $0 + values.logSlopes[$1] })
        }
        let all = values.standardized.indices
        let oldest = problem(Array(all.prefix(firstFitted)))
        let (first, cost) = oldest.fit.maximumAPosteriori(from: start, iterations: start == nil ? 30 : 20)
        if all.count <= firstFitted { return (first, first, cost - oldest.logSlope) }
        let some = problem(chosen ?? values.bestAndSpread(maxFitted))
        let unfitted = some.fit.negativeLogPosterior(of: first) - some.logSlope
        // Infinite where K is singular, which tells nothing.
        if unfitted.isFinite, unfitted > limit { return (first, first, unfitted) }
        let (last, lastCost) = some.fit.maximumAPosteriori(from: first, iterations: 10)
        return (first, last, lastCost - some.logSlope)
    }
}
