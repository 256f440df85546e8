import ConfigFile
import SweepFile
import SweepSearch

/// A number of a file of another tool, and how a sweep file writes it.
struct ForeignNumber {
    var value: Double
    var text: String
    /// Whether it is written without a point and without an exponent.
    var isInteger: Bool

    /// The number if it is whole.
    var whole: Int? { Int(exactly: value) }
}

/// A value of a file of another tool, and how a sweep file writes it.
struct ForeignValue {
    var value: ParameterValue
    var text: String
}

extension ConfigNode {
    /// The finite number that a tool would read here: also from text, since YAML 1.1 takes `1e-6` for text and many
    /// files have numbers in quotes. Nil if it is none.
    var foreignNumber: ForeignNumber? {
        switch olderValue {
        case .integer(let number): return ForeignNumber(value: Double(number), text: String(number), isInteger: true)
        case .number(let number):
            guard number.isFinite else { return nil }
            let plain = text.flatMap { Double($0) == number && !isQuoted ? $0 : nil }
            return ForeignNumber(
                value: number, text: plain ?? ValueText.number(number), isInteger: largeIntegerDigits != nil)
        case .string:
            switch valueWithoutQuotes {
            case .integer(let number):
                return ForeignNumber(value: Double(number), text: String(number), isInteger: true)
            case .number(let number) where number.isFinite:
                return ForeignNumber(value: number, text: text ?? ValueText.number(number), isInteger: false)
            case nil, .null, .boolean, .number, .string, .sequence, .mapping: return nil
            }
        case .null, .boolean, .sequence, .mapping: return nil
        }
    }

    /// Whether it is text in quotes.
    var isQuoted: Bool { if case .string = value { !isPlain } else { false } }

    /// The value, read as the Python programs do for which the file was written; nil for NaN and what holds it.
    ///
    /// - Parameter older: whether words that only YAML 1.1 takes for booleans and numbers, such as `no`, are those.
    func foreignValue(older: Bool) -> ForeignValue? {
        let read = older ? olderValue : value
        switch read {
        case .sequence(let nodes):
            let values = nodes.compactMap { $0.foreignValue(older: older) }
            guard values.count == nodes.count else { return nil }
            return ForeignValue(value: .list(values.map(\.value)), text: ValueText.list(values.map(\.text)))
        case .mapping(let entries):
            let values = entries.compactMap { $0.node.foreignValue(older: older) }
            guard values.count == entries.count else { return nil }
            let pairs = zip(entries, values).map { (key: $0.key, text: $1.text) }
            return ForeignValue(
                value: .mapping(zip(entries, values).map { .init($0.key, $1.value) }), text: ValueText.mapping(pairs))
        case .null, .boolean, .integer, .number, .string:
            // The digits of an integer beyond 64 bits are in the text of the node.
            guard let value = ParameterValue(ConfigNode(read, text: text)) else { return nil }
            // `3.10` and `1e-6` stay as they are written.
            let isWritten = isPlain && read == self.value && text?.isEmpty == false
            return ForeignValue(
                value: value, text: isWritten && value.keepsItsSpelling ? text ?? "" : value.description)
        }
    }

    /// The value in YAML 1.1, as PyYAML reads it, where that is a boolean or a number; numbers of YAML 1.2 as well.
    private var olderValue: Value {
        guard isPlain, let text else { return value }
        switch value {
        case .string:
            switch olderKind {
            case .boolean: return .boolean(["yes", "on", "true"].contains(text.lowercased()))
            case .integer: return Self.olderInteger(text).map { .integer($0) } ?? value
            case .number: return Double(text.replacing("_", with: "")).map { .number($0) } ?? value
            case nil: return value
            }
        case .integer:
            // 017 is fifteen to PyYAML.
            let digits = text.drop { $0 == "-" || $0 == "+" }
            let isOctal = digits.count > 1 && digits.hasPrefix("0") && digits.allSatisfy { ("0"..."7").contains($0) }
            return isOctal ? Self.olderInteger(text).map { .integer($0) } ?? value : value
        case .null, .boolean, .number, .sequence, .mapping: return value
        }
    }

    /// An integer as only YAML 1.1 writes it: `1_000`, `0b11`, `017`, `1:30` (sexagesimal).
    private static func olderInteger(_ text: String) -> Int? {
        let isNegative = text.hasPrefix("-")
        let digits = text.drop { $0 == "-" || $0 == "+" }.filter { $0 != "_" }.lowercased()
        let magnitude: Int?
        if digits.contains(":") {
            magnitude = digits.split(separator: ":").reduce(Optional(0)) { sum, part in
                guard let sum, let part = Int(part) else { return nil }
                let (product, isLarge) = sum.multipliedReportingOverflow(by: 60)
                let (total, isLarger) = product.addingReportingOverflow(part)
                return isLarge || isLarger ? nil : total
            }
        } else if digits.hasPrefix("0b") {
            magnitude = Int(digits.dropFirst(2), radix: 2)
        } else if digits.hasPrefix("0x") {
            magnitude = Int(digits.dropFirst(2), radix: 16)
        } else if digits.hasPrefix("0"), digits.count > 1 {
            magnitude = Int(digits, radix: 8)
        } else {
            magnitude = Int(digits)
        }
        return magnitude.map { isNegative ? -$0 : $0 }
    }

    /// A scalar as text; nil for lists, mappings and null.
    var foreignText: String? {
        switch value {
        case .string(let text): text
        case .boolean, .integer, .number: text ?? ParameterValue(self)?.argument
        case .null, .sequence, .mapping: nil
        }
    }
}

extension ParameterValue {
    /// Whether a sweep file writes it as the other file does: `1e-3` and not `0.001`. Text and lists are written anew.
    fileprivate var keepsItsSpelling: Bool {
        switch self {
        case .integer, .number, .boolean, .largeInteger: true
        case .string, .null, .list, .mapping: false
        }
    }
}

/// Values of a choice, each once. A list may name one twice, which makes it likelier.
struct DistinctValues {
    private(set) var texts: [String] = []
    private(set) var weights: [Double] = []
    private(set) var hasDuplicates = false

    init(_ values: [ForeignValue], weights given: [Double]? = nil) {
        var seen: [ParameterValue: Int] = [:]
        for (index, value) in values.enumerated() {
            let weight = given.map { index < $0.count ? $0[index] : 0 } ?? 1
            let place = seen[value.value.normalized]
            if let place {
                weights[place] += weight
                hasDuplicates = true
            } else {
                seen[value.value.normalized] = texts.count
                texts.append(value.text)
                weights.append(weight)
            }
        }
    }
}
