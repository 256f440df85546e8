import Foundation
import GRDB
import SweepSearch

extension SweepStore {
    /// The sweep's one row.
    public func sweep() throws -> SweepRecord {
        try database.read { try SweepRow.fetch($0) }
    }

    /// Every trial in the order of its number.
    public func trials() throws -> [TrialRecord] {
        var trials: [TrialRecord] = []
        try forEachTrial { trials.append($0) }
        return trials
    }

    /// Hands over every trial in the order of its number; no more than one of them is in memory.
    public func forEachTrial(_ body: (TrialRecord) throws -> Void) throws {
        try database.read { try TrialRow.forEach($0, body: body) }
    }

    /// The trial with this number.
    public func trial(_ number: Int) throws -> TrialRecord? {
        try first("WHERE number = ?", [number])
    }

    /// The complete trial with the best value of the sweep's metric; of equals the first.
    public func bestTrial() throws -> TrialRecord? {
        let order = try sweep().goal == "minimize" ? "ASC" : "DESC"
        return try first("WHERE state = 'complete' ORDER BY value \(order), number LIMIT 1")
    }

    /// The trial that was planned last, of those in `state` if there is one in that.
    public func lastTrial(preferably state: TrialState) throws -> TrialRecord? {
        try first("ORDER BY state = ? DESC, number DESC LIMIT 1", [state.rawValue])
    }

    private func first(_ condition: String, _ arguments: StatementArguments = []) throws -> TrialRecord? {
        var found: TrialRecord?
        try database.read { try TrialRow.forEach($0, condition, arguments) { found = $0 } }
        return found
    }

    /// How many trials there are in each state in which there are any.
    public func counts() throws -> [TrialState: Int] {
        try database.read { database in
            let rows = try Row.fetchAll(database, sql: "SELECT state, count(*) AS count FROM trial GROUP BY state")
            return Dictionary(
                uniqueKeysWithValues: rows.compactMap { row in
                    TrialState(rawValue: row["state"]).map { ($0, row["count"]) }
                })
        }
    }

    /// The value that each metric of each trial had last, by trial and name.
    public func lastMetrics() throws -> [Int: [String: Double]] {
        try database.read { database in
            var metrics: [Int: [String: Double]] = [:]
            let rows = try Row.fetchCursor(
                database, sql: "SELECT trial, name, value, max(id) FROM metric GROUP BY trial, name")
            while let row = try rows.next() {
                metrics[row["trial"], default: [:]][row["name"]] = row["value"] ?? Double.nan
            }
            return metrics
        }
    }

    /// What one trial reported, in the order of arrival; all attempts.
    public func metrics(ofTrial number: Int) throws -> [MetricRecord] {
        try database.read { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT attempt, step, name, value FROM metric WHERE trial = ? ORDER BY id",
                arguments: [number])
            return rows.map { row in
                MetricRecord(
                    trial: number, attempt: row["attempt"], step: row["step"], name: row["name"],
                    value: row["value"] ?? .nan)
            }
        }
    }

    /// What earlier attempts of a trial left behind: the values of one metric, and how many of them failed.
    public func earlierAttempts(ofTrial number: Int, metric: String) throws -> EarlierAttempts {
        try database.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT step, value FROM metric WHERE trial = ? AND name = ? AND value IS NOT NULL ORDER BY id",
                arguments: [number, metric])
            let failures = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM event WHERE trial = ? AND kind = ? AND detail <> ?",
                arguments: [number, EventRecord.Kind.trialRetried.rawValue, "waiting: interrupted"])
            return EarlierAttempts(
                values: rows.map { (step: $0["step"], value: $0["value"]) }, failures: failures ?? 0)
        }
    }

    /// Everything that happened, in order.
    public func events() throws -> [EventRecord] {
        try database.read { try EventRow.fetchAll($0) }
    }

    /// How long planners have worked on the sweep: from the start of each to the last that is known of it.
    ///
    /// That a trial was interrupted is found out, and noted, only by the planner after, and a change is accepted only
    /// between two of them: that tells nothing of the one before.
    public func timeRun() throws -> Duration {
        try database.read { database in
            let starts = try Int64.fetchAll(
                database, sql: "SELECT id FROM event WHERE kind = ? ORDER BY id",
                arguments: [EventRecord.Kind.plannerStarted.rawValue])
            // One session after the other: to number the events by session would hold all of them in memory.
            let statement = try database.makeStatement(
                sql: """
                    SELECT (julianday(max(time)) - julianday(min(time))) * 86400 FROM event
                    WHERE id >= ? AND id < ? AND kind NOT IN (
                        '\(EventRecord.Kind.trialInterrupted.rawValue)', '\(EventRecord.Kind.changeAccepted.rawValue)')
                    """)
            var seconds = 0.0
            for (start, next) in zip(starts, starts.dropFirst() + [.max]) {
                seconds += max(0, try Double.fetchOne(statement, arguments: [start, next]) ?? 0)
            }
            return .seconds(seconds)
        }
    }
}
