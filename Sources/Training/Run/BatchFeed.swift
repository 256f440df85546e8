import Datasets
import Dispatch
import LinearAlgebra
import Synchronization

/// What a step is made from.
struct TrainingBatch: Sendable {
    /// `[n, d]`, augmented.
    let input: Matrix<Float>
    /// `[n, K]`.
    let targets: Matrix<Float>
}

/// The batches of an epoch, each prepared while the one before it is computed with.
///
/// A run that is to compute on one thread does one thing after the other. What a batch is depends on its number alone,
/// not on when it was prepared.
///
///     let feed = BatchFeed(count: 3, preparesAhead: true) { index in makeBatch(index) }
///     feed.batch(0)      // made now; batch 1 is begun in another thread before this returns
///     feed.batch(1)      // already made, or waited for
final class BatchFeed: Sendable {
    let count: Int
    private let prepare: @Sendable (Int) -> TrainingBatch
    /// Whether a second thread prepares; false leaves the run's one thread alone.
    private let preparesAhead: Bool
    /// The batch that was prepared ahead, with its number; nil once it has been taken.
    private let ready = Mutex<(index: Int, batch: TrainingBatch)?>(nil)
    private let preparation = DispatchGroup()

    /// - Parameters:
    ///   - count: how many batches there are.
    ///   - prepare: makes the batch with a number from 0.
    init(count: Int, preparesAhead: Bool = BLASThreads.count > 1, _ prepare: @escaping @Sendable (Int) -> TrainingBatch)
    {
        self.count = count
        self.preparesAhead = preparesAhead
        self.prepare = prepare
    }

    /// The batch with a number from 0. Batches asked for in order are ready early; any other order works too, and is
    /// slower.
    func batch(_ index: Int) -> TrainingBatch {
        preparation.wait()
        let known = ready.withLock { ready in
            defer { ready = nil }
            return ready?.index == index ? ready?.batch : nil
        }
        let batch = known ?? prepare(index)
        if preparesAhead, index + 1 < count {
            DispatchQueue.global(qos: .userInitiated).async(group: preparation) { [self] in
                let next = prepare(index + 1)
                ready.withLock { $0 = (index + 1, next) }
            }
        }
        return batch
    }
}
