import Foundation
import GRDB
import SweepModel
import SweepSearch

extension SweepStore {
    /// The sweep's one row.
    ///
    /// - Throws: `SweepStoreError`.
    public func sweep() throws -> SweepRecord {
        try read { try SweepRow.fetch($0) }
    }

    /// Every trial in the order of its number.
    ///
    /// - Throws: `SweepStoreError`.
    public func trials() throws -> [TrialRecord] {
        var trials: [TrialRecord] = []
        try forEachTrial { trials.append($0) }
        return trials
    }

    /// Hands over every trial in the order of its number. Only one of them is in memory at a time.
    ///
    /// - Throws: `SweepStoreError`, also if a number is missing, and whatever `body` throws.
    public func forEachTrial(_ body: (TrialRecord) throws -> Void) throws {
        try read { database in
            var next = 0
            try TrialRow.forEach(database) { trial in
                guard trial.number == next else {
                    throw DamagedRow(place: "table 'trial'", detail: "there is no row \(next)")
                }
                next += 1
                try body(trial)
            }
        }
    }

    /// The error for a caller that finds what it has read to be impossible.
    public func damaged(_ detail: String) -> SweepStoreError {
        .damaged(path: location.path, detail: detail)
    }

    /// The trials of other sweeps from which this one learns.
    ///
    /// - Throws: `SweepStoreError`.
    public func priorTrials() throws -> [PriorTrial] { try read { try PriorTrialRow.fetchAll($0) } }

    /// How many trials have been planned; they are numbered from 0.
    ///
    /// - Throws: `SweepStoreError`.
    public func trialCount() throws -> Int {
        try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM trial") ?? 0 }
    }

    /// The trials with these numbers, in their order; those that do not exist are left out.
    ///
    /// - Throws: `SweepStoreError`.
    public func trials(_ numbers: [Int]) throws -> [TrialRecord] {
        var trials: [TrialRecord] = []
        try read { database in
            try TrialRow.forEach(
                database, "WHERE number IN (SELECT value FROM json_each(?)) ORDER BY number", ["\(numbers)"]
            ) { trials.append($0) }
        }
        return trials
    }

    /// The trial with this number; nil if there is none.
    ///
    /// - Throws: `SweepStoreError`.
    public func trial(_ number: Int) throws -> TrialRecord? {
        try first("WHERE number = ?", [number])
    }

    /// The best complete trial, the first of `Objectives.ranked`; nil if none is complete.
    ///
    /// Where one metric alone is optimized, only numbers and values are read to find it, so that it is quick in a sweep
    /// of many thousand trials.
    ///
    /// - Throws: `SweepStoreError`.
    public func bestTrial() throws -> TrialRecord? {
        let objectives = try sweep().objectives
        if !objectives.areOne { return objectives.ranked(try trials()).first }
        let order = objectives.metric.goal == .minimize ? "ASC" : "DESC"
        let best = try read { database in
            // What is no number would be sorted behind all numbers.
            try StoredRow.forEach(
                database, "trial",
                sql: """
                    SELECT number, value, number AS id FROM trial
                    WHERE state = 'complete' AND typeof(value) NOT IN ('real', 'integer')
                    """
            ) { _ = try $0.number("value") }
            return try Int.fetchOne(
                database,
                sql: "SELECT number FROM trial WHERE state = 'complete' ORDER BY value \(order), number LIMIT 1")
        }
        return try best.flatMap { try trial($0) }
    }

    /// The numbers of the trials that no other one dominates, the one with the best value of the first metric first;
    /// empty where one metric is optimized.
    ///
    /// - Throws: `SweepStoreError`.
    public func front() throws -> [Int] {
        let objectives = try sweep().objectives
        return objectives.areSeveral ? objectives.front(of: try trials()).map(\.number) : []
    }

    /// Number, state and value of every trial in the order of its number: what a list of them needs, and quick to read.
    ///
    /// - Throws: `SweepStoreError`.
    public func outlines() throws -> [TrialOutline] {
        try read { database in
            var outlines: [TrialOutline] = []
            try StoredRow.forEach(
                database, "trial", sql: "SELECT number, state, value, number AS id FROM trial ORDER BY number"
            ) { row in
                outlines.append(
                    TrialOutline(
                        number: try row.integer("number"), state: try row.word("state"),
                        value: try row.ifPresent("value", StoredRow.number)))
            }
            return outlines
        }
    }

