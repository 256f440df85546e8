import Foundation
import GRDB
import SweepModel
import SweepSearch

extension SweepStore {
    /// Values that a trial did not have when it ran, and that count for it from now on.
    public struct Completion: Sendable, Hashable {
        public var trial: Int
        public var parameters: Assignment

        public init(trial: Int, _ parameters: Assignment) {
            self.trial = trial
            self.parameters = parameters
        }
    }

    /// Goes on with another file: all of it is stored, or nothing.
    ///
    /// - Parameters:
    ///   - changes: what is new, each noted as an event.
    ///   - completions: of trials that lack values of the sweep as it is now.
    ///   - queue: further values to be tried.
    public func revise(
        _ sweep: SweepRecord, changes: [String], completions: [Completion], queue: [Assignment],
        at time: Date
    ) async throws {
        try await write { database in
            try SweepRow.update(sweep, in: database)
            for completion in completions {
                try TrialRow.insert(completion.parameters, of: completion.trial, into: database)
            }
            for parameters in queue { try Self.enqueue(parameters, at: time, database) }
            for change in changes {
                try EventRow.insert(EventRecord(.changeAccepted, at: time, detail: change), into: database)
            }
        }
    }
}
