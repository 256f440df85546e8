import RealModule

/// The values that a grid tries of one parameter.
extension Distribution {
    /// `count` values at equal distances on the distribution's axis, both ends among them. For a normal distribution,
    /// whose ends are next to impossible, they are the medians of `count` intervals of equal probability.
    ///
    ///     Distribution.logUniform(min: 1e-4, max: 1).gridPoints(3)                        // 0.0001, 0.01, 1.0
    ///     Distribution.integer(min: 1, max: 10, step: 1, log: false).gridPoints(4)        // 1, 4, 7, 10
    ///     Distribution.normal(mean: 0, std: 1).gridPoints(3)                              // about -0.967, 0.0, 0.967
    ///
    /// Numbers that are equal to a short decimal but for rounding become that decimal: 0.001, not
    /// 0.0009999999999999998. The points of a discrete type are all different if it has at least `count` values; those
    /// of a quantized normal distribution may be equal.
    func gridPoints(_ count: Int) -> [ParameterValue] {
        precondition(count >= 1, "a grid needs at least one point")
        switch self {
        case .real(.linear, let min, let max): return linearNumbers(count, min, max).map { .number($0) }
        case .real(.logarithmic, let min, let max): return logarithmicNumbers(count, min, max).map { .number($0) }
        case .real(.normal(let mean, let std), let min, let max):
            let lopsided = ((mean - min) - (max - mean)).magnitude
            let isSymmetric = lopsided <= 4 * Swift.max(min.magnitude, max.magnitude).ulp
            return normalNumbers(count, mean: mean, std: std, isSymmetric: isSymmetric).map { .number($0) }
        case .real(.logNormal(let mean, let std), let min, let max):
            return quantiles(count).map { quantile in
                let number = value(atQuantile: quantile).asNumber ?? min
                let error = 4 * number.ulp * (1 + mean.magnitude + std)
                return .number(clamp(simplest(near: number, within: error, scale: number), min, max))
            }
        case .quantized(.linear, let min, let max, let step):
            guard let multiples = Multiples(of: step, from: min, to: max) else { return [] }
            return linearIndices(count, last: multiples.factors.lastIndex).map { .number(multiples[$0]) }
        case .quantized(.logarithmic, let min, let max, let step):
            guard let multiples = Multiples(of: step, from: min, to: max) else { return [] }
            let last = multiples.factors.lastIndex
            let numbers = logarithmicNumbers(count, multiples[0], multiples[last])
            return distinct(numbers.map(multiples.index(clamping:)), last: last).map { .number(multiples[$0]) }
        case .quantized:
            return quantiles(count).map(value(atQuantile:))
        case .integer(let min, let max, let step, let isLogarithmic):
            let grid = IntegerGrid(min: min, max: max, step: step)
            let last = grid.lastIndex
            if !isLogarithmic || Continuum.isStraight(from: Double(min), to: Double(grid[last])) {
                return linearIndices(count, last: last).map { .integer(grid[$0]) }
            }
            let indices = logarithmicNumbers(count, Double(min), Double(grid[last])).map { number in
                grid.index(clamping: ((number - Double(min)) / Double(step)).rounded())
            }
            return distinct(indices, last: last).map { .integer(grid[$0]) }
        case .choice(let values, _), .ordinal(let values):
            return linearIndices(count, last: UInt64(values.count - 1)).map { values[Int($0)] }
        }
    }

    /// The middles of `count` equal parts of the unit interval.
    private func quantiles(_ count: Int) -> [Double] { (0..<count).map { (Double($0) + 0.5) / Double(count) } }

    /// The points of a normal distribution; if its bounds are symmetric, so are the points, to the last bit.
    private func normalNumbers(_ count: Int, mean: Double, std: Double, isSymmetric: Bool) -> [Double] {
        let scale = max(mean.magnitude, std)
        var numbers = quantiles(count).map { quantile in
            simplest(near: value(atQuantile: quantile).asNumber ?? mean, within: 8 * scale.ulp, scale: scale)
        }
        guard isSymmetric else { return numbers }
        if count % 2 == 1 { numbers[count / 2] = mean }
        for index in 0..<count / 2 { numbers[count - 1 - index] = mean + (mean - numbers[index]) }
        return numbers
    }
}

