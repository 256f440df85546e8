import RealModule

/// The outcomes of all ended trials as values that a Gaussian process can model: with mean 0 and variance 1, lower is
/// better.
///
///     .value(y)       y on the scale of `ValueScale`
///     .estimated(y)   the same
///     .pruned(y)      the same, but no better than the median and no worse than the worst value
///     .pruned(nil)    the median
///     .diverged       the worst value
///     .failed         the median
///
/// These are then standardized, all together.
package struct ModelledValues: Sendable {
    /// One for each outcome.
    package private(set) var standardized: [Double]
    /// The variance of the error of each value, apart from the noise that all have; 0 but for estimates.
    private(set) var errors: [Double]
    /// log |dz/dy| of each modelled value z at the reported value y, up to a constant that is the same for every shape.
    private(set) var logSlopes: [Double]
    /// How many trials have a finite final value, or an estimate of it.
    package private(set) var informative: Int
    /// The scale of the values before they are standardized.
    let scale: ValueScale
    /// The mean and the standard deviation of the scaled values.
    let centre: Double
    let spread: Double
    /// The worst modelled value.
    private(set) var worst: Double

    package init(_ outcomes: [Outcome], shape: ValueScale.Shape = .bent) {
        let complete = outcomes.compactMap { outcome -> Double? in
            switch outcome {
            case .value(let value), .estimated(let value, _): value.isFinite ? value : nil
            case .pruned, .diverged, .failed: nil
            }
        }
        informative = complete.count
        let scale = ValueScale(complete, shape)
        self.scale = scale
        let known = complete.map(scale.callAsFunction)
        let worst = known.max() ?? 0
        let middle = known.isEmpty ? 0 : known.sorted()[known.count / 2]
        standardized = outcomes.map { outcome in
            switch outcome {
            case .value(let value) where value.isFinite: scale(value)
            case .estimated(let value, _): scale(value)
            // A pruned trial was worse than others, but might have improved: between the median and the worst.
            case .pruned(let value?) where value.isFinite: min(max(scale(value), middle), worst)
            case .pruned: middle
            case .value, .diverged: worst
            // A crash tells nothing about the metric; the median makes such points a little less attractive.
            case .failed: middle
            }
        }
        errors = outcomes.map { if case .estimated(_, let variance) = $0 { variance } else { 0 } }
        let mean = standardized.reduce(0, +) / Double(max(1, standardized.count))
        let variance = standardized.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, standardized.count))
        let deviation = variance > 0 ? variance.squareRoot() : 1
        (centre, spread) = (mean, deviation)
        logSlopes = standardized.map { scale.logSlope(atScaled: $0) - Double.log(deviation) }
        standardized = standardized.map { ($0 - mean) / deviation }
        self.worst = standardized.max() ?? 0
    }

    /// What is left of the values after something was taken off, standardized again.
    ///
    /// - Parameters:
    ///   - rest: one for each trial, with variance 1.
    ///   - scale: by what the rest was divided for that.
    func replaced(by rest: [Double], shrunkBy scale: Double) -> ModelledValues {
        var values = self
        values.standardized = rest
        values.logSlopes = logSlopes.map { $0 - Double.log(scale) }
        values.errors = errors.map { $0 / (scale * scale) }
        values.worst = rest.max() ?? 0
        return values
    }

    /// The indices of at most `count` trials: half of them the best, half at equal intervals among the others.
    func bestAndSpread(_ count: Int) -> [Int] {
        if standardized.count <= count { return Array(standardized.indices) }
        let order = standardized.indices.sorted { (standardized[$0], $0) < (standardized[$1], $1) }
        let best = order.prefix(count / 2)
        let others = order.dropFirst(count / 2).sorted()
        let wanted = count - best.count
        return (best + (0..<wanted).map { others[$0 * others.count / wanted] }).sorted()
    }
}
