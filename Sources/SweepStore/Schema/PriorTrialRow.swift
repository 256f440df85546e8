import GRDB
import SweepModel

/// The rows of the table `prior_trial`.
enum PriorTrialRow {
    static func insert(_ trial: PriorTrial, into database: Database) throws {
        try database.execute(
            sql: "INSERT INTO prior_trial (source, number, parameters, value) VALUES (?, ?, ?, ?)",
            arguments: [trial.source, trial.number, try StoredParameters(trial.parameters).text, trial.value])
    }

    /// All of them, sweep by sweep in the order in which they were stored.
    ///
    /// - Throws: `DamagedRow` for a row that no planner can have stored.
    static func fetchAll(_ database: Database) throws -> [PriorTrial] {
        // A sweep of an earlier release has no such table until it is run again.
        guard try database.tableExists("prior_trial") else { return [] }
        var trials: [PriorTrial] = []
        try StoredRow.forEach(
            database, "prior_trial",
            sql: "SELECT rowid AS id, source, number, parameters, value FROM prior_trial ORDER BY rowid", []
        ) { row in
            guard let parameters = try? StoredParameters(text: try row.text("parameters")).parameters else {
                throw row.problem("'parameters' are no values")
            }
            trials.append(
                PriorTrial(
                    source: try row.text("source"), number: try row.integer("number"), parameters: parameters,
                    value: try row.number("value")))
        }
        return trials
    }
}
