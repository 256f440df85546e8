import RandomStreams

#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

/// The probability-integral transform: every distribution as the unit interval, cut into cells if it is discrete.
///
/// A value's cell is the interval of quantiles that are mapped to it, as wide as the value is likely; the cell of a
/// number of a continuum is a point. Samplers that think in quantiles work on all types alike.
extension Distribution {
    /// The value below which a share `quantile` of the distribution lies; legal for every quantile, also outside [0, 1].
    public func value(atQuantile quantile: Double) -> ParameterValue {
        let quantile = quantile.isNaN ? 0.5 : clamp(quantile, 0, 1)
        switch self {
        case .uniform(let min, let max): return .number(Self.interpolate(min, max, quantile))
        case .logUniform(let min, let max):
            return .number(clamp(exp(Self.interpolate(log(min), log(max), quantile)), min, max))
        case .integer(let min, let max, let step, false):
            let grid = IntegerGrid(min: min, max: max, step: step)
            return .integer(grid[grid.index(clamping: quantile * grid.count)])
        case .integer(let min, let max, let step, true):
            let axis = LogarithmicCells(IntegerGrid(min: min, max: max, step: step))
            return .integer(axis.value(atQuantile: quantile))
        case .choice(let values, let weights):
            let target = quantile * weights.reduce(0, +)
            var sum = 0.0
            var last = 0
            for (index, weight) in weights.enumerated() where weight > 0 {
                sum += weight
                last = index
                if target < sum { break }
            }
            return values[last]
        }
    }

    /// The middle of the value's cell, or nil if the value is not legal.
    ///
    /// `value(atQuantile: quantile(of: x))` is `x`, to rounding for a continuum, exactly for a discrete value that is
    /// likelier than about 2⁻⁵⁰.
    public func quantile(of value: ParameterValue) -> Double? {
        cell(of: value).map { $0.lowerBound + ($0.upperBound - $0.lowerBound) / 2 }
    }

    /// The quantiles that are mapped to `value`, or nil if it is not legal.
    public func cell(of value: ParameterValue) -> ClosedRange<Double>? {
        switch (self, value) {
        case (.uniform(let min, let max), .number(let number)):
            guard contains(value) else { return nil }
            return Self.point(Self.fraction(number, min, max))
        case (.logUniform(let min, let max), .number(let number)):
            guard contains(value) else { return nil }
            return Self.point(Self.fraction(log(number), log(min), log(max)))
        case (.integer(let min, let max, let step, let isLogarithmic), .integer(let integer)):
            let grid = IntegerGrid(min: min, max: max, step: step)
            guard let index = grid.index(of: integer) else { return nil }
            if isLogarithmic { return LogarithmicCells(grid).cell(at: index) }
            let lower = Double(index) / grid.count
            return lower...Swift.max(lower, (Double(index) + 1) / grid.count)
        case (.choice(let values, let weights), _):
            guard let index = values.firstIndex(of: value) else { return nil }
            let total = weights.reduce(0, +)
            let lower = weights[..<index].reduce(0, +) / total
            return lower...Swift.max(lower, Swift.min(1, lower + weights[index] / total))
        case (.uniform, _), (.logUniform, _), (.integer, _): return nil
        }
    }

    /// How likely the value is: the width of its cell, 0 for a number of a continuum or an illegal value.
    package func probability(of value: ParameterValue) -> Double {
        cell(of: value).map { $0.upperBound - $0.lowerBound } ?? 0
    }

    /// Draws a value. Unlike a quantile of 53 bits it reaches every integer of the largest range.
    public func sample(using random: inout RandomStream) -> ParameterValue {
        if case .integer(let min, let max, let step, false) = self {
            let grid = IntegerGrid(min: min, max: max, step: step)
            return .integer(grid[grid.randomIndex(using: &random)])
        }
        return value(atQuantile: random.uniform())
    }

    /// The number `fraction` of the way from `min` to `max`, also where their difference overflows.
    private static func interpolate(_ min: Double, _ max: Double, _ fraction: Double) -> Double {
        let span = max - min
        let number = span.isFinite ? min + fraction * span : 2 * (min / 2 + fraction * (max / 2 - min / 2))
        return clamp(number, min, max)
    }

    /// Where `number` lies between `min` and `max`, from 0 to 1; in the middle if they are equal.
    private static func fraction(_ number: Double, _ min: Double, _ max: Double) -> Double {
        let span = max - min
        if span == 0 { return 0.5 }
        return clamp(span.isFinite ? (number - min) / span : (number / 2 - min / 2) / (max / 2 - min / 2), 0, 1)
    }

    private static func point(_ quantile: Double) -> ClosedRange<Double> { quantile...quantile }
}

private func clamp(_ number: Double, _ lower: Double, _ upper: Double) -> Double {
    min(max(number, lower), upper)
}

/// The logarithmic axis of a grid of positive integers, cut halfway between neighbours.
///
/// The outermost cells reach half a step beyond their integers, so that both ends are as likely as their neighbours
/// lead one to expect; downwards never more than half-way to zero, where the logarithm ends.
private struct LogarithmicCells {
    let grid: IntegerGrid
    let lower: Double
    let span: Double

    init(_ grid: IntegerGrid) {
        self.grid = grid
        lower = log(Double(grid.min) - Double(Swift.min(grid.step, grid.min)) / 2)
        span = log(Double(grid[grid.lastIndex]) + Double(grid.step) / 2) - lower
    }

    func value(atQuantile quantile: Double) -> Int {
        let position = (exp(lower + quantile * span) - Double(grid.min)) / Double(grid.step)
        return grid[grid.index(clamping: position.rounded())]
    }

    func cell(at index: UInt64) -> ClosedRange<Double> {
        let centre = Double(grid[index])
        let half = Double(grid.step) / 2
        let start = index == 0 ? 0 : clamp((log(centre - half) - lower) / span, 0, 1)
        let end = index == grid.lastIndex ? 1 : clamp((log(centre + half) - lower) / span, 0, 1)
        return start...max(start, end)
    }
}
