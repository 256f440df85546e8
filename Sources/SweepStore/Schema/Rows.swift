import Foundation
import GRDB
import SweepModel
import SweepSearch

/// The row of the table `sweep`; the table has only this one.
enum SweepRow {
    /// Adds the row, and the view with a column for each parameter.
    static func insert(_ sweep: SweepRecord, into database: Database) throws {
        let names = String(decoding: try JSONEncoder().encode(sweep.parameterNames), as: UTF8.self)
        try database.execute(
            sql: """
                INSERT INTO sweep (id, name, metric, goal, rule, parameters, lag, file_path, file, base_path, base,
                    directory, trainer_directory, relative_directory, program, created, objectives)
                VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                sweep.name, sweep.metric.name, sweep.metric.goal.rawValue, sweep.metric.rule.rawValue, names, sweep.lag,
                sweep.file.path, sweep.file.text,
                sweep.base?.path, sweep.base?.text, sweep.directory, sweep.trainerDirectory,
                sweep.relativeDirectory, sweep.program, sweep.created.timestamp, try sweep.objectives.stored,
            ])
        try createView(of: sweep, database)
    }

    /// Replaces everything except the time of creation and the default folder of trainers, which a changed file must
    /// not change for the trials there are.
    static func update(_ sweep: SweepRecord, in database: Database) throws {
        let names = String(decoding: try JSONEncoder().encode(sweep.parameterNames), as: UTF8.self)
        try database.execute(
            sql: """
                UPDATE sweep SET name = ?, metric = ?, goal = ?, rule = ?, parameters = ?, lag = ?,
                    file_path = ?, file = ?, base_path = ?, base = ?, directory = ?, relative_directory = ?,
                    program = ?, objectives = ?
                """,
            arguments: [
                sweep.name, sweep.metric.name, sweep.metric.goal.rawValue, sweep.metric.rule.rawValue, names, sweep.lag,
                sweep.file.path, sweep.file.text,
                sweep.base?.path, sweep.base?.text, sweep.directory, sweep.relativeDirectory, sweep.program,
                try sweep.objectives.stored,
            ])
        try database.execute(sql: "DROP VIEW IF EXISTS trials_wide")
        try createView(of: sweep, database)
    }

    private static func createView(of sweep: SweepRecord, _ database: Database) throws {
        try database.execute(
            sql: Schema.wideView(
                parameterNames: sweep.parameterNames, furtherMetrics: sweep.objectives.further.map(\.name)))
    }

    /// - Throws: `DamagedRow` if there is no such row, or it holds what no planner stores.
    static func fetch(_ database: Database) throws -> SweepRecord {
        let rows = try StoredRows(database, table: "sweep", sql: "SELECT * FROM sweep")
        guard let row = try rows.next() else { throw DamagedRow(place: "table 'sweep'", detail: "it has no row") }
        let names = try? JSONDecoder().decode([String].self, from: Data(try row.text("parameters").utf8))
        guard let names, Set(names).count == names.count else {
            throw row.problem("'parameters' is no list of different names")
        }
        let base = try row.ifPresent("base_path", StoredRow.text).map { path throws in
            SweepRecord.StoredFile(path: path, text: try row.text("base"))
        }
        let metric = Metric(name: try row.text("metric"), goal: try row.word("goal"), rule: try row.word("rule"))
        let objectives = try row.ifPresent("objectives", StoredRow.text).map { text throws in
            guard let objectives = Objectives(stored: text), objectives.metric == metric else {
                throw row.problem("'objectives' does not say what is optimized")
            }
            return objectives
        }
        return SweepRecord(
            name: try row.text("name"), metric: metric, objectives: objectives,
            parameterNames: names, lag: try row.ifPresent("lag", StoredRow.integer),
            file: .init(path: try row.text("file_path"), text: try row.text("file")), base: base,
            directory: try row.text("directory"),
            // Missing until a planner of this release has opened the sweep. Earlier releases used the trial's folder.
            trainerDirectory: try row.ifPresent("trainer_directory", StoredRow.text) ?? "{trial_dir}",
            relativeDirectory: try row.ifPresent("relative_directory", StoredRow.text),
            program: try row.ifPresent("program", StoredRow.text),
            created: try row.time("created"))
    }
}

/// The rows of the tables `trial` and `parameter`.
enum TrialRow {
    /// Adds a trial with its values.
    static func insert(_ trial: TrialRecord, into database: Database) throws {
        let insert = try database.cachedStatement(
            sql: """
                INSERT INTO trial (number, state, attempt, origin, source_sweep, source_trial, seed, created)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try insert.execute(arguments: [
            trial.number, trial.state.rawValue, trial.attempt, trial.origin.rawValue, trial.source?.sweep,
            trial.source?.trial, Int64(bitPattern: trial.seed), trial.created.timestamp,
        ])
        try Self.insert(trial.parameters, of: trial.number, into: database)
    }

    /// Adds a trial that ended in another sweep, with what it reported there.
    ///
    /// - Parameter time: when it was imported, if the sweep was there before.
    static func importEnded(
        _ trial: TrialRecord, _ metrics: [MetricRecord], at time: Date? = nil, into database: Database
    ) throws {
        precondition(trial.state.isFinal && trial.attempt >= 1, "only what has ended can be imported")
        let ended = trial.ended ?? trial.created
        var planned = trial
        planned.state = .waiting
        try insert(planned, into: database)
        // The trial makes the moves that one of this sweep would have made: a trigger refuses all others.
        try database.execute(
            sql: "UPDATE trial SET state = 'running', started = ? WHERE number = ?",
            arguments: [(trial.started ?? trial.created).timestamp, trial.number])
        try database.execute(
            sql: """
                UPDATE trial SET state = ?, \(ReasonColumns.assignments), value = ?, further_values = ?, ended = ?,
                    seconds = ?
                WHERE number = ?
                """,
            arguments: [trial.state.rawValue] + StatementArguments(ReasonColumns.values(trial.reason))
                + [trial.value, try FurtherValues.text(trial.further), ended.timestamp, trial.seconds, trial.number])
        try MetricRow.insert(
            metrics.map { metric in
                var metric = metric
                metric.trial = trial.number
                return metric
            }, into: database)
        let detail = trial.source.map { "imported: trial \($0.trial) of \($0.sweep ?? "this sweep")" }
        try EventRow.insert(
            EventRecord(.trialPlanned, at: time ?? trial.created, trial: trial.number, detail: detail),
            into: database)
    }

    static func insert(_ parameters: Assignment, of trial: Int, into database: Database) throws {
        let statement = try database.cachedStatement(
            sql: "INSERT INTO parameter (trial, name, kind, value) VALUES (?, ?, ?, ?)")
        for parameter in parameters {
            try statement.execute(arguments: [
                trial, parameter.name, parameter.value.kind, parameter.value.databaseValue,
            ])
        }
    }

    /// Hands over the trials that `condition` selects, in the order of their numbers unless the condition sorts them.
    ///
    /// Only one of them is in memory at a time, however many there are: a sweep may have a million.
    ///
    /// - Parameter condition: what stands in SQL after `FROM trial`; nil for all trials.
    /// - Throws: `DamagedRow` for a row that no planner can have stored, and whatever `body` throws.
    static func forEach(
        _ database: Database, _ condition: String? = nil, _ arguments: StatementArguments = [],
        body: (TrialRecord) throws -> Void
    ) throws {
        let values = try ParameterRows(database, ofAll: condition == nil)
        let columns = try trialColumns(database)
        try StoredRow.forEach(
            database, "trial", key: "number", sql: "SELECT \(columns) FROM trial \(condition ?? "ORDER BY number")",
            arguments
        ) { row in
            try body(try trial(row, try values.next(of: try row.integer("number"))))
        }
    }

    /// The columns that a trial is read from, whichever release has written the table.
    private static func trialColumns(_ database: Database) throws -> String {
        guard let reason = try Schema.reasonColumns(database) else { return "*" }
        let others = try database.columns(in: "trial").map(\.name).filter { $0 != "cause" }
        return (others + [reason]).joined(separator: ", ")
    }

    /// A trial from its row and its values.
    ///
    /// - Throws: `DamagedRow` if a column holds what no planner stores, or columns contradict each other.
    private static func trial(_ row: StoredRow, _ parameters: Assignment) throws -> TrialRecord {
        var trial = TrialRecord(
            number: try row.integer("number"), origin: try row.word("origin"),
            seed: UInt64(bitPattern: Int64(try row.integer("seed"))), parameters: parameters,
            created: try row.time("created"))
        trial.state = try row.word("state")
        if let source = try row.ifPresent("source_trial", StoredRow.integer) {
            trial.source = .init(sweep: try row.ifPresent("source_sweep", StoredRow.text), trial: source)
        }
        trial.reason = try ReasonColumns.reason(row)
        trial.attempt = try row.integer("attempt")
        trial.value = try row.ifPresent("value", StoredRow.number)
        if let text = try row.ifPresent("further_values", StoredRow.text) {
            guard let values = FurtherValues.values(text) else { throw row.problem("'further_values' are no numbers") }
            trial.further = values
        }
        trial.started = try row.ifPresent("started", StoredRow.time)
        trial.ended = try row.ifPresent("ended", StoredRow.time)
        trial.errorOutput = try row.ifPresent("error_output", StoredRow.text)
        trial.seconds = try row.ifPresent("seconds", StoredRow.number)
        if trial.seconds == nil, let started = trial.started, let ended = trial.ended {
            trial.seconds = max(0, (ended.timeIntervalSince(started) * 1000).rounded() / 1000)
        }
        // SQLite checks the schema's rules when a row is written, not when it is read from a damaged file.
        guard trial.state.isFinal == (trial.ended != nil), trial.state != .complete || trial.value != nil,
            trial.value?.isFinite ?? true, trial.attempt >= 0, trial.number >= 0
        else { throw row.problem("state, value, attempt and times contradict each other") }
        return trial
    }
}

/// The rows of the table `metric`: one for each number that a trainer reported, the most frequent rows by far.
enum MetricRow {
    static func insert(_ metrics: [MetricRecord], into database: Database) throws {
        let statement = try database.cachedStatement(
            sql: "INSERT INTO metric (trial, attempt, step, name, value) VALUES (?, ?, ?, ?, ?)")
        for metric in metrics {
            // SQLite has no NaN and would store NULL by itself. Written out, it is plain that NaN comes back as NULL.
            let value = metric.value.isNaN ? nil : metric.value
            try statement.execute(arguments: [metric.trial, metric.attempt, metric.step, metric.name, value])
        }
    }
}

/// The rows of the table `decision`: each is written once and never changed.
enum DecisionRow {
    static func insert(_ decision: TrialDecision, into database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO decision (time, trial, attempt, step, rung, value, action, reason)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            decision.time.timestamp, decision.trial, decision.attempt, decision.step, decision.rung, decision.value,
            decision.action.rawValue, decision.reason,
        ])
    }

    /// Every decision that `condition` selects, in the order they were made.
    ///
    /// - Parameter condition: a `WHERE` clause, or nothing.
    /// - Throws: `DamagedRow` for a row that no planner can have stored.
    static func fetchAll(
        _ database: Database, _ condition: String = "", _ arguments: StatementArguments = []
    ) throws -> [TrialDecision] {
        // A reader cannot add tables or columns: in a sweep of an earlier release they are missing until it is run
        // again.
        guard try database.tableExists("decision") else { return [] }
        let hasRungs = try database.columns(in: "decision").contains { $0.name == "rung" }
        let rung = hasRungs ? "rung" : Schema.rungOfDecision
        var decisions: [TrialDecision] = []
        try StoredRow.forEach(
            database, "decision",
            sql: """
                SELECT id, time, trial, attempt, step, value, action, reason, \(rung) AS rung
                FROM decision \(condition) ORDER BY id
                """, arguments
        ) { row in
            decisions.append(
                TrialDecision(
                    trial: try row.integer("trial"), attempt: try row.integer("attempt"),
                    step: try row.integer("step"), rung: try row.ifPresent("rung", StoredRow.integer),
                    value: try row.number("value"), action: try row.word("action"), reason: try row.text("reason"),
                    at: try row.time("time")))
        }
        return decisions
    }
}

