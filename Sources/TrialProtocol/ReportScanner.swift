/// Reads the JSON object that a line ends with, including the spellings beyond JSON that `MetricReport` lists.
///
/// A general JSON decoder is not used: it refuses `NaN`, and takes longer than all other bookkeeping of a short trial.
struct ReportScanner {
    enum Found {
        /// An object that begins at this index; the report is nil if it holds no number other than a step.
        case object(MetricReport?, at: Int)
        case none
    }

    private enum Reading {
        case object(MetricReport?)
        /// A brace that is just part of a text: it is not followed by a name and a colon.
        case text
        /// Something that begins as an object and then breaks the rules of JSON.
        case broken
    }

    private let bytes: ArraySlice<UInt8>
    private var position: Int
    private var step: Int?
    private var hasUnusableStep = false
    private var metrics: [MetricReport.Metric] = []
    private var brokenObjects = 0
    private static let maxBrokenObjects = 8
    /// How long the names of values in inner objects are together.
    private var pathBytes = 0
    private static let maxPathBytes = 1 << 16
    /// The index in `metrics` of each name read so far.
    private var places: [String: Int] = [:]

    /// - Parameter bytes: a line, in which nothing but white space follows the object.
    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    /// Finds the object that makes up the whole line, or that ends it.
    ///
    /// If the line begins with an object, it must consist of that object alone: a truncated report, or several on one
    /// line, have no clear meaning and are ordinary log output. So is an object that is part of a larger one which
    /// began on an earlier line.
    ///
    /// - Complexity: linear in the length of the line. After a brace that does not begin an object the search goes on
    ///   one byte later, but at most one quoted name has been read by then, and such names do not overlap. At most
    ///   `maxBrokenObjects` objects are read in vain.
    mutating func lastObject() -> Found {
        skipSpaces()
        var isWhole = position < bytes.endIndex && bytes[position] == UInt8(ascii: "{")
        while let start = bytes[position...].firstIndex(of: UInt8(ascii: "{")) {
            if !isWhole, isInside(start) { return .none }
            position = start
            switch object() {
            case .object(let report):
                skipSpaces()
                if position == bytes.endIndex { return .object(report, at: start) }
                if isWhole { return .none }
            case .text:
                position = start + 1
                isWhole = false
            case .broken:
                // Each may have cost a scan of the rest of the line.
                brokenObjects += 1
                if isWhole || brokenObjects > Self.maxBrokenObjects { return .none }
                position = start + 1
            }
        }
        return .none
    }

    /// Whether the brace here begins the value of a name, or the first element of a list: part of a larger object.
    private func isInside(_ start: Int) -> Bool {
        let before = bytes[..<start].reversed().lazy.filter { !Self.spaces.contains($0) }.prefix(2)
        guard let last = before.first else { return false }
        if last == UInt8(ascii: "[") { return true }
        return last == UInt8(ascii: ":") && [UInt8(ascii: "\""), UInt8(ascii: "'")].contains(before.dropFirst().first)
    }

    private mutating func object() -> Reading {
        (step, hasUnusableStep, metrics, places, pathBytes) = (nil, false, [], [:], 0)
        guard skip("{") else { return .text }
        skipSpaces()
        if !skip("}") {
            var isObject = false
            repeat {
                guard let name = key() else { return isObject ? .broken : .text }
                isObject = true
                guard let value = value(of: name == "step" ? nil : name, depth: 0) else { return .broken }
                record(name, value)
                skipSpaces()
            } while skip(",")
            guard skip("}") else { return .broken }
        }
        if metrics.isEmpty { return .object(nil) }
        return .object(MetricReport(step: step, hasUnusableStep: hasUnusableStep, metrics: metrics))
    }

    private static let spaces: [UInt8] = [32, 9, 10, 13]

    private mutating func record(_ name: String, _ value: Value) {
        if name == "step" {
            if case .number(let number) = value { step = Int(exactly: number) } else { step = nil }
            hasUnusableStep = step == nil && value != .null
            return
        }
        recordMetric(name, value)
    }

    private mutating func recordMetric(_ name: String, _ value: Value) {
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

    /// Nil if what follows is not a JSON value, or is nested more than 64 levels deep, which would use up the stack.
    ///
    /// - Parameter name: under which the value stands, from the outermost object on; nil in a list.
    private mutating func value(of name: String?, depth: Int) -> Value? {
        skipSpaces()
        guard position < bytes.endIndex, depth < 64 else { return nil }
        switch bytes[position] {
        case UInt8(ascii: "\""):
            guard let text = string() else { return nil }
            return Self.nonNumber(text).map { .number($0) } ?? .other
        case UInt8(ascii: "["):
            return list(depth: depth)
        case UInt8(ascii: "{"):
            return innerObject(of: name, depth: depth)
        default:
            return word()
        }
    }

    private mutating func list(depth: Int) -> Value? {
        position += 1
        skipSpaces()
        if skip("]") { return .other }
        repeat {
            guard value(of: nil, depth: depth + 1) != nil else { return nil }
            skipSpaces()
        } while skip(",")
        return skip("]") ? .other : nil
    }

    /// An object under a name, whose numbers are recorded under both names.
    private mutating func innerObject(of outer: String?, depth: Int) -> Value? {
        position += 1
        skipSpaces()
        if skip("}") { return .other }
        repeat {
            guard let name = key() else { return nil }
            let path: String? = if let outer { self.path(of: name, in: outer) } else { nil }
            guard let value = value(of: path, depth: depth + 1) else { return nil }
            if let path { recordMetric(path, value) }
            skipSpaces()
        } while skip(",")
        return skip("}") ? .other : nil
    }

    /// The name of a value in an inner object; nil once such names are so long together that they would fill the
    /// memory: a line can name one outer object of half a megabyte and a hundred thousand values in it.
    private mutating func path(of name: String, in outer: String) -> String? {
        pathBytes += outer.utf8.count + name.utf8.count + 1
        return pathBytes <= Self.maxPathBytes ? "\(outer).\(name)" : nil
    }

    /// Reads up to a character that ends a value: a number, a literal, or a spelling of a non-finite number.
    private mutating func word() -> Value? {
        let start = position
        while position < bytes.endIndex, !Self.endsWord(bytes[position]) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if text == "null" { return .null }
        if text == "true" || text == "false" { return .other }
        if let number = Self.nonNumber(text) { return .number(number) }
        // `Double(_:)` also accepts hexadecimal numbers and NaN with a payload, which no JSON writer produces.
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
        while position < bytes.endIndex {
            let byte = bytes[position]
            position += 1
            switch byte {
            // Text that is not UTF-8 is repaired, not refused: the numbers beside it must not be lost.
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
        guard position < bytes.endIndex else { return false }
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

    /// The scalar of a `\u` escape, together with the low surrogate that follows if it is a high one. Half a pair,
    /// which Python prints for a file name that is not UTF-8, becomes the replacement character.
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
        guard position + 4 <= bytes.endIndex else { return nil }
        var unit: UInt32 = 0
        for byte in bytes[position..<position + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            unit = unit << 4 | UInt32(digit)
        }
        position += 4
        return unit
    }

    private mutating func skipSpaces() {
        while position < bytes.endIndex, Self.spaces.contains(bytes[position]) { position += 1 }
    }

    private mutating func skip(_ character: StaticString) -> Bool {
        guard position < bytes.endIndex, bytes[position] == character.utf8Start.pointee else { return false }
        position += 1
        return true
    }
}
