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
        guard let value = ParameterValue(node), let spelling = Spelling(node, value) else { return }
        note(spelling, for: value, of: parameter)
    }
}

extension WrittenValues.Spelling {
    /// Nil for a value that is spelled as its own text.
    fileprivate init?(_ node: ConfigNode, _ value: ParameterValue) {
        let parts: [Self?]
        switch (node.value, value) {
        case (.sequence(let nodes), .list(let elements)):
            parts = zip(nodes, elements).map { Self($0, $1) }
        case (.mapping(let entries), .mapping(let fields)):
            parts = zip(entries, fields).map { Self($0.node, $1.value) }
        default:
            switch value {
            case .integer, .boolean, .largeInteger: break
            case .number(let number): if number.isInfinite { return nil }
            // A string is its own text, and null has one spelling.
            case .string, .null, .list, .mapping: return nil
            }
            guard let text = node.text, text != value.argument else { return nil }
            self = .scalar(text)
            return
        }
        if parts.allSatisfy({ $0 == nil }) { return nil }
        self = .parts(parts)
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
