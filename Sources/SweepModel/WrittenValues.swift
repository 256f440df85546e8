import SweepSearch

/// How the sweep file writes the values of its parameters, which is how trainers get to see them.
///
/// Search, store and conditions go by value: there 3.10 is 3.1, and 9 of a quantised range is a number like any other.
public struct WrittenValues: Sendable {
    /// The texts of a parameter's constant or choices that differ from the values' arguments.
    private var texts: [String: [ParameterValue: String]] = [:]
    /// The parameters with a step and bounds that are whole.
    private var wholeParameters: Set<String> = []

    public init() {}

    /// The value as trainers, tables and the store have it: whole where all values of the parameter are.
    public func shown(_ value: ParameterValue, of parameter: String) -> ParameterValue {
        wholeParameters.contains(parameter) ? value.normalized : value
    }

    /// The value as an argument or an environment variable has it: as it is written in the file, if it stands there.
    public func text(of value: ParameterValue, of parameter: String) -> String {
        texts[parameter]?[value.normalized] ?? value.argument
    }

    /// All of them; each is about another parameter.
    package init(_ parts: [WrittenValues]) {
        for part in parts {
            texts.merge(part.texts) { first, _ in first }
            wholeParameters.formUnion(part.wholeParameters)
        }
    }

    /// Takes note of how one value of a parameter is written.
    package mutating func note(_ text: String, for value: ParameterValue, of parameter: String) {
        if text != value.argument { texts[parameter, default: [:]][value.normalized] = text }
    }

    /// Takes note that all values of a parameter are whole numbers.
    package mutating func noteWhole(_ parameter: String) { wholeParameters.insert(parameter) }
}
