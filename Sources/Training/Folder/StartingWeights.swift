import ConfigFile
import Datasets
import Files
import LinearAlgebra
import ReversibleCore

/// The weights that a run begins with where its config says `training.start_from`.
///
/// | `training.start_from` | |
/// |---|---|
/// | `results/runs/adam` | a run's folder: the checkpoint that it would resume from |
/// | `results/runs/adam/checkpoint.000050` | a checkpoint that was kept |
/// | `adam.npz`, `adam.safetensors` | what `revmlp weights export` writes, or another program under the same names |
///
/// Weights only: momentum, Adam's moments and the count of epochs begin anew, so that one optimizer can go on where
/// another has left off.
///
///     let start = try StartingWeights(at: "results/runs/adam", for: config, drawn: network, classes: 10)
///     start.checksum      // "5be4f2a90c1d7733"
struct StartingWeights {
    /// The run's network with these weights.
    let network: ReversibleNetwork<Float>
    /// Of all weights and biases, whatever kind of file they come from: 16 hexadecimal digits.
    let checksum: String

    /// - Parameters:
    ///   - path: as in the table above.
    ///   - config: of the run that is to begin.
    ///   - drawn: its network as the config's seed draws it: of the same shape, and with the frozen numbers that the
    ///     weights have to belong to.
    ///   - classes: of the data set.
    /// - Throws: `SettingError` where there are no such weights, or where they are not of such a network.
    init(
        at path: String, for config: TrainingConfig, drawn: ReversibleNetwork<Float>, classes: Int
    ) throws(SettingError) {
        do {
            if let format = WeightFormat(path: path) {
                network = try drawn.withWeights(
                    try format.read(path), projections: config.frozenProjections(of: drawn.architecture))
            } else {
                network = try Self.network(ofCheckpoint: path, for: config, drawn: drawn, classes: classes)
            }
        } catch let error as SettingError {
            throw error
        } catch let error as WeightsError {
            throw Self.mistake("\(path): \(error)", help: Self.forms)
        } catch {
            throw Self.mistake("\(error)", help: Self.forms)
        }
        checksum = Self.checksum(of: network.parameters)
    }

    private static let forms = "a run's folder, a checkpoint in it, or an .npz or .safetensors file"

    private static func mistake(_ problem: String, help: String) -> SettingError {
        SettingError(key: "training.start_from", problem: "'training.start_from': \(problem)", help: help)
    }

    private static func network(
        ofCheckpoint path: String, for config: TrainingConfig, drawn: ReversibleNetwork<Float>, classes: Int
    ) throws -> ReversibleNetwork<Float> {
        let (file, bytes) = try RunFolder.checkpoint(at: path)
        let checkpoint = try Checkpoint(decoding: bytes, path: file) { other in
            try check(other, at: path, against: config)
            return (drawn.architecture.features, classes)
        }
        try checkClasses(checkpoint.config, at: path, against: config, classes: classes)
        var network = drawn
        network.parameters = checkpoint.state.network.parameters
        return network
    }

    /// - Throws: `SettingError` where the network of a config is another one than that of `config`, or where its frozen
    ///   numbers are others.
    private static func check(_ other: TrainingConfig, at path: String, against config: TrainingConfig) throws {
        let (before, now) = (other.resolved, config.resolved)
        var keys = [
            "model.blocks", "model.hidden", "model.bias", "model.output_projection", "model.activation", "task.outputs",
        ]
        if config.model.activation == .leakyReLU { keys.append("model.slope") }
        let differences = keys.compactMap { key -> ConfigDifference? in
            guard let was = before[path: key], let now = now[path: key], was != now else { return nil }
            return ConfigDifference(path: key, before: was.settingText, now: now.settingText)
        }
        guard differences.isEmpty else {
            throw otherNetwork(at: path, differences, help: "the keys under 'model' have to be those of that run")
        }
        if other.seed != config.seed, config.model.hidden > 0 || config.model.outputProjection {
            throw mistake(
                "\(path) was trained with seed \(other.seed), and this run has seed \(config.seed)",
                help: "the frozen projections come from the seed; {seed} in the path stands for the run's own")
        }
    }

    /// - Throws: `SettingError` where both networks have an output for each class, and one has more classes than the
    ///   other: no trained parameter has a length by which that would show.
    private static func checkClasses(
        _ other: TrainingConfig, at path: String, against config: TrainingConfig, classes: Int
    ) throws {
        guard config.model.outputProjection, config.task.outputs == nil, other.data.classes != classes else { return }
        let difference = ConfigDifference(
            path: "task.outputs", before: "\(other.data.classes) classes", now: "\(classes) classes")
        throw otherNetwork(
            at: path, [difference],
            help: "the data have to have as many classes as those of that run, or both runs the same task.outputs")
    }

    private static func otherNetwork(at path: String, _ differences: [ConfigDifference], help: String) -> SettingError {
        mistake("\(path) has another network: \(differences.map(\.description).joined(separator: ", "))", help: help)
    }

    private static func checksum(of parameters: Parameters<Float>) -> String {
        CheckSum.digits(
            ofParts: parameters.coefficients.map { matrix in
                let patterns = matrix.elements.map { $0.bitPattern.littleEndian }
                return CheckSum.of(patterns.withUnsafeBytes { [UInt8]($0) }[...])
            })
    }
}

extension TrainingConfig.Data {
    /// How many classes the data set has, for which its files need not be there.
    fileprivate var classes: Int {
        switch name {
        case .digits, .mnist, .fashionMNIST, .cifar10: 10
        case .gaussian, .correlated: synthetic.classes
        }
    }
}
