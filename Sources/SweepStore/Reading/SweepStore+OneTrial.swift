import GRDB
import SweepModel

/// What is known of one trial, for those who ask about it alone.
extension SweepStore {
    /// What was decided about a trial, in order.
    ///
    /// - Throws: `SweepStoreError`.
    public func decisions(ofTrial number: Int) throws -> [TrialDecision] {
        try read { try DecisionRow.fetchAll($0, "WHERE trial = ?", [number]) }
    }

    /// Who proposed a trial's values, and what was expected of them; nil if no sampler did, or an earlier release
    /// planned it.
    ///
    /// - Throws: `SweepStoreError`.
    public func proposal(ofTrial number: Int) throws -> TrialProposal? {
        try read { try ProposalRow.fetchAll($0, "WHERE trial = ?", [number]).first }
    }

    /// The same of all trials that have it, in the order of their numbers.
    ///
    /// - Throws: `SweepStoreError`.
    public func proposals() throws -> [TrialProposal] { try read { try ProposalRow.fetchAll($0) } }

    /// What happened to a trial, in order.
    ///
    /// - Throws: `SweepStoreError`.
    public func events(ofTrial number: Int) throws -> [EventRecord] {
        try read { try EventRow.fetchAll($0, "WHERE trial = ?", [number]) }
    }

    /// The trials of this sweep that run with the values of this one again.
    ///
    /// - Throws: `SweepStoreError`.
    public func reruns(ofTrial number: Int) throws -> [Int] {
        try read { database in
            // A sweep of an earlier release lacks these columns until it is run again.
            guard try database.columns(in: "trial").contains(where: { $0.name == "source_sweep" }) else { return [] }
            return try Int.fetchAll(
                database,
                sql: "SELECT number FROM trial WHERE source_trial = ? AND source_sweep IS NULL ORDER BY number",
                arguments: [number])
        }
    }

    /// Hands over what a trial has reported in all its attempts, in the order of arrival. Only one report is in memory
    /// at a time.
    ///
    /// - Throws: `SweepStoreError`, and whatever `body` throws.
    public func forEachReport(ofTrial number: Int, _ body: (MetricRecord) throws -> Void) throws {
        try read { try Self.forEachReport(ofTrial: number, $0, body) }
    }

    /// Hands over what a trial has reported of each metric and what of that still counts, as `curves` has it; here also
    /// values that are not finite. They come in the order of arrival, and only one is in memory at a time.
    ///
    /// - Throws: `SweepStoreError`, and whatever `body` throws.
    public func forEachCountedReport(ofTrial number: Int, _ body: (MetricRecord) throws -> Void) throws {
        try read { database in
            let starts = try AttemptStarts(database, ofTrial: number)
            try Self.forEachReport(ofTrial: number, database) { report in
                if starts.isReplaced(report.name, at: report.step, ofTrial: number, attempt: report.attempt) { return }
                try body(report)
            }
        }
    }

    private static func forEachReport(
        ofTrial number: Int, _ database: Database, _ body: (MetricRecord) throws -> Void
    ) throws {
        try StoredRow.forEach(
            database, "metric",
            sql: "SELECT id, attempt, step, name, value FROM metric WHERE trial = ? ORDER BY id", [number]
        ) { row in
            try body(
                MetricRecord(
                    trial: number, attempt: try row.integer("attempt"), step: try row.integer("step"),
                    name: try row.text("name"), value: try row.ifPresent("value", StoredRow.number) ?? .nan))
        }
    }

    /// The place of a complete trial among all complete ones, from 1, and how many these are; nil if it is not
    /// complete.
    ///
    /// - Throws: `SweepStoreError`.
    public func rank(ofTrial number: Int) throws -> (place: Int, of: Int)? {
        let objectives = try sweep().objectives
        if !objectives.areOne {
            let ranked = objectives.ranked(try trials())
            return ranked.firstIndex { $0.number == number }.map { ($0 + 1, ranked.count) }
        }
        let metric = objectives.metric
        return try read { database in
            let isBetter =
                switch metric.goal {
                case .minimize: "trial.value < own.value"
                case .maximize: "trial.value > own.value"
                }
            var rank: (place: Int, of: Int)?
            try StoredRow.forEach(
                database, "trial",
                sql: """
                    SELECT own.number AS id, count(*) AS total,
                        sum(\(isBetter)
                            OR trial.value = own.value AND trial.number < own.number) AS better
                    FROM trial, (SELECT number, value FROM trial WHERE number = ? AND state = 'complete') AS own
                    WHERE trial.state = 'complete' GROUP BY own.number
                    """, [number]
            ) { rank = (try $0.integer("better") + 1, try $0.integer("total")) }
            return rank
        }
    }
}
