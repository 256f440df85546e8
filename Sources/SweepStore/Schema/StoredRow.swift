import Foundation
import GRDB
import GRDBSQLite

/// The rows of a query, one at a time, so that memory does not grow with their number.
///
/// SQLite's columns are read directly. GRDB makes a value of its own for each first, which takes as long as SQLite
/// needs to find them: a sweep of ten thousand trials has some hundred thousand.
///
///     let rows = try StoredRows(database, table: "trial", sql: "SELECT number, value, number AS id FROM trial")
///     while let row = try rows.next() { print(try row.integer("number")) }
final class StoredRows {
    /// The table that messages name.
    let table: String
    /// The column that identifies a row in messages, if the query selects it.
    let key: String
    fileprivate let columns: [String]
    fileprivate let statement: SQLiteStatement
    /// It steps through the rows, and says what SQLite has against it.
    private let cursor: RowCursor

    /// - Throws: SQLite's error if the query cannot be run.
    convenience init(
        _ database: Database, table: String, key: String = "id", sql: String, _ arguments: StatementArguments = []
    ) throws {
        try self.init(try database.makeStatement(sql: sql), table: table, key: key, arguments)
    }

    /// - Parameter query: a statement that may be used again when these rows are not read any more.
    /// - Throws: SQLite's error if the query cannot be run.
    init(_ query: Statement, table: String, key: String = "id", _ arguments: StatementArguments = []) throws {
        self.table = table
        self.key = key
        columns = query.columnNames
        statement = query.sqliteStatement
        cursor = try Row.fetchCursor(query, arguments: arguments)
    }

    /// The next row, which is valid until the one after it is asked for; nil after the last.
    ///
    /// - Throws: SQLite's error.
    func next() throws -> StoredRow? {
        guard try cursor.next() != nil else { return nil }
        return StoredRow(rows: self)
    }
}

/// A row of one of our tables, read with checks: a value that is not as the schema says is an error that names its
/// place.
///
/// A damaged file may hold any type and any value anywhere, whatever the schema forbids. GRDB's own accessors would
/// convert it, or trap.
///
///     let state: TrialState = try row.word("state")
///     let value = try row.ifPresent("value", StoredRow.number)
struct StoredRow {
    fileprivate let rows: StoredRows

    /// What one column of a row holds.
    enum Cell {
        case null, blob
        case integer(Int)
        case number(Double)
        case text(String)
    }

    // MARK: By name

    /// - Throws: `DamagedRow` if the column holds anything but a whole number.
    func integer(_ column: String) throws -> Int {
        let index = try index(of: column)
        guard case .integer(let number) = cell(index) else { throw unexpected(index, "a whole number") }
        return number
    }

    /// A floating-point number; SQLite may store a whole one as an integer.
    ///
    /// - Throws: `DamagedRow` if the column holds anything but a number.
    func number(_ column: String) throws -> Double { try number(at: try index(of: column)) }

    /// - Throws: `DamagedRow` if the column holds anything but a text.
    func text(_ column: String) throws -> String {
        let index = try index(of: column)
        guard case .text(let text) = cell(index) else { throw unexpected(index, "a text") }
        return text
    }

    /// - Throws: `DamagedRow` if the column holds anything but a time as `Date.timestamp` writes it.
    func time(_ column: String) throws -> Date {
        let index = try index(of: column)
        guard case .text(let text) = cell(index), let time = Date(timestamp: text) else {
            throw unexpected(index, "a time")
        }
        return time
    }

    /// One of the raw values of an enumeration.
    ///
    /// - Throws: `DamagedRow` if the column holds any other text.
    func word<Word: RawRepresentable<String>>(_ column: String, as _: Word.Type = Word.self) throws -> Word {
        let index = try index(of: column)
        guard case .text(let text) = cell(index), let word = Word(rawValue: text) else {
            throw unexpected(index, "a word known here")
        }
        return word
    }

