import Foundation
import GRDB
import SweepModel

extension SweepStore {
    /// Stores that a paused trial goes on, with the comparison that decided it. The trial stays `waiting` until it is
    /// started.
    ///
    /// - Throws: `SweepStoreError.staleState` if the trial is not waiting; nothing is then written.
    public func promote(_ decision: TrialDecision) async throws {
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

    /// Ends a waiting trial that will not be run again: one that paused and was never promoted, or one whose planner
    /// was killed after it had decided to prune it.
    ///
    /// - Parameters:
    ///   - decision: why; nil if the decision is stored already.
    ///   - reason: the same in words, for the trial.
    ///   - value: the trial's value by the metric's rule.
    /// - Throws: `SweepStoreError.staleState` if the trial is not waiting; nothing is then written.
    public func prune(
        _ number: Int, _ decision: TrialDecision?, because reason: String, value: Double?, at time: Date
    ) async throws {
        try await write { database in
            try Self.expect(.waiting, number, database)
            if let decision { try DecisionRow.insert(decision, into: database) }
            try database.execute(
                sql: "UPDATE trial SET state = ?, \(ReasonColumns.assignments), value = ?, ended = ? WHERE number = ?",
                arguments: [TrialState.pruned.rawValue] + StatementArguments(ReasonColumns.values(.pruned(reason)))
                    + [value, time.timestamp, number])
            let attempt = try Self.attempt(of: number, database)
            try EventRow.insert(
                EventRecord(
                    .trialEnded, at: time, trial: number, attempt: attempt, detail: "pruned: \(reason)",
                    cause: .pruned),
                into: database)
        }
    }

    /// Every decision, in the order they were made.
    ///
    /// - Throws: `SweepStoreError`.
    public func decisions() throws -> [TrialDecision] {
        try read { try DecisionRow.fetchAll($0) }
    }

    /// The decisions that a planner needs to go on with the sweep, in the order they were made: all about trials that
    /// have not ended, and all pauses. In a long sweep these are few of all decisions.
    ///
    /// - Throws: `SweepStoreError`.
    public func decisionsInForce() throws -> [TrialDecision] {
        try read { database in
            try DecisionRow.fetchAll(
                database,
                "WHERE action = '\(TrialDecision.Action.pause.rawValue)' "
                    + "OR trial IN (SELECT number FROM trial WHERE ended IS NULL)")
        }
    }

    /// The trials in the order in which work was given out: each trial appears when it was planned and again for each
    /// promotion. In a reproducible sweep a decision may use only the turns before it.
    ///
    /// - Throws: `SweepStoreError`.
    public func turns() throws -> [Int] {
        try read { database in
            try Int.fetchAll(
                database, sql: "SELECT trial FROM event WHERE kind IN (?, ?) ORDER BY id",
                arguments: [EventRecord.Kind.trialPlanned.rawValue, EventRecord.Kind.trialPromoted.rawValue])
        }
    }
}
