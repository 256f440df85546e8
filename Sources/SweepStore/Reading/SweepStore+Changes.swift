import GRDB
import SweepModel

/// What has changed since a view was brought up to date, for views that are told of changes and never of the whole
/// again: the page in a browser.
///
///     let seen = try store.progress()
///     …
///     if let changes = try store.changes(since: seen, reporting: "val_loss", atMost: 10_000) { … }
extension SweepStore {
    /// How much of a sweep has been stored: everything behind it is new.
    ///
    /// It is a few numbers that a reader can keep outside of this program and come back with. Rows are only ever added
    /// to these tables, so that their numbers tell old from new.
    public struct Progress: Sendable, Hashable {
        public var trials: Int
        public var event: Int
        public var metric: Int
        public var decision: Int
        /// When the last event happened, as it is stored. A database that was replaced by an older copy of itself and
        /// went on from there has other events by the same numbers; their times give it away.
        public var time: String

        public init(trials: Int, event: Int, metric: Int, decision: Int, time: String) {
            self.trials = trials
            self.event = event
            self.metric = metric
            self.decision = decision
            self.time = time
        }
    }

    /// What has been stored behind a place.
    public struct Changes: Sendable {
        /// The trials that something has happened to, as they are now, in the order of their numbers.
        public var trials: [TrialRecord] = []
        /// What has happened to them, in order.
        public var events: [EventRecord] = []
        /// What was reported, of all metrics, in the order of arrival.
        public var reports: [MetricRecord] = []
        public var decisions: [TrialDecision] = []
        /// By trial, the first step that an attempt reported which has begun to report since: what earlier attempts
        /// reported from there on does not count any more.
        public var restarts: [Int: Int] = [:]
        public var progress: Progress
    }

    /// How much is stored now. It takes the same time however much that is.
    ///
    /// - Throws: `SweepStoreError`.
    public func progress() throws -> Progress { try read(Self.progress) }

    /// What has been stored since, in one state of the database.
    ///
    /// - Parameters:
    ///   - metric: the sweep's metric, whose reports restart with an attempt.
    ///   - limit: of how many rows a change may consist.
    /// - Returns: nil if there are more, or if `earlier` is no state that this database ever was in: whoever asks has
    ///   to read everything anew.
    /// - Throws: `SweepStoreError`.
    public func changes(since earlier: Progress, reporting metric: String, atMost limit: Int) throws -> Changes? {
        try read { database in
            let now = try Self.progress(database)
            let counts = [
                (earlier.trials, now.trials), (earlier.event, now.event), (earlier.metric, now.metric),
                (earlier.decision, now.decision),
            ]
            // The numbers come from outside and may be any.
            guard counts.allSatisfy({ 0 <= $0 && $0 <= $1 }), counts.reduce(0, { $0 + $1.1 - $1.0 }) <= limit,
                try Self.time(ofEvent: earlier.event, database) == earlier.time
            else { return nil }
            var changes = Changes(progress: now)
            if now.event > earlier.event {
                changes.events = try EventRow.fetchAll(
                    database, "WHERE id > ? AND trial IS NOT NULL", [earlier.event])
                try TrialRow.forEach(
                    database,
                    """
                    WHERE number IN (SELECT trial FROM event WHERE id > ?) OR number >= ? ORDER BY number
                    """, [earlier.event, earlier.trials]
                ) { changes.trials.append($0) }
            }
            if now.metric > earlier.metric {
                try StoredRow.forEach(
                    database, "metric",
                    sql: "SELECT id, trial, attempt, step, name, value FROM metric WHERE id > ? ORDER BY id",
                    [earlier.metric]
                ) { row in
                    changes.reports.append(
                        MetricRecord(
                            trial: try row.integer("trial"), attempt: try row.integer("attempt"),
                            step: try row.integer("step"), name: try row.text("name"),
                            value: try row.ifPresent("value", StoredRow.number) ?? .nan))
                }
                changes.restarts = try Self.restarts(
                    among: changes.reports, since: earlier.metric, metric: metric, database)
            }
            if now.decision > earlier.decision {
                changes.decisions = try DecisionRow.fetchAll(database, "WHERE id > ?", [earlier.decision])
            }
            return changes
        }
    }

    /// The first steps of later attempts whose first report is among the new ones.
    private static func restarts(
        among reports: [MetricRecord], since identifier: Int, metric: String, _ database: Database
    ) throws -> [Int: Int] {
        var restarts: [Int: Int] = [:]
        // The last attempt that had reported before, of the trials that are in a later one than the first.
        var known: [Int: Int] = [:]
        for report in reports where report.attempt > 1 {
            if known[report.trial] == nil {
                known[report.trial] =
                    try Int.fetchOne(
                        database,
                        sql: """
                            SELECT attempt FROM metric WHERE trial = ? AND name = ? AND id <= ?
                            ORDER BY id DESC LIMIT 1
                            """, arguments: [report.trial, metric, identifier]) ?? 0
            }
            guard report.attempt > known[report.trial] ?? 0 else { continue }
            restarts[report.trial] = min(restarts[report.trial] ?? report.step, report.step)
        }
        return restarts
    }

    private static func progress(_ database: Database) throws -> Progress {
        func last(_ table: String, _ column: String = "id") throws -> Int {
            try Int.fetchOne(database, sql: "SELECT max(\(column)) FROM \(table)") ?? 0
        }
        let event = try last("event")
        // A sweep of an early release has no decisions until it is run again.
        let decision = try database.tableExists("decision") ? last("decision") : 0
        return Progress(
            trials: try Int.fetchOne(database, sql: "SELECT max(number) + 1 FROM trial") ?? 0, event: event,
            metric: try last("metric"), decision: decision, time: try time(ofEvent: event, database))
    }

    private static func time(ofEvent identifier: Int, _ database: Database) throws -> String {
        try String.fetchOne(database, sql: "SELECT time FROM event WHERE id = ?", arguments: [identifier]) ?? ""
    }
}
