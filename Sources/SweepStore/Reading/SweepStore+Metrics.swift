import GRDB
import SweepModel

/// What trials reported last, without reading what they reported before.
///
/// A trial may report a million times. In the index over (trial, name, id), SQLite finds the last row of a trial, which
/// is the last of one name, and from there the last row of the name before, in a few steps each: the time grows with
/// the number of trials and not with the number of their reports.
extension SweepStore {
    /// The last value of one metric, by trial; NaN where the trainer reported NaN. Trials that have not reported it are
    /// not in it.
    ///
    /// - Throws: `SweepStoreError`.
    public func lastValues(ofMetric name: String) throws -> [Int: Double] {
        try read { database in
            var values: [Int: Double] = [:]
            try StoredRow.forEach(
                database, "metric", key: "trial",
                sql: """
                    SELECT trial, value FROM metric WHERE id IN (
                        SELECT (SELECT max(id) FROM metric WHERE trial = number AND name = ?) FROM trial)
                    """, [name]
            ) { row in
                values[try row.integer("trial")] = try row.ifPresent("value", StoredRow.number) ?? .nan
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
            var names: Set<String> = []
            try StoredRow.forEach(
                database, "metric", key: "trial",
                sql: """
                    WITH RECURSIVE last(trial, name, value) AS (
                        SELECT trial, name, value FROM metric WHERE id IN (
                            SELECT (SELECT id FROM metric WHERE trial = number ORDER BY name DESC, id DESC LIMIT 1)
                            FROM \(numbers == nil ? "trial" : "(SELECT value AS number FROM json_each(?))"))
                        UNION ALL
                        SELECT metric.trial, metric.name, metric.value FROM last JOIN metric ON metric.id = (
                            SELECT id FROM metric WHERE trial = last.trial AND name < last.name
                            ORDER BY name DESC, id DESC LIMIT 1))
                    SELECT trial, name, value FROM last
                    """, numbers.map { ["\($0)"] } ?? []
            ) { row in
                guard let trial = row.integer(at: 0) else { throw row.unexpected(0, "a whole number") }
                let name = names.insert(try row.text("name")).memberAfterInsert
                let value = row.isNull(2) ? Double.nan : try row.number(at: 2)
                // Each name is found once. In a damaged file the index may lead back to where the search has been,
                // and the query would never end.
                if metrics[trial, default: [:]].updateValue(value, forKey: name) != nil {
                    throw row.problem("the index leads to '\(name)' twice")
                }
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
    /// The query keeps what it has found (`UNION`), so that it ends also where the index of a damaged file leads in a
    /// circle.
    ///
    /// - Throws: `SweepStoreError`.
    public func metricNames() throws -> [String] {
        try read { database in
            try String.fetchAll(
                database,
                sql: """
                    WITH RECURSIVE named(trial, name) AS (
                        SELECT number, (SELECT min(name) FROM metric WHERE trial = number) FROM trial
                        UNION
                        SELECT trial, (SELECT min(name) FROM metric WHERE trial = named.trial AND name > named.name)
                        FROM named WHERE name IS NOT NULL)
                    SELECT DISTINCT name FROM named WHERE name IS NOT NULL ORDER BY name
                    """)
        }
    }

    /// For each trial, what it has reported of one metric and what of that still counts, as steps and values in the
    /// order of the reports. Only finite values are included.
    ///
    /// A new attempt replaces what earlier ones reported from its first step on: see `AttemptStarts`.
    ///
    /// - Throws: `SweepStoreError`.
    public func curves(ofMetric metric: String) throws -> [Int: [(step: Int, value: Double)]] {
        try read { database in
            let starts = try AttemptStarts(database, metric: metric)
            var curves: [Int: [(step: Int, value: Double)]] = [:]
            try StoredRow.forEach(
                database, "metric",
                sql: """
                    SELECT id, trial, attempt, step, value FROM metric
                    WHERE name = ? AND abs(value) <= \(Double.greatestFiniteMagnitude) ORDER BY id
                    """, [metric]
            ) { row in
                let (trial, step) = (try row.integer("trial"), try row.integer("step"))
                if starts.isReplaced(metric, at: step, ofTrial: trial, attempt: try row.integer("attempt")) { return }
                curves[trial, default: []].append((step, try row.number("value")))
            }
            return curves
        }
    }
}
