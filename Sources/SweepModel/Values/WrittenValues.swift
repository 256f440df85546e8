import SweepSearch

/// How the sweep file spells the values of its parameters, so that trainers see them as the user wrote them.
///
/// Search, store and conditions go by value: to them 3.10 and 3.1 are one number. A trainer that takes a version, a
/// tag or an integer does see the difference: the choice `[3.10, 3.11]` must not reach it as `3.1`, nor a quantized
/// range of whole numbers as `9.0`.
public struct WrittenValues: Sendable {
    /// For each parameter, the constant or choices whose spelling differs from `ParameterValue.argument`.
    private var texts: [String: [ParameterValue: String]] = [:]
    /// The quantized parameters whose bounds and step are whole numbers.
    private var wholeParameters: Set<String> = []

    public init() {}

    /// The value as trainers, tables and the store get it: an integer, not a floating-point number, where all values
    /// of the parameter are whole.
    public func shown(_ value: ParameterValue, of parameter: String) -> ParameterValue {
        wholeParameters.contains(parameter) ? value.normalized : value
    }

    /// The value as an argument or an environment variable holds it: with the spelling of the sweep file if it stands
    /// there.
    public func text(of value: ParameterValue, of parameter: String) -> String {
        texts[parameter]?[value.normalized] ?? value.argument
    }

    /// Unites several of these; no parameter may be in two of them.
    package init(_ parts: [WrittenValues]) {
        for part in parts {
            texts.merge(part.texts) { first, _ in first }
            wholeParameters.formUnion(part.wholeParameters)
        }
    }

    /// Remembers how one value of a parameter is spelled.
    package mutating func note(_ text: String, for value: ParameterValue, of parameter: String) {
        if text != value.argument { texts[parameter, default: [:]][value.normalized] = text }
    }

    /// Remembers that all values of a parameter are whole numbers.
    package mutating func noteWhole(_ parameter: String) { wholeParameters.insert(parameter) }
}
