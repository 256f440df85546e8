import GRDB
import SweepModel

/// What trials reported last, without reading what they reported before.
///
/// A trial may report a million times. With the index over (trial, name, id), SQLite finds the next name of a trial,
/// and the last row of a name, in a few steps each: the time grows with the number of trials and not with the number of
/// their reports.
extension SweepStore {
    /// The last value of one metric, by trial; NaN where the trainer reported NaN. Trials that have not reported it are
    /// not in it.
    ///
    /// - Throws: `SweepStoreError`.
    public func lastValues(ofMetric name: String) throws -> [Int: Double] {
        try read { database in
            var values: [Int: Double] = [:]
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT trial, value FROM metric WHERE id IN (
                        SELECT (SELECT max(id) FROM metric WHERE trial = number AND name = ?) FROM trial)
                    """, arguments: [name])
            while let row = try rows.next() {
                let stored = StoredRow(row: row, table: "metric", key: "trial")
                values[try stored.integer("trial")] = try stored.ifPresent("value", StoredRow.number) ?? .nan
            }
            return values
        }
    }

    /// The last reported value of each metric of each trial, by trial and name; NaN where the trainer reported NaN.
    ///
    /// - Parameter numbers: the trials; nil for all.
    /// - Throws: `SweepStoreError`.
    public func lastMetrics(ofTrials numbers: [Int]? = nil) throws -> [Int: [String: Double]] {
        try read { database in
            var metrics: [Int: [String: Double]] = [:]
            // Texts of one name share their memory.
            var names: [String: String] = [:]
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    WITH RECURSIVE named(trial, name) AS (
                        SELECT number, (SELECT min(name) FROM metric WHERE trial = number)
                        FROM \(numbers == nil ? "trial" : "(SELECT value AS number FROM json_each(?))")
                        UNION ALL
                        SELECT trial, (SELECT min(name) FROM metric WHERE trial = named.trial AND name > named.name)
                        FROM named WHERE name IS NOT NULL)
                    SELECT named.trial, named.name, metric.value
                    FROM named JOIN metric ON metric.id = (
                        SELECT max(id) FROM metric WHERE trial = named.trial AND name = named.name)
                    WHERE named.name IS NOT NULL
                    """, arguments: numbers.map { ["\($0)"] } ?? [])
            while let row = try rows.next() {
                guard case .int64(let trial) = try row.decode(DatabaseValue.self, atIndex: 0).storage,
                    case .string(let name) = try row.decode(DatabaseValue.self, atIndex: 1).storage
                else { throw DamagedRow(place: "table 'metric'", detail: "'name' is not a text") }
                let shared: String
                if let known = names[name] {
                    shared = known
                } else {
                    names[name] = name
                    shared = name
                }
                let stored = StoredRow(row: row, table: "metric", key: "trial")
                let value: Double
                switch try row.decode(DatabaseValue.self, atIndex: 2).storage {
                case .double(let number): value = number
                case .null: value = .nan
                case .int64, .string, .blob: value = try stored.number("value")
                }
                metrics[Int(trial), default: [:]][shared] = value
            }
            return metrics
        }
    }

    /// Whether any trial has reported this metric.
    ///
    /// - Throws: `SweepStoreError`.
    public func hasReported(_ name: String) throws -> Bool {
        try read { database in
            try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM metric WHERE name = ?)", arguments: [name]) ?? false
        }
    }

    /// How many reports of one metric are stored, also those that a later attempt has repeated.
    ///
    /// - Throws: `SweepStoreError`.
    public func reportCount(ofMetric name: String) throws -> Int {
        try read { database in
            try Int.fetchOne(database, sql: "SELECT count(*) FROM metric WHERE name = ?", arguments: [name]) ?? 0
        }
    }

    /// The trials that run, by number, with what they have reported last of one metric; nil for those that have not
    /// reported it.
    ///
    /// - Throws: `SweepStoreError`.
    public func runningTrials(
        reportsOf metric: String
    ) throws -> [(number: Int, last: (step: Int, value: Double)?)] {
        try read { database in
            var running: [(number: Int, last: (step: Int, value: Double)?)] = []
            try StoredRow.forEach(
                database, "trial",
                sql: """
                    SELECT number, number AS id, metric.step AS step, metric.value AS value FROM trial
                    LEFT JOIN metric ON metric.id = (
                        SELECT max(id) FROM metric WHERE trial = trial.number AND name = ?)
                    WHERE state = 'running' ORDER BY number
                    """, [metric]
            ) { row in
                let step = try row.ifPresent("step", StoredRow.integer)
                let value = try row.ifPresent("value", StoredRow.number) ?? .nan
                running.append((number: try row.integer("number"), last: step.map { ($0, value) }))
            }
            return running
        }
    }

    /// The names of all metrics that any trial has reported, sorted.
    ///
    /// - Throws: `SweepStoreError`.
    public func metricNames() throws -> [String] {
        try read { database in
            try String.fetchAll(
                database,
                sql: """
                    WITH RECURSIVE named(trial, name) AS (
                        SELECT number, (SELECT min(name) FROM metric WHERE trial = number) FROM trial
                        UNION ALL
                        SELECT trial, (SELECT min(name) FROM metric WHERE trial = named.trial AND name > named.name)
                        FROM named WHERE name IS NOT NULL)
                    SELECT DISTINCT name FROM named WHERE name IS NOT NULL ORDER BY name
                    """)
        }
    }
}
