/// Selects the model of the metric: how its values are scaled, the kernel and the hyperparameters.
///
///     let selection = ModelSelection(dimensions, columns: columns, outcomes, ModelledValues(outcomes))
///     let process = try GaussianProcess(
///         dimensions, columns: columns, values: selection.values.standardized, selection.hyperparameters)
///
/// The default is a Matérn kernel on values that are linear below their median and logarithmic above (`.bent`), which
/// converges well on nearly every function. But that scale puts a kink into a function that is smooth by itself. So
/// from 40 trials on, two models with linear values compete with the default, and the one of the greatest posterior
/// density is selected. Model m has the density p(z | θ, m) for its scaled values z(y), hence
/// p(y | θ, m) = p(z | θ, m)·Π |dz/dy| for the values y themselves, and what is compared is
///
///     −log p(y | θ, m) − log p(θ) = −log p(z | θ, m) − log p(θ) − Σ log |dz/dy|
///
/// at its minimum over the hyperparameters θ. `Benchmarks/planners/introduction.md` tells how it was measured.
struct ModelSelection {
    /// The values on the scale of the selected model.
    let values: ModelledValues
    /// Those of the selected model, fitted to the trials, with its kernel.
    let hyperparameters: Hyperparameters
    /// −log p(y | m) − log p(θ) of that model, but for a constant.
    let cost: Double

    /// With fewer trials the models differ too little, and one with too strong assumptions misses the better regions.
    private static let minTrialsToCompare = 40
    /// How much greater than the default's the log density of another model must be for it to be selected.
    private static let margin = 4.0
    /// How many of the oldest trials the hyperparameters are fitted to first; the fit to more starts from there. The
    /// newest trials lie too close together to show how the function varies.
    private static let firstFitted = 50
    /// The hyperparameters are fitted to at most this many trials: with more they hardly change, but the cost grows
    /// with the cube of the number.
    private static let maxFitted = 100

    /// - Parameters:
    ///   - columns: the observations' coordinates, dimension by dimension.
    ///   - bent: the values of the default model.
    init(_ dimensions: [InputDimension], columns: [[Double]], _ outcomes: [Outcome], _ bent: ModelledValues) {
        let standard = Self.fit(dimensions, columns, bent, .matern, first: nil)
        var choice = (values: bent, fit: standard, cost: standard.cost - Self.margin)
        if bent.informative >= Self.minTrialsToCompare {
            let linear = ModelledValues(outcomes, shape: .linear)
            for kernel in [ProcessKernel.matern, .squaredExponential] {
                let fit = Self.fit(dimensions, columns, linear, kernel, first: standard.first)
                if fit.cost < choice.cost { choice = (linear, fit, fit.cost) }
            }
        }
        values = choice.values
        hyperparameters = choice.fit.last
        cost = choice.fit.cost
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
    private static func fit(
        _ dimensions: [InputDimension], _ columns: [[Double]], _ values: ModelledValues, _ kernel: ProcessKernel,
        first start: Hyperparameters?, chosen: [Int]? = nil
    ) -> Fit {
        func fit(_ chosen: [Int], from start: Hyperparameters?, iterations: Int) -> (Hyperparameters, Double) {
            let fit = HyperparameterFit(
                dimensions, columns: columns.map { column in chosen.map { column[$0] } },
                values: chosen.map { values.standardized[$0] }, kernel: kernel)
            let (hyperparameters, value) = fit.maximumAPosteriori(from: start, iterations: iterations)
            return (hyperparameters, value - chosen.reduce(0) { $0 + values.logSlopes[$1] })
        }
        let all = values.standardized.indices
        let (first, cost) = fit(Array(all.prefix(firstFitted)), from: start, iterations: start == nil ? 30 : 20)
        if all.count <= firstFitted { return (first, first, cost) }
        let (last, lastCost) = fit(chosen ?? values.bestAndSpread(maxFitted), from: first, iterations: 10)
        return (first, last, lastCost)
    }
}
