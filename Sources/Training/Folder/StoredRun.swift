import Datasets
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
    public let split: DataSplit
    /// As far as the last checkpoint knows.
    public let epochs: [EpochNumbers]
    /// The epochs whose checkpoints are kept, ascending.
    public let keptEpochs: [Int]
    /// The epochs that were done in full.
    public let epochsDone: Int
    /// The network of the checkpoint that the run resumes from, and whether that lies within an epoch.
    private let last: ReversibleNetwork<Float>
    private let isWithinEpoch: Bool
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
        guard let bytes = try folder.checkpoint() else {
            throw CheckpointError.unreadable(path: folder.checkpointPath, reason: "there is no such file")
        }
        var split: DataSplit?
        let checkpoint = try Checkpoint(decoding: bytes, path: folder.checkpointPath) { config in
            let read = try splits[config.data] ?? DataSplit(config.data)
            splits[config.data] = read
            split = read
            return (read.training.images.columns, read.training.classes)
        }
        guard let split else { preconditionFailure("a checkpoint is read with its data") }
        self.split = split
        config = checkpoint.config
        last = checkpoint.state.network
        isWithinEpoch = checkpoint.state.batch > 0
        epochsDone = checkpoint.state.epoch - 1
        epochs = checkpoint.state.log.map { EpochNumbers(epoch: $0.step ?? 0, report: $0) }
        keptEpochs = folder.keptEpochs
    }

    /// The checkpoints that there are, by their epochs: those that were kept, and the one that the run resumes from,
    /// unless it was stopped within an epoch and others were kept.
    public var checkpoints: [EpochCheckpoint] {
        var epochs = keptEpochs.filter { $0 < epochsDone || isWithinEpoch && $0 == epochsDone }
        if !isWithinEpoch { epochs.append(epochsDone) }
        if epochs.isEmpty { return [.init(epoch: epochsDone, moment: .last)] }
        return epochs.map { .init(epoch: $0, moment: .epoch($0)) }
    }

    /// The network at a moment.
    ///
    /// - Throws: `CheckpointError` where no checkpoint of that moment was kept. The start is always known: the config
    ///   makes it, unless weights were imported, and then it was kept.
    public func network(at moment: Moment) throws -> ReversibleNetwork<Float> {
        switch moment {
        case .last: return last
        case .epoch(let number) where number == epochsDone && epochsDone > 0 && !isWithinEpoch: return last
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
        guard let state = try state(kept) else {
            throw CheckpointError.unreadable(path: folder.path(of: kept), reason: "there is no such file")
        }
        return state.network
    }

    /// Nil if there is no such checkpoint.
    private func state(_ kept: KeptCheckpoint) throws -> TrainingState? {
        let path = folder.path(of: kept)
        guard let bytes = try folder.bytes(of: path) else { return nil }
        return try Checkpoint(decoding: bytes, path: path) { _ in
            (split.training.images.columns, split.training.classes)
        }.state
    }
}
