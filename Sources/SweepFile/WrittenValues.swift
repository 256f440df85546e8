import ConfigFile
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
    init(_ parts: [WrittenValues]) {
        for part in parts {
            texts.merge(part.texts) { first, _ in first }
            wholeParameters.formUnion(part.wholeParameters)
        }
    }

    /// Takes note of how the values of a parameter are written.
    ///
    /// - Parameter isWhole: whether those of a quantised range may be whole numbers.
    mutating func note(_ parameter: String, _ distribution: Distribution, _ section: ConfigSection, isWhole: Bool) {
        switch distribution {
        case .choice, .ordinal:
            let values = section.node("values")?.elements ?? section.node("value").map { [$0] } ?? []
            for node in values { note(node, of: parameter) }
        case .quantized:
            let numbers = [section.node("step"), section.node("min")].compactMap(\.self)
            if isWhole, numbers.allSatisfy(\.isWhole) { wholeParameters.insert(parameter) }
        case .real, .integer: break
        }
    }

    private mutating func note(_ node: ConfigNode, of parameter: String) {
        guard let value = ParameterValue(node), let text = node.text else { return }
        switch value {
        case .integer, .boolean, .largeInteger: break
        case .number(let number): if number.isInfinite { return }
        // A string is its own text; null is always written the same, and what has parts as JSON.
        case .string, .null, .list, .mapping: return
        }
        if text != value.argument { texts[parameter, default: [:]][value.normalized] = text }
    }
}

extension ConfigNode {
    /// The elements of a list; nil for anything else.
    fileprivate var elements: [ConfigNode]? { if case .sequence(let elements) = value { elements } else { nil } }

    /// Whether it is written as a whole number: `9` and `1e3` are, `9.0` is not.
    fileprivate var isWhole: Bool {
        switch value {
        case .integer: true
        case .number(let number): number == number.rounded() && !(text?.contains(".") ?? true)
        case .null, .boolean, .string, .sequence, .mapping: false
        }
    }
}
