/// One value of one parameter, of the kind the trainer gets to see.
public enum ParameterValue: Sendable, Hashable {
    case integer(Int)
    case number(Double)
    case string(String)
    case boolean(Bool)

    /// Whether both denote the same value: `1` and `1.0` do, `1` and `"1"` do not.
    public func matches(_ other: ParameterValue) -> Bool {
        normalized == other.normalized
    }

    /// The value as a number, if it is one. Integers beyond 2⁵³ are rounded.
    public var asNumber: Double? {
        switch self {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        case .string, .boolean: nil
        }
    }

    /// The same value with whole numbers as integers, so that values that match are equal.
    package var normalized: ParameterValue {
        guard case .number(let number) = self, let integer = Int(exactly: number) else { return self }
        return .integer(integer)
    }
}

extension ParameterValue: CustomStringConvertible {
    /// The value as one writes it in YAML: shortest digits that read back as the same number, and quotes only where a
    /// plain word would be read as something else, by YAML 1.1 (`no`) or 1.2.
    public var description: String {
        switch self {
        case .integer(let integer): integer.description
        case .number(let number):
            number.isNaN ? ".nan" : number.isInfinite ? (number < 0 ? "-.inf" : ".inf") : number.description
        case .string(let string): Self.isPlain(string) ? string : Self.quoted(string)
        case .boolean(let boolean): boolean.description
        }
    }

    private static let reservedWords: Set<String> = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"]

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