    /// The last planned trial in `state`, or the last planned of all if none is in that state; nil if there are no
    /// trials.
    ///
    /// - Throws: `SweepStoreError`.
    public func lastTrial(preferably state: TrialState) throws -> TrialRecord? {
        try first("ORDER BY state = ? DESC, number DESC LIMIT 1", [state.rawValue])
    }

    private func first(_ condition: String, _ arguments: StatementArguments = []) throws -> TrialRecord? {
        var found: TrialRecord?
        try read { try TrialRow.forEach($0, condition, arguments) { found = $0 } }
        return found
    }

    /// How many trials are in each state. States without trials are not in it.
    ///
    /// - Throws: `SweepStoreError`.
    public func counts() throws -> [TrialState: Int] {
        try read { database in
            var counts: [TrialState: Int] = [:]
            try StoredRow.forEach(
                database, "trial", sql: "SELECT state, count(*) AS count FROM trial GROUP BY state"
            ) { counts[try $0.word("state"), default: 0] += try $0.integer("count") }
            return counts
        }
    }

    /// The running trials that were handed out by `revsweep ask` and have not been told of yet, by number. No planner
    /// runs these.
    ///
    /// - Throws: `SweepStoreError`.
    public func askedTrials() throws -> [Int] {
        try read { database in
            try Int.fetchAll(
                database,
                sql: """
                    SELECT number FROM trial WHERE state = 'running' AND EXISTS (
                        SELECT 1 FROM event
                        WHERE event.trial = trial.number AND event.attempt = trial.attempt AND kind = 'asked')
                    ORDER BY number
                    """)
        }
    }

    /// The trials that have not ended, have reported none of these metrics, and are not in the hands of another program
    /// by `revsweep ask`.
    ///
    /// - Throws: `SweepStoreError`.
    public func trialsWithoutReports(of names: [String]) throws -> Set<Int> {
        try read { database in
            try Int.fetchSet(
                database,
                sql: """
                    SELECT number FROM trial WHERE state IN ('waiting', 'running')
                    AND NOT EXISTS (
                        SELECT 1 FROM metric
                        WHERE metric.trial = trial.number AND name IN (\(databaseQuestionMarks(count: names.count))))
                    AND NOT (state = 'running' AND EXISTS (
                        SELECT 1 FROM event
                        WHERE event.trial = trial.number AND event.attempt = trial.attempt AND kind = 'asked'))
                    """,
                arguments: StatementArguments(names))
        }
    }

    /// How many trials were imported from another sweep. All have ended, and no budget counts them.
    ///
    /// - Throws: `SweepStoreError`.
    public func importedCount() throws -> Int {
        try read { database in
            // A sweep of an earlier release lacks this column until it is run again.
            guard try database.columns(in: "trial").contains(where: { $0.name == "source_sweep" }) else { return 0 }
            return try Int.fetchOne(database, sql: "SELECT count(*) FROM trial WHERE source_sweep IS NOT NULL") ?? 0
        }
    }

    /// What one trial reported in all its attempts, in the order of arrival.
    ///
    /// - Throws: `SweepStoreError`.
    public func metrics(ofTrial number: Int) throws -> [MetricRecord] {
        var metrics: [MetricRecord] = []
        try forEachReport(ofTrial: number) { metrics.append($0) }
        return metrics
    }

