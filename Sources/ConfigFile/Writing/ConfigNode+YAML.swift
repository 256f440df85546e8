extension ConfigNode {
    /// The node as YAML text that reads back as an equal node. Numbers are written so that they read back exactly, and
    /// strings are quoted where they would otherwise be read as another type.
    ///
    ///     ConfigNode(.sequence([ConfigNode(.number(0.1)), ConfigNode(.string("no"))])).yaml()  // "[0.1, 'no']\n"
    ///
    /// Mappings are written on lines of their own, and so are lists that hold lists or mappings; a list of scalars is
    /// one line. Comments and layout are lost; `ConfigDocument.text(setting:)` keeps them.
    public func yaml(_ spelling: Spelling = .canonical) -> String {
        let emitter = YAMLEmitter()
        emitter.emit(.start)
        write(to: emitter, spelling)
        emitter.emit(.end)
        return emitter.text
    }

    /// How scalars are written.
    public enum Spelling: Sendable {
        /// The same text for equal values.
        case canonical
        /// Numbers, booleans and null as they stand in their file: `3.10` and not `3.1`.
        case asWritten
        /// Numbers as they stand in their file where every reader of YAML takes them for that number.
        case unambiguous
    }

    /// Emits the events of this node and of all below it.
    private func write(to emitter: borrowing YAMLEmitter, _ spelling: Spelling) {
        switch (value, spelling) {
        case (.null, .asWritten), (.boolean, .asWritten), (.integer, .asWritten), (.number, .asWritten):
            if isPlain, let text, !text.isEmpty { return emitter.emit(.scalar(text, .plain)) }
        case (.integer, .unambiguous), (.number, .unambiguous):
            if let text = FlowText.unambiguous(self) { return emitter.emit(.scalar(text, .plain)) }
        default: break
        }
        switch value {
        case .null: emitter.emit(.scalar("null", .plain))
        case .boolean(let flag): emitter.emit(.scalar(flag ? "true" : "false", .plain))
        case .integer(let number): emitter.emit(.scalar(String(number), .plain))
        case .number(let number): emitter.emit(.scalar(number.yamlDescription, .plain))
        case .string(let text): emitter.emit(Self.string(text))
        case .sequence(let nodes):
            emitter.emit(.sequence(isFlow: nodes.allSatisfy(\.isScalar)))
            for node in nodes { node.write(to: emitter, spelling) }
            emitter.emit(.sequenceEnd)
        case .mapping(let entries):
            emitter.emit(.mapping)
            for entry in entries {
                emitter.emit(Self.string(entry.key))
                entry.node.write(to: emitter, spelling)
            }
            emitter.emit(.mappingEnd)
        }
    }

    /// Whether it is neither a list nor a mapping.
    private var isScalar: Bool {
        switch value {
        case .null, .boolean, .integer, .number, .string: true
        case .sequence, .mapping: false
        }
    }

    /// The event of a string, in quotes if a reader of YAML 1.1 or 1.2 would else take it for something other than a
    /// string.
    private static func string(_ text: String) -> YAMLEmitter.Event {
        let readsAsString = Value.plain(text) == .string(text) && !mayBeMoreThanText(text)
        return .scalar(text, readsAsString ? .plainIfPossible : .quoted)
    }

    /// Whether a reader of YAML 1.1, such as PyYAML, might read the text as a boolean, a number, a date, a time or a
    /// merge key instead of a string.
    static func mayBeMoreThanText(_ text: String) -> Bool {
        let first = text.drop { "+-.".contains($0) }.first
        return first?.isNumber == true || ["yes", "no", "on", "off", "y", "n", "=", "<<"].contains(text.lowercased())
    }
}

extension Double {
    /// The shortest decimal that reads back as this number, in a form that every reader of YAML takes for a
    /// floating-point number and not for an integer: `1.0`, `1.0e-05`, `.inf`.
    ///
    ///     1.0.yamlDescription         // "1.0"
    ///     1e-5.yamlDescription        // "1.0e-05"
    public var yamlDescription: String {
        if isNaN { return ".nan" }
        if isInfinite { return self < 0 ? "-.inf" : ".inf" }
        // PyYAML reads 1e-05 as text, since it requires a point in the mantissa.
        let text = description
        guard let exponent = text.firstIndex(of: "e"), !text[..<exponent].contains(".") else { return text }
        return text[..<exponent] + ".0" + text[exponent...]
    }
}
