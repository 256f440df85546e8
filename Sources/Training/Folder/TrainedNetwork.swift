import ConfigFile
import Datasets
import LinearAlgebra
import ReversibleCore

/// A network as a checkpoint holds it, with the samples it was trained and judged on.
///
///     let trained = try TrainedNetwork(readingFrom: "results/digits/best")
///     trained.evaluation(on: .test).accuracy      // 0.9417, 339 of 360 test images
///     trained.epochs                              // 10
public struct TrainedNetwork: Sendable {
    public let config: TrainingConfig
    public let network: ReversibleNetwork<Float>
    /// The epochs that were done in full.
    public let epochs: Int
    /// Read again, as the config names them.
    public let split: DataSplit
    private let task: LearningTask

    /// - Parameter path: of a run's folder or of a checkpoint.
    /// - Throws: `CheckpointError`, `DatasetError`.
    public init(readingFrom path: String) throws {
        let (file, bytes) = try RunFolder.checkpoint(at: path)
        var split: DataSplit?
        let checkpoint = try Checkpoint(decoding: bytes, path: file) { config in
            let read = try DataSplit(config.data)
            split = read
            return (read.training.images.columns, read.training.classes)
        }
        guard let split else { preconditionFailure("a checkpoint is read with its data") }
        config = checkpoint.config
        network = checkpoint.state.network
        epochs = checkpoint.state.epoch - 1
        self.split = split
        task = try LearningTask(config, for: network.architecture)
    }

    /// Whether accuracy means something in the task.
    public var hasAccuracy: Bool { task.hasAccuracy }

    /// The loss and the accuracy on one split of the samples.
    public func evaluation(on split: SplitName) -> Evaluation {
        Evaluation(network, on: self.split[split], loss: config.loss.loss, task: task, split: split)
    }
}