    /// What the earlier attempts of a trial left behind: the values of one metric, and how many of them failed.
    ///
    /// - Parameter further: the names of other metrics whose values are wanted.
    /// - Throws: `SweepStoreError`.
    public func earlierAttempts(
        ofTrial number: Int, metric: String, further: [String] = []
    ) throws -> EarlierAttempts {
        try read { database in
            var earlier = EarlierAttempts()
            let starts = try AttemptStarts(database, ofTrial: number)
            earlier.values = try Self.finiteValues(ofTrial: number, metric: metric, starts, database)
            for name in further {
                earlier.further[name] = try Self.finiteValues(ofTrial: number, metric: name, starts, database)
            }
            earlier.divergences = try ([metric] + further).flatMap { name in
                try Self.divergences(ofTrial: number, metric: name, starts, database)
            }
            // SQLite takes the index `event_retried` only where the kind is not an argument.
            let failures = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM event WHERE trial = ? AND kind = 'retried' AND cause IS NOT ?",
                arguments: [number, TrialReason.Kind.interrupted.rawValue])
            earlier.failures = failures ?? 0
            return earlier
        }
    }

    private static func finiteValues(
        ofTrial number: Int, metric: String, _ starts: AttemptStarts, _ database: Database
    ) throws -> [(step: Int, value: Double)] {
        var values: [(step: Int, value: Double)] = []
        try StoredRow.forEach(
            database, "metric",
            sql: """
                SELECT id, attempt, step, value FROM metric
                WHERE trial = ? AND name = ? AND abs(value) <= \(Double.greatestFiniteMagnitude) ORDER BY id
                """, [number, metric]
        ) { row in
            let step = try row.integer("step")
            if starts.isReplaced(metric, at: step, ofTrial: number, attempt: try row.integer("attempt")) { return }
            values.append((step: step, value: try row.number("value")))
        }
        return values
    }

    /// For each attempt, the first step at which the metric was not a finite number, unless a later attempt began at
    /// or before that step and so repeated it.
    private static func divergences(
        ofTrial number: Int, metric: String, _ starts: AttemptStarts, _ database: Database
    ) throws -> [Int] {
        var steps: [Int] = []
        try StoredRow.forEach(
            database, "metric",
            sql: """
                SELECT attempt, min(step) AS step FROM metric
                WHERE trial = ? AND name = ?
                    AND (value IS NULL OR abs(value) > \(Double.greatestFiniteMagnitude))
                GROUP BY attempt ORDER BY attempt
                """, [number, metric]
        ) { row in
            let step = try row.integer("step")
            if starts.isReplaced(metric, at: step, ofTrial: number, attempt: try row.integer("attempt")) { return }
            steps.append(step)
        }
        return steps
    }

    /// Everything that happened, in order.
    ///
    /// - Throws: `SweepStoreError`.
    public func events() throws -> [EventRecord] {
        try read { try EventRow.fetchAll($0) }
    }

    /// How long planners have worked on the sweep, by clocks that do not jump.
    ///
    /// Earlier releases stored times of day only. For their planners it is the time from the start of a planner to the
    /// last event that it is known to have caused. Two kinds of event are left out there, since the next planner
    /// writes them: that a trial was interrupted, and that a change was accepted.
    ///
    /// - Throws: `SweepStoreError`.
    public func timeRun() throws -> Duration {
        try read { database in
            let starts = try Int64.fetchAll(
                database, sql: "SELECT id FROM event WHERE kind = ? ORDER BY id",
                arguments: [EventRecord.Kind.plannerStarted.rawValue])
            // One planner after the other: a single query over all of them would hold every event in memory.
            let byTimeOfDay = try database.makeStatement(
                sql: """
                    SELECT (julianday(max(time)) - julianday(min(time))) * 86400 FROM event
                    WHERE id >= ? AND id < ? AND kind NOT IN (
                        '\(EventRecord.Kind.trialInterrupted.rawValue)', '\(EventRecord.Kind.changeAccepted.rawValue)')
                    """)
            let measured =
                try database.columns(in: "event").contains { $0.name == "seconds" }
                ? database.makeStatement(
                    sql: """
                        SELECT max(seconds) FROM event WHERE id >= ? AND id < ?
                            AND kind IN (
                                '\(EventRecord.Kind.plannerAlive.rawValue)',
                                '\(EventRecord.Kind.plannerEnded.rawValue)')
                        """) : nil
            var seconds = 0.0
            for (start, next) in zip(starts, starts.dropFirst() + [.max]) {
                let worked =
                    try measured.flatMap { try Double.fetchOne($0, arguments: [start, next]) }
                    ?? Double.fetchOne(byTimeOfDay, arguments: [start, next])
                seconds += max(0, worked ?? 0)
            }
            // Longer than any sweep. A damaged row may hold more, which would overflow a `Duration`.
            let maxSeconds = 1e12
            return .seconds(seconds.isFinite ? min(seconds, maxSeconds) : maxSeconds)
        }
    }
}
