import Foundation
import GRDB
import SweepModel
import SweepSearch

extension SweepStore {
    /// Adds values to be tried next, also while another process runs the sweep: its planner takes them up at its next
    /// trial.
    ///
    ///     try SweepStore.enqueue([["lr": .number(0.01)]], in: "results/digits", at: Date())
    ///
    /// - Throws: `SweepStoreError`.
    public static func enqueue(_ trials: [Assignment], in directory: String, at time: Date) throws {
        try changingQueue(in: directory) { database in
            for parameters in trials { try enqueue(parameters, at: time, database) }
        }
    }

    /// As above, for trials whose trainers are given these seeds, of 63 bits at most.
    ///
    /// - Throws: `SweepStoreError`.
    public static func enqueue(
        _ trials: [(parameters: Assignment, seed: UInt64)], in directory: String, at time: Date
    ) throws {
        try changingQueue(in: directory) { database in
            for trial in trials { try enqueue(trial.parameters, seed: trial.seed, at: time, database) }
        }
    }

    /// Opens the database for one change, without the sweep's lock: adding to the queue disturbs no planner.
    private static func changingQueue(in directory: String, _ change: (Database) throws -> Void) throws {
        try SweepStore(readingSweepIn: directory).database.close()
        let path = "\(directory)/\(fileName)"
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        try translating(path) {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try Schema.migrator.migrate(queue)
            try queue.write(change)
            // A planner merges the write-ahead log into the one file when it ends. Where none runs it is done here,
            // unless a reader is in the way.
            if SweepLock.holder(ofSweepIn: directory) == nil {
                try? queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
            }
            try queue.close()
        }
    }

    /// Adds the values of trials of this sweep to the queue, to be tried again as new trials. The old ones stay as
    /// they are.
    ///
    /// - Throws: `SweepStoreError`.
    public static func rerun(_ trials: [TrialRecord], in directory: String, at time: Date) throws {
        try changingQueue(in: directory) { database in
            for trial in trials { try enqueue(trial.parameters, rerunOf: trial.number, at: time, database) }
        }
    }

    /// - Parameters:
    ///   - source: the trial of this sweep that had these values before.
    ///   - seed: what the trainer is given; nil for the seed of the trial's number.
    static func enqueue(
        _ parameters: Assignment, rerunOf source: Int? = nil, seed: UInt64? = nil, at time: Date, _ database: Database
    ) throws {
        try database.execute(
            sql: "INSERT INTO queue (time, parameters, source_trial, seed) VALUES (?, ?, ?, ?)",
            arguments: [
                time.timestamp, try StoredParameters(parameters).text, source, seed.map { Int64(clamping: $0) },
            ])
    }

    /// The entries of the queue that have no trial yet, in the order in which they will be tried.
    ///
    /// - Throws: `SweepStoreError`.
    public func queued() throws -> [QueuedTrial] { try queued(atMost: -1) }

    /// The first of these entries; nil if the queue is empty.
    ///
    /// - Throws: `SweepStoreError`.
    public func nextQueued() throws -> QueuedTrial? { try queued(atMost: 1).first }

    /// The first entries of the queue that have no trial.
    ///
    /// - Parameter count: how many; -1 for all, as SQLite's `LIMIT` has it.
    private func queued(atMost count: Int) throws -> [QueuedTrial] {
        try read { database in
            // A sweep of an earlier release lacks this table until it is run again, and a reader cannot add it.
            guard try database.tableExists("queue") else { return [] }
            var entries: [QueuedTrial] = []
            try StoredRow.forEach(
                database, "queue", sql: "SELECT * FROM queue WHERE trial IS NULL ORDER BY id LIMIT ?", [count]
            ) { row in
                guard let parameters = try? StoredParameters(text: try row.text("parameters")).parameters else {
                    throw row.problem("'parameters' are no values")
                }
                entries.append(
                    QueuedTrial(
                        identifier: Int64(try row.integer("id")), parameters: parameters,
                        rerunOf: try row.ifPresent("source_trial", StoredRow.integer),
                        seed: try row.ifPresent("seed", StoredRow.integer).map { UInt64(clamping: $0) }))
            }
            return entries
        }
    }
}
