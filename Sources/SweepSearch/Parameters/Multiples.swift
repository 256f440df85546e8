/// The multiples of a step from one number to another, as they are written: 0.1, 0.2, 0.3, not 0.30000000000000004.
///
///     let multiples = Multiples(of: 0.1, from: 0.05, to: 0.35)!
///     multiples.factors                       // the grid 1, 2, 3
///     multiples[2]                            // 0.3
///     multiples.nearest(to: 0.1 + 0.2)        // 0.3
///     multiples.border(below: 1)              // about 0.15, halfway between 0.1 and 0.2
struct Multiples: Sendable {
    /// The factors of the multiples.
    let factors: IntegerGrid
    private let step: DecimalStep

    /// Nil if there are none, or more than a Double can count.
    init?(of step: Double, from min: Double, to max: Double) {
        guard step > 0, min <= max else { return nil }
        self.step = DecimalStep(step)
        // The division may be off by one; the search below is exact.
        let first = (min / step).rounded(.down) - 1
        let last = (max / step).rounded(.up) + 1
        guard first > -DecimalStep.largestExact, last < DecimalStep.largestExact else { return nil }
        let candidates = IntegerGrid(min: Int(first), max: Int(last), step: 1)
        let decimal = self.step
        guard
            let start = candidates.firstIndex(where: { decimal.multiple($0) >= min }),
            decimal.multiple(candidates[start]) <= max
        else { return nil }
        let beyond = candidates.firstIndex { decimal.multiple($0) > max }
        let end = beyond.map { $0 - 1 } ?? candidates.lastIndex
        factors = IntegerGrid(min: candidates[start], max: candidates[end], step: 1)
    }

    /// The multiple at an index, from 0 for the smallest.
    subscript(index: UInt64) -> Double { step.multiple(factors[index]) }

    /// The index of a number that is a multiple to the last bit; nil for any other.
    func index(of number: Double) -> UInt64? {
        let factor = (number / step.value).rounded()
        guard factor.magnitude < DecimalStep.largestExact, step.multiple(Int(factor)) == number else { return nil }
        return factors.index(of: Int(factor))
    }

    /// The multiple that `number` equals but for rounding; nil if it equals none.
    func nearest(to number: Double) -> Double? {
        let factor = (number / step.value).rounded()
        guard factor.magnitude < DecimalStep.largestExact, factors.index(of: Int(factor)) != nil else { return nil }
        let multiple = step.multiple(Int(factor))
        return (multiple - number).magnitude <= 4 * Swift.max(multiple.ulp, step.value.ulp) ? multiple : nil
    }

    /// The index of the multiple nearest to any number of the range.
    func index(clamping number: Double) -> UInt64 {
        factors.index(clamping: (number / step.value).rounded() - Double(factors.min))
    }

    /// The border between the cells of `factors[index - 1]` and `factors[index]`.
    func border(below index: UInt64) -> Double { border(Double(factors[index]) - 0.5) }

    /// The border between the cells of `factors[index]` and `factors[index + 1]`.
    func border(above index: UInt64) -> Double { border(Double(factors[index]) + 0.5) }

    private func border(_ factor: Double) -> Double {
        clamp(factor * step.value, -.greatestFiniteMagnitude, .greatestFiniteMagnitude)
    }
}

/// A step as a fraction of two integers, such as 3/10, whose multiples have the rounding error of one division only.
private struct DecimalStep: Sendable {
    let value: Double
    private let numerator: Double
    private let denominator: Double

    /// Every integer up to here is a Double.
    static let largestExact = 0x1p53
    private static let powersOfTen: [Double] = (0...22).map { power in (0..<power).reduce(1) { ten, _ in ten * 10 } }

    /// Looks for the fewest decimal places, 22 at most, in which the step can be written exactly. A step without such a
    /// form is kept as it is.
    init(_ step: Double) {
        value = step
        let decimal = Self.powersOfTen.lazy.map { power in ((step * power).rounded(), power) }
            .first { numerator, power in numerator < Self.largestExact && numerator / power == step }
        (numerator, denominator) = decimal ?? (step, 1)
    }

    /// The product of the step and an integer.
    func multiple(_ factor: Int) -> Double {
        let exact = Double(factor) * numerator
        return exact.magnitude <= Self.largestExact ? exact / denominator : Double(factor) * value
    }
}
