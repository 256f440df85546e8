/// The legal values of one parameter, and the probability of each before any trial has run.
///
/// The numeric types are combinations of two properties: the `NumberAxis` on which equal lengths are equally likely,
/// and whether every number between the bounds is legal, only the multiples of a step, or only integers.
///
///     let rate = Distribution.logUniform(min: 1e-4, max: 1)
///     rate.value(atQuantile: 0.5)             // 0.01
///     rate.quantile(of: 0.1)                  // 0.75
///     rate.legalForm(of: 1)                   // 1.0: the integer 1, as a number of the range
public enum Distribution: Sendable, Hashable {
    /// Every number from `min` to `max`, both included, distributed as the axis says.
    ///
    /// The functions `uniform`, `logUniform`, `normal` and `logNormal` make one as the types of a sweep file are named.
    case real(NumberAxis, min: Double, max: Double)
    /// The multiples of `step` from `min` to `max`, each as likely as the numbers that are nearest to it.
    case quantized(NumberAxis, min: Double, max: Double, step: Double)
    /// The integers min, min + step, … ≤ max: equally likely, or with `log` each as likely as its share of the
    /// logarithmic axis.
    case integer(min: Int, max: Int, step: Int, log: Bool)
    /// One of several values, each with the probability weight / sum of the weights. A value of weight 0 is legal, so
    /// a user may enqueue it, but no sampler proposes it.
    case choice(values: [ParameterValue], weights: [Double])
    /// One of several values, equally likely, whose order means something: neighbours are alike.
    case ordinal([ParameterValue])

    /// One of several values, all equally likely.
    public static func choice(_ values: [ParameterValue]) -> Distribution {
        .choice(values: values, weights: values.map { _ in 1 })
    }

    /// A number with the same density everywhere between `min` and `max`.
    public static func uniform(min: Double, max: Double) -> Distribution { .real(.linear, min: min, max: max) }

    /// A number whose logarithm is uniform; `min` must be above 0.
    public static func logUniform(min: Double, max: Double) -> Distribution { .real(.logarithmic, min: min, max: max) }

    /// A normal distribution with this mean and standard deviation, truncated to the numbers from `min` to `max`.
    public static func normal(mean: Double, std: Double, min: Double, max: Double) -> Distribution {
        .real(.normal(mean: mean, std: std), min: min, max: max)
    }

    /// A number whose logarithm is normal, truncated to the numbers from `min` to `max`.
    ///
    ///     Distribution.logNormal(mean: -7, std: 1, min: 1e-5, max: 0.1)       // the median is exp(-7), about 0.0009
    ///
    /// - Parameters:
    ///   - mean: of the logarithm.
    ///   - std: the standard deviation of the logarithm.
    public static func logNormal(mean: Double, std: Double, min: Double, max: Double) -> Distribution {
        .real(.logNormal(mean: mean, std: std), min: min, max: max)
    }

    /// Always this value. The parameter is passed to the trainer like any other, but nothing is to be learnt about it.
    public static func constant(_ value: ParameterValue) -> Distribution { .choice([value]) }

    /// A normal distribution out to 8 standard deviations, beyond which lies less than one draw in 10¹⁴.
    public static func normal(mean: Double, std: Double) -> Distribution {
        let axis = NumberAxis.normal(mean: mean, std: std)
        return .real(axis, min: axis.reach.min, max: axis.reach.max)
    }

    /// A log-normal distribution out to 8 standard deviations of the logarithm.
    public static func logNormal(mean: Double, std: Double) -> Distribution {
        let axis = NumberAxis.logNormal(mean: mean, std: std)
        return .real(axis, min: axis.reach.min, max: axis.reach.max)
    }

    /// Whether `value` is legal in exactly this form: a `number` for a continuous range, an `integer` for an integer
    /// one. ``legalForm(of:)`` is the forgiving variant.
    public func contains(_ value: ParameterValue) -> Bool {
        switch (self, value) {
        case (.real(_, let min, let max), .number(let number)): min <= number && number <= max
        case (.quantized(_, let min, let max, let step), .number(let number)):
            Multiples(of: step, from: min, to: max)?.index(of: number) != nil
        case (.integer(let min, let max, let step, _), .integer(let integer)):
            IntegerGrid(min: min, max: max, step: step).index(of: integer) != nil
        case (.choice(let values, _), _), (.ordinal(let values), _): values.contains(value)
        case (.real, _), (.quantized, _), (.integer, _): false
        }
    }

