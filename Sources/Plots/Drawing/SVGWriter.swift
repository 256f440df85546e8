/// Writes SVG so that nothing in it can act: every text and every attribute is escaped here and nowhere else.
struct SVGWriter {
    private(set) var text = ""

    /// `<name a="b">content</name>`, or `<name a="b"/>` without content.
    mutating func element(_ name: String, _ attributes: KeyValuePairs<String, String>, content: String? = nil) {
        open(name, attributes, isWhole: content == nil)
        guard let content else { return }
        text += MarkupText.escaped(content) + "</\(name)>\n"
    }

    mutating func open(_ name: String, _ attributes: KeyValuePairs<String, String>, isWhole: Bool = false) {
        text += "<\(name)"
        for (key, value) in attributes where !value.isEmpty {
            text += " \(key)=\"\(MarkupText.escaped(value))\""
        }
        text += isWhole ? "/>\n" : ">"
    }

    mutating func close(_ name: String) { text += "</\(name)>\n" }

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
