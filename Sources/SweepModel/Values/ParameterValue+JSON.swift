import JSONWriting
import SweepSearch

extension ParameterValue {
    /// How a value is laid out as JSON.
    public enum JSONStyle: Sendable {
        /// Without spaces, for an argument of a command.
        case compact
        /// With a space after each comma and colon, for people.
        case spaced
        /// As `spaced`, but infinities are kept, for the database. JSON has no word for them; `1e999` overflows to
        /// infinity in every reader. In the other styles they are `null`, which other programs expect.
        case stored
    }

    /// The value as JSON that keeps its kind: 1 is an integer, and 1.0 a floating-point number.
    public func json(_ style: JSONStyle) -> String {
        let (comma, colon) = style == .compact ? (",", ":") : (", ", ": ")
        switch self {
        case .integer(let number): return String(number)
        case .number(let number):
            if number.isFinite { return number.description }
            return style == .stored ? (number < 0 ? "-1e999" : "1e999") : "null"
        case .string(let text): return JSONText.quoted(text)
        case .boolean(let flag): return flag ? "true" : "false"
        case .largeInteger(let digits): return digits
        case .null: return "null"
        case .list(let elements): return "[\(elements.map { $0.json(style) }.joined(separator: comma))]"
        case .mapping(let entries):
            let fields = entries.map { "\(JSONText.quoted($0.key))\(colon)\($0.value.json(style))" }
            return "{\(fields.joined(separator: comma))}"
        }
    }

    /// The value as a program's argument: a string as it is, a number with the fewest digits that read back the same,
    /// a list or a mapping as JSON.
    ///
    ///     ParameterValue.string("adam").argument                        // adam
    ///     ParameterValue.number(0.001).argument                         // 0.001
    ///     ParameterValue.list([.integer(64), .integer(32)]).argument    // [64,32]
    public var argument: String {
        switch self {
        case .string(let text): text
        // As C, Python and others read it.
        case .number(let number) where number.isInfinite: number < 0 ? "-inf" : "inf"
        case .list, .mapping: json(.compact)
        case .integer, .number, .boolean, .largeInteger, .null: description
        }
    }

    /// Reads a value that `json(_:)` wrote; nil for a text that is not exactly one JSON value.
    public init?(json: String) {
        self.init(json.utf8, isPython: false)
    }

    /// Reads JSON as Python writes it, which may hold the words `NaN`, `Infinity` and `-Infinity`.
    ///
    /// - Returns: nil for bytes that are not exactly one such value.
    public init?(pythonJSON bytes: some Sequence<UInt8>) {
        self.init(bytes, isPython: true)
    }

    private init?(_ bytes: some Sequence<UInt8>, isPython: Bool) {
        var scanner = ValueScanner(bytes: Array(bytes), isPython: isPython)
        guard let value = scanner.value(depth: 0), scanner.isAtEnd else { return nil }
        self = value
    }
}

/// Reads JSON from its beginning, byte by byte.
///
/// Foundation's decoder does not tell 1 from 1.0 and loses digits of large integers, and both matter for parameters.
private struct ValueScanner {
    /// Far more than a sweep file nests. Each level is a call: without a limit, a damaged database could overflow the
    /// stack.
    private static let maxDepth = 200

    private let bytes: [UInt8]
    /// Whether the words that Python has for numbers which JSON has not are read.
    private let isPython: Bool
    private var position = 0

    init(bytes: [UInt8], isPython: Bool) {
        self.bytes = bytes
        self.isPython = isPython
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    var isAtEnd: Bool {
        mutating get {
            skipSpace()
            return position == bytes.count
        }
    }

    mutating func value(depth: Int) -> ParameterValue? {
        guard depth < Self.maxDepth else { return nil }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return mapping(depth)
        case UInt8(ascii: "["): return list(depth)
        case UInt8(ascii: "\""): return string().map { .string($0) }
        case UInt8(ascii: "t"): return take("true") ? .boolean(true) : nil
        case UInt8(ascii: "f"): return take("false") ? .boolean(false) : nil
        case UInt8(ascii: "n"): return take("null") ? .null : nil
        case UInt8(ascii: "N") where isPython: return take("NaN") ? .number(.nan) : nil
        case UInt8(ascii: "I") where isPython: return take("Infinity") ? .number(.infinity) : nil
        case UInt8(ascii: "-") where isPython && take("-Infinity"): return .number(-.infinity)
        default: return number()
        }
    }

    private mutating func list(_ depth: Int) -> ParameterValue? {
        position += 1
        var elements: [ParameterValue] = []
        skipSpace()
        if take("]") { return .list([]) }
        while true {
            guard let element = value(depth: depth + 1) else { return nil }
            elements.append(element)
            skipSpace()
            if take("]") { return .list(elements) }
            guard take(",") else { return nil }
        }
    }

    private mutating func mapping(_ depth: Int) -> ParameterValue? {
        position += 1
        var entries: [ParameterValue.Entry] = []
        skipSpace()
        if take("}") { return .mapping([]) }
        while true {
            skipSpace()
            guard let key = string() else { return nil }
            skipSpace()
            guard take(":"), let value = value(depth: depth + 1) else { return nil }
            entries.append(.init(key, value))
            skipSpace()
            if take("}") { return .mapping(entries) }
            guard take(",") else { return nil }
        }
    }

    private mutating func number() -> ParameterValue? {
        let start = position
        while let byte = next, isPartOfNumber(byte) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        if !digits.isEmpty, digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            return Int(text).map { .integer($0) } ?? .largeInteger(text)
        }
        // `Double` also reads hexadecimal numbers and words such as `inf`, which are no JSON.
        guard digits.utf8.first.map({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) ?? false else {
            return nil
        }
        return Double(text).map { .number($0) }
    }

    private func isPartOfNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    private mutating func string() -> String? {
        guard take("\"") else { return nil }
        var units: [UInt8] = []
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(validating: units, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let scalar = escape() else { return nil }
                units += Array(String(scalar).utf8)
            default: units.append(byte)
            }
        }
        return nil
    }

    /// The character that the text after a backslash stands for.
    private mutating func escape() -> Unicode.Scalar? {
        guard let byte = next else { return nil }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "u"):
            guard let unit = hexadecimal() else { return nil }
            if let scalar = Unicode.Scalar(UInt32(unit)) { return scalar }
            // A character beyond 16 bits is written as two halves. One alone stands for nothing.
            let start = position
            guard UTF16.isLeadSurrogate(unit), take("\\u"), let second = hexadecimal(), UTF16.isTrailSurrogate(second)
            else {
                position = start
                return "\u{FFFD}"
            }
            return Unicode.Scalar(0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(second) - 0xDC00))
        default: return nil
        }
    }

    private mutating func hexadecimal() -> UInt16? {
        guard position + 4 <= bytes.count else { return nil }
        let digits = String(decoding: bytes[position..<position + 4], as: UTF8.self)
        position += 4
        return UInt16(digits, radix: 16)
    }

    private mutating func take(_ text: StaticString) -> Bool {
        let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard bytes[position...].starts(with: wanted) else { return false }
        position += wanted.count
        return true
    }

    private mutating func skipSpace() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
    }
}
