/// Values as they are written into a text in the form of JSON, so that readers of JSON and of YAML read the same.
///
/// `ConfigNode.json` cannot be used for this: it writes numbers like `1e-05`, which are text in YAML 1.1, and escapes
/// half a character at a time (`\ud83d`), which is not YAML.
extension FlowText {
    /// The node as JSON on one line.
    ///
    ///     FlowText.json(of: ConfigNode(.number(1e-5)))        // 1.0e-05: a number to all three readers
    ///
    /// - Parameter node: must satisfy `canBeJSON`; an infinity would become `.inf`, which is not JSON.
    static func json(of node: ConfigNode) -> String {
        switch node.value {
        case .null: return "null"
        case .boolean(let flag): return flag ? "true" : "false"
        case .string(let text): return jsonString(text)
        case .integer, .number:
            let written = text(of: node)
            return isJSONNumber(written) ? written : text(of: ConfigNode(node.value))
        case .sequence(let nodes): return "[\(nodes.map(json(of:)).joined(separator: ", "))]"
        case .mapping(let entries):
            return "{\(entries.map { "\(jsonString($0.key)): \(json(of: $0.node))" }.joined(separator: ", "))}"
        }
    }

    /// A string in double quotes, escaped so that readers of JSON and of YAML read the same.
    static func jsonString(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            // All characters that YAML requires to be escaped have code points of up to four hexadecimal digits.
            case _ where !isPrintable(scalar):
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            case _: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// Whether `text` is a number in JSON: without a plus sign, and with a digit on each side of the point.
    static func isJSONNumber(_ text: String) -> Bool {
        text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/) != nil
    }
}

extension ConfigNode {
    /// Whether JSON can express the value: it has no infinities and no NaN, at any depth. An integer of so many digits
    /// that no Double reaches it can be expressed, by its digits.
    public var canBeJSON: Bool {
        switch value {
        case .null, .boolean, .integer, .string: true
        case .number(let number): number.isFinite || largeIntegerDigits != nil
        case .sequence(let nodes): nodes.allSatisfy(\.canBeJSON)
        case .mapping(let entries): entries.allSatisfy(\.node.canBeJSON)
        }
    }
}

extension ConfigDocument {
    /// Whether the text has the form of JSON: all lists and mappings in brackets, all strings and keys in double
    /// quotes.
    ///
    /// `NaN` and `Infinity` are allowed, since Python's `json` module writes and reads them.
    public var isJSON: Bool { syntax.root.map(SourceText(source.text).isJSON) ?? false }
}

extension SourceText {
    /// Whether the node and all below it have the form of JSON; tags, anchors and aliases never do.
    fileprivate func isJSON(_ node: SyntaxNode) -> Bool {
        guard node.tag == nil, node.anchorName == nil else { return false }
        switch node.content {
        case .alias: return false
        case .scalar(let text, isPlain: true):
            return ["true", "false", "null", "NaN", "Infinity", "-Infinity"].contains(text)
                || FlowText.isJSONNumber(text)
        case .scalar(_, isPlain: false): return self[node.start.index] == "\""
        case .sequence(let elements): return node.isFlow && elements.allSatisfy(isJSON)
        case .mapping(let pairs):
            return node.isFlow
                && pairs.allSatisfy { self[$0.key.start.index] == "\"" && isJSON($0.key) && isJSON($0.value) }
        }
    }
}
