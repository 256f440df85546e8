import RandomStreams
import RealModule

/// The probability integral transform: every distribution as the unit interval, divided into cells if it is discrete.
///
///     let choice = Distribution.choice(values: ["a", "b"], weights: [3, 1])
///     choice.value(atQuantile: 0.8)                   // "b"
///     choice.cell(of: "b")                            // 0.75...1
///
/// The cell of a value is the interval of quantiles that are mapped to it; its width is the probability of the value.
/// The cell of a real number is a point. A sampler that works on quantiles works for all types.
extension Distribution {
    /// The value at a quantile: the inverse of the cumulative distribution function. Quantiles outside [0, 1] are
    /// clamped, so that the value is always legal.
    /// NaN counts as ½.
    public func value(atQuantile quantile: Double) -> ParameterValue {
        let quantile = quantile.isNaN ? 0.5 : clamp(quantile, 0, 1)
        switch self {
        case .real(let axis, let min, let max):
            return .number(Continuum(axis, min: min, max: max).number(atQuantile: quantile))
        case .quantized(let axis, let min, let max, let step):
            return .number(QuantizedCells(axis, min: min, max: max, step: step).number(atQuantile: quantile))
        case .integer(let min, let max, let step, let isLogarithmic):
            let grid = IntegerGrid(min: min, max: max, step: step)
            if isLogarithmic, let cells = LogarithmicCells(grid) {
                return .integer(cells.value(atQuantile: quantile))
            }
            return .integer(grid[grid.index(clamping: quantile * grid.count)])
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
        case .ordinal(let values):
            return values[Swift.min(Int(quantile * Double(values.count)), values.count - 1)]
        }
    }

    /// The middle of the value's cell, or nil if the value is not legal.
    ///
    /// `value(atQuantile: quantile(of: x))` is `x`: but for rounding if it is a real number, exactly if it is a
    /// discrete value with a probability above about 2⁻⁵⁰.
    public func quantile(of value: ParameterValue) -> Double? {
        Cells(self).quantile(of: value)
    }

    /// The quantiles that are mapped to `value`, or nil if it is not legal.
    ///
    ///     Distribution.integer(min: 1, max: 4, step: 1, log: false).cell(of: 2)       // 0.25...0.5
    ///     Distribution.uniform(min: 0, max: 2).cell(of: 0.5)                          // 0.25...0.25
    public func cell(of value: ParameterValue) -> ClosedRange<Double>? { Cells(self).cell(of: value) }

    /// The probability of a value: the width of its cell, 0 for a real number or an illegal value.
    /// Before any trial has run, and without regard to constraints.
    package func probability(of value: ParameterValue) -> Double {
        cell(of: value).map { $0.upperBound - $0.lowerBound } ?? 0
    }

    /// Draws a value. It reaches every integer of the largest range, which a quantile of 53 bits cannot.
    public func sample(using random: inout RandomStream) -> ParameterValue {
        if case .integer(let min, let max, let step, false) = self {
            let grid = IntegerGrid(min: min, max: max, step: step)
            return .integer(grid[grid.randomIndex(using: &random)])
        }
        return value(atQuantile: random.uniform())
    }
}

/// The cells of one distribution. Compared with `Distribution.cell(of:)` it is faster for many values, because what
/// does not depend on the value is computed once.
struct Cells {
    private enum Kind {
        case continuum(Continuum)
        case quantized(QuantizedCells)
        case integers(IntegerGrid)
        case logarithmicIntegers(LogarithmicCells)
        case choice([ParameterValue], weights: [Double])
        case ordinal([ParameterValue])
    }

    private let kind: Kind

    init(_ distribution: Distribution) {
        switch distribution {
        case .real(let axis, let min, let max): kind = .continuum(Continuum(axis, min: min, max: max))
        case .quantized(let axis, let min, let max, let step):
            kind = .quantized(QuantizedCells(axis, min: min, max: max, step: step))
        case .integer(let min, let max, let step, let isLogarithmic):
            let grid = IntegerGrid(min: min, max: max, step: step)
            let cells = isLogarithmic ? LogarithmicCells(grid) : nil
            kind = cells.map(Kind.logarithmicIntegers) ?? .integers(grid)
        case .choice(let values, let weights): kind = .choice(values, weights: weights)
        case .ordinal(let values): kind = .ordinal(values)
        }
    }