    /// The legal value that `value` denotes, or nil: what a person writes as `1` is the number 1.0 of a continuous
    /// range, `64.0` is the integer 64, and 0.1 · 3, which is not quite 0.3, is a multiple of 0.1.
    ///
    ///     Distribution.uniform(min: 0, max: 1).legalForm(of: 1)                               // 1.0
    ///     Distribution.integer(min: 1, max: 99, step: 1, log: false).legalForm(of: 64.0)      // 64
    ///     Distribution.choice(["sgd", "adam"]).legalForm(of: "lion")                          // nil
    public func legalForm(of value: ParameterValue) -> ParameterValue? {
        switch self {
        case .real:
            guard let number = value.asNumber else { return nil }
            return contains(.number(number)) ? .number(number) : nil
        case .quantized(_, let min, let max, let step):
            guard let number = value.asNumber, let multiples = Multiples(of: step, from: min, to: max) else {
                return nil
            }
            return multiples.nearest(to: number).map { .number($0) }
        case .integer: return contains(value.normalized) ? value.normalized : nil
        case .choice(let values, _), .ordinal(let values):
            return values.first { $0 == value } ?? values.first { $0.matches(value) }
        }
    }

    /// Whether there are finitely many legal values. A real range whose bounds are equal has one, and is discrete.
    public var isDiscrete: Bool { proposable != nil }

    /// The only value that a sampler may propose, if there is but one.
    /// Choices of weight 0 do not count, as no sampler proposes them.
    package var onlyValue: ParameterValue? {
        guard let proposable, proposable.lastIndex == 0 else { return nil }
        return proposable[0]
    }

    /// The values a sampler may propose, by index, or nil if they form a continuum.
    var proposable: DiscreteValues? {
        switch self {
        case .real(_, let min, let max): min == max ? .list([.number(min)]) : nil
        case .quantized(_, let min, let max, let step):
            Multiples(of: step, from: min, to: max).map { .multiples($0) }
        case .integer(let min, let max, let step, _): .grid(IntegerGrid(min: min, max: max, step: step))
        case .choice(let values, let weights): .list(zip(values, weights).filter { $0.1 > 0 }.map(\.0))
        case .ordinal(let values): .list(values)
        }
    }
}

/// Finitely many values in a fixed order, accessed by index without storing them all.
enum DiscreteValues: Sendable {
    case grid(IntegerGrid)
    case multiples(Multiples)
    /// Never empty.
    case list([ParameterValue])

    /// The number of values minus one, which fits even where the number itself does not: the range of all integers of
    /// 64 bits has 2⁶⁴.
    var lastIndex: UInt64 {
        switch self {
        case .grid(let grid): grid.lastIndex
        case .multiples(let multiples): multiples.factors.lastIndex
        case .list(let values): UInt64(values.count - 1)
        }
    }

    /// The value at an index from 0 to `lastIndex`.
    subscript(index: UInt64) -> ParameterValue {
        switch self {
        case .grid(let grid): .integer(grid[index])
        case .multiples(let multiples): .number(multiples[index])
        case .list(let values): values[Int(index)]
        }
    }
}

extension Distribution: CustomStringConvertible {
    /// The legal values in words, such as `a number from 0.1 to 1.0`.
    public var description: String {
        switch self {
        case .real(.linear, let min, let max), .real(.logarithmic, let min, let max):
            "a number from \(ParameterValue.number(min)) to \(ParameterValue.number(max))"
        case .real(let axis, let min, let max): axis.words(for: "a number", min, max)
        case .quantized(let axis, let min, let max, let step):
            axis.words(for: "a multiple of \(ParameterValue.number(step))", min, max)
        case .integer(let min, let max, 1, _): "an integer from \(min) to \(max)"
        case .integer(let min, let max, let step, _): "an integer from \(min) to \(max) in steps of \(step)"
        case .choice(let values, _) where values.count == 1: values[0].description
        case .choice(let values, _): "one of " + values.map(\.description).joined(separator: ", ")
        case .ordinal(let values): "one of " + values.map(\.description).joined(separator: " < ")
        }
    }
}

extension NumberAxis {
    /// A phrase for the numbers from `min` to `max`. Bounds equal to the axis's reach were not given by the user, so
    /// they are left out.
    fileprivate func words(for kind: String, _ min: Double, _ max: Double) -> String {
        let bounds = (min, max) == reach ? nil : "from \(ParameterValue.number(min)) to \(ParameterValue.number(max))"
        let shape: String? =
            switch self {
            case .linear, .logarithmic: nil
            case .normal(let mean, let std):
                "around \(ParameterValue.number(mean)) ± \(ParameterValue.number(std))"
            case .logNormal(let mean, let std):
                "whose logarithm is around \(ParameterValue.number(mean)) ± \(ParameterValue.number(std))"
            }
        return [kind, shape, bounds].compactMap(\.self).joined(separator: " ")
    }
}
