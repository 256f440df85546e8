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
            case .value(let value), .estimated(let value): value.isFinite ? value : nil
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
            case .estimated(let value): scale(value)
            // A pruned trial was worse than others, but might have improved: between the median and the worst.
            case .pruned(let value?) where value.isFinite: min(max(scale(value), middle), worst)
            case .pruned: middle
            case .value, .diverged: worst
            // A crash tells nothing about the metric; the median makes such points a little less attractive.
            case .failed: middle
            }
        }
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
    ///   - scale: how much greater they are than before.
    func replaced(by rest: [Double], shrunkBy scale: Double) -> ModelledValues {
        var values = self
        values.standardized = rest
        values.logSlopes = logSlopes.map { $0 - Double.log(scale) }
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

/// The transformation of reported values before they are standardized.
///
///     u = (y − median)/(median − least)        linear: u        bent: u for u ≤ 0, log(1 + u) above
///
///     values 0, 1, 2, 10      median 2, least 0       bent: -1, -0.5, 0, 1.61; linear: -1, -0.5, 0, 4
///
/// One trial with a loss of 1e6 would else leave no difference visible between the good ones.
package struct ValueScale: Sendable {
    package enum Shape: Hashable, Sendable {
        /// Linear everywhere.
        case linear
        /// Linear below the median and logarithmic above, where differences matter little.
        case bent
    }

    let shape: Shape
    /// The median; of an even number the upper one of the two in the middle.
    private let centre: Double
    /// The distance from the median to the least value; 1 if they are equal.
    let width: Double

    init(_ values: [Double], _ shape: Shape) {
        self.shape = shape
        let sorted = values.map(Self.clamped).sorted()
        guard let least = sorted.first else {
            (centre, width) = (0, 1)
            return
        }
        centre = sorted[sorted.count / 2]
        let spread = centre - least
        width = spread > 0 ? spread : 1
    }

    /// The scaled value; the median becomes 0, the least value -1.
    func callAsFunction(_ value: Double) -> Double {
        let distance = min((Self.clamped(value) - centre) / width, 1e150)
        return shape == .linear || distance <= 0 ? distance : Double.log(onePlus: distance)
    }

    /// The value whose scaled value this is, the inverse of the scale.
    func value(ofScaled scaled: Double) -> Double {
        centre + width * (shape == .linear || scaled <= 0 ? scaled : Double.expMinusOne(min(scaled, 345)))
    }

    /// The logarithm of the slope at a scaled value, relative to the slope below the median.
    func logSlope(atScaled scaled: Double) -> Double { shape == .linear ? 0 : -max(0, scaled) }

    /// Limits a value so that differences of two are finite.
    private static func clamped(_ value: Double) -> Double {
        min(max(value, -1e150), 1e150)
    }
}
