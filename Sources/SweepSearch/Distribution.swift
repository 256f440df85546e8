/// The legal values of one parameter, and how likely each is before anything has been tried.
public enum Distribution: Sendable, Hashable {
    case uniform(min: Double, max: Double)
    /// Uniform in the logarithm.
    case logUniform(min: Double, max: Double)
    /// The integers min, min + step, … ≤ max, equally likely, or with `log` each as likely as its share of the
    /// logarithmic axis.
    case integer(min: Int, max: Int, step: Int, log: Bool)
    /// One of several values, each as likely as its share of the weights. One of weight 0 is legal, so it may be
    /// enqueued, but no sampler proposes it.
    case choice(values: [ParameterValue], weights: [Double])

    /// One of several values, all equally likely.
    public static func choice(_ values: [ParameterValue]) -> Distribution {
        .choice(values: values, weights: values.map { _ in 1 })
    }

    /// Whether `value` is legal in exactly this form: a `number` for a continuous range, an `integer` for an integer one.
    /// ``legalForm(of:)`` is the forgiving variant.
    public func contains(_ value: ParameterValue) -> Bool {
        switch (self, value) {
        case (.uniform(let min, let max), .number(let number)), (.logUniform(let min, let max), .number(let number)):
            min <= number && number <= max
        case (.integer(let min, let max, let step, _), .integer(let integer)):
            IntegerGrid(min: min, max: max, step: step).index(of: integer) != nil
        case (.choice(let values, _), _): values.contains(value)
        case (.uniform, _), (.logUniform, _), (.integer, _): false
        }
    }

    /// The legal value that `value` denotes, or nil: what a person writes as `1` is the number 1.0 of a continuous
    /// range, and `64.0` is the integer 64.
    public func legalForm(of value: ParameterValue) -> ParameterValue? {
        switch self {
        case .uniform, .logUniform:
            guard let number = value.asNumber else { return nil }
            return contains(.number(number)) ? .number(number) : nil
        case .integer: return contains(value.normalized) ? value.normalized : nil
        case .choice(let values, _): return values.first { $0 == value } ?? values.first { $0.matches(value) }
        }
    }

    /// Whether there are finitely many legal values.
    public var isDiscrete: Bool { proposable != nil }

    /// The values a sampler may propose, by index, or nil if they form a continuum.
    var proposable: DiscreteValues? {
        switch self {
        case .uniform(let min, let max), .logUniform(let min, let max): min == max ? .list([.number(min)]) : nil
        case .integer(let min, let max, let step, _): .grid(IntegerGrid(min: min, max: max, step: step))
        case .choice(let values, let weights): .list(zip(values, weights).filter { $0.1 > 0 }.map(\.0))
        }
    }
}

/// Finitely many values in a fixed order.
enum DiscreteValues {
    case grid(IntegerGrid)
    /// Never empty.
    case list([ParameterValue])

    var lastIndex: UInt64 {
        switch self {
        case .grid(let grid): grid.lastIndex
        case .list(let values): UInt64(values.count - 1)
        }
    }

    subscript(index: UInt64) -> ParameterValue {
        switch self {
        case .grid(let grid): .integer(grid[index])
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
        case .integer(let min, let max, 1, _): "an integer from \(min) to \(max)"
        case .integer(let min, let max, let step, _): "an integer from \(min) to \(max) in steps of \(step)"
        case .choice(let values, _): "one of " + values.map(\.description).joined(separator: ", ")
        }
    }
}
