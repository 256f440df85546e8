import ConfigFile
import SweepModel
import SweepSearch

extension WrittenValues {
    /// Remembers how the values of a parameter are spelled.
    ///
    ///     python: {type: choice, values: [3.10, 3.11]}                    # a trainer gets 3.10, not 3.1
    ///     size: {type: quniform, min: 0, max: 9, step: 3}                 # 9, not 9.0
    ///     rate: {type: quniform, min: 0.0, max: 9, step: 3}               # 9.0: its bound has a point
    ///
    /// - Parameters:
    ///   - parameter: its name.
    ///   - section: the parameter's settings in the file.
    ///   - isWhole: whether the values of a quantized range may be passed on as whole numbers.
    mutating func note(_ parameter: String, _ distribution: Distribution, _ section: ConfigSection, isWhole: Bool) {
        switch distribution {
        case .choice, .ordinal:
            let values = section.node("values")?.elements ?? section.node("value").map { [$0] } ?? []
            for node in values { note(node, of: parameter) }
        case .quantized:
            let numbers = [section.node("step"), section.node("min")].compactMap(\.self)
            if isWhole, numbers.allSatisfy(\.isWhole) { noteWhole(parameter) }
        case .real, .integer: break
        }
    }

    /// Remembers how one value is spelled, where that can differ from the value's own text.
    private mutating func note(_ node: ConfigNode, of parameter: String) {
        guard let value = ParameterValue(node), let text = node.text else { return }
        switch value {
        case .integer, .boolean, .largeInteger: break
        case .number(let number): if number.isInfinite { return }
        // A string is its own text; null has one spelling, and lists and mappings are always written as JSON.
        case .string, .null, .list, .mapping: return
        }
        note(text, for: value, of: parameter)
    }
}

extension ConfigNode {
    /// The elements of a list; nil for anything else.
    fileprivate var elements: [ConfigNode]? { if case .sequence(let elements) = value { elements } else { nil } }

    /// Whether it is written as a whole number: `9` and `1e3` are, `9.0` is not. The spelling tells which kind is
    /// meant.
    fileprivate var isWhole: Bool {
        switch value {
        case .integer: true
        case .number(let number): number == number.rounded() && !(text?.contains(".") ?? true)
        case .null, .boolean, .string, .sequence, .mapping: false
        }
    }
}
