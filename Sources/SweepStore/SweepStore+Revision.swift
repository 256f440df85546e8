import Foundation
import GRDB
import SweepModel
import SweepSearch

extension SweepStore {
    /// Values that a trial did not have when it ran, and that count for it from now on: a parameter that was added to
    /// the file has its `default` in every trial before.
    public struct Completion: Sendable, Hashable {
        public var trial: Int
        /// Only those that it did not have.
        public var parameters: Assignment

        public init(trial: Int, _ parameters: Assignment) {
            self.trial = trial
            self.parameters = parameters
        }
    }

    /// Lets the sweep go on with a changed file: all of the change is stored, or nothing.
    ///
    /// - Parameters:
    ///   - changes: what is new in words; each becomes an event.
    ///   - completions: values for trials that lack a parameter of the changed sweep.
    ///   - givenUp: trials that have not ended, and fail since their values are not legal any more.
    ///   - prior: the trials of other sweeps from which it learns from now on; nil where these stay.
    /// - Throws: `SweepStoreError`; nothing is then written.
    public func revise(
        _ sweep: SweepRecord, changes: [String], completions: [Completion], givingUp givenUp: [Int] = [],
        learningFrom prior: [PriorTrial]? = nil, at time: Date
    ) async throws {
        try await write { database in
            try SweepRow.update(sweep, in: database)
            for completion in completions {
                try TrialRow.insert(completion.parameters, of: completion.trial, into: database)
            }
            for number in givenUp { try Self.giveUp(number, at: time, database) }
            if let prior {
                try database.execute(sql: "DELETE FROM prior_trial")
                for trial in prior { try PriorTrialRow.insert(trial, into: database) }
            }
            for change in changes {
                try EventRow.insert(EventRecord(.changeAccepted, at: time, detail: change), into: database)
            }
        }
    }

    /// Lets a trial fail that has not ended.
    private static func giveUp(_ number: Int, at time: Date, _ database: Database) throws {
        let reason = TrialReason.told("given up: the sweep file was changed, and its values are not legal any more")
        try database.execute(
            sql: "UPDATE trial SET state = ?, \(ReasonColumns.assignments), ended = ? WHERE number = ?",
            arguments: [TrialState.failed.rawValue] + StatementArguments(ReasonColumns.values(reason))
                + [time.timestamp, number])
        try EventRow.insert(
            EventRecord(
                .trialEnded, at: time, trial: number, attempt: try attempt(of: number, database),
                detail: "failed: \(reason)", cause: reason.kind),
            into: database)
    }
}
