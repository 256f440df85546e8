/// One value of one parameter, with the type that the trainer receives.
public enum ParameterValue: Sendable, Hashable {
    /// A whole number of 64 bits, of an integer range or a list.
    case integer(Int)
    /// A floating-point number, whole or not.
    case number(Double)
    /// A text, mostly the name of a choice.
    case string(String)
    case boolean(Bool)
    /// An integer of more than 64 bits, by its decimal digits.
    case largeInteger(String)
    /// Nothing, as a choice such as "no scheduler".
    case null
    /// A list as one choice, such as the widths of all layers.
    case list([ParameterValue])
    /// In the order they were written; no key is there twice.
    case mapping([Entry])

    /// One key of a mapping with its value.
    public struct Entry: Sendable, Hashable {
        public var key: String
        public var value: ParameterValue

        public init(_ key: String, _ value: ParameterValue) {
            self.key = key
            self.value = value
        }
    }

    /// Whether both denote the same value: `1` and `1.0` do, `1` and `"1"` do not; nor does the order of keys count.
    ///
    /// `==` is stricter and also compares the kind: the integer 1 is not the number 1.0.
    public func matches(_ other: ParameterValue) -> Bool {
        switch (self, other) {
        // Former releases knew only the number that is nearest to a large integer.
        case (.largeInteger(let digits), .number(let number)), (.number(let number), .largeInteger(let digits)):
            Double(digits) == number
        case (_, _): normalized == other.normalized
        }
    }

    /// The value as a number, if it is one. Integers beyond 2⁵³ are rounded.
    public var asNumber: Double? {
        switch self {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        case .largeInteger(let digits): Double(digits)
        case .string, .boolean, .null, .list, .mapping: nil
        }
    }

    /// The same value with whole numbers as integers and keys in alphabetical order, so that values that match are
    /// equal.
    package var normalized: ParameterValue {
        switch self {
        case .number(let number): Int(exactly: number).map { .integer($0) } ?? self
        case .list(let elements): .list(elements.map(\.normalized))
        case .mapping(let entries):
            .mapping(entries.map { Entry($0.key, $0.value.normalized) }.sorted { $0.key < $1.key })
        case .integer, .string, .boolean, .largeInteger, .null: self
        }
    }

    /// Whether it is NaN or holds one, which equals nothing.
    package var holdsNaN: Bool {
        switch self {
        case .number(let number): number.isNaN
        case .list(let elements): elements.contains(where: \.holdsNaN)
        case .mapping(let entries): entries.contains { $0.value.holdsNaN }
        case .integer, .string, .boolean, .largeInteger, .null: false
        }
    }

    /// Whether it is neither a number nor text nor true or false.
    package var isStructure: Bool {
        switch self {
        case .null, .list, .mapping: true
        case .integer, .number, .string, .boolean, .largeInteger: false
        }
    }
}

extension ParameterValue: CustomStringConvertible {
    /// The value as YAML on one line. Numbers have the fewest digits that read back as the same number; strings have
    /// quotes only where YAML 1.1 or 1.2 would read the plain word as something else, such as `no`.
    ///
    ///     ParameterValue.number(0.1)                  0.1
    ///     ParameterValue.string("no")                 'no'
    ///     ParameterValue.list([1, "adam"])            [1, adam]
    public var description: String {
        switch self {
        case .integer(let integer): integer.description
        case .number(let number):
            number.isNaN ? ".nan" : number.isInfinite ? (number < 0 ? "-.inf" : ".inf") : number.description
        case .string(let string): Self.isPlain(string) ? string : Self.quoted(string)
        case .boolean(let boolean): boolean.description
        case .largeInteger(let digits): digits
        case .null: "null"
        case .list(let elements): "[\(elements.map(\.description).joined(separator: ", "))]"
        case .mapping(let entries):
            "{" + entries.map { "\(ParameterValue.string($0.key)): \($0.value)" }.joined(separator: ", ") + "}"
        }
    }

    private static let reservedWords: Set<String> = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"]

    /// Whether a string needs no quotes: a word of letters, digits and `_ . / + -` that begins with a letter, `_` or
    /// `/`.
    private static func isPlain(_ string: String) -> Bool {
        guard let first = string.first, first.isLetter || first == "_" || first == "/" else { return false }
        return string.allSatisfy { $0.isLetter || $0.isNumber || "_./+-".contains($0) }
            && !reservedWords.contains(string.lowercased())
    }

    private static func quoted(_ string: String) -> String {
        let isPrintable = string.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        if isPrintable { return "'" + string.map { $0 == "'" ? "''" : String($0) }.joined() + "'" }
        var escaped = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": escaped += "\\\""
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\t": escaped += "\\t"
            case "\r": escaped += "\\r"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                escaped += "\\x" + (scalar.value < 0x10 ? "0" : "") + String(scalar.value, radix: 16)
            case _: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped + "\""
    }
}

extension ParameterValue: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
    ExpressibleByBooleanLiteral
{
    public init(integerLiteral value: Int) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
}
