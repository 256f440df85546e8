import Foundation
import JSONWriting
import Tables

/// What an analysis found, as programs and people read it: the one writer of tables, CSV and JSON of this program.
///
///     print(table.text)
///     try AtomicFile.write(table.csv, to: "curves.csv")
///
/// With the columns `run` and `cka` and two rows, of which one has no number:
///
///     table.csv       // run,cka
///                     // a,0.5
///                     // b,
///     table.json      // [{"run": "a", "cka": 0.5},
///                     //  {"run": "b", "cka": null}]
public struct ResultTable: Hashable, Sendable {
    /// What stands in one place of the table. A whole number is kept apart from others, so that seeds and epochs have
    /// no point.
    public enum Cell: Hashable, Sendable {
        case text(String)
        case integer(Int)
        case number(Double)
        /// There is no such number.
        case missing

        init(_ number: Double?) { self = number.map { .number($0) } ?? .missing }
    }

    public let columns: [String]
    /// In the order in which they were found; each has a cell for every column.
    public private(set) var rows: [[Cell]] = []

    init(columns: [String]) { self.columns = columns }

    /// Adds a row at the end.
    mutating func append(_ row: [Cell]) {
        precondition(row.count == columns.count, "\(row.count) cells for \(columns.count) columns")
        rows.append(row)
    }
}

extension ResultTable {
    /// One line of names, then one line for each row; RFC 4180, but for plain line ends. A missing number is empty.
    public var csv: String {
        ([columns] + rows.map { $0.map(Self.csv) }).map { CSVText.line($0, lineEnd: "\n") }.joined()
    }

    /// An array of objects. What is missing or not finite, which JSON has no word for, is null.
    public var json: String {
        let objects = rows.map { row in
            Self.object(zip(columns, row))
        }
        return "[" + objects.joined(separator: ",\n ") + "]"
    }

    /// One JSON object, its keys in this order.
    public static func object(_ fields: some Sequence<(String, Cell)>) -> String {
        "{" + fields.map { "\(JSONText.quoted($0)): \(json($1))" }.joined(separator: ", ") + "}"
    }

    /// Columns side by side, numbers to four digits, without a line end. A column without a value is left out.
    public var text: String {
        let shown = columns.indices.filter { index in
            rows.isEmpty || rows.contains { $0[index] != .missing && $0[index] != .text("") }
        }
        let isText = columns.indices.map { index in
            rows.contains { if case .text = $0[index] { true } else { false } }
        }
        var table = TextTable(shown.map { (columns[$0], isText[$0] ? .left : .right) })
        for row in rows { table.add(shown.map { Self.text(row[$0]) }) }
        return table.text
    }

    /// With all digits that are needed to read the same number back.
    private static func csv(_ cell: Cell) -> String {
        switch cell {
        case .text(let text): text
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .missing: ""
        }
    }

    /// A number as JSON has it.
    private static func json(_ cell: Cell) -> String {
        switch cell {
        case .text(let text): JSONText.quoted(text)
        case .integer(let number): "\(number)"
        case .number(let number): number.isFinite ? "\(number)" : "null"
        case .missing: "null"
        }
    }

    /// For people: four digits, and a dash where there is no number.
    private static func text(_ cell: Cell) -> String {
        switch cell {
        case .text(let text): text
        case .integer(let number): "\(number)"
        case .number(let number): String(format: "%.4g", number)
        case .missing: "–"
        }
    }
}
