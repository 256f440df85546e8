import Foundation
import GRDB
import SweepSearch

/// The row of the table `sweep`.
enum SweepRow {
    static func insert(_ sweep: SweepRecord, into database: Database) throws {
        let names = String(decoding: try JSONEncoder().encode(sweep.parameterNames), as: UTF8.self)
        try database.execute(
            sql: """
                INSERT INTO sweep (id, name, metric, goal, rule, parameters, lag, file_path, file, base_path, base,
                    directory, trainer_directory, created)
                VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                sweep.name, sweep.metric, sweep.goal, sweep.rule, names, sweep.lag, sweep.file.path, sweep.file.text,
                sweep.base?.path, sweep.base?.text, sweep.directory, sweep.trainerDirectory, sweep.created.timestamp,
            ])
        try database.execute(sql: Schema.wideView(parameterNames: sweep.parameterNames))
    }

    /// Replaces all but when the sweep was made.
    static func update(_ sweep: SweepRecord, in database: Database) throws {
        let names = String(decoding: try JSONEncoder().encode(sweep.parameterNames), as: UTF8.self)
        try database.execute(
            sql: """
                UPDATE sweep SET name = ?, metric = ?, goal = ?, rule = ?, parameters = ?, lag = ?, file_path = ?, file = ?,
                    base_path = ?, base = ?, directory = ?
                """,
            arguments: [
                sweep.name, sweep.metric, sweep.goal, sweep.rule, names, sweep.lag, sweep.file.path, sweep.file.text,
                sweep.base?.path, sweep.base?.text, sweep.directory,
            ])
        try database.execute(sql: "DROP VIEW IF EXISTS trials_wide")
        try database.execute(sql: Schema.wideView(parameterNames: sweep.parameterNames))
    }

    static func fetch(_ database: Database) throws -> SweepRecord {
        guard let row = try Row.fetchOne(database, sql: "SELECT * FROM sweep") else {
            throw SweepStoreError.notASweep(path: SweepStore.fileName, detail: "it holds no sweep")
        }
        let names: String = row["parameters"]
        let basePath: String? = row["base_path"]
        let base: String? = row["base"]
        // Not there before a planner of this release has opened the sweep.
        let trainerDirectory: String? = row["trainer_directory"]
        return SweepRecord(
            name: row["name"], metric: row["metric"], goal: row["goal"], rule: row["rule"],
            parameterNames: try JSONDecoder().decode([String].self, from: Data(names.utf8)), lag: row["lag"],
            file: .init(path: row["file_path"], text: row["file"]),
            base: basePath.flatMap { path in base.map { .init(path: path, text: $0) } },
            directory: row["directory"], trainerDirectory: trainerDirectory ?? "{trial_dir}",
            created: date(row["created"]) ?? .distantPast)
    }
}

/// The rows of the tables `trial` and `parameter`.
enum TrialRow {
    static func insert(_ trial: TrialRecord, into database: Database) throws {
        let insert = try database.cachedStatement(
            sql: "INSERT INTO trial (number, state, attempt, origin, seed, created) VALUES (?, ?, ?, ?, ?, ?)")
        try insert.execute(arguments: [
            trial.number, trial.state.rawValue, trial.attempt, trial.origin.rawValue, Int64(bitPattern: trial.seed),
            trial.created.timestamp,
        ])
        try Self.insert(trial.parameters, of: trial.number, into: database)
    }

    static func insert(_ parameters: [TrialRecord.Parameter], of trial: Int, into database: Database) throws {
        let statement = try database.cachedStatement(
            sql: "INSERT INTO parameter (trial, name, kind, value) VALUES (?, ?, ?, ?)")
        for parameter in parameters {
            try statement.execute(arguments: [
                trial, parameter.name, parameter.value.kind, parameter.value.databaseValue,
            ])
        }
    }

    /// Hands over the trials that `condition` selects, in the order of their numbers unless it says otherwise.
    ///
    /// However many there are, no more than one is in memory.
    static func forEach(
        _ database: Database, _ condition: String = "ORDER BY number", _ arguments: StatementArguments = [],
        body: (TrialRecord) throws -> Void
    ) throws {
        let order = Dictionary(
            uniqueKeysWithValues: try SweepRow.fetch(database).parameterNames.enumerated().map { ($1, $0) })
        let statement = try database.makeStatement(sql: "SELECT name, kind, value FROM parameter WHERE trial = ?")
        let rows = try Row.fetchCursor(database, sql: "SELECT * FROM trial \(condition)", arguments: arguments)
        while let row = try rows.next() {
            var parameters: [TrialRecord.Parameter] = []
            let values = try Row.fetchCursor(statement, arguments: [row["number"] as Int])
            while let row = try values.next() {
                guard let value = ParameterValue(kind: row["kind"], row["value"]) else { continue }
                parameters.append(.init(row["name"], value))
            }
            parameters.sort { order[$0.name] ?? .max < order[$1.name] ?? .max }
            try body(try trial(row, parameters))
        }
    }

    private static func trial(_ row: Row, _ parameters: [TrialRecord.Parameter]) throws -> TrialRecord {
        let (state, origin): (String, String) = (row["state"], row["origin"])
        guard let state = TrialState(rawValue: state), let origin = TrialRecord.Origin(rawValue: origin) else {
            throw SweepStoreError.notASweep(path: SweepStore.fileName, detail: "a trial is '\(state)', '\(origin)'")
        }
        var trial = TrialRecord(
            number: row["number"], origin: origin, seed: UInt64(bitPattern: row["seed"]), parameters: parameters,
            created: date(row["created"]) ?? .distantPast)
        trial.state = state
        trial.reason = row["reason"]
        trial.attempt = row["attempt"]
        trial.value = row["value"]
        trial.started = date(row["started"])
        trial.ended = date(row["ended"])
        trial.errorOutput = row["error_output"]
        return trial
    }
}

/// The rows of the table `metric`.
enum MetricRow {
    static func insert(_ metrics: [MetricRecord], into database: Database) throws {
        let statement = try database.cachedStatement(
            sql: "INSERT INTO metric (trial, attempt, step, name, value) VALUES (?, ?, ?, ?, ?)")
        for metric in metrics {
            // SQLite has no NaN and would store NULL by itself; saying so keeps it out of doubt.
            let value = metric.value.isNaN ? nil : metric.value
            try statement.execute(arguments: [metric.trial, metric.attempt, metric.step, metric.name, value])
        }
    }
}

/// The rows of the table `decision`.
enum DecisionRow {
    static func insert(_ decision: DecisionRecord, into database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO decision (time, trial, attempt, step, value, action, reason) VALUES (?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            decision.time.timestamp, decision.trial, decision.attempt, decision.step, decision.value,
            decision.action.rawValue, decision.reason,
        ])
    }

    static func fetchAll(_ database: Database) throws -> [DecisionRecord] {
        try Row.fetchAll(database, sql: "SELECT * FROM decision ORDER BY id").compactMap { row in
            let action: String = row["action"]
            guard let action = DecisionRecord.Action(rawValue: action) else { return nil }
            return DecisionRecord(
                trial: row["trial"], attempt: row["attempt"], step: row["step"], value: row["value"], action: action,
                reason: row["reason"], at: date(row["time"]) ?? .distantPast)
        }
    }
}

/// The rows of the table `event`.
enum EventRow {
    static func insert(_ event: EventRecord, into database: Database) throws {
        let statement = try database.cachedStatement(
            sql: "INSERT INTO event (time, trial, attempt, kind, detail) VALUES (?, ?, ?, ?, ?)")
        try statement.execute(arguments: [
            event.time.timestamp, event.trial, event.attempt, event.kind.rawValue, event.detail,
        ])
    }

    static func fetchAll(_ database: Database) throws -> [EventRecord] {
        try Row.fetchAll(database, sql: "SELECT * FROM event ORDER BY id").compactMap { row in
            let kind: String = row["kind"]
            guard let kind = EventRecord.Kind(rawValue: kind) else { return nil }
            return EventRecord(
                kind, at: date(row["time"]) ?? .distantPast, trial: row["trial"], attempt: row["attempt"],
                detail: row["detail"])
        }
    }
}

private func date(_ text: String?) -> Date? {
    text.flatMap { Date(timestamp: $0) }
}

extension ParameterValue {
    var kind: String {
        switch self {
        case .integer: "integer"
        case .number: "number"
        case .string: "string"
        case .boolean: "boolean"
        }
    }

    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .integer(let number): number.databaseValue
        case .number(let number): number.databaseValue
        case .string(let text): text.databaseValue
        case .boolean(let flag): flag.databaseValue
        }
    }

    fileprivate init?(kind: String, _ value: DatabaseValue) {
        switch (kind, value.storage) {
        case ("integer", .int64(let number)): self = .integer(Int(number))
        case ("number", .double(let number)): self = .number(number)
        case ("string", .string(let text)): self = .string(text)
        case ("boolean", .int64(let number)): self = .boolean(number != 0)
        default: return nil
        }
    }
}
