/// Reads one line as a JSON object with the extensions that `MetricReport` names.
///
/// A general JSON decoder refuses `NaN`, and costs more than the rest of a short trial's bookkeeping.
struct ReportScanner {
    private let bytes: [UInt8]
    private var position = 0
    private var step: Int?
    private var hasUnusableStep = false
    private var metrics: [MetricReport.Metric] = []
    private var places: [String: Int] = [:]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Nil unless the whole line is one object that holds a number other than its step.
    mutating func report() -> MetricReport? {
        skipSpaces()
        guard skip("{") else { return nil }
        skipSpaces()
        if !skip("}") {
            repeat {
                guard let name = key(), let value = value(depth: 0) else { return nil }
                record(name, value)
                skipSpaces()
            } while skip(",")
            guard skip("}") else { return nil }
        }
        skipSpaces()
        guard position == bytes.count, !metrics.isEmpty else { return nil }
        return MetricReport(step: step, hasUnusableStep: hasUnusableStep, metrics: metrics)
    }

    private mutating func record(_ name: String, _ value: Value) {
        if name == "step" {
            if case .number(let number) = value { step = Int(exactly: number) } else { step = nil }
            hasUnusableStep = step == nil && value != .null
            return
        }
        guard case .number(let value) = value else { return }
        if let place = places[name] {
            metrics[place].value = value
        } else {
            places[name] = metrics.count
            metrics.append(MetricReport.Metric(name, value))
        }
    }

    private enum Value: Equatable {
        case number(Double)
        case null
        case other
    }

    private mutating func key() -> String? {
        skipSpaces()
        guard let name = string() else { return nil }
        skipSpaces()
        guard skip(":") else { return nil }
        return name
    }

    /// Nil if what follows is no JSON value.
    private mutating func value(depth: Int) -> Value? {
        skipSpaces()
        guard position < bytes.count, depth < 64 else { return nil }
        switch bytes[position] {
        case UInt8(ascii: "\""):
            guard let text = string() else { return nil }
            return Self.nonNumber(text).map { .number($0) } ?? .other
        case UInt8(ascii: "["):
            return container(closedBy: "]", named: false, depth: depth)
        case UInt8(ascii: "{"):
            return container(closedBy: "}", named: true, depth: depth)
        default:
            return word()
        }
    }

    private mutating func container(closedBy close: StaticString, named: Bool, depth: Int) -> Value? {
        position += 1
        skipSpaces()
        if skip(close) { return .other }
        repeat {
            if named, key() == nil { return nil }
            guard value(depth: depth + 1) != nil else { return nil }
            skipSpaces()
        } while skip(",")
        return skip(close) ? .other : nil
    }

    /// A number, a literal or a non-number: everything up to a character that ends a value.
    private mutating func word() -> Value? {
        let start = position
        while position < bytes.count, !Self.endsWord(bytes[position]) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if text == "null" { return .null }
        if text == "true" || text == "false" { return .other }
        if let number = Self.nonNumber(text) { return .number(number) }
        // `Double(_:)` also takes hexadecimal numbers and payloads of NaN, which no JSON writer means.
        guard text.utf8.allSatisfy({ (48...57).contains($0) || "+-.eE".utf8.contains($0) }),
            text.utf8.first != UInt8(ascii: "+"),
            let number = Double(text)
        else { return nil }
        return .number(number)
    }

    private static func endsWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: " "), UInt8(ascii: "\t"),
            UInt8(ascii: "\r"), UInt8(ascii: "\n"):
            true
        default: false
        }
    }

    private static func nonNumber(_ text: String) -> Double? {
        switch text {
        case "NaN", "nan", "NAN", "-NaN", "-nan", "+NaN", "+nan": .nan
        case "Infinity", "+Infinity", "inf", "+inf", "Inf", "+Inf", "INF": .infinity
        case "-Infinity", "-inf", "-Inf", "-INF": -.infinity
        default: nil
        }
    }

    private mutating func string() -> String? {
        guard skip("\"") else { return nil }
        var text: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            // Text in another encoding must not cost the numbers beside it.
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard appendEscape(to: &text) else { return nil }
            case 0..<32: return nil
            default: text.append(byte)
            }
        }
        return nil
    }

    private mutating func appendEscape(to text: inout [UInt8]) -> Bool {
        guard position < bytes.count else { return false }
        let escape = bytes[position]
        position += 1
        switch escape {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(escape)
        case UInt8(ascii: "b"): text.append(8)
        case UInt8(ascii: "f"): text.append(12)
        case UInt8(ascii: "n"): text.append(10)
        case UInt8(ascii: "r"): text.append(13)
        case UInt8(ascii: "t"): text.append(9)
        case UInt8(ascii: "u"):
            guard let unit = hexadecimal() else { return false }
            text.append(contentsOf: Character(scalar(from: unit)).utf8)
        default: return false
        }
        return true
    }

    /// The scalar that an escape begins: with a low surrogate after it, where it is a high one. Half a pair, which
    /// Python prints for a file name that is not UTF-8, becomes the replacement character.
    private mutating func scalar(from unit: UInt32) -> Unicode.Scalar {
        let start = position
        if (0xD800..<0xDC00).contains(unit), skip("\\"), skip("u"), let low = hexadecimal(),
            (0xDC00..<0xE000).contains(low)
        {
            return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}"
        }
        position = start
        return Unicode.Scalar(unit) ?? "\u{FFFD}"
    }

    private mutating func hexadecimal() -> UInt32? {
        guard position + 4 <= bytes.count else { return nil }
        var unit: UInt32 = 0
        for byte in bytes[position..<position + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            unit = unit << 4 | UInt32(digit)
        }
        position += 4
        return unit
    }

    private mutating func skipSpaces() {
        while position < bytes.count, [32, 9, 10, 13].contains(bytes[position]) { position += 1 }
    }

    private mutating func skip(_ character: StaticString) -> Bool {
        guard position < bytes.count, bytes[position] == character.utf8Start.pointee else { return false }
        position += 1
        return true
    }
}
