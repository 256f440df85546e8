/// Why a run cannot begin or continue.
public enum TrainingError: Error, Hashable, Sendable {
    /// The folder holds a run of another config.
    case otherRun(path: String, differences: [ConfigDifference])
    /// A numerical routine did not converge, on finite numbers.
    case numerical(String)
    /// More outputs are asked for than the samples have features, which are projected on them.
    case tooManyOutputs(Int, features: Int)
    /// A classification has a class for which there is no output.
    case tooFewOutputs(Int, classes: Int)
}

extension TrainingError: CustomStringConvertible {
    /// Several lines for a run of another config: one for each setting that differs.
    public var description: String {
        switch self {
        case .otherRun(let path, let differences):
            "\(path) holds a run of another config:\n" + differences.map { "  \($0)\n" }.joined()
                + "  = help: --fresh discards that run, --output DIR puts this one elsewhere"
        case .numerical(let text): text
        case .tooManyOutputs(let outputs, let features):
            "task.outputs is \(outputs), but only \(features) features can be projected on outputs"
        case .tooFewOutputs(let outputs, let classes):
            "task.outputs is \(outputs), but each of the \(classes) classes needs an output"
        }
    }
}

extension TrainingConfig {
    /// - Parameters:
    ///   - features: of a sample.
    ///   - classes: of the data set.
    /// - Throws: `TrainingError.tooManyOutputs`, `.tooFewOutputs`.
    func checkOutputs(features: Int, classes: Int) throws {
        guard let outputs = task.outputs, model.outputProjection else { return }
        if outputs > features { throw TrainingError.tooManyOutputs(outputs, features: features) }
        if task.name == .classification, outputs < classes {
            throw TrainingError.tooFewOutputs(outputs, classes: classes)
        }
    }
}
