import JSONWriting

/// JSON for the package's own output: parameters, summaries, answers to other programs.
///
/// Strings are written by `JSONText`, as everywhere. What differs elsewhere is how numbers are written: a trainer's
/// reports have `NaN` and `Infinity` (`TrialProtocol`), and values of parameters have digits that a node does not keep,
/// and infinities as `1e999` for their own reader (`SweepModel`).
extension ConfigNode {
    /// The node as JSON on one line, with keys in their order. NaN and infinities, which JSON does not have, become
    /// `null`.
    ///
    ///     {"lr": 0.001, "layers": [64, 32]}
    ///
    /// Characters that a terminal would act on or not show are escaped, so the result is safe to print.
    public var json: String { written(JSONLayout()) }

    /// The node as JSON without spaces: `{"lr":0.001,"layers":[64,32]}`.
    public var compactJSON: String { written(JSONLayout(separator: ",", colon: ":")) }

    /// The node as JSON on several lines, indented by two spaces a level, for people to read.
    ///
    ///     {
    ///       "lr": 0.001,
    ///       "layers": [
    ///         64,
    ///         32
    ///       ]
    ///     }
    ///
    /// - Parameter indentation: the number of spaces before the closing bracket; the first line is not indented.
    public func indentedJSON(by indentation: Int = 0) -> String {
        written(JSONLayout(separator: ",", margin: indentation))
    }

    /// The text between the parts of a list or mapping.
    private struct JSONLayout {
        var separator = ", "
        var colon = ": "
        /// The number of spaces before a line at depth 0; nil to write everything on one line.
        var margin: Int?

        /// The line break before a value at this depth.
        func lineBreak(_ depth: Int) -> String {
            margin.map { "\n" + String(repeating: " ", count: $0 + 2 * depth) } ?? ""
        }
    }

    private func written(_ layout: JSONLayout) -> String {
        var text = ""
        write(to: &text, layout, depth: 0)
        return text
    }

    /// Adds the node to `text`. All nodes write to one text: to join a text for each would take several times as long.
    private func write(to text: inout String, _ layout: JSONLayout, depth: Int) {
        switch value {
        case .null: text += "null"
        case .boolean(let flag): text += flag ? "true" : "false"
        case .integer(let number): text += String(number)
        case .number(let number):
            // The number holds an integer beyond 64 bits only approximately; its text has all digits.
            if number.magnitude >= 0x1p63, let digits = largeIntegerDigits {
                text += digits
            } else {
                text += number.isFinite ? number.description : "null"
            }
        case .string(let string): JSONText.write(string, to: &text)
        case .sequence(let nodes):
            if nodes.isEmpty {
                text += "[]"
                return
            }
            for (index, node) in nodes.enumerated() {
                text += (index == 0 ? "[" : layout.separator) + layout.lineBreak(depth + 1)
                node.write(to: &text, layout, depth: depth + 1)
            }
            text += layout.lineBreak(depth) + "]"
        case .mapping(let entries):
            if entries.isEmpty {
                text += "{}"
                return
            }
            for (index, entry) in entries.enumerated() {
                text += (index == 0 ? "{" : layout.separator) + layout.lineBreak(depth + 1)
                JSONText.write(entry.key, to: &text)
                text += layout.colon
                entry.node.write(to: &text, layout, depth: depth + 1)
            }
            text += layout.lineBreak(depth) + "}"
        }
    }
}

extension ConfigNode {
    /// The digits of an integer that does not fit in 64 bits, without leading zeros or a plus sign; nil for any other
    /// value.
    ///
    /// Such an integer is read as a floating-point number, which may lose digits; the node's `text` has them all.
    ///
    ///     18446744073709551616        "18446744073709551616"
    ///     1e30                        nil: written with an exponent, it is a floating-point number
    ///     42                          nil: it fits
    public var largeIntegerDigits: String? {
        guard case .number = value, let text else { return nil }
        let isNegative = text.hasPrefix("-")
        let digits = (isNegative || text.hasPrefix("+") ? text.dropFirst() : text[...]).drop { $0 == "0" }
        // The smallest integer beyond 64 bits, 2⁶³, has 19 digits.
        guard digits.utf8.count >= 19, digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        let plain = (isNegative ? "-" : "") + digits
        return Int(plain) == nil ? plain : nil
    }
}
