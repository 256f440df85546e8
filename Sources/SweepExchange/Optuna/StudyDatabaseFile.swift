import Files
import Foundation
import GRDB
import SweepModel
import SweepSearch

/// An SQLite database with one study, as Optuna 5 makes it: with all its tables, empty ones too, since readers such as
/// optuna-dashboard add none.
///
/// It is built beside its place and gets its name when it is whole.
///
///     try StudyDatabaseFile.write(study, to: "digits.db") { add in try export.forEachTrial(add) }
enum StudyDatabaseFile {
    /// - Parameter trials: calls what it is given with each trial, in the order of the numbers.
    /// - Throws: `ExchangeError` or `FileError` if the file cannot be written, and whatever `trials` throws; what was
    ///   at its place is then still there.
    static func write(
        _ study: OptunaStudy, to path: String, trials: ((OptunaTrial) throws -> Void) throws -> Void
    ) throws {
        let place = try Destination(path)
        // A pipe or a device would be replaced by a file.
        if place.isStream { throw ExchangeError(path, "a database can only be a file, and this is none") }
        let target = URL(fileURLWithPath: place.path)
        let name = AtomicFile.draftName(of: target.lastPathComponent)
        let draft = target.deletingLastPathComponent().appendingPathComponent(name).path
        func discard() { for suffix in ["", "-journal"] { unlink(draft + suffix) } }
        discard()
        defer { discard() }
        var configuration = Configuration()
        configuration.prepareDatabase { database in
            // Nothing has to survive until it is whole: then it is forced to the disk as one file.
            try database.execute(sql: "PRAGMA journal_mode = OFF")
            try database.execute(sql: "PRAGMA synchronous = OFF")
        }
        do {
            let queue = try DatabaseQueue(path: draft, configuration: configuration)
            try queue.write { database in
                try database.execute(sql: schema)
                try insert(study, into: database)
                var writer = try TrialWriter(database)
                try trials { try writer.insert($0) }
            }
            try queue.close()
        } catch let error as DatabaseError {
            throw ExchangeError(
                path, "the database cannot be written: \(error.message ?? error.resultCode.description)")
        }
        let descriptor = open(draft, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(.write, path: path, code: errno) }
        defer { close(descriptor) }
        try place.rights?.give(to: descriptor, path: path)
        try AtomicFile.publish(descriptor, from: draft, to: target.path)
    }

    private static func insert(_ study: OptunaStudy, into database: Database) throws {
        try database.execute(sql: "INSERT INTO version_info VALUES (1, 12, '5.0.0')")
        try database.execute(sql: "INSERT INTO alembic_version VALUES ('v3.2.0.a')")
        try database.execute(
            sql: "INSERT INTO studies VALUES (1, ?)", arguments: [study.name])
        for (objective, direction) in study.directions.enumerated() {
            try database.execute(
                sql: "INSERT INTO study_directions (direction, study_id, objective) VALUES (?, 1, ?)",
                arguments: [direction == .maximize ? "MAXIMIZE" : "MINIMIZE", objective])
        }
        for (table, attributes) in [
            ("study_user_attributes", study.userAttributes), ("study_system_attributes", study.systemAttributes),
        ] {
            for (key, value) in attributes.sorted(by: { $0.key < $1.key }) {
                try database.execute(
                    sql: "INSERT INTO \(table) (study_id, key, value_json) VALUES (1, ?, ?)",
                    arguments: [key, value.json(.spaced)])
            }
        }
    }

    /// Inserts trials, each statement prepared once.
    private struct TrialWriter {
        private let trial: Statement
        private let parameter: Statement
        private let value: Statement
        private let report: Statement
        private let userAttribute: Statement
        private let systemAttribute: Statement
        /// The JSON of each parameter's distribution.
        private var distributions: [String: (distribution: OptunaDistribution, text: String)] = [:]

        init(_ database: Database) throws {
            trial = try database.makeStatement(sql: "INSERT INTO trials VALUES (?, ?, 1, ?, ?, ?)")
            parameter = try database.makeStatement(
                sql: """
                    INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json)
                    VALUES (?, ?, ?, ?)
                    """)
            value = try database.makeStatement(
                sql: "INSERT INTO trial_values (trial_id, objective, value, value_type) VALUES (?, ?, ?, ?)")
            report = try database.makeStatement(
                sql: """
                    INSERT INTO trial_intermediate_values
                        (trial_id, step, intermediate_value, intermediate_value_type)
                    VALUES (?, ?, ?, ?)
                    """)
            userAttribute = try database.makeStatement(
                sql: "INSERT INTO trial_user_attributes (trial_id, key, value_json) VALUES (?, ?, ?)")
            systemAttribute = try database.makeStatement(
                sql: "INSERT INTO trial_system_attributes (trial_id, key, value_json) VALUES (?, ?, ?)")
        }

        mutating func insert(_ added: OptunaTrial) throws {
            let id = added.number + 1
            try trial.execute(arguments: [
                id, added.number, added.state.word, added.started.map { PythonTime.text($0, separator: " ") },
                added.ended.map { PythonTime.text($0, separator: " ") },
            ])
            for value in added.parameters {
                guard let stored = value.distribution.stored(value.value) else { continue }
                try parameter.execute(arguments: [id, value.name, stored, distribution(of: value)])
            }
            for (objective, number) in added.values.enumerated() where !number.isNaN {
                try value.execute(arguments: [id, objective, Self.finite(number), Self.kind(number)])
            }
            for value in added.reports {
                try report.execute(arguments: [id, value.step, Self.finite(value.value), Self.kind(value.value)])
            }
            for (statement, attributes) in [
                (userAttribute, added.userAttributes), (systemAttribute, added.systemAttributes),
            ] {
                for (key, value) in attributes.sorted(by: { $0.key < $1.key }) {
                    try statement.execute(arguments: [id, key, value.json(.spaced)])
                }
            }
        }

