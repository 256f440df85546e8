import GRDB
import SweepModel
import SweepSearch

/// The rows of the table `proposal`: each is written with its trial and never changed.
enum ProposalRow {
    static func insert(_ proposal: TrialProposal, into database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO proposal
                    (trial, method, occasion, ended, pending, mean, deviation, low, high, improvement, log_ratio)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        let (value, improvement) = (proposal.forecast?.value, proposal.forecast?.improvement)
        try statement.execute(arguments: [
            proposal.trial, proposal.method.rawValue, proposal.occasion.rawValue, proposal.ended, proposal.pending,
            value?.mean, value?.deviation, value?.low, value?.high, improvement, proposal.logRatio,
        ])
    }

    /// Every proposal that `condition` selects, in the order of the trials.
    ///
    /// - Parameter condition: a `WHERE` clause, or nothing.
    /// - Throws: `DamagedRow` for a row that no planner can have stored.
    static func fetchAll(
        _ database: Database, _ condition: String = "", _ arguments: StatementArguments = []
    ) throws -> [TrialProposal] {
        // A reader cannot add tables: in a sweep of an earlier release this one is missing until it is run again.
        guard try database.tableExists("proposal") else { return [] }
        var proposals: [TrialProposal] = []
        try StoredRow.forEach(
            database, "proposal", key: "trial", sql: "SELECT * FROM proposal \(condition) ORDER BY trial", arguments
        ) { row in
            var proposal = TrialProposal(
                trial: try row.integer("trial"), method: try row.word("method"), occasion: try row.word("occasion"),
                ended: try row.integer("ended"), pending: try row.integer("pending"))
            if let mean = try row.ifPresent("mean", StoredRow.number) {
                let value = Expectation(
                    mean: mean, deviation: try row.number("deviation"), low: try row.number("low"),
                    high: try row.number("high"))
                proposal.forecast = .init(value: value, improvement: try row.number("improvement"))
            }
            proposal.logRatio = try row.ifPresent("log_ratio", StoredRow.number)
            proposals.append(proposal)
        }
        return proposals
    }
}
