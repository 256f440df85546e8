import SweepModel
import SweepStore

/// Gathers the metrics of all running trials, so that a trainer that prints much does not cost a transaction for each
/// line.
///
/// A caller of `append` waits while a full batch is written: a trainer that prints faster than the disk can follow is
/// held up by its own pipe, and memory stays bounded.
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
    private var last: Task<Void, any Error>?
    private static let batchSize = 1000

    init(store: SweepStore) {
        self.store = store
    }

    /// - Parameter decision: that a trial goes on after the last of these reports.
    func append(_ records: [MetricRecord], _ decision: TrialDecision? = nil) async throws {
        batch += records
        if let decision { decisions.append(decision) }
        if batch.count >= Self.batchSize { try await flush() }
    }

    /// Stores a decision together with all that was reported and decided before it, of this trial and of others.
    func commit(_ records: [MetricRecord], _ decision: TrialDecision) async throws {
        try await flush(records, [decision])
    }

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
    func take(trial: Int) async throws -> Rest {
        try await last?.value
        defer {
            batch.removeAll { $0.trial == trial }
            decisions.removeAll { $0.trial == trial }
        }
        return Rest(metrics: batch.filter { $0.trial == trial }, decisions: decisions.filter { $0.trial == trial })
    }
}
