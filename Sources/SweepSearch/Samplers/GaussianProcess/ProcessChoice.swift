/// What a process is made of: how the values are seen, the kernel and its hyperparameters.
///
/// Values below the median are always seen as they are; above, they count by their logarithm (`.bent`), which converges
/// well on nearly everything. But it kinks a function that is smooth as it is, so with many trials two more models compete
/// that take all values as they are. The likeliest is chosen: with p(z | θ, m) the density that model m has for its
/// modelled values z(y), and p(y | m) = p(z | θ, m)·Π |dz/dy| that of the values themselves,
///
///     −log p(y | m) − log p(θ) = −log p(z | θ, m) − log p(θ) − Σ log |dz/dy|
///
/// at the hyperparameters θ that make it least. `Benchmarks/planners/introduction.md` tells how it was measured.
struct ProcessChoice {
    let values: ModelledValues
    let hyperparameters: Hyperparameters

    /// With fewer trials the models cannot be told apart, and one that expects too much misses the better regions.
    private static let fewestToCompare = 40
    /// By so much in the logarithm another model must be likelier than the robust one.
    private static let margin = 4.0
    /// The oldest trials, from which the hyperparameters are first fitted: a process of more trials starts where one of
    /// these ended. The newest lie too close together to show how the function varies.
    private static let firstFitted = 50
    /// The hyperparameters are fitted to no more trials than this: they hardly change any more, and their cost does.
    private static let mostFitted = 100

    /// - Parameters:
    ///   - columns: the observations' coordinates, axis by axis.
    ///   - bent: the values of the robust model.
    init(_ axes: [ProcessAxis], columns: [[Double]], _ outcomes: [Outcome], _ bent: ModelledValues) {
        let robust = Self.fit(axes, columns, bent, .matern, first: nil)
        var choice = (values: bent, fit: robust, cost: robust.cost - Self.margin)
        if bent.informative >= Self.fewestToCompare {
            let linear = ModelledValues(outcomes, shape: .linear)
            for kernel in [ProcessKernel.matern, .squaredExponential] {
                let fit = Self.fit(axes, columns, linear, kernel, first: robust.first)
                if fit.cost < choice.cost { choice = (linear, fit, fit.cost) }
            }
        }
        values = choice.values
        hyperparameters = choice.fit.last
    }

    /// The hyperparameters of the oldest trials and of all, and −log p(y | m) − log p(θ) but for a constant.
    private typealias Fit = (first: Hyperparameters, last: Hyperparameters, cost: Double)

    private static func fit(
        _ axes: [ProcessAxis], _ columns: [[Double]], _ values: ModelledValues, _ kernel: ProcessKernel,
        first start: Hyperparameters?
    ) -> Fit {
        func fit(_ chosen: [Int], from start: Hyperparameters?, iterations: Int) -> (Hyperparameters, Double) {
            let fit = ProcessFit(
                axes, columns: columns.map { column in chosen.map { column[$0] } },
                values: chosen.map { values.standardized[$0] }, kernel: kernel)
            let (hyperparameters, value) = fit.likeliest(from: start, iterations: iterations)
            return (hyperparameters, value - chosen.reduce(0) { $0 + values.logSlopes[$1] })
        }
        let all = values.standardized.indices
        let (first, cost) = fit(Array(all.prefix(firstFitted)), from: start, iterations: start == nil ? 30 : 20)
        if all.count <= firstFitted { return (first, first, cost) }
        let (last, lastCost) = fit(values.mostTelling(mostFitted), from: first, iterations: 10)
        return (first, last, lastCost)
    }
}
