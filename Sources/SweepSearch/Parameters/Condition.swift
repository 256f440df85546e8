/// A test of another parameter's value that must hold for a parameter to exist. It fails while the other is inactive.
///
///     Condition("layers", .comparison(.greater, 2))                   // layers > 2
///     Condition("optimizer", .isOneOf(["sgd", "nesterov"]))           // optimizer in [sgd, nesterov]
public struct Condition: Sendable, Hashable {
    /// What the value is compared with.
    public enum Test: Sendable, Hashable {
        /// Is this value.
        case equals(ParameterValue)
        /// Is one of these; never true for an empty list.
        case isOneOf([ParameterValue])
        /// False for a value that is not a number.
        case comparison(Comparison, Double)
    }

    /// How a number is compared; the raw value is the sign that files and messages have for it.
    public enum Comparison: String, Sendable, Hashable, CaseIterable {
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
    }

    /// The name of the parameter the condition is about.
    public var parameter: String
    /// What must be true of that parameter's value.
    public var test: Test

    public init(_ parameter: String, _ test: Test) {
        self.parameter = parameter
        self.test = test
    }
}

extension Condition.Test {
    /// Whether an active parameter with this value passes. Numbers are compared by value: `2` equals `2.0`.
    public func holds(for value: ParameterValue) -> Bool {
        switch self {
        case .equals(let wanted): wanted.matches(value)
        case .isOneOf(let wanted): wanted.contains { $0.matches(value) }
        case .comparison(let comparison, let bound):
            value.asNumber.map { comparison.holds($0, bound) } ?? false
        }
    }
}

extension Condition.Comparison {
    /// Whether `left` stands in this relation to `right`; false if one is NaN.
    package func holds(_ left: Double, _ right: Double) -> Bool {
        switch self {
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        }
    }
}

extension Condition: CustomStringConvertible {
    /// The condition as messages have it: `layers > 2.0`, `optimizer = sgd`.
    public var description: String {
        switch test {
        case .equals(let value): "\(parameter) = \(value)"
        case .isOneOf(let values): "\(parameter) in [\(values.map(\.description).joined(separator: ", "))]"
        case .comparison(let comparison, let bound):
            "\(parameter) \(comparison.rawValue) \(ParameterValue.number(bound))"
        }
    }
}
