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
///     try await recorder.end(trial: 12) { rest in     // one transaction with how the trial ended
///         try await store.end(12, ending, metrics: rest.metrics, decisions: rest.decisions, at: time)
///     }
actor MetricRecorder {
    /// What is not stored yet of one trial.
    struct Rest: Sendable {
        var metrics: [MetricRecord] = []
        var decisions: [TrialDecision] = []
    }

    private let store: SweepStore
    /// What is not stored yet, in the order in which it was reported. It stays here until it is: a write that fails
    /// loses nothing, and the next one takes it along.
    private var batch: [MetricRecord] = []
    /// Decisions that nothing waits for, since they change nothing: of trials that go on.
    private var decisions: [TrialDecision] = []
    /// The write that is under way. There is one at a time: what was reported first is stored first.
    private var current: Task<Void, any Error>?
    /// Metrics in a batch that is written without waiting for the next `flush`. Flushes come four times a second
    /// besides.
    private static let batchSize = 1000

    init(store: SweepStore) {
        self.store = store
    }

    /// Gathers what a trial has reported.
    ///
    /// The records may stay in memory when this returns, and are lost if the planner is killed within the next quarter
    /// of a second; `LostReports` then finds them in the trial's log.
    ///
    /// - Parameter decision: that the trial goes on after the last of these reports.
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
    /// - Throws: what the store throws; the decision must then not be acted on. The records stay gathered.
    func commit(_ records: [MetricRecord], _ decision: TrialDecision) async throws {
        batch += records
        try await flush(with: [decision])
    }

    /// Stores everything that is gathered.
    ///
    /// - Throws: what the store throws; everything then stays gathered.
    func flush() async throws { try await flush(with: []) }

    /// Stores how a trial ended, together with what is gathered of it, once all before that is stored.
    ///
    /// - Parameter write: does that; it is handed what is gathered of the trial.
    /// - Throws: what `write` throws; what is gathered of the trial then stays so.
    func end(trial: Int, _ write: @escaping @Sendable (Rest) async throws -> Void) async throws {
        await waitForCurrent()
        let rest = Rest(
            metrics: batch.filter { $0.trial == trial }, decisions: decisions.filter { $0.trial == trial })
        try await perform {
            try await write(rest)
        } whenStored: { recorder in
            recorder.batch.removeAll { $0.trial == trial }
            recorder.decisions.removeAll { $0.trial == trial }
        }
    }

    private func flush(with decisive: [TrialDecision]) async throws {
        await waitForCurrent()
        let (records, gathered) = (batch, decisions)
        if records.isEmpty, gathered.isEmpty, decisive.isEmpty { return }
        try await perform { [store] in
            try await store.record(records, gathered + decisive)
        } whenStored: { recorder in
            // More may have been gathered behind these meanwhile.
            recorder.batch.removeFirst(records.count)
            recorder.decisions.removeFirst(gathered.count)
        }
    }

    private func waitForCurrent() async {
        while let current { _ = await current.result }
    }

    /// Writes while no other write is under way.
    private func perform(
        _ work: @escaping @Sendable () async throws -> Void,
        whenStored: @escaping @Sendable (isolated MetricRecorder) -> Void
    ) async throws {
        let write = Task {
            defer { current = nil }
            try await work()
            whenStored(self)
        }
        current = write
        try await write.value
    }
}
