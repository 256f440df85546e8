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
    public var json: String { json(JSONLayout(), depth: 0) }

    /// The node as JSON without spaces: `{"lr":0.001,"layers":[64,32]}`.
    public var compactJSON: String { json(JSONLayout(separator: ",", colon: ":"), depth: 0) }

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
        json(JSONLayout(separator: ",", margin: indentation), depth: 0)
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

    /// - Parameter depth: how many lists and mappings the node lies in.
    private func json(_ layout: JSONLayout, depth: Int) -> String {
        switch value {
        case .null: return "null"
        case .boolean(let flag): return flag ? "true" : "false"
        case .integer(let number): return String(number)
        case .number(let number):
            // The number holds an integer beyond 64 bits only approximately; its text has all digits.
            if number.magnitude >= 0x1p63, let digits = largeIntegerDigits { return digits }
            return number.isFinite ? number.description : "null"
        case .string(let text): return JSONText.quoted(text)
        case .sequence(let nodes):
            return Self.json(nodes.map { $0.json(layout, depth: depth + 1) }, "[", "]", layout, depth)
        case .mapping(let entries):
            let fields = entries.map {
                JSONText.quoted($0.key) + layout.colon + $0.node.json(layout, depth: depth + 1)
            }
            return Self.json(fields, "{", "}", layout, depth)
        }
    }

    /// Joins the finished parts of a list or mapping; `[]` and `{}` stay on one line in every layout.
    private static func json(
        _ parts: [String], _ open: String, _ close: String, _ layout: JSONLayout, _ depth: Int
    ) -> String {
        if parts.isEmpty { return open + close }
        let lineBreak = layout.lineBreak(depth + 1)
        return open + lineBreak + parts.joined(separator: layout.separator + lineBreak) + layout.lineBreak(depth)
            + close
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
