extension ConfigNode {
    /// The node as YAML text that reads back as an equal node: numbers to the last bit, strings quoted where a plain
    /// scalar would be read as something else.
    public func yaml() -> String {
        let emission = Emission()
        emission.emit(.start)
        write(to: emission)
        emission.emit(.end)
        return emission.text
    }

    private func write(to emission: borrowing Emission) {
        switch value {
        case .null: emission.emit(.scalar("null", .plain))
        case .boolean(let flag): emission.emit(.scalar(flag ? "true" : "false", .plain))
        case .integer(let number): emission.emit(.scalar(String(number), .plain))
        case .number(let number): emission.emit(.scalar(number.yamlDescription, .plain))
        case .string(let text): emission.emit(Self.string(text))
        case .sequence(let nodes):
            emission.emit(.sequence(isFlow: nodes.allSatisfy(\.isScalar)))
            for node in nodes { node.write(to: emission) }
            emission.emit(.sequenceEnd)
        case .mapping(let entries):
            emission.emit(.mapping)
            for entry in entries {
                emission.emit(Self.string(entry.key))
                entry.node.write(to: emission)
            }
            emission.emit(.mappingEnd)
        }
    }

    private var isScalar: Bool {
        switch value {
        case .null, .boolean, .integer, .number, .string: true
        case .sequence, .mapping: false
        }
    }

    private static func string(_ text: String) -> Emission.Event {
        let readsAsString = Value.plain(text) == .string(text) && !mayBeMoreThanText(text)
        return .scalar(text, readsAsString ? .plainIfPossible : .quoted)
    }

    /// Whether a reader of YAML 1.1 (PyYAML) might take the text for a boolean, a number, a date, a time or a merge
    /// key.
    static func mayBeMoreThanText(_ text: String) -> Bool {
        let first = text.drop { "+-.".contains($0) }.first
        return first?.isNumber == true || ["yes", "no", "on", "off", "y", "n", "=", "<<"].contains(text.lowercased())
    }
}

extension Double {
    /// The shortest decimal that reads back as this number, always recognisable as a number and never as an integer.
    public var yamlDescription: String {
        if isNaN { return ".nan" }
        if isInfinite { return self < 0 ? "-.inf" : ".inf" }
        // PyYAML needs a point in the mantissa to take 1e-05 for a number.
        let text = description
        guard let exponent = text.firstIndex(of: "e"), !text[..<exponent].contains(".") else { return text }
        return text[..<exponent] + ".0" + text[exponent...]
    }
}
