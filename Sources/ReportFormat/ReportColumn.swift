import Foundation

/// One property of many trials as a report carries it: numbers side by side as bytes, or texts with a NUL between them.
///
///     let column = ReportColumn.numbers([0.25, .nan])
///     column.packed.base64            // AAAAAAAA0D8AAAAAAAD4fw==
///     column.numbers                  // [0.25, nan]
///
/// A row of JSON for each trial would be several times as large, and slower to read. `docs/report-format.md` describes
/// the format; this module writes it for `SweepPage` and reads it for `SweepExchange`.
public struct ReportColumn: Sendable, Hashable {
    /// What an element is, by the word in the file. Numbers are little-endian.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case u8, u16, u32, i32, f32, f64
        /// UTF-8.
        case text

        /// How many bytes an element has.
        var width: Int {
            switch self {
            case .u8, .text: 1
            case .u16: 2
            case .u32, .i32, .f32: 4
            case .f64: 8
            }
        }
    }

    /// A parameter's value in one trial.
    public enum Cell<Value> {
        case value(Value)
        /// Its condition does not hold.
        case inactive
        /// The trial is older than the parameter, which has no default.
        case unknown
    }

    public let kind: Kind
    let bytes: [UInt8]

    init(_ kind: Kind, _ bytes: [UInt8]) {
        self.kind = kind
        self.bytes = bytes
    }

    // MARK: Numbers

    /// Numbers with all their digits.
    public static func numbers(_ values: [Double]) -> ReportColumn { fixed(.f64, values.map(\.bitPattern)) }

    /// Numbers to look at: with 16 binary digits, since the others are nothing to the eye and cannot be compressed.
    public static func marks(_ values: [Double]) -> ReportColumn { fixed(.f32, values.map { mark($0).bitPattern }) }

    /// One number of `marks`.
    public static func mark(_ value: Double) -> Float {
        guard value.isFinite, value != 0 else { return Float(value) }
        let scale = Double(sign: .plus, exponent: 15 - value.exponent, significand: 1)
        let rounded = Float((value * scale).rounded() / scale)
        return rounded.isFinite ? rounded : Float(value)
    }

    /// Numbers from 0 up, as one of the three unsigned kinds; larger ones than it holds become its largest.
    public static func counts<Count: FixedWidthInteger & UnsignedInteger>(
        _ values: [Int], as type: Count.Type
    ) -> ReportColumn {
        let kind: Kind = Count.bitWidth == 8 ? .u8 : Count.bitWidth == 16 ? .u16 : .u32
        return fixed(kind, values.map { Count(clamping: $0) })
    }

    /// How many entries of a list each trial has, in the smallest kind that holds the largest.
    public static func lengths(_ lengths: [Int]) -> ReportColumn {
        let most = lengths.max() ?? 0
        if most <= UInt8.max { return counts(lengths, as: UInt8.self) }
        return most <= UInt16.max ? counts(lengths, as: UInt16.self) : counts(lengths, as: UInt32.self)
    }

    /// Texts of any length.
    public static func texts(_ texts: [String]) -> ReportColumn {
        let joined = texts.map { $0.replacing("\0", with: "\u{FFFD}") }.joined(separator: "\0")
        return ReportColumn(.text, Array(joined.utf8))
    }

    // MARK: Values of parameters

    /// Numbers of a parameter, with all their digits.
    public static func numbers(cells: [Cell<Double>]) -> ReportColumn {
        numbers(
            cells.map { cell in
                switch cell {
                case .value(let number): number
                case .inactive: .nan
                case .unknown: .infinity
                }
            })
    }

    /// Integers of a parameter; nil if one of them is too large or too small.
    public static func integers(cells: [Cell<Int>]) -> ReportColumn? {
        var integers: [Int32] = []
        integers.reserveCapacity(cells.count)
        for cell in cells {
            switch cell {
            case .value(let value):
                guard let integer = Int32(exactly: value), integer > unknownInteger else { return nil }
                integers.append(integer)
            case .inactive: integers.append(inactiveInteger)
            case .unknown: integers.append(unknownInteger)
            }
        }
        return fixed(.i32, integers)
    }

    /// Places in a list of words.
    ///
    /// - Parameter count: how many words there are, `maxWords` at most.
    public static func places(_ cells: [Cell<Int>], of count: Int) -> ReportColumn {
        let kind: Kind = count <= smallWords ? .u8 : .u16
        let (unknown, inactive) = wordCodes(of: kind)
        let numbers = cells.map { cell in
            switch cell {
            case .value(let place): place
            case .inactive: inactive
            case .unknown: unknown
            }
        }
        return kind == .u8 ? counts(numbers, as: UInt8.self) : counts(numbers, as: UInt16.self)
    }

    /// A list of words has no more than this.
    public static let maxWords = 65_534
    private static let smallWords = 254
    static let inactiveInteger = Int32.min
    static let unknownInteger = Int32.min + 1

    /// The two numbers that stand for no word.
    static func wordCodes(of kind: Kind) -> (unknown: Int, inactive: Int) {
        kind == .u8 ? (254, 255) : (65_534, 65_535)
    }

    // MARK: Bytes

    private static func fixed<Element: FixedWidthInteger>(_ kind: Kind, _ values: [Element]) -> ReportColumn {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(values.count * kind.width)
        for value in values { withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) } }
        return ReportColumn(kind, bytes)
    }
}
