import Foundation
import GRDB

extension SweepStore {
    /// Adds a decision together with the metrics it rests on, so that neither is ever there without the other.
    public func record(_ metrics: [MetricRecord], _ decision: DecisionRecord) async throws {
        try await write { database in
            try MetricRow.insert(metrics, into: database)
            try DecisionRow.insert(decision, into: database)
        }
    }

    /// Decides that a paused trial goes on.
    ///
    /// - Throws: `SweepStoreError.staleState` if the trial is not waiting; nothing is then written.
    public func promote(_ decision: DecisionRecord) async throws {
        try await write { database in
            try Self.expect(.waiting, decision.trial, database)
            try DecisionRow.insert(decision, into: database)
            try EventRow.insert(
                EventRecord(
                    .trialPromoted, at: decision.time, trial: decision.trial, attempt: decision.attempt,
                    detail: decision.reason),
                into: database)
        }
    }

    /// Ends a waiting trial that will not be run again.
    ///
    /// - Parameters:
    ///   - decision: why; nil if it is stored already.
    ///   - reason: as the trial's.
    ///   - value: of the trial, by the metric's rule.
    /// - Throws: `SweepStoreError.staleState` if the trial is not waiting; nothing is then written.
    public func prune(
        _ number: Int, _ decision: DecisionRecord?, reason: String, value: Double?, at time: Date
    ) async throws {
        try await write { database in
            try Self.expect(.waiting, number, database)
            if let decision { try DecisionRow.insert(decision, into: database) }
            try database.execute(
                sql: "UPDATE trial SET state = ?, cause = ?, reason = ?, value = ?, ended = ? WHERE number = ?",
                arguments: [
                    TrialState.pruned.rawValue, TrialCause.pruned.rawValue, reason, value, time.timestamp, number,
                ])
            let attempt = try Self.attempt(of: number, database)
            try EventRow.insert(
                EventRecord(
                    .trialEnded, at: time, trial: number, attempt: attempt, detail: "pruned: \(reason)",
                    cause: .pruned),
                into: database)
        }
    }

    /// Every decision, in the order they were made.
    public func decisions() throws -> [DecisionRecord] {
        // A sweep that an earlier release has left has no such table before it is run again.
        try read { try $0.tableExists("decision") ? DecisionRow.fetchAll($0) : [] }
    }

    /// The trials in the order in which they were planned and promoted: each time one was given to a worker anew.
    public func turns() throws -> [Int] {
        try read { database in
            try Int.fetchAll(
                database, sql: "SELECT trial FROM event WHERE kind IN (?, ?) ORDER BY id",
                arguments: [EventRecord.Kind.trialPlanned.rawValue, EventRecord.Kind.trialPromoted.rawValue])
        }
    }

    /// What every trial has reported of one metric and what of it still counts: a new attempt undoes what earlier ones
    /// did from its first step on. By trial; steps in the order they were reported.
    public func curves(ofMetric metric: String) throws -> [Int: [(step: Int, value: Double)]] {
        try read { database in
            // A report may lack the metric; the attempt still begins with it.
            var firstSteps: [[Int]: Int] = [:]
            try StoredRow.forEach(
                database, "metric",
                sql: "SELECT trial, attempt, step, min(id) AS id FROM metric WHERE attempt > 1 GROUP BY trial, attempt"
            ) { firstSteps[[try $0.integer("trial"), try $0.integer("attempt")]] = try $0.integer("step") }
            var curves: [Int: [(step: Int, value: Double)]] = [:]
            var attempts: [Int: Int] = [:]
            try StoredRow.forEach(
                database, "metric",
                sql: """
                    SELECT id, trial, attempt, step, value FROM metric
                    WHERE name = ? AND value IS NOT NULL ORDER BY id
                    """, [metric]
            ) { row in
                let (trial, attempt, step) = (
                    try row.integer("trial"), try row.integer("attempt"), try row.integer("step")
                )
                if attempts.updateValue(attempt, forKey: trial) != attempt, attempt > 1 {
                    let first = firstSteps[[trial, attempt]] ?? step
                    curves[trial]?.removeAll { $0.step >= first }
                }
                curves[trial, default: []].append((step, try row.number("value")))
            }
            return curves
        }
    }
}
