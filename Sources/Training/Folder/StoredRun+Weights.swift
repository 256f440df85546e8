import ConfigFile
import Datasets
import LinearAlgebra
import ReversibleCore

extension StoredRun {
    /// The weights of a moment, and the frozen numbers they belong to.
    ///
    ///     let tensors = try run.tensors(at: .epoch(5))
    ///     try WeightFormat.npz.write(tensors, to: "epoch5.npz")
    ///
    /// - Throws: `CheckpointError` where no checkpoint of that moment was kept.
    public func tensors(at moment: Moment) throws -> [NamedTensor] {
        let network = try network(at: moment)
        return network.tensors(projections: config.frozenProjections(of: network.architecture))
    }

    /// Makes the folder of a run that begins with given weights instead of drawn ones: trained with the same config, it
    /// continues from there, before its first step.
    ///
    /// The weights become the run's checkpoint, and not a key of its config: so nothing else needs to know of them, the
    /// run stays what it was when their file is gone, and one kind of file is resumed from.
    ///
    /// - Throws: `WeightsError`, `ImportError`, `RunFolderError`, `FileError`, `DatasetError`, `SettingError`.
    public static func begin(_ config: TrainingConfig, folder path: String, with tensors: [NamedTensor]) throws {
        guard config.training.startFrom == nil else {
            throw SettingError(
                key: "training.start_from",
                problem: "'training.start_from' says already where the first weights come from",
                help: "leave it out, or train with it and without an import")
        }
        let folder = RunFolder(path: path)
        let lock = try folder.open(patience: .zero)
        guard try folder.checkpoint() == nil else { throw ImportError.folderHoldsRun(path: path) }
        let training = try DataSplit(config.data).training
        try config.checkOutputs(features: training.images.columns, classes: training.classes)
        var state = try TrainingState(config, features: training.images.columns, classes: training.classes)
        state.network = try state.network.withWeights(
            tensors, projections: config.frozenProjections(of: state.network.architecture))
        let checkpoint = Checkpoint(config: config, state: state).encoded
        try folder.keep(.start, checkpoint)
        try folder.replace("resolved.yaml", with: config.resolved.yaml().utf8)
        try folder.replace("checkpoint", with: checkpoint)
        withExtendedLifetime(lock) {}
    }

    /// Why weights cannot become the beginning of a run.
    public enum ImportError: Error, Hashable, Sendable, CustomStringConvertible {
        /// The folder has a checkpoint already, which would be lost.
        case folderHoldsRun(path: String)

        public var description: String {
            switch self {
            case .folderHoldsRun(let path): "\(path) holds a run already; --output DIR puts this one elsewhere"
            }
        }
    }
}

extension TrainingConfig {
    /// C of every coupling, as the config's seed draws them; they are in no checkpoint.
    func frozenProjections(of architecture: Architecture) -> [Matrix<Float>] {
        ReversibleNetwork<Float>.frozenProjections(of: architecture, seed: UInt64(seed))
    }
}
