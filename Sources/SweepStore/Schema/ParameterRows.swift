import GRDB
import SweepModel
import SweepSearch

/// The values of one trial after the other, for a reader of many trials.
///
/// Where all trials are read, one query gives the values of all, in the order of the trials; a query for each of ten
/// thousand trials would take longer than everything else. Columns are read by position for the same reason.
final class ParameterRows {
    private let names: [String]
    private let places: [String: Int]
    /// Asks for one trial; nil where one query gives all.
    private let statement: Statement?
    private var all: RowCursor?
    /// The next row of `all`, of a trial that has not been asked for.
    private var ahead: Row?

    private static let select = "SELECT trial, name, kind, value FROM parameter"

    /// - Parameter ofAll: whether every trial will be asked for, in the order of their numbers.
    init(_ database: Database, ofAll: Bool) throws {
        names = try SweepRow.fetch(database).parameterNames
        places = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
        if ofAll {
            statement = nil
            let rows = try Row.fetchCursor(database, sql: Self.select + " ORDER BY trial, name")
            all = rows
            ahead = try rows.next()
        } else {
            statement = try database.makeStatement(sql: Self.select + " WHERE trial = ?")
        }
    }

    /// The values of a trial, in the order of the sweep's parameters.
    ///
    /// - Throws: `DamagedRow` if a row holds what no planner stores.
    func next(of trial: Int) throws -> Assignment {
        var found: [(place: Int, value: ParameterValue)] = []
        found.reserveCapacity(names.count)
        if let statement {
            let rows = try Row.fetchCursor(statement, arguments: [trial])
            while let row = try rows.next() { found.append(try read(row)) }
        } else {
            while let row = ahead, let owner = owner(row), owner <= trial {
                if owner == trial { found.append(try read(row)) }
                ahead = try all?.next()
            }
        }
        found.sort { $0.place < $1.place }
        return Assignment(names: found.map { names[$0.place] }, values: found.map(\.value))
    }

    /// The number of the trial that a row belongs to. What is no number sorts last in SQLite, and belongs to none.
    private func owner(_ row: Row) -> Int? {
        guard case .int64(let number) = storage(row, 0) else { return nil }
        return Int(number)
    }

    private func read(_ row: Row) throws -> (place: Int, value: ParameterValue) {
        let stored = StoredRow(row: row, table: "parameter", key: "trial")
        guard case .string(let name) = storage(row, 1), let place = places[name] else {
            throw stored.problem("'\(try stored.text("name"))' is no parameter of the sweep")
        }
        guard case .string(let kind) = storage(row, 2) else { return (place, try ParameterValue(stored)) }
        switch (kind, storage(row, 3)) {
        case ("number", .double(let number)) where !number.isNaN: return (place, .number(number))
        case ("integer", .int64(let number)): return (place, .integer(Int(number)))
        case ("string", .string(let text)): return (place, .string(text))
        default: return (place, try ParameterValue(stored))
        }
    }

    private func storage(_ row: Row, _ index: Int) -> DatabaseValue.Storage {
        (try? row.decode(DatabaseValue.self, atIndex: index).storage) ?? .null
    }
}
