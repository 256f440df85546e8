import SweepStore

/// Gathers the metrics of all running trials, so that a talkative trainer does not cost a transaction a line.
///
/// Whoever appends waits while a full batch is written: a trainer that prints faster than the disk can follow is held
/// up by its own pipe, and memory stays bounded.
actor MetricRecorder {
    private let store: SweepStore
    private var batch: [MetricRecord] = []
    private var last: Task<Void, any Error>?
    private static let batchSize = 1000

    init(store: SweepStore) {
        self.store = store
    }

    func append(_ records: [MetricRecord]) async throws {
        batch += records
        if batch.count >= Self.batchSize { try await flush() }
    }

    /// Stores a decision together with all that was reported before it, of this trial and of others.
    func commit(_ records: [MetricRecord], _ decision: DecisionRecord) async throws {
        let all = batch + records
        batch = []
        try await write { [store] in try await store.record(all, decision) }
    }

    func flush() async throws {
        let records = batch
        batch = []
        try await write { [store] in try await store.record(records) }
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
    func take(trial: Int) async throws -> [MetricRecord] {
        try await last?.value
        let taken = batch.filter { $0.trial == trial }
        batch.removeAll { $0.trial == trial }
        return taken
    }
}
