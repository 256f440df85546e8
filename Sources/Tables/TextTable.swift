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

    private let columns: [(title: String, alignment: Alignment)]
    private var rows: [[String]] = []

    public init(_ columns: [(title: String, alignment: Alignment)]) { self.columns = columns }

    /// Adds a row; it has a cell for each column.
    public mutating func add(_ row: [String]) {
        precondition(row.count == columns.count, "a row of \(row.count) cells in a table of \(columns.count) columns")
        rows.append(row)
    }

    /// The titles and the rows, a line each, without a line end behind the last.
    public var text: String {
        var aligned = rows
        for (column, title) in columns.enumerated() where title.alignment == .decimal {
            let numbers = DecimalColumn(rows.map { $0[column] })
            for row in rows.indices { aligned[row][column] = numbers.aligned(rows[row][column]) }
        }
        let lines = [columns.map(\.title)] + aligned
        let cellWidths = lines.map { $0.map { TextWidth.columns(of: $0) } }
        let widths = columns.indices.map { column in cellWidths.map { $0[column] }.max() ?? 0 }
        let texts = zip(lines, cellWidths).map { line, cellWidths in
            let cells = line.indices.map { index in
                let padding = String(repeating: " ", count: widths[index] - cellWidths[index])
                return columns[index].alignment == .left ? line[index] + padding : padding + line[index]
            }
            let text = cells.joined(separator: "  ")
            // By bytes and at once: to take characters away one by one takes longer than all the rest.
            guard let last = text.utf8.lastIndex(where: { $0 != UInt8(ascii: " ") }) else { return "" }
            return String(text[..<text.utf8.index(after: last)])
        }
        return texts.joined(separator: "\n")
    }
}
