import GRDB
import SweepModel

/// Reading for programs that write all of a sweep elsewhere: whole, and then what is new.
extension SweepStore {
    /// A value that a trial has reported of one metric; NaN where the trainer reported NaN.
    public typealias Report = (step: Int, value: Double)

    /// Up to where a sweep has been read: everything behind it is new.
    public struct Position: Sendable, Hashable {
        var event: Int64
        var metric: Int64
    }

    /// What has been stored behind a position.
    public struct News: Sendable {
        /// The trials that something has happened to, as they are now, in the order of their numbers.
        public var trials: [TrialRecord] = []
        /// What was reported of the metric, in the order of arrival.
        public var reports: [MetricRecord] = []
        /// Where `news(since:)` goes on.
        public var position: Position
    }

    /// Hands over every trial in the order of its number, with what it has reported of one metric and what of that
    /// still counts, as `curves` has it; here also values that are not finite. Only one trial is in memory at a time.
    ///
    /// - Returns: where `news(since:)` goes on.
    /// - Throws: `SweepStoreError`, also if a number is missing, and whatever `body` throws.
    public func forEachTrial(
        reporting metric: String, _ body: (TrialRecord, [Report]) throws -> Void
    ) throws -> Position {
        try read { database in
            let reports = try ReportRows(database, metric)
            var next = 0
            try TrialRow.forEach(database) { trial in
                guard trial.number == next else {
                    throw DamagedRow(place: "table 'trial'", detail: "there is no row \(next)")
                }
                next += 1
                try body(trial, try reports.reports(of: trial.number))
            }
            return try Self.position(database)
        }
    }

    /// What has been stored since, in one state of the database.
    ///
    /// - Throws: `SweepStoreError`.
    public func news(since position: Position, reporting metric: String) throws -> News {
        try read { database in
            var news = News(position: try Self.position(database))
            if news.position.event > position.event {
                try TrialRow.forEach(
                    database, "WHERE number IN (SELECT trial FROM event WHERE id > ?) ORDER BY number",
                    [position.event]
                ) { news.trials.append($0) }
            }
            if news.position.metric > position.metric {
                try StoredRow.forEach(
                    database, "metric",
                    sql: "SELECT id, trial, attempt, step, value FROM metric WHERE id > ? AND name = ? ORDER BY id",
                    [position.metric, metric]
                ) { row in
                    news.reports.append(
                        MetricRecord(
                            trial: try row.integer("trial"), attempt: try row.integer("attempt"),
                            step: try row.integer("step"), name: metric,
                            value: try row.ifPresent("value", StoredRow.number) ?? .nan))
                }
            }
            return news
        }
    }

    /// Whether the sweep has gone on with a changed file, so that trials may have values which are not legal any more.
    ///
    /// - Throws: `SweepStoreError`.
    public func hasAcceptedChanges() throws -> Bool {
        try read { database in
            try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM event WHERE kind = ?)",
                arguments: [EventRecord.Kind.changeAccepted.rawValue]) ?? false
        }
    }

    /// The decisions by which trials were stopped, paused or promoted, in the order they were made. Those that a trial
    /// goes on are by far the most, and are left out.
    ///
    /// - Throws: `SweepStoreError`.
    public func decisiveDecisions() throws -> [TrialDecision] {
        try read { try DecisionRow.fetchAll($0, "WHERE action <> '\(TrialDecision.Action.goOn.rawValue)'") }
    }

    private static func position(_ database: Database) throws -> Position {
        Position(
            event: try Int64.fetchOne(database, sql: "SELECT max(id) FROM event") ?? 0,
            metric: try Int64.fetchOne(database, sql: "SELECT max(id) FROM metric") ?? 0)
    }
}

/// The rows of the table `metric` that hold one metric, read for one trial after the other.
private final class ReportRows {
    private struct Found {
        var trial: Int
        var attempt: Int
        var step: Int
        var value: Double
    }

    private let metric: String
    private let rows: StoredRows
    private let starts: AttemptStarts
    private var next: Found?
    private var hasBegun = false

    init(_ database: Database, _ metric: String) throws {
        self.metric = metric
        starts = try AttemptStarts(database, metric: metric)
        // In the order of the index `metric_by_trial`: nothing has to be sorted.
        rows = try StoredRows(
            database, table: "metric", key: "trial",
            sql: "SELECT trial, attempt, step, value FROM metric WHERE name = ? ORDER BY trial, name, id", [metric])
    }

    /// - Parameter trial: a later one than in the last call.
    func reports(of trial: Int) throws -> [SweepStore.Report] {
        if !hasBegun { next = try found() }
        hasBegun = true
        var reports: [SweepStore.Report] = []
        while let report = next, report.trial <= trial {
            if !starts.isReplaced(metric, at: report.step, ofTrial: trial, attempt: report.attempt) {
                reports.append((report.step, report.value))
            }
            next = try found()
        }
        return reports
    }

    private func found() throws -> Found? {
        guard let row = try rows.next() else { return nil }
        // By place and not by column: there are very many of these rows.
        guard let trial = row.integer(at: 0), let attempt = row.integer(at: 1), let step = row.integer(at: 2) else {
            throw row.problem("a trial, an attempt or a step is not a whole number")
        }
        let value = row.isNull(3) ? .nan : try row.number(at: 3)
        return Found(trial: trial, attempt: attempt, step: step, value: value)
    }
}
