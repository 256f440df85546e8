/// The type that a scalar without quotes has in YAML 1.1, as PyYAML reads it.
///
///     YAML11Scalar("no")              // .boolean
///     YAML11Scalar("017")             // .integer: fifteen, in octal
///     YAML11Scalar("12:30")           // .integer: 750, in base sixty
///     YAML11Scalar("1e-3")            // .string: a number needs a point
///     YAML11Scalar("2001-12-14")      // .date
///
/// Most trainers are written in Python and read their files with PyYAML, so a text that is written for them must mean
/// the same by both versions.
enum YAML11Scalar {
    case null, boolean, integer, number, date, string
    /// A sign with a meaning of its own (`<<`, `=`), or a word about which readers disagree (`y`, `n`).
    case special

    /// - Parameter text: the scalar as it is written.
    init(_ text: String) {
        self = Self.word(text) ?? Self.numeric(Array(text.utf8)) ?? (Self.isDate(Array(text.utf8)) ? .date : .string)
    }

    /// The type of a word with a fixed meaning; nil for all others.
    private static func word(_ text: String) -> YAML11Scalar? {
        switch text {
        case "", "~", "null", "Null", "NULL": .null
        case "yes", "Yes", "YES", "no", "No", "NO", "true", "True", "TRUE", "false", "False", "FALSE", "on", "On", "ON",
            "off", "Off", "OFF":
            .boolean
        // The last four are booleans in the specification of YAML 1.1, but text to PyYAML.
        case "<<", "=", "y", "Y", "n", "N": .special
        case ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF":
            .number
        default: nil
        }
    }

    /// Recognises integers, with underscores, and in octal (`017`), hexadecimal, binary and sexagesimal form (`12:30`),
    /// and floating-point numbers, which need a point, and a sign in an exponent (`1.0e-5`).
    private static func numeric(_ bytes: [UInt8]) -> YAML11Scalar? {
        var rest = bytes[...]
        func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
        func all(_ bytes: ArraySlice<UInt8>, _ isLegal: (UInt8) -> Bool) -> Bool {
            !bytes.isEmpty && bytes.allSatisfy { isLegal($0) || $0 == UInt8(ascii: "_") }
        }
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest = rest.dropFirst() }
        guard let first = rest.first, isDigit(first) || first == UInt8(ascii: ".") else { return nil }
        if first == UInt8(ascii: "0"), rest.count > 1 {
            let second = rest[rest.startIndex + 1]
            let digits = rest.dropFirst(2)
            if second == UInt8(ascii: "x"), all(digits, { isDigit($0) || (97...102).contains($0 | 0x20) }) {
                return .integer
            }
            if second == UInt8(ascii: "b"), all(digits, { $0 == 48 || $0 == 49 }) { return .integer }
            if all(rest.dropFirst(), { (48...55).contains($0) }) { return .integer }
        }
        if rest.count == 1, isDigit(first) { return .integer }
        if first != UInt8(ascii: "0"), all(rest, isDigit) { return .integer }
        if rest.contains(UInt8(ascii: ":")) { return sexagesimal(rest) }
        guard let point = rest.firstIndex(of: UInt8(ascii: ".")) else { return nil }
        let whole = rest[..<point]
        guard whole.isEmpty || all(whole, isDigit) else { return nil }
        var fraction = rest[rest.index(after: point)...]
        if let exponent = fraction.firstIndex(where: { $0 | 0x20 == 0x65 }) {
            let power = fraction[fraction.index(after: exponent)...]
            guard let sign = power.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+"),
                !power.dropFirst().isEmpty, power.dropFirst().allSatisfy(isDigit)
            else { return nil }
            fraction = fraction[..<exponent]
        }
        guard fraction.isEmpty ? !whole.isEmpty : all(fraction, isDigit) else { return nil }
        return .number
    }

    /// Recognises numbers in base sixty, without their sign: `12:30` is an integer, `12:30.5` a floating-point number;
    /// nil for other texts. Every place but the first is below 60.
    private static func sexagesimal(_ bytes: ArraySlice<UInt8>) -> YAML11Scalar? {
        let parts = bytes.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        func isDigits(_ bytes: ArraySlice<UInt8>) -> Bool {
            bytes.allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: "_") }
        }
        guard let whole = parts.first, parts.dropFirst().allSatisfy(isDigits) else { return nil }
        let places = whole.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard let first = places.first, let lead = first.first, (48...57).contains(lead), isDigits(first),
            places.dropFirst().allSatisfy({ place in
                place.allSatisfy { (48...57).contains($0) }
                    && (place.count == 1 || place.count == 2 && place.first.map { $0 <= 53 } == true)
            })
        else { return nil }
        if parts.count == 2 { return .number }
        return lead == UInt8(ascii: "0") ? nil : .integer
    }

    /// Recognises dates: `2001-12-14`, and with a time after it.
    private static func isDate(_ bytes: [UInt8]) -> Bool {
        let parts = bytes.split(separator: UInt8(ascii: "-"), maxSplits: 2, omittingEmptySubsequences: false)
        func isDigits(_ bytes: ArraySlice<UInt8>) -> Bool { bytes.allSatisfy { (48...57).contains($0) } }
        guard parts.count == 3, parts[0].count == 4, isDigits(parts[0]), (1...2).contains(parts[1].count),
            isDigits(parts[1])
        else { return false }
        // What follows the day is not checked. To take too much for a date costs no more than quotes; to take too
        // little would change a value.
        return (1...2).contains(parts[2].prefix { (48...57).contains($0) }.count)
    }
}

extension ConfigNode {
    /// A type that only YAML 1.1 gives to a text.
    public enum OlderKind: Sendable {
        /// `no` is a boolean; `1_000`, `0b11` and `12:30` are integers; `1_0.5` is a floating-point number.
        case boolean, integer, number
    }

    /// The type that a scalar without quotes has in YAML 1.1, if it is a string in YAML 1.2: `no` is a boolean there,
    /// `1_000` and `0b11` are integers. Nil for all other values.
    ///
    /// A value that the older rules read as another type cannot be called wrong in a file for a trainer, as the trainer
    /// may follow them.
    public var olderKind: OlderKind? {
        guard case .string(let text) = value, isPlain else { return nil }
        return switch YAML11Scalar(text) {
        case .boolean: .boolean
        case .integer: .integer
        case .number: .number
        case .null, .date, .string, .special: nil
        }
    }
}
