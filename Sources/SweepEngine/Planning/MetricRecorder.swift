import SweepModel
import SweepStore

/// Gathers the metrics of all running trials, so that a trainer that prints much does not cost a transaction for each
/// line.
///
/// A caller of `append` waits while a full batch is written: a trainer that prints faster than the disk can follow is
/// held up by its own pipe, and memory stays bounded.
///
///     let recorder = MetricRecorder(store: store)
///     try await recorder.append(records)              // kept in memory
///     try await recorder.commit(more, decision)       // one transaction: records, more and decision
///     let rest = try await recorder.take(trial: 12)   // both lists are empty: everything is stored
actor MetricRecorder {
    /// What is not stored yet of one trial.
    struct Rest: Sendable {
        var metrics: [MetricRecord] = []
        var decisions: [TrialDecision] = []
    }

    private let store: SweepStore
    private var batch: [MetricRecord] = []
    /// Decisions that nothing waits for, since they change nothing: of trials that go on.
    private var decisions: [TrialDecision] = []
    /// The write that was begun last; nil before the first.
    private var last: Task<Void, any Error>?
    /// Metrics in a batch that is written without waiting for the next `flush`. Flushes come four times a second
    /// besides.
    private static let batchSize = 1000

    init(store: SweepStore) {
        self.store = store
    }

    /// - Parameter decision: that a trial goes on after the last of these reports.
    ///
    /// The records may stay in memory when this returns, and are lost if the planner is killed within the next quarter
    /// of a second; `LostReports` then finds them in the trial's log.
    ///
    /// - Throws: what the store throws, also for records of other trials in the same batch.
    func append(_ records: [MetricRecord], _ decision: TrialDecision? = nil) async throws {
        batch += records
        if let decision { decisions.append(decision) }
        if batch.count >= Self.batchSize { try await flush() }
    }

    /// Stores a decision together with all that was reported and decided before it, of this trial and of others.
    ///
    /// When this returns the decision is on the disk, and may be acted on.
    ///
    /// - Throws: what the store throws; the decision must then not be acted on.
    func commit(_ records: [MetricRecord], _ decision: TrialDecision) async throws {
        try await flush(records, [decision])
    }

    /// Stores everything that is gathered.
    func flush() async throws { try await flush([], []) }

    private func flush(_ lastRecords: [MetricRecord], _ lastDecisions: [TrialDecision]) async throws {
        let (allRecords, allDecisions) = (batch + lastRecords, decisions + lastDecisions)
        (batch, decisions) = ([], [])
        try await write { [store] in try await store.record(allRecords, allDecisions) }
    }

    private func write(_ work: @escaping @Sendable () async throws -> Void) async throws {
        // Each write waits for the one before: what was reported first is stored first.
        let previous = last
        let write = Task {
            _ = await previous?.result
            try await work()
        }
        last = write
        try await write.value
    }

    /// Hands over what is gathered of one trial, to be written together with its end, once all before it is stored.
    ///
    /// - Throws: the error of the write before, if that failed: what was reported earlier would be missing.
    func take(trial: Int) async throws -> Rest {
        try await last?.value
        defer {
            batch.removeAll { $0.trial == trial }
            decisions.removeAll { $0.trial == trial }
        }
        return Rest(metrics: batch.filter { $0.trial == trial }, decisions: decisions.filter { $0.trial == trial })
    }
}
