import CZlib
import ConfigFile
import Foundation

/// One property of many trials as the page reads it: bytes in base64, compressed where that is worth it.
///
///     ReportColumn.numbers([0.25, .nan]).node        // {"type": "f64", "data": "AAAAAAAA0D8AAAAAAAD4fw=="}
///
/// A row of JSON for each trial would be several times as large, and slower to read. `docs/report.md` has the format.
struct ReportColumn {
    private var type: String
    private var bytes: [UInt8]
    /// How many bytes an element has.
    private var width: Int
    private var extras: [ConfigEntry] = []

    // MARK: Kinds

    /// Numbers with all their digits.
    static func numbers(_ values: [Double]) -> ReportColumn { fixed("f64", values.map(\.bitPattern)) }

    /// Numbers to look at: with 16 binary digits, since the others are nothing to the eye and cannot be compressed.
    static func marks(_ values: [Double]) -> ReportColumn { fixed("f32", values.map { rounded($0).bitPattern }) }

    static func integers(_ values: [Int32]) -> ReportColumn { fixed("i32", values) }

    /// Numbers from 0 up; larger ones than the type holds become its largest.
    static func counts<Count: FixedWidthInteger & UnsignedInteger>(_ values: [Int], as type: Count.Type) -> ReportColumn
    {
        fixed("u\(Count.bitWidth)", values.map { Count(clamping: $0) })
    }

    /// Places in a list of words.
    ///
    /// - Parameters:
    ///   - places: for each element its place, or one of the two that stand for no word.
    ///   - words: JSON values, 65,534 at most.
    ///   - written: how the sweep file writes each of them; nil if as JSON.
    static func words(_ places: [WordPlace], _ words: [ConfigNode], written: [String]? = nil) -> ReportColumn {
        let isSmall = words.count <= 254
        func number(_ place: WordPlace) -> Int {
            switch place {
            case .word(let index): index
            case .unknown: isSmall ? 254 : 65_534
            case .inactive: isSmall ? 255 : 65_535
            }
        }
        var column =
            isSmall
            ? counts(places.map(number), as: UInt8.self) : counts(places.map(number), as: UInt16.self)
        column.extras = [ConfigEntry(key: "words", node: ConfigNode(.sequence(words)))]
        if let written {
            let texts = written.map { ConfigNode(.string($0)) }
            column.extras.append(ConfigEntry(key: "written", node: ConfigNode(.sequence(texts))))
        }
        return column
    }

    /// What an element of a column of words is.
    enum WordPlace: Hashable {
        case word(Int)
        /// The parameter was not active.
        case inactive
        /// The trial is older than the parameter.
        case unknown
    }

    /// Texts of any length.
    static func texts(_ texts: [String]) -> ReportColumn {
        let joined = texts.map { $0.replacing("\0", with: "\u{FFFD}") }.joined(separator: "\0")
        return ReportColumn(type: "text", bytes: Array(joined.utf8), width: 1)
    }

    private static func fixed<Element: FixedWidthInteger>(_ type: String, _ values: [Element]) -> ReportColumn {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(values.count * Element.bitWidth / 8)
        for value in values { withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) } }
        return ReportColumn(type: type, bytes: bytes, width: Element.bitWidth / 8)
    }

    private static func rounded(_ value: Double) -> Float {
        guard value.isFinite, value != 0 else { return Float(value) }
        let scale = Double(sign: .plus, exponent: 15 - value.exponent, significand: 1)
        let rounded = Float((value * scale).rounded() / scale)
        return rounded.isFinite ? rounded : Float(value)
    }

    // MARK: Text

    /// The column as JSON: packed if that makes it a tenth smaller.
    var node: ConfigNode {
        var entries = [ConfigEntry(key: "type", node: ConfigNode(.string(type)))]
        var data = bytes
        if let packed = Self.packed(bytes, width: width), packed.count * 10 < bytes.count * 9 {
            entries.append(ConfigEntry(key: "packed", node: ConfigNode(.boolean(true))))
            data = packed
        }
        entries.append(ConfigEntry(key: "data", node: ConfigNode(.string(Data(data).base64EncodedString()))))
        return ConfigNode(.mapping(entries + extras))
    }

    /// All first bytes, then all second bytes, and so on, which puts exponents beside exponents; then zlib.
    private static func packed(_ bytes: [UInt8], width: Int) -> [UInt8]? {
        if bytes.isEmpty { return nil }
        var planes: [UInt8] = []
        planes.reserveCapacity(bytes.count)
        for plane in 0..<width {
            for place in stride(from: plane, to: bytes.count, by: width) { planes.append(bytes[place]) }
        }
        var size = compressBound(uLong(planes.count))
        var packed = [UInt8](repeating: 0, count: Int(size))
        guard compress2(&packed, &size, planes, uLong(planes.count), 9) == Z_OK else { return nil }
        return Array(packed.prefix(Int(size)))
    }
}
