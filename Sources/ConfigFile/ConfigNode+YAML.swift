import Yams

extension ConfigNode {
    /// The node as YAML text that reads back as an equal node: numbers to the last bit, strings quoted where a plain
    /// scalar would be read as something else.
    public func yaml() -> String {
        // The emitter fails only on an invalid event sequence or without memory, neither of which a tree can cause.
        (try? Yams.serialize(node: yamlNode, width: -1, allowUnicode: true)) ?? ""
    }

    private var yamlNode: Node {
        switch value {
        case .null: Self.plain("null")
        case .boolean(let flag): Self.plain(flag ? "true" : "false")
        case .integer(let number): Self.plain(String(number))
        case .number(let number): Self.plain(number.yamlDescription)
        case .string(let text): Self.string(text)
        case .sequence(let nodes):
            .sequence(.init(nodes.map(\.yamlNode), .implicit, nodes.allSatisfy(\.isScalar) ? .flow : .block))
        case .mapping(let entries):
            .mapping(.init(entries.map { (Self.string($0.key), $0.node.yamlNode) }, .implicit, .block))
        }
    }

    private var isScalar: Bool {
        switch value {
        case .null, .boolean, .integer, .number, .string: true
        case .sequence, .mapping: false
        }
    }

    private static func plain(_ text: String) -> Node {
        .scalar(.init(text, .implicit, .plain))
    }

    private static func string(_ text: String) -> Node {
        // `.any` leaves it to the emitter to quote what could not stand plain (`a: b`, `- x`, `#`).
        let readsAsString = Value.plain(text) == .string(text) && !mayBeMoreThanText(text)
        return .scalar(.init(text, Tag(.str), readsAsString ? .any : .singleQuoted))
    }

    /// Whether a reader of YAML 1.1 (PyYAML) might take the text for a boolean, a number, a date, a time or a merge key.
    private static func mayBeMoreThanText(_ text: String) -> Bool {
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
