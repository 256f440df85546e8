import Foundation
import GRDB
import SweepModel
import SweepSearch

/// Reads studies from an SQLite database that Optuna keeps them in.
enum StudyDatabase {
    /// Whether the database has the tables of Optuna's studies.
    ///
    /// - Throws: `ExchangeError` if it cannot be read.
    static func isStudies(_ path: String) throws(ExchangeError) -> Bool { try missingTable(path) == nil }

    /// The first of the tables of Optuna's studies that the database does not have; nil if it has them all.
    ///
    /// - Throws: `ExchangeError` if it cannot be read.
    static func missingTable(_ path: String) throws(ExchangeError) -> String? {
        try read(path) { database in
            try ["studies", "trials", "trial_params"].first { try !database.tableExists($0) }
        }
    }

    /// Whether the database has the tables of a sweep of revsweep's.
    ///
    /// - Throws: `ExchangeError` if it cannot be read.
    static func isSweep(_ path: String) throws(ExchangeError) -> Bool {
        try read(path) { try $0.tableExists("sweep") && $0.tableExists("trial") && $0.tableExists("parameter") }
    }

    /// - Throws: `ExchangeError` if the database is damaged, or of a release before 3.0.
    static func studies(in path: String) throws(ExchangeError) -> [OptunaStudy] {
        try read(path) { database in
            try requireCurrent(database, path)
            let rows = try Row.fetchAll(database, sql: "SELECT study_id, study_name FROM studies ORDER BY study_id")
            return try rows.map { row in
                let id = try row.decode(Int64.self, forColumn: "study_id")
                return try study(id, row.decode(String.self, forColumn: "study_name"), database, path)
            }
        }
    }

    /// Opens the database so that nothing in it changes, also where no file may be made beside it.
    private static func read<Value>(_ path: String, _ body: (Database) throws -> Value) throws(ExchangeError) -> Value {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        do {
            do {
                return try DatabaseQueue(path: path, configuration: configuration).read(body)
            } catch let error as DatabaseError where error.resultCode == .SQLITE_CANTOPEN {
                let escaped = URL(fileURLWithPath: path).absoluteString
                return try DatabaseQueue(path: "\(escaped)?immutable=1", configuration: configuration).read(body)
            }
        } catch let error as ExchangeError {
            throw error
        } catch let error as DatabaseError {
            throw ExchangeError(path, "the database cannot be read: \(error.message ?? error.resultCode.description)")
        } catch {
            let words = "\(error)".split(separator: "\n").first ?? ""
            throw ExchangeError(path, "the database is damaged: \(words)")
        }
    }

    /// Older tables lack columns that say which values are infinite.
    private static func requireCurrent(_ database: Database, _ path: String) throws {
        let version =
            try database.tableExists("alembic_version")
            ? String.fetchOne(database, sql: "SELECT version_num FROM alembic_version") : nil
        let hasValues = try database.tableExists("trial_values") && database.tableExists("trial_intermediate_values")
        if hasValues, !["v0", "v1", "v2"].contains(where: { version?.hasPrefix("\($0).") ?? false }) { return }
        throw ExchangeError(
            path, "the database was made by a release of Optuna before 3.0" + (version.map { " (\($0))" } ?? ""),
            help: "optuna storage upgrade --storage sqlite:///\(path)")
    }

    private static func study(
        _ id: Int64, _ name: String, _ database: Database, _ path: String
    ) throws -> OptunaStudy {
        let words = try String.fetchAll(
            database, sql: "SELECT direction FROM study_directions WHERE study_id = ? ORDER BY objective",
            arguments: [id])
        let directions = words.map { word -> OptunaStudy.Direction in
            word == "MAXIMIZE" ? .maximize : word == "MINIMIZE" ? .minimize : .notSet
        }
        var study = OptunaStudy(name: name, directions: directions)
        study.userAttributes = try attributes("study_user_attributes", id, database)
        study.systemAttributes = try attributes("study_system_attributes", id, database)
        var places: [Int64: Int] = [:]
        try each(
            database,
            """
            SELECT trial_id, number, state, datetime_start, datetime_complete FROM trials WHERE study_id = ?
            ORDER BY number, trial_id
            """, id
        ) { row in
            let word = try row.decode(String.self, forColumn: "state")
            guard let state = OptunaTrial.State.allCases.first(where: { $0.word == word }) else {
                throw ExchangeError(path, "Optuna has no trials of the state '\(word)'")
            }
            let number = try row.decode(Int?.self, forColumn: "number") ?? study.trials.count
            var trial = OptunaTrial(number: number, state: state)
            trial.started = try time(row, "datetime_start")
            trial.ended = try time(row, "datetime_complete")
            places[try row.decode(Int64.self, forColumn: "trial_id")] = study.trials.count
            study.trials.append(trial)
        }
        try addParameters(to: &study, id, places, database, path)
        try addNumbers(to: &study, id, places, database)
        try addAttributes(to: &study, id, places, database)
        return study
    }

