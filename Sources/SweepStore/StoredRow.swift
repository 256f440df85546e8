import Foundation
import GRDB

/// A row of one of our tables, read with checks: what is not as the schema says is an error that names the place.
///
/// A damaged file may hold any type and any value anywhere, whatever the schema forbids.
struct StoredRow {
    let row: Row
    let table: String
    /// The column that tells rows apart, if it was selected.
    var key = "id"

    func integer(_ column: String) throws -> Int {
        try found(column, "a whole number") { if case .int64(let number) = $0 { Int(exactly: number) } else { nil } }
    }

    func number(_ column: String) throws -> Double {
        try found(column, "a number") { value in
            switch value {
            case .double(let number): number
            case .int64(let number): Double(number)
            case .null, .string, .blob: nil
            }
        }
    }

    func text(_ column: String) throws -> String {
        try found(column, "a text") { if case .string(let text) = $0 { text } else { nil } }
    }

    func time(_ column: String) throws -> Date {
        try found(column, "a time") { if case .string(let text) = $0 { Date(timestamp: text) } else { nil } }
    }

    /// One of the words that an enumeration knows.
    func word<Word: RawRepresentable<String>>(_ column: String, as _: Word.Type = Word.self) throws -> Word {
        try found(column, "a word known here") { if case .string(let text) = $0 { Word(rawValue: text) } else { nil } }
    }

    /// The same, of a column that may be NULL, or that an earlier release did not have.
    func ifPresent<Value>(_ column: String, _ read: (StoredRow) -> (String) throws -> Value) throws -> Value? {
        guard row.hasColumn(column), try !value(column).isNull else { return nil }
        return try read(self)(column)
    }

    func value(_ column: String) throws -> DatabaseValue {
        guard let value = try? row.decode(DatabaseValue.self, forColumn: column) else {
            throw DamagedRow(place: place, detail: "there is no column '\(column)'")
        }
        return value
    }

    /// The error that something in this row is wrong.
    func problem(_ detail: String) -> DamagedRow { DamagedRow(place: place, detail: detail) }

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

/// A row that cannot be what a planner has stored.
struct DamagedRow: Error, CustomStringConvertible {
    var place: String
    var detail: String

    var description: String { "\(place): \(detail)" }
}

extension StoredRow {
    /// Hands over the rows of a query, one at a time.
    static func forEach(
        _ database: Database, _ table: String, sql: String, _ arguments: StatementArguments = [],
        body: (StoredRow) throws -> Void
    ) throws {
        let rows = try Row.fetchCursor(database, sql: sql, arguments: arguments)
        while let row = try rows.next() { try body(StoredRow(row: row, table: table)) }
    }
}
