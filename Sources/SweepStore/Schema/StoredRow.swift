import Foundation
import GRDB

/// A row of one of our tables, read with checks: a value that is not as the schema says is an error that names its
/// place.
///
/// A damaged file may hold any type and any value anywhere, whatever the schema forbids. GRDB's own accessors would
/// convert it, or trap.
///
///     let row = StoredRow(row: found, table: "trial", key: "number")
///     let state: TrialState = try row.word("state")
///     let value = try row.ifPresent("value", StoredRow.number)
struct StoredRow {
    let row: Row
    let table: String
    /// The column that identifies a row in messages, if the query selects it.
    var key = "id"

    /// - Throws: `DamagedRow` if the column holds anything but a whole number.
    func integer(_ column: String) throws -> Int {
        try found(column, "a whole number") { if case .int64(let number) = $0 { Int(exactly: number) } else { nil } }
    }

    /// A floating-point number; SQLite may store a whole one as an integer.
    ///
    /// - Throws: `DamagedRow` if the column holds anything but a number.
    func number(_ column: String) throws -> Double {
        try found(column, "a number") { value in
            switch value {
            case .double(let number): number
            case .int64(let number): Double(number)
            case .null, .string, .blob: nil
            }
        }
    }

    /// - Throws: `DamagedRow` if the column holds anything but a text.
    func text(_ column: String) throws -> String {
        try found(column, "a text") { if case .string(let text) = $0 { text } else { nil } }
    }

    /// - Throws: `DamagedRow` if the column holds anything but a time as `Date.timestamp` writes it.
    func time(_ column: String) throws -> Date {
        try found(column, "a time") { if case .string(let text) = $0 { Date(timestamp: text) } else { nil } }
    }

    /// One of the raw values of an enumeration.
    ///
    /// - Throws: `DamagedRow` if the column holds any other text.
    func word<Word: RawRepresentable<String>>(_ column: String, as _: Word.Type = Word.self) throws -> Word {
        try found(column, "a word known here") { if case .string(let text) = $0 { Word(rawValue: text) } else { nil } }
    }

    /// What `read` gives for a column; nil if the column is NULL, or if an earlier release wrote the table and did not
    /// have it.
    ///
    /// - Throws: `DamagedRow` as `read` does.
    func ifPresent<Value>(_ column: String, _ read: (StoredRow) -> (String) throws -> Value) throws -> Value? {
        guard row.hasColumn(column), try !value(column).isNull else { return nil }
        return try read(self)(column)
    }

    /// - Throws: `DamagedRow` if there is no such column.
    func value(_ column: String) throws -> DatabaseValue {
        guard let value = try? row.decode(DatabaseValue.self, forColumn: column) else {
            throw DamagedRow(place: place, detail: "there is no column '\(column)'")
        }
        return value
    }

    /// The error that something in this row is wrong.
    func problem(_ detail: String) -> DamagedRow { DamagedRow(place: place, detail: detail) }

    /// Reads a column with `read`; if that gives nil, says what was expected and what is there.
    private func found<Value>(
        _ column: String, _ kind: String, _ read: (DatabaseValue.Storage) -> Value?
    ) throws -> Value {
        let value = try value(column)
        guard let found = read(value.storage) else {
            throw problem("'\(column)' is not \(kind) but \(value.description.prefix(60))")
        }
        return found
    }

    private var place: String {
        let key = (try? row.decode(DatabaseValue.self, forColumn: key)).flatMap { $0.isNull ? nil : $0.description }
        return "table '\(table)'" + (key.map { ", row \($0.prefix(60))" } ?? "")
    }
}

/// A row that no planner can have stored. `SweepStore` turns it into `SweepStoreError.damaged`.
struct DamagedRow: Error, CustomStringConvertible {
    var place: String
    var detail: String

    var description: String { "\(place): \(detail)" }
}

extension StoredRow {
    /// Hands over the rows of a query one at a time, so that memory does not grow with the number of rows.
    ///
    /// - Throws: whatever `body` throws, and SQLite's errors.
    static func forEach(
        _ database: Database, _ table: String, sql: String, _ arguments: StatementArguments = [],
        body: (StoredRow) throws -> Void
    ) throws {
        let rows = try Row.fetchCursor(database, sql: sql, arguments: arguments)
        while let row = try rows.next() { try body(StoredRow(row: row, table: table)) }
    }
}
