/// Rows of text in columns as wide as their widest cell, two spaces apart.
///
///     var table = TextTable([("trial", .right), ("state", .left)])
///     table.add(["12", "complete"])
///     print(table.text)
///
/// Widths are counted in characters. Text that others wrote is to be made harmless before it comes here.
public struct TextTable: Sendable {
    public enum Alignment: Sendable {
        case left, right
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
        let lines = [columns.map(\.title)] + rows
        let widths = columns.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        let texts = lines.map { line in
            let cells = line.enumerated().map { index, cell in
                let padding = String(repeating: " ", count: widths[index] - cell.count)
                return columns[index].alignment == .left ? cell + padding : padding + cell
            }
            return String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
        }
        return texts.joined(separator: "\n")
    }
}