/// The rows of the table `event`, in the order in which things happened.
enum EventRow {
    static func insert(_ event: EventRecord, into database: Database) throws {
        let statement = try database.cachedStatement(
            sql: "INSERT INTO event (time, trial, attempt, kind, detail, cause, seconds) VALUES (?, ?, ?, ?, ?, ?, ?)")
        try statement.execute(arguments: [
            event.time.timestamp, event.trial, event.attempt, event.kind.rawValue, event.detail, event.cause?.rawValue,
            event.seconds,
        ])
    }

    /// Every event that `condition` selects, in order.
    ///
    /// - Parameter condition: a `WHERE` clause, or nothing.
    /// - Throws: `DamagedRow` for a row that no planner can have stored.
    static func fetchAll(
        _ database: Database, _ condition: String = "", _ arguments: StatementArguments = []
    ) throws -> [EventRecord] {
        var events: [EventRecord] = []
        try StoredRow.forEach(
            database, "event", sql: "SELECT * FROM event \(condition) ORDER BY id", arguments
        ) { row in
            events.append(
                EventRecord(
                    try row.word("kind"), at: try row.time("time"),
                    trial: try row.ifPresent("trial", StoredRow.integer),
                    attempt: try row.ifPresent("attempt", StoredRow.integer),
                    detail: try row.ifPresent("detail", StoredRow.text),
                    cause: try row.ifPresent("cause", { row in { try row.word($0, as: TrialReason.Kind.self) } }),
                    seconds: try row.ifPresent("seconds", StoredRow.number)))
        }
        return events
    }
}
