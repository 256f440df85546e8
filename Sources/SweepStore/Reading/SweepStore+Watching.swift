import GRDB
import SweepModel

/// What a program needs that shows a sweep while another one runs it: to notice cheaply that something has changed, and
/// to read no more than that.
///
///     if try store.changeCounter() != seen {
///         let changed = try store.trials(unfinished: [40, 41], from: 42)
///     }
extension SweepStore {
    /// A number that is another one after any other process has changed the database. SQLite keeps it, so that asking
    /// reads no table.
    ///
    /// - Throws: `SweepStoreError`.
    public func changeCounter() throws -> Int {
        try read { try Int.fetchOne($0, sql: "PRAGMA data_version") ?? 0 }
    }

    /// The trials that may have changed since an earlier look: those that had not ended then, and all that have been
    /// planned since. A trial that has ended never changes.
    ///
    /// - Parameters:
    ///   - unfinished: the numbers of the trials that had not ended.
    ///   - first: the first number that was not there.
    /// - Throws: `SweepStoreError`.
    public func trials(unfinished: [Int], from first: Int) throws -> [TrialRecord] {
        try read { database in
            var trials: [TrialRecord] = []
            try TrialRow.forEach(
                database, "WHERE number >= ? OR number IN (SELECT value FROM json_each(?)) ORDER BY number",
                [first, "\(unfinished)"]
            ) { trials.append($0) }
            return trials
        }
    }

    /// What a trial reported of one metric last; nil if it has not reported it.
    ///
    /// - Throws: `SweepStoreError`.
    public func lastReport(ofTrial number: Int, metric: String) throws -> (step: Int, value: Double)? {
        var last: (step: Int, value: Double)?
        _ = try forEachReport(
            ofTrial: number, metric: metric, where: "id = (SELECT max(id) FROM metric WHERE trial = ? AND name = ?)",
            [number, metric]
        ) { last = ($0, $1) }
        return last
    }

    /// Hands over what a trial reported of one metric after an earlier look, in the order of arrival; NaN where the
    /// trainer reported NaN.
    ///
    /// - Parameter identifier: what the earlier look returned; 0 for the first.
    /// - Returns: what the next look passes as `identifier`.
    /// - Throws: `SweepStoreError`, and whatever `body` throws.
    public func forEachReport(
        ofTrial number: Int, metric: String, after identifier: Int,
        _ body: (_ step: Int, _ value: Double) throws -> Void
    ) throws -> Int {
        let last = try forEachReport(
            ofTrial: number, metric: metric, where: "trial = ? AND name = ? AND id > ? ORDER BY id",
            [number, metric, identifier], body)
        return max(last, identifier)
    }

    /// - Returns: the greatest identifier, 0 if there is no row.
    private func forEachReport(
        ofTrial number: Int, metric: String, where condition: String, _ arguments: StatementArguments,
        _ body: (_ step: Int, _ value: Double) throws -> Void
    ) throws -> Int {
        try read { database in
            var last = 0
            try StoredRow.forEach(
                database, "metric", sql: "SELECT id, step, value FROM metric WHERE \(condition)", arguments
            ) { row in
                last = max(last, try row.integer("id"))
                try body(try row.integer("step"), try row.ifPresent("value", StoredRow.number) ?? .nan)
            }
            return last
        }
    }
}
