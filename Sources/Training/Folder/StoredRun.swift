import Datasets
import Files
import LinearAlgebra
import ReversibleCore
import TrialProtocol

/// A run as its folder holds it: its config, what it reported, and its network at different moments.
///
/// The samples that the run was trained on are read with it, so that analyses can show them to the network again.
///
///     let run = try StoredRun(readingFrom: "results/runs/digits")
///     let start = try run.network(at: .start)
public struct StoredRun: Sendable {
    /// A moment of a run.
    public enum Moment: Hashable, Sendable {
        /// Before the first step.
        case start
        /// After this number of epochs.
        case epoch(Int)
        /// Of the checkpoint that the run resumes from.
        case last
        /// After the best epoch, where the config's `output.best` had it kept.
        case best
    }

    /// A checkpoint of the run after so many epochs.
    public struct EpochCheckpoint: Hashable, Sendable {
        public var epoch: Int
        /// By which `network(at:)` reads it.
        public var moment: Moment

        public init(epoch: Int, moment: Moment) {
            self.epoch = epoch
            self.moment = moment
        }
    }

    /// What was reported of one epoch.
    public struct EpochNumbers: Hashable, Sendable {
        /// From 1.
        public var epoch: Int
        /// In the order of the report.
        public var metrics: [(name: String, value: Double)] { report.metrics.map { ($0.name, $0.value) } }
        /// Nil where the epoch's report has no such metric.
        public subscript(name: String) -> Double? { report[name] }

        fileprivate var report: MetricReport
    }

    /// As it was given.
    public let path: String
    public let config: TrainingConfig
    /// Read again, as the config names them.
    public let split: DataSplit
    /// As far as the last checkpoint knows.
    public let epochs: [EpochNumbers]
    /// The epochs whose checkpoints are kept, ascending.
    public let keptEpochs: [Int]
    /// The epochs that were done in full.
    public let epochsDone: Int
    /// The batches of the next epoch that the checkpoint has done, too, which the run resumes from.
    private let batchesDone: Int
    private let folder: RunFolder

    /// - Throws: `CheckpointError`, `DatasetError`.
    public init(readingFrom path: String) throws {
        var splits: [TrainingConfig.Data: DataSplit] = [:]
        try self.init(readingFrom: path, sharing: &splits)
    }

    /// - Parameter splits: samples that were read before; runs that are kept together share them.
    public init(readingFrom path: String, sharing splits: inout [TrainingConfig.Data: DataSplit]) throws {
        self.path = path
        folder = RunFolder(path: path)
        let bytes = try folder.bytes(ofExisting: folder.checkpointPath)
        // Networks are read when they are asked for: those of all runs of a sweep need not fit into the memory.
        let summary = try CheckpointSummary(decoding: bytes, path: folder.checkpointPath)
        config = summary.config
        split = try splits[config.data] ?? DataSplit(config.data)
        splits[config.data] = split
        batchesDone = summary.batch
        epochsDone = summary.epoch - 1
        epochs = summary.log.map { EpochNumbers(epoch: $0.step ?? 0, report: $0) }
        keptEpochs = folder.keptEpochs
    }

    /// The checkpoints that there are, by their epochs: those that were kept, and the one that the run resumes from,
    /// unless it was stopped within an epoch and others were kept.
    public var checkpoints: [EpochCheckpoint] {
        var epochs = keptEpochs.filter { $0 < epochsDone || batchesDone > 0 && $0 == epochsDone }
        if batchesDone == 0 { epochs.append(epochsDone) }
        if epochs.isEmpty { return [.init(epoch: epochsDone, moment: .last)] }
        return epochs.map { .init(epoch: $0, moment: .epoch($0)) }
    }

    /// The network at a moment.
    ///
    /// - Throws: `CheckpointError` where no checkpoint of that moment was kept. The start is always known: the config
    ///   makes it, unless weights were imported, and then it was kept.
    public func network(at moment: Moment) throws -> ReversibleNetwork<Float> {
        switch moment {
        case .last: return try last()
        case .epoch(let number) where number == epochsDone && epochsDone > 0 && batchesDone == 0: return try last()
        case .epoch(0), .start:
            if let state = try state(.start) { return state.network }
            return try TrainingState(
                config, features: split.training.images.columns, classes: split.training.classes
            ).network
        case .epoch(let number): return try kept(.epoch(number))
        case .best: return try kept(.best)
        }
    }

    private func kept(_ kept: KeptCheckpoint) throws -> ReversibleNetwork<Float> {
        let path = folder.path(of: kept)
        return try state(in: folder.bytes(ofExisting: path), path).network
    }

    /// The network of the checkpoint that the run resumes from.
    ///
    /// - Throws: `CheckpointError.changed` where it is no longer that of this value's numbers.
    private func last() throws -> ReversibleNetwork<Float> {
        guard let state = try state(at: folder.checkpointPath), state.epoch - 1 == epochsDone,
            state.batch == batchesDone
        else { throw CheckpointError.changed(path: folder.checkpointPath) }
        return state.network
    }

    private func state(_ kept: KeptCheckpoint) throws -> TrainingState? { try state(at: folder.path(of: kept)) }

    /// Nil if there is no such checkpoint.
    private func state(at path: String) throws -> TrainingState? {
        try folder.bytes(of: path).map { try state(in: $0, path) }
    }

    /// - Parameter path: for messages.
    private func state(in bytes: [UInt8], _ path: String) throws -> TrainingState {
        try Checkpoint(decoding: bytes, path: path) { _ in
            (split.training.images.columns, split.training.classes)
        }.state
    }

    /// Whether the run ended in an epoch in which its numbers stopped being finite.
    ///
    /// No checkpoint has such an epoch: what says so is the last line of `metrics.jsonl`, and if that cannot be read,
    /// nothing does.
    public var hasDiverged: Bool {
        let lines = ((try? readAll("\(path)/metrics.jsonl")) ?? []).split(separator: 10)
        return lines.last.flatMap { MetricReport(line: $0) }?["train_loss"]?.isNaN ?? false
    }
}
