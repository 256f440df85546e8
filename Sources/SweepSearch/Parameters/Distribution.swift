/// The legal values of one parameter, and how likely each is before anything has been tried.
public enum Distribution: Sendable, Hashable {
    case uniform(min: Double, max: Double)
    /// Uniform in the logarithm.
    case logUniform(min: Double, max: Double)
    /// A normal distribution, given that the number lies between `min` and `max`.
    case normal(mean: Double, deviation: Double, min: Double, max: Double)
    /// A number whose logarithm is normal with this mean and deviation, given that it lies between `min` and `max`.
    case logNormal(mean: Double, deviation: Double, min: Double, max: Double)
    /// The multiples of `step` from `min` to `max`, each as likely as the numbers that are nearest to it.
    case quantized(NumberAxis, min: Double, max: Double, step: Double)
    /// The integers min, min + step, … ≤ max, equally likely, or with `log` each as likely as its share of the
    /// logarithmic axis.
    case integer(min: Int, max: Int, step: Int, log: Bool)
    /// One of several values, each as likely as its share of the weights. One of weight 0 is legal, so it may be
    /// enqueued, but no sampler proposes it.
    case choice(values: [ParameterValue], weights: [Double])
    /// One of several values, equally likely, whose order means something: neighbours are alike.
    case ordinal([ParameterValue])

    /// One of several values, all equally likely.
    public static func choice(_ values: [ParameterValue]) -> Distribution {
        .choice(values: values, weights: values.map { _ in 1 })
    }

    /// Always this value.
    public static func constant(_ value: ParameterValue) -> Distribution { .choice([value]) }

    /// A normal distribution out to 8 deviations, beyond which lies less than one draw in 10¹⁴.
    public static func normal(mean: Double, deviation: Double) -> Distribution {
        let (min, max) = NumberAxis.normal(mean: mean, deviation: deviation).reach
        return .normal(mean: mean, deviation: deviation, min: min, max: max)
    }

    /// A log-normal distribution out to 8 deviations of the logarithm.
    public static func logNormal(mean: Double, deviation: Double) -> Distribution {
        let (min, max) = NumberAxis.logNormal(mean: mean, deviation: deviation).reach
        return .logNormal(mean: mean, deviation: deviation, min: min, max: max)
    }

    /// Whether `value` is legal in exactly this form: a `number` for a continuous range, an `integer` for an integer
    /// one. ``legalForm(of:)`` is the forgiving variant.
    public func contains(_ value: ParameterValue) -> Bool {
        switch (self, value) {
        case (.uniform(let min, let max), .number(let number)), (.logUniform(let min, let max), .number(let number)),
            (.normal(_, _, let min, let max), .number(let number)),
            (.logNormal(_, _, let min, let max), .number(let number)):
            min <= number && number <= max
        case (.quantized(_, let min, let max, let step), .number(let number)):
            Multiples(of: step, from: min, to: max)?.index(of: number) != nil
        case (.integer(let min, let max, let step, _), .integer(let integer)):
            IntegerGrid(min: min, max: max, step: step).index(of: integer) != nil
        case (.choice(let values, _), _), (.ordinal(let values), _): values.contains(value)
        case (.uniform, _), (.logUniform, _), (.normal, _), (.logNormal, _), (.quantized, _), (.integer, _): false
        }
    }

    /// The legal value that `value` denotes, or nil: what a person writes as `1` is the number 1.0 of a continuous
    /// range, `64.0` is the integer 64, and 0.1 · 3, which is not quite 0.3, is a multiple of 0.1.
    public func legalForm(of value: ParameterValue) -> ParameterValue? {
        switch self {
        case .uniform, .logUniform, .normal, .logNormal:
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

    /// Whether there are finitely many legal values.
    public var isDiscrete: Bool { proposable != nil }

    /// The only value that a sampler may propose, if there is but one.
    package var onlyValue: ParameterValue? {
        guard let proposable, proposable.lastIndex == 0 else { return nil }
        return proposable[0]
    }

    /// The values a sampler may propose, by index, or nil if they form a continuum.
    var proposable: DiscreteValues? {
        switch self {
        case .uniform(let min, let max), .logUniform(let min, let max), .normal(_, _, let min, let max),
            .logNormal(_, _, let min, let max):
            min == max ? .list([.number(min)]) : nil
        case .quantized(_, let min, let max, let step):
            Multiples(of: step, from: min, to: max).map { .multiples($0) }
        case .integer(let min, let max, let step, _): .grid(IntegerGrid(min: min, max: max, step: step))
        case .choice(let values, let weights): .list(zip(values, weights).filter { $0.1 > 0 }.map(\.0))
        case .ordinal(let values): .list(values)
        }
    }

    /// The continuum of a type that has one.
    var continuum: Continuum? {
        switch self {
        case .uniform(let min, let max): Continuum(.linear, min: min, max: max)
        case .logUniform(let min, let max): Continuum(.logarithmic, min: min, max: max)
        case .normal(let mean, let deviation, let min, let max):
            Continuum(.normal(mean: mean, deviation: deviation), min: min, max: max)
        case .logNormal(let mean, let deviation, let min, let max):
            Continuum(.logNormal(mean: mean, deviation: deviation), min: min, max: max)
        case .quantized, .integer, .choice, .ordinal: nil
        }
    }
}

/// Finitely many values in a fixed order.
enum DiscreteValues: Sendable {
    case grid(IntegerGrid)
    case multiples(Multiples)
    /// Never empty.
    case list([ParameterValue])

    var lastIndex: UInt64 {
        switch self {
        case .grid(let grid): grid.lastIndex
        case .multiples(let multiples): multiples.factors.lastIndex
        case .list(let values): UInt64(values.count - 1)
        }
    }

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
        case .uniform(let min, let max), .logUniform(let min, let max):
            "a number from \(ParameterValue.number(min)) to \(ParameterValue.number(max))"
        case .normal(let mean, let deviation, let min, let max):
            NumberAxis.normal(mean: mean, deviation: deviation).words(for: "a number", min, max)
        case .logNormal(let mean, let deviation, let min, let max):
            NumberAxis.logNormal(mean: mean, deviation: deviation).words(for: "a number", min, max)
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
    /// What to call the numbers from `min` to `max`; bounds that are no more than the axis's reach are not worth a
    /// word.
    fileprivate func words(for kind: String, _ min: Double, _ max: Double) -> String {
        let bounds = (min, max) == reach ? nil : "from \(ParameterValue.number(min)) to \(ParameterValue.number(max))"
        let shape: String? =
            switch self {
            case .linear, .logarithmic: nil
            case .normal(let mean, let deviation):
                "around \(ParameterValue.number(mean)) ± \(ParameterValue.number(deviation))"
            case .logNormal(let mean, let deviation):
                "whose logarithm is around \(ParameterValue.number(mean)) ± \(ParameterValue.number(deviation))"
            }
        return [kind, shape, bounds].compactMap(\.self).joined(separator: " ")
    }
}
