import ConfigFile
import SweepSearch

extension StarterFile {
    /// The range of a Gauss-Newton learning rate, which is of another kind than those of descent: `revmlp`'s, in its
    /// own configurations or in those of the paper's research code.
    ///
    /// With the identity as curvature, rates of 0.5 to 6 suit a full batch and 0.1 to 0.5 mini-batches; with the exact
    /// curvature 1 over the number of blocks is the Newton step, and often too much.
    ///
    /// - Returns: nil for every other value.
    static func gaussNewtonRate(_ name: String, _ value: ConfigNode.Value, in root: ConfigNode) -> SweepDraft.Line? {
        let rate: Double
        switch value {
        case .number(let number): rate = number
        // Real numbers may stand in place of this integer of the base, and of no other that is a rate.
        case .integer(1): rate = 1
        case .null, .boolean, .integer, .string, .sequence, .mapping: return nil
        }
        guard rate > 0, rate.isFinite else { return nil }
        let isFull: Bool
        let hasIdentity: Bool
        switch name {
        case "optimizer.learning_rate" where root[path: "optimizer.name"]?.value == .string("gauss_newton"):
            let curvature = root[path: "loss.curvature"]?.value
            hasIdentity =
                root[path: "loss.name"]?.value != .string("mse")
                && (curvature == nil || curvature == .string("identity"))
            isFull = isSame("data.subset", "data.batch_size", root)
        case "Runtime.Train.optimizer.args.lr"
        where root[path: "Setup.Experiment.train_ggn"]?.value == .boolean(true):
            hasIdentity = root[path: "Runtime.Train.loss_function.args.use_identity"]?.value == .boolean(true)
            isFull = isSame("Setup.Data.subset", "Setup.Data.batch_size", root)
        default: return nil
        }
        let (low, high) = !hasIdentity ? (1e-3, 1) : isFull ? (0.1, 6.0) : (0.03, 1.0)
        let bounds = (min(low, rate), max(high, rate))
        return SweepDraft.Line(
            name: name,
            definition: "{type: loguniform, min: \(bounds.0.yamlDescription), max: \(bounds.1.yamlDescription)}",
            remark: "now \(ParameterValue(value)?.description ?? "")")
    }

    private static func isSame(_ first: String, _ second: String, _ root: ConfigNode) -> Bool {
        guard let value = root[path: first]?.value else { return false }
        return value == root[path: second]?.value
    }
}
