/// Writes SVG so that nothing in it can act: every text and every attribute is escaped here and nowhere else.
struct SVGWriter {
    private(set) var text = ""

    /// `<name a="b">content</name>`, or `<name a="b"/>` without content.
    mutating func element(_ name: String, _ attributes: KeyValuePairs<String, String>, content: String? = nil) {
        open(name, attributes, isWhole: content == nil)
        guard let content else { return }
        text += Self.escaped(content) + "</\(name)>\n"
    }

    mutating func open(_ name: String, _ attributes: KeyValuePairs<String, String>, isWhole: Bool = false) {
        text += "<\(name)"
        for (key, value) in attributes where !value.isEmpty {
            text += " \(key)=\"\(Self.escaped(value))\""
        }
        text += isWhole ? "/>\n" : ">"
    }

    mutating func close(_ name: String) { text += "</\(name)>\n" }

    /// Text that neither markup nor a terminal nor a reader takes for something else.
    ///
    /// Control characters (NUL, ESC) are not allowed in XML. Those that turn the direction of writing are, but
    /// with them a name can look like another one.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: if !isRemoved(scalar) { result.unicodeScalars.append(scalar) }
            }
        }
        return result
    }

    private static func isRemoved(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x61C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFF:
            true
        default: false
        }
    }

    /// A coordinate with at most one decimal: a tenth of a pixel cannot be seen. "-0.5", "12", "3.4".
    static func number(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e9 else { return "0" }
        let tenths = Int((value * 10).rounded())
        let whole = abs(tenths) / 10
        let rest = abs(tenths) % 10
        return (tenths < 0 ? "-" : "") + "\(whole)" + (rest == 0 ? "" : ".\(rest)")
    }

    /// Two coordinates in path data. A minus sign parts them as well as a space.
    static func pair(_ x: Double, _ y: Double) -> String {
        let second = number(y)
        return number(x) + (second.hasPrefix("-") ? "" : " ") + second
    }
}
