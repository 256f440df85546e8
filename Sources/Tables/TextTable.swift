import TerminalDrawing

/// Rows of text in columns as wide as their widest cell, two spaces apart.
///
///     var table = TextTable([("trial", .right), ("state", .left), ("loss", .decimal)])
///     table.add(["12", "complete", "0.25"])
///     print(table.text)
///
/// Widths are those on a terminal, where a Chinese character is two columns wide. Text that others wrote is to be made
/// harmless before it comes here.
public struct TextTable: Sendable {
    public enum Alignment: Sendable {
        case left, right
        /// Numbers with their decimal points below each other.
        case decimal
    }

    let columns: [(title: String, alignment: Alignment)]
    private(set) var rows: [[String]] = []

    public init(_ columns: [(title: String, alignment: Alignment)]) { self.columns = columns }

    /// Adds a row; it has a cell for each column.
    public mutating func add(_ row: [String]) {
        precondition(row.count == columns.count, "a row of \(row.count) cells in a table of \(columns.count) columns")
        rows.append(row)
    }

    /// A wider cell is cut where no terminal says how wide the table may be: what others wrote may have any length.
    private static let widestCell = 500

    /// Cells are cut only where there is a long one; no text has more columns than bytes.
    private static func cut(_ cells: [String]) -> [String] {
        guard cells.contains(where: { $0.utf8.count > widestCell }) else { return cells }
        return cells.map { TextWidth.columns(of: $0) > widestCell ? StyledText($0).cut(to: widestCell).text : $0 }
    }

    /// The titles and the rows, a line each, without a line end behind the last. Of a very long cell only the beginning
    /// is shown.
    public var text: String {
        let rows = rows.map(Self.cut)
        let numbers = columns.indices.map { column in
            columns[column].alignment == .decimal ? DecimalColumn(rows.map { $0[column] }) : nil
        }
        func cell(_ row: [String], _ column: Int) -> String { numbers[column]?.aligned(row[column]) ?? row[column] }

        let titles = Self.cut(columns.map(\.title))
        var widths = titles.map { TextWidth.columns(of: $0) }
        var cellWidths: [Int] = []
        cellWidths.reserveCapacity(rows.count * columns.count)
        for row in rows {
            for column in columns.indices {
                let width = TextWidth.columns(of: cell(row, column))
                cellWidths.append(width)
                widths[column] = max(widths[column], width)
            }
        }
        // One text, and not a text for each cell and line: with ten thousand rows those take most of the time.
        var text = ""
        let lineWidth = widths.reduce(0) { $0 + $1 + 2 }
        text.reserveCapacity((rows.count + 1) * lineWidth)
        let blanks = String(repeating: " ", count: lineWidth)
        func add(_ content: String, _ width: Int, _ column: Int, _ pending: inout Int) {
            let padding = widths[column] - width
            if columns[column].alignment != .left { pending += padding }
            // Blanks are written when something follows them, so that no line ends with any.
            let trailing = content.utf8.last == UInt8(ascii: " ") ? content.reversed().prefix { $0 == " " }.count : 0
            if trailing < content.utf8.count {
                text.append(contentsOf: Substring(blanks.utf8.prefix(pending)))
                text += trailing == 0 ? content : String(content.dropLast(trailing))
                pending = 0
            }
            pending += trailing + (columns[column].alignment == .left ? padding : 0) + 2
        }
        var pending = 0
        for column in columns.indices { add(titles[column], TextWidth.columns(of: titles[column]), column, &pending) }
        for (index, row) in rows.enumerated() {
            text += "\n"
            pending = 0
            for column in columns.indices {
                add(cell(row, column), cellWidths[index * columns.count + column], column, &pending)
            }
        }
        return text
    }
}
