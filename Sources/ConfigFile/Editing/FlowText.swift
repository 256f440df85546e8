/// Values as they are written into an existing text: on one line, and in a form that readers of YAML 1.1 and 1.2 read
/// the same way.
///
///     FlowText.text(of: ConfigNode(.string("no")))        // 'no': without quotes it is a boolean in YAML 1.1
///     FlowText.text(of: ConfigNode(.string("adam")))      // adam
///     FlowText.text(of: ConfigNode(.number(1e-5)))        // 1.0e-05: without a point it is text in YAML 1.1
///     FlowText.text(of: ConfigNode(.integer(17), text: "017"))    // 17: 017 is fifteen in YAML 1.1
enum FlowText {
    /// The node as YAML on one line.
    ///
    /// - Parameter old: the scalars without quotes in the value that is replaced. Values that the two versions of YAML
    ///   read differently (`no`, `0022`, `12:30`) keep the form in which they are given if an old one was of the same
    ///   kind: the program that reads the file evidently reads such values as intended.
    static func text(of node: ConfigNode, inPlaceOf old: [String] = []) -> String {
        if let text = node.text, old.contains(where: { isSameKind(text, as: $0, value: node.value) }) { return text }
        switch node.value {
        case .null:
            return node.text.flatMap { !$0.isEmpty && ConfigNode.Value.plain($0) == .null ? $0 : nil } ?? "null"
        case .boolean(let flag):
            return node.text.flatMap { ConfigNode.Value.plain($0) == node.value ? $0 : nil }
                ?? (flag ? "true" : "false")
        case .integer(let number): return unambiguous(node) ?? String(number)
        case .number(let number): return unambiguous(node) ?? number.yamlDescription
        case .string(let text): return string(text)
        case .sequence(let nodes): return "[\(nodes.map { self.text(of: $0, inPlaceOf: old) }.joined(separator: ", "))]"
        case .mapping(let entries):
            let parts = entries.map { "\(string($0.key)): \(text(of: $0.node, inPlaceOf: old))" }
            return "{\(parts.joined(separator: ", "))}"
        }
    }

    /// Whether a value's own text may take the place of another scalar: both are of one kind in YAML 1.1, and both of
    /// one kind in YAML 1.2, and the text stands for `value`.
    private static func isSameKind(_ text: String, as old: String, value: ConfigNode.Value) -> Bool {
        let scalar = YAML11Scalar(text)
        switch scalar {
        case .null, .special, .string: return false
        case .boolean, .integer, .number, .date:
            let plain = ConfigNode.Value.plain(text)
            return scalar == YAML11Scalar(old) && plain == value && plain.hasKind(of: .plain(old))
        }
    }

    /// A number's own text, if all readers take it for that number; otherwise nil.
    static func unambiguous(_ node: ConfigNode) -> String? {
        guard let text = node.text, ConfigNode.Value.plain(text) == node.value else { return nil }
        let digits = text.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
        switch YAML11Scalar(text) {
        case .integer: return digits.count == 1 || digits.first != UInt8(ascii: "0") ? text : nil
        case .number: return text
        case .null, .boolean, .date, .string, .special: return nil
        }
    }

    /// A string, without quotes if readers of both versions then take it for a string. Single quotes are preferred,
    /// since only quotes have to be doubled in them.
    static func string(_ text: String) -> String {
        isPlain(text) ? text : singleQuoted(text) ?? doubleQuoted(text)
    }

    /// A string in single quotes; nil if it has characters that must be escaped, which is impossible there.
    static func singleQuoted(_ text: String) -> String? {
        text.unicodeScalars.allSatisfy(isPrintable) ? "'\(text.replacing("'", with: "''"))'" : nil
    }

    /// A string in double quotes; every string has such a form. A line break becomes `\n`, so that the string stays on
    /// one line.
    static func doubleQuoted(_ text: String) -> String {
        var escaped = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": escaped += "\\\""
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\t": escaped += "\\t"
            case "\r": escaped += "\\r"
            case _ where isPrintable(scalar): escaped.unicodeScalars.append(scalar)
            case _: escaped += escape(scalar)
            }
        }
        return escaped + "\""
    }

    /// The shortest of YAML's numeric escapes: `\x1B`, `\u2028`.
    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let (letter, width) = scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
        return "\\\(letter)\(String(repeating: "0", count: width - digits.count))\(digits)"
    }

    /// Whether the text may stand without quotes anywhere, also between brackets and commas. Stricter than YAML: only
    /// letters, digits and `_ . / + -` and spaces inside, beginning with a letter, `_` or `/`.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last,
            first.properties.isAlphabetic || first == "_" || first == "/", last != " "
        else { return false }
        return text.unicodeScalars.allSatisfy {
            ($0.properties.isAlphabetic || ("0"..."9").contains($0) || "_./+- ".unicodeScalars.contains($0))
                && isPrintable($0)
        } && ConfigNode.Value.plain(text) == .string(text) && YAML11Scalar(text) == .string
    }

    /// Whether the character may stand for itself in quotes on one line. A byte order mark and the line separators may
    /// not: readers drop or fold them.
    static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xFEFF, 0x2028, 0x2029: false
        case 0x20...0x7E, 0xA0...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }
}

extension ConfigNode.Value {
    /// Whether both are scalars of one type. Lists and mappings have no kind in common here, as they are never written
    /// by their text.
    fileprivate func hasKind(of other: Self) -> Bool {
        switch (self, other) {
        case (.null, .null), (.boolean, .boolean), (.integer, .integer), (.number, .number), (.string, .string): true
        default: false
        }
    }
}

extension SyntaxNode {
    /// The scalars in a value, itself included, that have neither quotes nor a tag; without keys.
    var plainScalars: [String] {
        switch content {
        case .scalar(let text, let isPlain): isPlain && tag == nil ? [text] : []
        case .sequence(let nodes): nodes.flatMap(\.plainScalars)
        case .mapping(let pairs): pairs.flatMap(\.value.plainScalars)
        case .alias: []
        }
    }
}
