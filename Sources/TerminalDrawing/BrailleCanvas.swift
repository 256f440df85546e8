import Foundation

/// A picture of dots in text: each character is a cell of two by four dots.
///
///     var canvas = BrailleCanvas(columns: 40, rows: 10)
///     canvas.line(from: (0, 0), to: (79, 39))
///     for line in canvas.lines { print(line.encoded(for: features)) }
///
/// Dots are counted from the lower left, as in a plot. A cell has one colour: that of the dot that was set last.
public struct BrailleCanvas: Sendable {
    public let columns: Int
    public let rows: Int
    private var cells: [UInt8]
    private var colors: [TextStyle.Color?]

    public init(columns: Int, rows: Int) {
        self.columns = max(0, columns)
        self.rows = max(0, rows)
        cells = Array(repeating: 0, count: self.columns * self.rows)
        colors = Array(repeating: nil, count: cells.count)
    }

    /// How many dots it is wide.
    public var width: Int { columns * 2 }
    /// How many dots it is high.
    public var height: Int { rows * 4 }

    /// Sets a dot; one outside the picture is left out.
    public mutating func dot(_ x: Int, _ y: Int, _ color: TextStyle.Color? = nil) {
        guard (0..<width).contains(x), (0..<height).contains(y) else { return }
        let down = height - 1 - y
        let cell = down / 4 * columns + x / 2
        cells[cell] |= Self.bits[down % 4][x % 2]
        if let color { colors[cell] = color }
    }

    /// Sets the dots of a straight line between two dots, both included.
    public mutating func line(from start: (x: Int, y: Int), to end: (x: Int, y: Int), _ color: TextStyle.Color? = nil) {
        // Points far outside would take far too many steps; what is drawn of them is decided by the caller's scale.
        let limit = 4 * (width + height)
        func near(_ value: Int) -> Int { min(limit, max(-limit, value)) }
        let (x, y) = (near(start.x), near(start.y))
        let (right, up) = (near(end.x) - x, near(end.y) - y)
        let steps = max(abs(right), abs(up), 1)
        for step in 0...steps {
            let part = Double(step) / Double(steps)
            dot(x + Int((Double(right) * part).rounded()), y + Int((Double(up) * part).rounded()), color)
        }
    }

    /// The picture from top to bottom. Spaces at the ends of lines are left out.
    public var lines: [StyledText] {
        (0..<rows).map { row in
            var line = StyledText()
            var text = ""
            var color: TextStyle.Color?
            for cell in (row * columns)..<((row + 1) * columns) {
                if colors[cell] != color && cells[cell] != 0 {
                    line += StyledText(text, TextStyle(color))
                    (text, color) = ("", colors[cell])
                }
                text.append(cells[cell] == 0 ? " " : Self.character(ofDots: cells[cell]))
            }
            line += StyledText(text, TextStyle(color))
            return line.trimmed()
        }
    }

    /// The bits of a braille character, by row from the top and by column.
    private static let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]

    private static func character(ofDots dots: UInt8) -> Character {
        Unicode.Scalar(0x2800 + UInt32(dots)).map { Character($0) } ?? " "
    }

    /// The dots of a braille character; nil for any other.
    static func dots(of character: Character) -> UInt8? {
        guard let scalar = character.unicodeScalars.first, character.unicodeScalars.count == 1 else { return nil }
        return (0x2800...0x28FF).contains(scalar.value) ? UInt8(scalar.value - 0x2800) : nil
    }
}

/// Where values are on an axis of dots.
///
///     let axis = PlotAxis(of: [1e-4, 1e-2, 1], isLogarithmic: true)
///     axis?.position(of: 1e-2, dots: 81)    // 40
public struct PlotAxis: Sendable, Hashable {
    public let minimum: Double
    public let maximum: Double
    public let isLogarithmic: Bool

    /// An axis from the least to the greatest of the values. Nil if none can be on it: a logarithmic axis has positive
    /// values only, and no axis has one that is not finite.
    public init?(of values: some Sequence<Double>, isLogarithmic: Bool = false) {
        let usable = values.filter { $0.isFinite && (!isLogarithmic || $0 > 0) }
        guard let low = usable.min(), let high = usable.max() else { return nil }
        (minimum, maximum, self.isLogarithmic) = (low, high, isLogarithmic)
    }

    /// The dot of a value, from 0 on; the middle where all values are the same. Nil if the value is not on the axis.
    public func position(of value: Double, dots: Int) -> Int? {
        guard dots > 0, value.isFinite, value >= minimum, value <= maximum else { return nil }
        func place(_ value: Double) -> Double { isLogarithmic ? log(value) : value / 2 }
        let span = place(maximum) - place(minimum)
        guard span > 0 else { return dots / 2 }
        return min(dots - 1, max(0, Int(((place(value) - place(minimum)) / span * Double(dots - 1)).rounded())))
    }
}
