import SweepSearch

/// Values as Python prints them with `str`.
///
///     PythonText.text(of: true)                                        // True
///     PythonText.text(of: .list([.integer(32), .string("a"), .null]))  // [32, 'a', None]
enum PythonText {
    static func text(of value: ParameterValue) -> String {
        if case .string(let text) = value { text } else { inside(value) }
    }

    /// A value in a list or a dictionary, where text has quotes.
    private static func inside(_ value: ParameterValue) -> String {
        switch value {
        case .null: "None"
        case .boolean(let flag): flag ? "True" : "False"
        case .integer(let number): String(number)
        case .largeInteger(let digits): digits
        case .number(let number): text(of: number)
        case .string(let text): quoted(text)
        case .list(let elements): "[" + elements.map(inside).joined(separator: ", ") + "]"
        case .mapping(let entries):
            "{" + entries.map { "\(quoted($0.key)): \(inside($0.value))" }.joined(separator: ", ") + "}"
        }
    }

    /// Both languages print the fewest digits that read back the same. Python has an exponent from 1e16 on, Swift from
    /// 2⁵³ on, which is 9.007e15.
    private static func text(of number: Double) -> String {
        if number.isNaN { return "nan" }
        if number.isInfinite { return number < 0 ? "-inf" : "inf" }
        if number.magnitude < 1e16, let whole = Int(exactly: number), number.magnitude >= 0x1p53 { return "\(whole).0" }
        return "\(number)"
    }

    /// The text in single quotes, or in double quotes if it has single and no double ones.
    private static func quoted(_ text: String) -> String {
        let quote: Character = text.contains("'") && !text.contains("\"") ? "\"" : "'"
        var result = String(quote)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where Character(scalar) == quote: result += "\\\(quote)"
            case _ where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value):
                result += "\\x" + (scalar.value < 0x10 ? "0" : "") + String(scalar.value, radix: 16)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + String(quote)
    }
}
