extension ConfigNode.Value {
    /// The value of a scalar without quotes by the core schema of YAML 1.2.2, section 10.3.2.
    ///
    ///     .plain("1e-3")      // .number(0.001)
    ///     .plain("0x1F")      // .integer(31)
    ///     .plain("017")       // .integer(17)
    ///     .plain("yes")       // .string("yes")
    ///     .plain("1_000")     // .string("1_000")
    ///
    /// An integer that does not fit in 64 bits is read as a number.
    static func plain(_ text: String) -> Self {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .boolean(true)
        case "false", "False", "FALSE": return .boolean(false)
        case ".nan", ".NaN", ".NAN": return .number(.nan)
        default: break
        }
        if let number = infinity(text) { return .number(number) }
        if let integer = integer(text) { return .integer(integer) }
        if isDecimal(text), let number = Double(text) { return .number(number) }
        return .string(text)
    }

    /// Plus or minus infinity if the text is one of YAML's words for it; otherwise nil. Swift's own parser would accept
    /// `inf`, which is text here.
    private static func infinity(_ text: String) -> Double? {
        switch text {
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": .infinity
        case "-.inf", "-.Inf", "-.INF": -.infinity
        default: nil
        }
    }

    /// A decimal, hexadecimal or octal integer of 64 bits; nil for anything else, and for a larger one. By the schema
    /// only a decimal one may have a sign.
    private static func integer(_ text: String) -> Int? {
        if text.hasPrefix("0x") { return digits(text.dropFirst(2), radix: 16) }
        if text.hasPrefix("0o") { return digits(text.dropFirst(2), radix: 8) }
        let unsigned = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
        guard !unsigned.isEmpty, unsigned.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }

    private static func digits(_ text: Substring, radix: Int) -> Int? {
        text.first == "-" || text.first == "+" ? nil : Int(text, radix: radix)
    }

    /// Whether the text is a decimal number as section 10.3.2 defines it:
    /// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
    private static func isDecimal(_ text: String) -> Bool {
        var rest = Substring(text).utf8
        func dropDigits() -> Int {
            let count = rest.prefix { (48...57).contains($0) }.count
            rest = rest.dropFirst(count)
            return count
        }
        func drop(_ characters: StaticString...) -> Bool {
            guard let next = rest.first, characters.contains(where: { $0.utf8Start.pointee == next }) else {
                return false
            }
            rest = rest.dropFirst()
            return true
        }
        _ = drop("-", "+")
        let whole = dropDigits()
        let fraction = drop(".") ? dropDigits() : 0
        guard whole + fraction > 0 else { return false }
        if drop("e", "E") {
            _ = drop("-", "+")
            guard dropDigits() > 0 else { return false }
        }
        return rest.isEmpty
    }
}
