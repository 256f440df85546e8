import SweepSearch

/// How the sweep file spells the values of its parameters, so that trainers see them as the user wrote them.
///
/// Search, store and conditions go by value: to them 3.10 and 3.1 are one number. A trainer that takes a version, a
/// tag or an integer does see the difference: the choice `[3.10, 3.11]` must not reach it as `3.1`, nor a quantized
/// range of whole numbers as `9.0`.
public struct WrittenValues: Sendable, Hashable {
    /// How a value is spelled.
    public indirect enum Spelling: Sendable, Hashable {
        /// The text of a value that is no list or mapping.
        case scalar(String)
        /// What a list or mapping holds, in its order; nil for what is spelled as `ParameterValue.argument` has it.
        case parts([Spelling?])
    }

    /// For each parameter, the constant or choices whose spelling differs from `ParameterValue.argument`.
    private var spellings: [String: [ParameterValue: Spelling]] = [:]
    /// The quantized parameters whose bounds and step are whole numbers.
    private var wholeParameters: Set<String> = []

    /// Every value is spelled as `ParameterValue.argument` has it.
    public init() {}

    /// The value as trainers, tables and the store get it: an integer, not a floating-point number, where all values
    /// of the parameter are whole.
    public func shown(_ value: ParameterValue, of parameter: String) -> ParameterValue {
        wholeParameters.contains(parameter) ? value.normalized : value
    }

    /// The value as an argument or an environment variable holds it: with the spelling of the sweep file if it stands
    /// there.
    public func text(of value: ParameterValue, of parameter: String) -> String {
        if case .scalar(let text) = spelling(of: value, of: parameter) { text } else { value.argument }
    }

    /// The elements of a list as arguments of their own.
    func texts(of elements: [ParameterValue], of parameter: String) -> [String] {
        guard case .parts(let parts) = spelling(of: .list(elements), of: parameter), parts.count == elements.count
        else { return elements.map(\.argument) }
        return zip(elements, parts).map { element, part in
            if case .scalar(let text) = part { text } else { element.argument }
        }
    }

    /// How the sweep file spells the value; nil for one that is spelled as `ParameterValue.argument` has it.
    public func spelling(of value: ParameterValue, of parameter: String) -> Spelling? {
        spellings[parameter]?[value.normalized]
    }

    /// Whether trainers get the values of a parameter in the same way by both files.
    package func agrees(with other: WrittenValues, on parameter: String) -> Bool {
        wholeParameters.contains(parameter) == other.wholeParameters.contains(parameter)
            && spellings[parameter] == other.spellings[parameter]
    }

    /// Unites several of these; no parameter may be in two of them.
    package init(_ parts: [WrittenValues]) {
        for part in parts {
            spellings.merge(part.spellings) { first, _ in first }
            wholeParameters.formUnion(part.wholeParameters)
        }
    }

    /// Remembers how one value of a parameter is spelled.
    package mutating func note(_ spelling: Spelling, for value: ParameterValue, of parameter: String) {
        spellings[parameter, default: [:]][value.normalized] = spelling
    }

    /// Remembers that all values of a parameter are whole numbers.
    package mutating func noteWhole(_ parameter: String) { wholeParameters.insert(parameter) }
}
