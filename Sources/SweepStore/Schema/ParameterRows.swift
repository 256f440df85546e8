import GRDB
import SweepModel
import SweepSearch

/// The values of one trial after the other, for a reader of many trials.
///
/// Where all trials are read, one query gives the values of all, in the order of the trials; a query for each of ten
/// thousand trials would take longer than everything else. Columns are read by place for the same reason, and a name is
/// compared where it lies in SQLite's memory.
final class ParameterRows {
    private struct Name {
        var bytes: [UInt8]
        /// The parameter's place in the sweep.
        var place: Int
    }

    private let names: [String]
    /// The same names in the order in which SQLite sorts them.
    private let sortedNames: [Name]
    /// Where in `sortedNames` the next row's name is to be expected.
    private var expected = 0
    /// The values of the trial being read, by the parameter's place.
    private var values: [ParameterValue?]
    /// Asks for one trial; nil where one query gives all.
    private let statement: Statement?
    private var all: StoredRows?
    /// The next row of `all`, of a trial that has not been asked for.
    private var ahead: StoredRow?

    private static let select = "SELECT trial, name, kind, value FROM parameter"

    /// - Parameter ofAll: whether every trial will be asked for, in the order of their numbers.
    init(_ database: Database, ofAll: Bool) throws {
        names = try SweepRow.fetch(database).parameterNames
        values = Array(repeating: nil, count: names.count)
        sortedNames = names.enumerated().map { Name(bytes: Array($1.utf8), place: $0) }
            .sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        if ofAll {
            statement = nil
            let rows = try StoredRows(
                database, table: "parameter", key: "trial", sql: Self.select + " ORDER BY trial, name")
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
        var count = 0
        if let statement {
            let rows = try StoredRows(statement, table: "parameter", key: "trial", [trial])
            while let row = try rows.next() { count += try read(row) }
        } else {
            // What is no number sorts last in SQLite, and belongs to no trial.
            while let row = ahead, let owner = row.integer(at: 0), owner <= trial {
                if owner == trial { count += try read(row) }
                ahead = try all?.next()
            }
        }
        return assignment(of: count)
    }

    /// Takes the values that have been read, so that the next trial finds none.
    private func assignment(of count: Int) -> Assignment {
        var found: [ParameterValue] = []
        found.reserveCapacity(count)
        let isComplete = count == names.count
        var active: [String] = []
        for place in values.indices {
            guard let value = values[place] else { continue }
            found.append(value)
            if !isComplete { active.append(names[place]) }
            values[place] = nil
        }
        // All trials with all parameters share one list of names.
        return Assignment(names: isComplete ? names : active, values: found)
    }

    /// Reads a row into `values`.
    ///
    /// - Returns: how many parameters it adds: 1, or 0 where a damaged file has the name twice.
    private func read(_ row: StoredRow) throws -> Int {
        guard let place = row.withText(at: 1, place(of:)) ?? nil else {
            throw row.problem("'\(try row.text("name"))' is no parameter of the sweep")
        }
        let isNew = values[place] == nil
        values[place] = try ParameterValue(row, name: 1, kind: 2, value: 3)
        return isNew ? 1 : 0
    }

    /// The place of the parameter with this name. Rows come in the order of `sortedNames`, and those of inactive
    /// parameters are missing.
    private func place(of name: UnsafeRawBufferPointer) -> Int? {
        for _ in sortedNames.indices {
            let candidate = sortedNames[expected]
            expected = expected + 1 == sortedNames.count ? 0 : expected + 1
            if candidate.bytes.count == name.count, name.elementsEqual(candidate.bytes) { return candidate.place }
        }
        return nil
    }
}
