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
        /// How many trials there are.
        public var trials: Int
        /// The number of the last row of the table of events; 0 if it is empty.
        public var event: Int
        /// The same of the metrics.
        public var metric: Int
        /// The same of the decisions.
        public var decision: Int
        /// A check sum of when the last event happened. A database that was replaced by an older copy of itself and
        /// went on from there has other events by the same numbers; their times give it away.
        public var past: UInt64

        public init(trials: Int, event: Int, metric: Int, decision: Int, past: UInt64) {
            self.trials = trials
            self.event = event
            self.metric = metric
            self.decision = decision
            self.past = past
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
        /// In the order they were made.
        public var decisions: [TrialDecision] = []
        /// What was reported of the sweep's metric, by trial.
        public var curves: [Int: CurveChange] = [:]
        /// Who proposed the new trials, where that is stored.
        public var proposals: [TrialProposal] = []
        /// Up to where this goes: the `earlier` of the next call.
        public var progress: Progress
    }

    /// What has become of a trial's curve: its reports of the sweep's metric that count, as `forEachTrial` has them.
    public struct CurveChange: Sendable, Hashable {
        /// The first step of later attempts that have begun to report since: what the curve had from there on does not
        /// count any more. Nil if none has.
        public var restart: Int?
        /// The new reports that count, in the order of steps: the last one where a step was reported again.
        public private(set) var reports: [Point] = []

        public struct Point: Sendable, Hashable {
            public var step: Int
            /// NaN where the trainer reported NaN.
            public var value: Double
        }

        /// A later attempt has begun at a step.
        fileprivate mutating func restart(at step: Int) {
            restart = min(restart ?? step, step)
            reports.removeAll { $0.step >= step }
        }

        /// Takes in what an attempt reported.
        fileprivate mutating func add(_ point: Point) {
            // Steps mostly rise.
            let place = (reports.lastIndex { $0.step <= point.step } ?? -1) + 1
            if place > 0, reports[place - 1].step == point.step {
                reports[place - 1] = point
            } else {
                reports.insert(point, at: place)
            }
        }
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
                try Self.past(ofEvent: earlier.event, database) == earlier.past
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
                changes.curves = try Self.curves(of: changes.reports, since: earlier.metric, metric: metric, database)
            }
            if now.trials > earlier.trials {
                changes.proposals = try ProposalRow.fetchAll(database, "WHERE trial >= ?", [earlier.trials])
            }
            if now.decision > earlier.decision {
                changes.decisions = try DecisionRow.fetchAll(database, "WHERE id > ?", [earlier.decision])
            }
            return changes
        }
    }

    private static func curves(
        of reports: [MetricRecord], since identifier: Int, metric: String, _ database: Database
    ) throws -> [Int: CurveChange] {
        var curves: [Int: CurveChange] = [:]
        var beginnings = Beginnings(metric, upTo: identifier)
        for report in reports {
            if let step = try beginnings.take(report, database) {
                curves[report.trial, default: CurveChange()].restart(at: step)
            }
            if report.name == metric {
                curves[report.trial, default: CurveChange()].add(.init(step: report.step, value: report.value))
            }
        }
        return curves
    }

    /// Tells where later attempts begin, as `AttemptStarts` does, to a reader that goes on where it was before.
    struct Beginnings {
        private let metric: String
        /// The number of the last row that an earlier look had handed over.
        private let identifier: Int
        /// By trial, the attempt of its last report, and of its last report of the metric.
        private var attempts: (any: [Int: Int], metric: [Int: Int]) = ([:], [:])

        init(_ metric: String, upTo identifier: Int) {
            self.metric = metric
            self.identifier = identifier
        }

        /// Takes the next report.
        ///
        /// - Returns: the step from which on its attempt replaces what earlier ones reported, if that is not known
        ///   already.
        mutating func take(_ report: MetricRecord, _ database: Database) throws -> Int? {
            let (trial, attempt) = (report.trial, report.attempt)
            guard attempt > 1 else { return nil }
            let isFirst = try attempts.any[trial] ?? lastAttempt(of: trial, nil, database) != attempt
            attempts.any[trial] = attempt
            guard report.name == metric else { return isFirst ? report.step : nil }
            let isFirstOfMetric = try attempts.metric[trial] ?? lastAttempt(of: trial, metric, database) != attempt
            attempts.metric[trial] = attempt
            if isFirst { return report.step }
            guard isFirstOfMetric, let first = try Self.firstStep(of: trial, attempt, database) else { return nil }
            return report.step < first ? report.step : nil
        }

        /// The attempt of the last report, of one metric or of any, that an earlier look had handed over.
        private func lastAttempt(of trial: Int, _ metric: String?, _ database: Database) throws -> Int {
            try Int.fetchOne(
                database,
                sql: """
                    SELECT attempt FROM metric WHERE trial = ? AND id <= ? \(metric == nil ? "" : "AND name = ?")
                    ORDER BY id DESC LIMIT 1
                    """,
                arguments: StatementArguments([trial, identifier]) + StatementArguments([metric].compactMap(\.self)))
                ?? 1
        }

        /// The step that an attempt reported first, of any metric.
        private static func firstStep(of trial: Int, _ attempt: Int, _ database: Database) throws -> Int? {
            try Int.fetchOne(
                database, sql: "SELECT step FROM metric WHERE trial = ? AND attempt = ? ORDER BY id LIMIT 1",
                arguments: [trial, attempt])
        }
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
            metric: try last("metric"), decision: decision, past: try past(ofEvent: event, database))
    }

    /// A planner renews the event that says it is alive, so that one is passed over.
    private static func past(ofEvent identifier: Int, _ database: Database) throws -> UInt64 {
        let time = try String.fetchOne(
            database, sql: "SELECT time FROM event WHERE id <= ? AND kind <> ? ORDER BY id DESC LIMIT 1",
            arguments: [identifier, EventRecord.Kind.plannerAlive.rawValue])
        var sum = StableHash()
        sum.combine(time ?? "")
        return sum.value
    }
}
