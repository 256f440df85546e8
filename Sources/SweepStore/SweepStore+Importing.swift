import Foundation
import GRDB
import SweepModel

extension SweepStore {
    /// Adds trials that ended elsewhere, behind those that there are.
    ///
    /// - Parameters:
    ///   - trials: all in a final state, numbered from the number of trials that there are.
    ///   - metrics: gives what such a trial had reported.
    /// - Throws: `SweepStoreError`, or what `metrics` throws; nothing is then written.
    public func importTrials(
        _ trials: [TrialRecord], at time: Date,
        metrics: @escaping @Sendable (TrialRecord) throws -> [MetricRecord]
    ) async throws {
        if trials.isEmpty { return }
        try await write { database in
            for trial in trials {
                try TrialRow.importEnded(trial, try metrics(trial), at: time, into: database)
            }
        }
    }
}