        private mutating func distribution(of parameter: OptunaTrial.Parameter) -> String {
            if let known = distributions[parameter.name], known.distribution == parameter.distribution {
                return known.text
            }
            let text = parameter.distribution.json
            distributions[parameter.name] = (parameter.distribution, text)
            return text
        }

        private static func finite(_ number: Double) -> Double? { number.isFinite ? number : nil }

        private static func kind(_ number: Double) -> String {
            number.isNaN ? "NAN" : number.isFinite ? "FINITE" : number > 0 ? "INF_POS" : "INF_NEG"
        }
    }

    private static let schema = """
        CREATE TABLE studies (
            study_id INTEGER NOT NULL, study_name VARCHAR(512) NOT NULL, PRIMARY KEY (study_id));
        CREATE UNIQUE INDEX ix_studies_study_name ON studies (study_name);
        CREATE TABLE version_info (
            version_info_id INTEGER NOT NULL, schema_version INTEGER, library_version VARCHAR(256),
            PRIMARY KEY (version_info_id), CHECK (version_info_id = 1));
        CREATE TABLE study_directions (
            study_direction_id INTEGER NOT NULL, direction VARCHAR(8) NOT NULL, study_id INTEGER NOT NULL,
            objective INTEGER NOT NULL, PRIMARY KEY (study_direction_id), UNIQUE (study_id, objective),
            FOREIGN KEY (study_id) REFERENCES studies (study_id));
        CREATE TABLE study_user_attributes (
            study_user_attribute_id INTEGER NOT NULL, study_id INTEGER, "key" VARCHAR(512), value_json TEXT,
            PRIMARY KEY (study_user_attribute_id), UNIQUE (study_id, "key"),
            FOREIGN KEY (study_id) REFERENCES studies (study_id));
        CREATE TABLE study_system_attributes (
            study_system_attribute_id INTEGER NOT NULL, study_id INTEGER, "key" VARCHAR(512), value_json TEXT,
            PRIMARY KEY (study_system_attribute_id), UNIQUE (study_id, "key"),
            FOREIGN KEY (study_id) REFERENCES studies (study_id));
        CREATE TABLE trials (
            trial_id INTEGER NOT NULL, number INTEGER, study_id INTEGER, state VARCHAR(8) NOT NULL,
            datetime_start DATETIME, datetime_complete DATETIME, PRIMARY KEY (trial_id),
            FOREIGN KEY (study_id) REFERENCES studies (study_id));
        CREATE INDEX ix_trials_study_id ON trials (study_id);
        CREATE TABLE trial_user_attributes (
            trial_user_attribute_id INTEGER NOT NULL, trial_id INTEGER, "key" VARCHAR(512), value_json TEXT,
            PRIMARY KEY (trial_user_attribute_id), UNIQUE (trial_id, "key"),
            FOREIGN KEY (trial_id) REFERENCES trials (trial_id));
        CREATE TABLE trial_system_attributes (
            trial_system_attribute_id INTEGER NOT NULL, trial_id INTEGER, "key" VARCHAR(512), value_json TEXT,
            PRIMARY KEY (trial_system_attribute_id), UNIQUE (trial_id, "key"),
            FOREIGN KEY (trial_id) REFERENCES trials (trial_id));
        CREATE TABLE trial_params (
            param_id INTEGER NOT NULL, trial_id INTEGER, param_name VARCHAR(512), param_value FLOAT,
            distribution_json TEXT, PRIMARY KEY (param_id), UNIQUE (trial_id, param_name),
            FOREIGN KEY (trial_id) REFERENCES trials (trial_id));
        CREATE TABLE trial_values (
            trial_value_id INTEGER NOT NULL, trial_id INTEGER NOT NULL, objective INTEGER NOT NULL, value FLOAT,
            value_type VARCHAR(7) NOT NULL, PRIMARY KEY (trial_value_id), UNIQUE (trial_id, objective),
            FOREIGN KEY (trial_id) REFERENCES trials (trial_id));
        CREATE TABLE trial_intermediate_values (
            trial_intermediate_value_id INTEGER NOT NULL, trial_id INTEGER NOT NULL, step INTEGER NOT NULL,
            intermediate_value FLOAT, intermediate_value_type VARCHAR(7) NOT NULL,
            PRIMARY KEY (trial_intermediate_value_id), UNIQUE (trial_id, step),
            FOREIGN KEY (trial_id) REFERENCES trials (trial_id));
        CREATE TABLE trial_heartbeats (
            trial_heartbeat_id INTEGER NOT NULL, trial_id INTEGER NOT NULL, heartbeat DATETIME NOT NULL,
            PRIMARY KEY (trial_heartbeat_id), UNIQUE (trial_id),
            FOREIGN KEY (trial_id) REFERENCES trials (trial_id));
        CREATE TABLE alembic_version (
            version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
        """
}
