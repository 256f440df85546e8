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
        try read { database in
            var last: (step: Int, value: Double)?
            try StoredRow.forEach(
                database, "metric",
                sql: """
                    SELECT id, step, value FROM metric
                    WHERE id = (SELECT max(id) FROM metric WHERE trial = ? AND name = ?)
                    """, [number, metric]
            ) { row in
                last = (try row.integer("step"), try row.ifPresent("value", StoredRow.number) ?? .nan)
            }
            return last
        }
    }

    /// Hands over what a trial reported of one metric after an earlier look, in the order of arrival; NaN where the
    /// trainer reported NaN.
    ///
    /// - Parameters:
    ///   - identifier: what the earlier look returned; 0 for the first.
    ///   - restart: called before the first report of a later attempt, with the step that this attempt begins at: what
    ///     was handed over from there on, in earlier looks too, does not count any more, as `curves` has it.
    /// - Returns: what the next look passes as `identifier`.
    /// - Throws: `SweepStoreError`, and whatever `restart` and `body` throw.
    public func forEachReport(
        ofTrial number: Int, metric: String, after identifier: Int, restart: (_ step: Int) throws -> Void,
        _ body: (_ step: Int, _ value: Double) throws -> Void
    ) throws -> Int {
        try read { database in
            var last = identifier
            // An attempt begins also with a report that lacks the metric. Those of a single one are found by the index.
            let hasLater = try Bool.fetchOne(
                database, sql: "SELECT attempt > 1 FROM trial WHERE number = ?", arguments: [number])
            var beginnings = Beginnings(metric, upTo: identifier)
            try StoredRow.forEach(
                database, "metric",
                sql: """
                    SELECT id, attempt, step, name, value FROM metric
                    WHERE trial = ? AND id > ? AND (name = ? \(hasLater ?? false ? "OR attempt > 1" : "")) ORDER BY id
                    """, [number, identifier, metric]
            ) { row in
                let report = MetricRecord(
                    trial: number, attempt: try row.integer("attempt"), step: try row.integer("step"),
                    name: try row.text("name"), value: try row.ifPresent("value", StoredRow.number) ?? .nan)
                if let step = try beginnings.take(report, database) { try restart(step) }
                last = max(last, try row.integer("id"))
                if report.name == metric { try body(report.step, report.value) }
            }
            return last
        }
    }
}