    /// What `read` gives for a column; nil if the column is NULL, or if an earlier release wrote the table and did not
    /// have it.
    ///
    /// - Throws: `DamagedRow` as `read` does.
    func ifPresent<Value>(_ column: String, _ read: (StoredRow) -> (String) throws -> Value) throws -> Value? {
        guard let index = rows.columns.firstIndex(of: column), !isNull(index) else { return nil }
        return try read(self)(column)
    }

    /// The place of a column in the row.
    ///
    /// - Throws: `DamagedRow` if there is no such column.
    func index(of column: String) throws -> Int {
        guard let index = rows.columns.firstIndex(of: column) else { throw problem("there is no column '\(column)'") }
        return index
    }

    // MARK: By place

    /// A whole number; nil if the column holds anything else.
    func integer(at index: Int) -> Int? {
        sqlite3_column_type(rows.statement, Int32(index)) == SQLITE_INTEGER
            ? Int(sqlite3_column_int64(rows.statement, Int32(index))) : nil
    }

    /// A floating-point number; SQLite may store a whole one as an integer.
    ///
    /// - Throws: `DamagedRow` if the column holds anything but a number.
    func number(at index: Int) throws -> Double {
        switch sqlite3_column_type(rows.statement, Int32(index)) {
        case SQLITE_FLOAT, SQLITE_INTEGER: sqlite3_column_double(rows.statement, Int32(index))
        default: throw unexpected(index, "a number")
        }
    }

    func isNull(_ index: Int) -> Bool { sqlite3_column_type(rows.statement, Int32(index)) == SQLITE_NULL }

    /// Hands over the bytes of a text, in UTF-8, unless the text is damaged; nil if the column holds no text.
    func withText<Result>(at index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result? {
        let column = Int32(index)
        guard sqlite3_column_type(rows.statement, column) == SQLITE_TEXT,
            let bytes = sqlite3_column_text(rows.statement, column)
        else { return nil }
        return try body(UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(rows.statement, column))))
    }

    func cell(_ index: Int) -> Cell {
        switch sqlite3_column_type(rows.statement, Int32(index)) {
        case SQLITE_INTEGER: .integer(Int(sqlite3_column_int64(rows.statement, Int32(index))))
        case SQLITE_FLOAT: .number(sqlite3_column_double(rows.statement, Int32(index)))
        case SQLITE_TEXT: .text(withText(at: index) { String(decoding: $0, as: UTF8.self) } ?? "")
        case SQLITE_BLOB: .blob
        default: .null
        }
    }

    // MARK: Problems

    /// The error that something in this row is wrong.
    func problem(_ detail: String) -> DamagedRow {
        let key = rows.columns.firstIndex(of: rows.key).flatMap { isNull($0) ? nil : cell($0) }
        let place = "table '\(rows.table)'" + (key.map { ", row \("\($0)".prefix(60))" } ?? "")
        return DamagedRow(place: place, detail: detail)
    }

    /// The error that a column does not hold what it should.
    func unexpected(_ index: Int, _ kind: String) -> DamagedRow {
        problem("'\(rows.columns[index])' is not \(kind) but \("\(cell(index))".prefix(60))")
    }
}

extension StoredRow.Cell: CustomStringConvertible {
    /// As SQL writes it.
    var description: String {
        switch self {
        case .null: "NULL"
        case .blob: "a BLOB"
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .text(let text): "\"\(text)\""
        }
    }
}

/// A row that no planner can have stored. `SweepStore` turns it into `SweepStoreError.damaged`.
struct DamagedRow: Error, CustomStringConvertible {
    var place: String
    var detail: String

    var description: String { "\(place): \(detail)" }
}

extension StoredRow {
    /// Hands over the rows of a query one at a time.
    ///
    /// - Throws: whatever `body` throws, and SQLite's errors.
    static func forEach(
        _ database: Database, _ table: String, key: String = "id", sql: String, _ arguments: StatementArguments = [],
        body: (StoredRow) throws -> Void
    ) throws {
        let rows = try StoredRows(database, table: table, key: key, sql: sql, arguments)
        while let row = try rows.next() { try body(row) }
    }
}
