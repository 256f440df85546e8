/// The widths of a column of numbers that are aligned on their decimal points.
///
///     var column = DecimalColumn(["0.01", "12", "3.5"])
///     ["0.01", "12", "3.5"].map(column.aligned)    // [" 0.01", "12   ", " 3.5 "]
///
/// A text that is not a number is put at the right edge.
public struct DecimalColumn: Sendable, Hashable {
    /// Columns before the point.
    private var before = 0
    /// Columns from the point on.
    private var behind = 0
    /// Columns of the widest text that is not a number.
    private var other = 0

    public init() {}

    public init(_ texts: some Sequence<String>) {
        for text in texts { include(text) }
    }

    public var columns: Int { max(before + behind, other) }

    /// Makes the column as wide as this text needs.
    public mutating func include(_ text: String) {
        if let point = Self.point(of: text) {
            before = max(before, point)
            behind = max(behind, text.utf8.count - point)
        } else {
            other = max(other, TextWidth.columns(of: text))
        }
    }

    /// The text with spaces around it. One that needs more room than the column has gets wider.
    public func aligned(_ text: String) -> String {
        guard let point = Self.point(of: text) else {
            return Self.spaces(columns - TextWidth.columns(of: text)) + text
        }
        // Where other texts have made the column wider than its numbers, these stand at the right.
        let left = columns - before - behind + before - point
        return Self.spaces(left) + text + Self.spaces(columns - max(0, left) - text.utf8.count)
    }

    /// How many columns of a number are before its point, or before its exponent if it has no point; nil if the text
    /// is not a number.
    private static func point(of text: String) -> Int? {
        guard let first = text.utf8.first, first >= 0x2B && first < 0x3A, Double(text) != nil else { return nil }
        let digits = text.utf8.prefix { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "e") && $0 != UInt8(ascii: "E") }
        return digits.count
    }

    private static func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
}