    /// As `Distribution.cell(of:)`.
    func cell(of value: ParameterValue) -> ClosedRange<Double>? {
        switch kind {
        case .continuum(let continuum):
            guard case .number(let number) = value, continuum.min <= number, number <= continuum.max else { return nil }
            let quantile = continuum.quantile(of: number)
            return quantile...quantile
        case .quantized(let cells):
            guard case .number(let number) = value else { return nil }
            return cells.cell(of: number)
        case .integers(let grid):
            guard case .integer(let integer) = value, let index = grid.index(of: integer) else { return nil }
            let lower = Double(index) / grid.count
            return lower...Swift.max(lower, (Double(index) + 1) / grid.count)
        case .logarithmicIntegers(let cells):
            guard case .integer(let integer) = value else { return nil }
            return cells.grid.index(of: integer).map(cells.cell(at:))
        case .choice(let values, let weights):
            guard let index = values.firstIndex(of: value) else { return nil }
            let total = weights.reduce(0, +)
            let lower = weights[..<index].reduce(0, +) / total
            return lower...Swift.max(lower, Swift.min(1, lower + weights[index] / total))
        case .ordinal(let values):
            guard let index = values.firstIndex(of: value) else { return nil }
            return Double(index) / Double(values.count)...Double(index + 1) / Double(values.count)
        }
    }

    /// As `Distribution.quantile(of:)`.
    func quantile(of value: ParameterValue) -> Double? {
        cell(of: value).map { $0.lowerBound + ($0.upperBound - $0.lowerBound) / 2 }
    }
}

/// The cells of the multiples in a range: the borders lie halfway between neighbours.
///
/// The outermost cells reach half a step beyond their multiples, since otherwise both ends would be half as likely as
/// their neighbours. On a logarithmic axis the smallest multiple is the step itself, and half of it is above 0.
private struct QuantizedCells {
    /// The legal numbers.
    private let multiples: Multiples
    private let isLinear: Bool
    private let continuum: Continuum

    init(_ axis: NumberAxis, min: Double, max: Double, step: Double) {
        guard let multiples = Multiples(of: step, from: min, to: max) else {
            preconditionFailure("\(min) to \(max) holds no multiple of \(step)")
        }
        self.multiples = multiples
        isLinear = axis == .linear
        continuum = Continuum(
            axis, min: multiples.border(below: 0), max: multiples.border(above: multiples.factors.lastIndex))
    }

    /// The multiple in whose cell the quantile lies.
    func number(atQuantile quantile: Double) -> Double {
        let factors = multiples.factors
        if isLinear { return multiples[factors.index(clamping: quantile * factors.count)] }
        if quantile >= 1 { return multiples[factors.lastIndex] }
        return multiples[multiples.index(clamping: continuum.number(atQuantile: quantile))]
    }

    func cell(of number: Double) -> ClosedRange<Double>? {
        let factors = multiples.factors
        guard let index = multiples.index(of: number) else { return nil }
        if isLinear {
            let lower = Double(index) / factors.count
            return lower...Swift.max(lower, (Double(index) + 1) / factors.count)
        }
        let start = index == 0 ? 0 : continuum.quantile(of: multiples.border(below: index))
        let end = index == factors.lastIndex ? 1 : continuum.quantile(of: multiples.border(above: index))
        return start...Swift.max(start, end)
    }
}

/// The cells of positive integers on a logarithmic axis: the borders lie halfway between neighbours.
///
/// The outermost cells reach half a step beyond their integers, since otherwise both ends would be half as likely as
/// their neighbours; but never more than halfway to 0, which has no logarithm.
private struct LogarithmicCells {
    let grid: IntegerGrid
    /// The logarithm of the lowest number that is rounded to the smallest integer.
    let lower: Double
    /// The length of the whole axis, in logarithms.
    let span: Double

    /// Nil where the integers are so close to each other that the cells are all equally wide: see
    /// `Continuum.isStraight(from:to:)`.
    init?(_ grid: IntegerGrid) {
        let lowest = Double(grid.min) - Double(Swift.min(grid.step, grid.min)) / 2
        let highest = Double(grid[grid.lastIndex]) + Double(grid.step) / 2
        guard !Continuum.isStraight(from: lowest, to: highest) else { return nil }
        self.grid = grid
        lower = Double.log(lowest)
        span = Double.log(highest) - lower
    }

    func value(atQuantile quantile: Double) -> Int {
        if quantile >= 1 { return grid[grid.lastIndex] }
        let position = (Double.exp(lower + quantile * span) - Double(grid.min)) / Double(grid.step)
        return grid[grid.index(clamping: position.rounded())]
    }

    /// The quantiles of the integer at an index. The first cell begins at 0 and the last ends at 1, whatever rounding
    /// says.
    func cell(at index: UInt64) -> ClosedRange<Double> {
        let centre = Double(grid[index])
        let half = Double(grid.step) / 2
        let start = index == 0 ? 0 : clamp((Double.log(centre - half) - lower) / span, 0, 1)
        let end = index == grid.lastIndex ? 1 : clamp((Double.log(centre + half) - lower) / span, 0, 1)
        return start...max(start, end)
    }
}