    private static func addParameters(
        to study: inout OptunaStudy, _ id: Int64, _ places: [Int64: Int], _ database: Database, _ path: String
    ) throws {
        var known: [String: OptunaDistribution] = [:]
        try each(
            database,
            """
            SELECT p.trial_id, p.param_name, p.param_value, p.distribution_json FROM trial_params AS p
            JOIN trials AS t ON t.trial_id = p.trial_id WHERE t.study_id = ? ORDER BY p.param_id
            """, id
        ) { row in
            let json = try row.decode(String.self, forColumn: "distribution_json")
            let name = try row.decode(String.self, forColumn: "param_name")
            guard let place = places[try row.decode(Int64.self, forColumn: "trial_id")] else { return }
            guard let distribution = known[json] ?? OptunaDistribution(json: json) else {
                throw ExchangeError(
                    path, "the parameter '\(name)' has a distribution that is not known: \(json.prefix(120))")
            }
            known[json] = distribution
            let stored = try row.decode(Double.self, forColumn: "param_value")
            guard let value = distribution.value(ofStored: stored) else {
                throw ExchangeError(path, "\(stored) is no value of the parameter '\(name)'")
            }
            study.trials[place].parameters.append(.init(name, value, from: distribution))
        }
    }

    private static func addNumbers(
        to study: inout OptunaStudy, _ id: Int64, _ places: [Int64: Int], _ database: Database
    ) throws {
        try each(
            database,
            """
            SELECT v.trial_id, v.value AS number, v.value_type AS kind FROM trial_values AS v
            JOIN trials AS t ON t.trial_id = v.trial_id WHERE t.study_id = ? ORDER BY v.trial_id, v.objective
            """, id
        ) { row in
            guard let place = places[try row.decode(Int64.self, forColumn: "trial_id")] else { return }
            study.trials[place].values.append(try number(row))
        }
        try each(
            database,
            """
            SELECT v.trial_id, v.step, v.intermediate_value AS number, v.intermediate_value_type AS kind
            FROM trial_intermediate_values AS v JOIN trials AS t ON t.trial_id = v.trial_id
            WHERE t.study_id = ? ORDER BY v.trial_id, v.step
            """, id
        ) { row in
            guard let place = places[try row.decode(Int64.self, forColumn: "trial_id")] else { return }
            let step = try row.decode(Int.self, forColumn: "step")
            study.trials[place].reports.append(.init(step: step, value: try number(row)))
        }
    }

    private static func addAttributes(
        to study: inout OptunaStudy, _ id: Int64, _ places: [Int64: Int], _ database: Database
    ) throws {
        for (table, field) in [
            ("trial_user_attributes", \OptunaTrial.userAttributes),
            ("trial_system_attributes", \OptunaTrial.systemAttributes),
        ] {
            try each(
                database,
                """
                SELECT a.trial_id, a.key, a.value_json FROM \(table) AS a
                JOIN trials AS t ON t.trial_id = a.trial_id WHERE t.study_id = ?
                """, id
            ) { row in
                guard let place = places[try row.decode(Int64.self, forColumn: "trial_id")] else { return }
                let json = try row.decode(String?.self, forColumn: "value_json") ?? "null"
                study.trials[place][keyPath: field][try row.decode(String.self, forColumn: "key")] =
                    ParameterValue(pythonJSON: json.utf8)
            }
        }
    }

    private static func attributes(
        _ table: String, _ id: Int64, _ database: Database
    ) throws -> [String: ParameterValue] {
        var attributes: [String: ParameterValue] = [:]
        try each(database, "SELECT key, value_json FROM \(table) WHERE study_id = ?", id) { row in
            let json = try row.decode(String?.self, forColumn: "value_json") ?? "null"
            attributes[try row.decode(String.self, forColumn: "key")] = ParameterValue(pythonJSON: json.utf8)
        }
        return attributes
    }

    private static func each(
        _ database: Database, _ sql: String, _ study: Int64, _ body: (Row) throws -> Void
    ) throws {
        let rows = try Row.fetchCursor(database, sql: sql, arguments: [study])
        while let row = try rows.next() { try body(row) }
    }

    /// Numbers that SQLite cannot hold stand in a column of their own.
    private static func number(_ row: Row) throws -> Double {
        switch try row.decode(String?.self, forColumn: "kind") {
        case "INF_POS": .infinity
        case "INF_NEG": -.infinity
        case "NAN": .nan
        case _: try row.decode(Double?.self, forColumn: "number") ?? .nan
        }
    }

    /// Optuna 5 stores UTC and earlier releases local time, and no file says which of them wrote it.
    private static func time(_ row: Row, _ column: String) throws -> Date? {
        try row.decode(String?.self, forColumn: column).flatMap { PythonTime.date($0, utc: true) }
    }
}