/// Numbers at equal distances, rounded to short decimals by no more than an eighth of the distance between them.
private func linearNumbers(_ count: Int, _ min: Double, _ max: Double) -> [Double] {
    let scale = Swift.max(min.magnitude, max.magnitude)
    let error = Swift.min(8 * scale.ulp, (max / 8 - min / 8) / Double(count))
    return spread(count, min, max) { clamp(simplest(near: $0, within: error, scale: scale), min, max) }
}

/// Numbers with equal ratios, both bounds exactly as given.
private func logarithmicNumbers(_ count: Int, _ min: Double, _ max: Double) -> [Double] {
    if Continuum.isStraight(from: min, to: max) { return linearNumbers(count, min, max) }
    let (low, high) = (Double.log(min), Double.log(max))
    // The error of a logarithm is relative to itself, and becomes one relative to the number.
    let relative = Swift.min(
        4 * (1 + Swift.max(low.magnitude, high.magnitude)) * .ulpOfOne, (high - low) / Double(8 * count))
    let numbers = spread(count, low, high) { logarithm in
        let number = Double.exp(logarithm)
        return clamp(simplest(near: number, within: relative * number, scale: number), min, max)
    }
    return count == 1 ? numbers : [min] + numbers.dropFirst().dropLast() + [max]
}

/// `count` numbers at equal distances from `min` to `max`, the inner ones rounded; the middle if `count` is 1.
private func spread(_ count: Int, _ min: Double, _ max: Double, rounded: (Double) -> Double = { $0 }) -> [Double] {
    if count == 1 { return [rounded(min / 2 + max / 2)] }
    let span = max - min
    return (0..<count).map { index in
        let share = Double(index) / Double(count - 1)
        if index == 0 { return min }
        if index == count - 1 { return max }
        return rounded(span.isFinite ? min + share * span : 2 * (min / 2 + share * (max / 2 - min / 2)))
    }
}

/// Indices from 0 to `last` at distances as equal as whole numbers allow.
private func linearIndices(_ count: Int, last: UInt64) -> [UInt64] {
    // Double(last) may have been rounded up, but every smaller Double is at most last.
    let indices = spread(count, 0, Double(last)).map { $0 >= Double(last) ? last : UInt64($0.rounded()) }
    return distinct(indices, last: last)
}

/// Moves ascending indices apart where several are equal, as long as there are enough up to `last`.
///
///     distinct([0, 0, 1], last: 5)        // [0, 1, 2]
private func distinct(_ indices: [UInt64], last: UInt64) -> [UInt64] {
    var indices = indices
    guard UInt64(indices.count - 1) <= last else { return indices }
    for place in indices.indices.dropFirst() where indices[place] <= indices[place - 1] {
        indices[place] = indices[place - 1] + 1
    }
    var limit = last
    for place in indices.indices.reversed() {
        indices[place] = min(indices[place], limit)
        limit = max(indices[place], 1) - 1
    }
    return indices
}

/// A number with few digits that differs from `number` by at most `error`, or `number` itself.
///
/// It has at most ten decimal digits, counted from the first digit of `scale`, or half of a Double's binary digits, as
/// powers of two have.
private func simplest(near number: Double, within error: Double, scale: Double) -> Double {
    guard number.isFinite, scale > 0, scale.isFinite else { return number }
    let digits = 9 - Int(Double.log10(scale).rounded(.down))
    let whole = (number * Double.pow(10, Double(digits))).rounded()
    if whole.magnitude <= 1e12, let decimal = Double("\(Int(whole))e\(-digits)"), (decimal - number).magnitude <= error
    {
        return decimal
    }
    let unit = number.ulp * 0x1p26
    let binary = (number / unit).rounded() * unit
    return (binary - number).magnitude <= error ? binary : number
}
