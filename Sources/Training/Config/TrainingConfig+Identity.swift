import ConfigFile

/// A key of a config whose value is not what it was.
///
///     ConfigDifference(path: "optimizer.momentum", before: "0.0", now: "0.9").description
///     // "optimizer.momentum was 0.0, is 0.9"
public struct ConfigDifference: Hashable, Sendable, CustomStringConvertible {
    /// The keys from the outermost section inwards, with dots between them.
    public var path: String
    /// The value of the run in the folder.
    public var before: String
    /// The value that was asked for now.
    public var now: String

    public var description: String { "\(path) was \(before), is \(now)" }
}

extension TrainingConfig {
    /// Every setting that the numbers of a run depend on, its value made explicit, in the form of a config file.
    ///
    /// Not among them: where the run is put and how often it is saved; and the number of threads, which changes no bit
    /// of it.
    ///
    /// A run's folder has it as `resolved.yaml`. Reading it gives a config with the same `resolved`, so that two
    /// configs can be compared by it whatever their files leave out.
    public var resolved: ConfigNode {
        return ConfigNode(
            mapping([
                ("seed", .integer(seed)),
                ("data", data.resolved),
                ("task", mapping(task.resolved)),
                (
                    "model",
                    mapping([
                        ("blocks", .integer(model.blocks)), ("hidden", .integer(model.hidden)),
                        ("bias", .boolean(model.bias)), ("output_projection", .boolean(model.outputProjection)),
                        ("activation", .string(model.activation.rawValue)), ("slope", .number(model.slope)),
                        ("initialization", .string(model.initialization.rawValue)),
                        ("initial_deviation", .number(model.initialDeviation)),
                    ])
                ),
                (
                    "loss",
                    mapping([
                        ("name", .string(loss.name.rawValue)), ("curvature", .string(loss.curvature.rawValue)),
                        ("damping", .number(loss.damping)), ("label_smoothing", .number(loss.labelSmoothing)),
                        ("tangent_factor", .number(loss.tangentFactor)),
                    ])
                ),
                (
                    "optimizer",
                    mapping([
                        ("name", .string(optimizer.name.rawValue)), ("learning_rate", .number(optimizer.rate)),
                        ("momentum", .number(optimizer.momentum)),
                        ("nesterov", .boolean(optimizer.nesterov)), ("weight_decay", .number(optimizer.weightDecay)),
                        ("beta1", .number(optimizer.beta1)), ("beta2", .number(optimizer.beta2)),
                        ("epsilon", .number(optimizer.epsilon)), ("schedule", mapping(optimizer.schedule.resolved)),
                        (
                            "pseudo_inverse",
                            mapping([
                                ("method", .string(optimizer.pseudoInverse.method.rawValue)),
                                ("rtol", .number(optimizer.pseudoInverse.relativeThreshold)),
                                ("atol", .number(optimizer.pseudoInverse.absoluteThreshold)),
                                ("rank", .integer(optimizer.pseudoInverse.sketch.rank)),
                                ("oversampling", .integer(optimizer.pseudoInverse.sketch.oversampling)),
                                ("power_iterations", .integer(optimizer.pseudoInverse.sketch.powerIterations)),
                                ("tolerance", .number(optimizer.pseudoInverse.sketch.tolerance)),
                                ("noise", .number(optimizer.pseudoInverseNoise)),
                            ])
                        ),
                    ])
                ),
                ("training", mapping(training.resolved)),
            ]))
    }

    /// The settings by which two configs are not the same run.
    ///
    /// Where the data and the first weights lie does not count, as long as their check sums are the same. The number of
    /// epochs counts only if it is less than `epochsDone`: a finished run may be made longer, and is then what it would
    /// have been had it been asked for at once; unless its learning rate fell towards its end.
    ///
    ///     var longer = config
    ///     longer.training.epochs = 40
    ///     longer.differences(from: config, epochsDone: 20)       // [], with a constant rate
    ///     longer.seed = 1
    ///     longer.differences(from: config, epochsDone: 20)       // [seed was 0, is 1]
    func differences(from before: TrainingConfig, epochsDone: Int) -> [ConfigDifference] {
        let (old, new) = (before.resolved, resolved)
        return new.leafPaths.compactMap { path in
            guard let was = old[path: path], let now = new[path: path], was != now else { return nil }
            if path == "data.path" { return nil }
            // A run from before there were check sums of data.
            if path == "data.checksum", before.data.checksum == nil { return nil }
            // The same weights, wherever their file is now.
            let isSameStart = training.startChecksum != nil && training.startChecksum == before.training.startChecksum
            if path == "training.start_from", isSameStart { return nil }
            let canBeLonger = training.epochs >= epochsDone && !optimizer.schedule.dependsOnLength
            if path == "training.epochs", canBeLonger { return nil }
            // These give the same bits.
            let choices: Set = [training.activations, before.training.activations]
            if path == "training.activations", choices.isSubset(of: [.keep, .recompute]) { return nil }
            return ConfigDifference(path: path, before: was.settingText, now: now.settingText)
        }
    }
}

extension ConfigNode {
    /// A setting's value, as messages and tables show it.
    var settingText: String {
        switch value {
        case .null: "nothing"
        case .boolean(let flag): "\(flag)"
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .string(let text): text
        case .sequence, .mapping: yaml().split(separator: "\n").joined(separator: " ")
        }
    }
}

/// A mapping with its keys in this order.
func mapping(_ entries: [(String, ConfigNode.Value)]) -> ConfigNode.Value {
    .mapping(entries.map { ConfigEntry(key: $0.0, node: ConfigNode($0.1)) })
}
