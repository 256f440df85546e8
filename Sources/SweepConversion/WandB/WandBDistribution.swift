/// The distributions of W&B, and the keys that each has.
enum WandBDistribution: String, CaseIterable {
    case constant, categorical
    case categoricalWithProbabilities = "categorical_w_probabilities"
    case integers = "int_uniform"
    case uniform
    case logUniform = "log_uniform"
    case logUniformValues = "log_uniform_values"
    case inverseLogUniform = "inv_log_uniform"
    case inverseLogUniformValues = "inv_log_uniform_values"
    case quantizedUniform = "q_uniform"
    case quantizedLogUniform = "q_log_uniform"
    case quantizedLogUniformValues = "q_log_uniform_values"
    case normal
    case quantizedNormal = "q_normal"
    case logNormal = "log_normal"
    case quantizedLogNormal = "q_log_normal"
    case beta
    case quantizedBeta = "q_beta"

    var keys: [String] {
        let own: [String] =
            switch self {
            case .constant: ["value"]
            case .categorical, .categoricalWithProbabilities: ["values", "probabilities"]
            case .integers, .uniform, .logUniform, .logUniformValues, .inverseLogUniform, .inverseLogUniformValues:
                ["min", "max"]
            case .quantizedUniform, .quantizedLogUniform, .quantizedLogUniformValues: ["min", "max", "q"]
            case .normal, .logNormal: ["mu", "sigma"]
            case .quantizedNormal, .quantizedLogNormal: ["mu", "sigma", "q"]
            case .beta: ["a", "b"]
            case .quantizedBeta: ["a", "b", "q"]
            }
        return own + ["distribution"]
    }

    /// Whether a grid can go through its values.
    var suitsGrid: Bool {
        switch self {
        case .constant, .categorical, .integers, .quantizedUniform: true
        case .categoricalWithProbabilities, .uniform, .logUniform, .logUniformValues, .inverseLogUniform,
            .inverseLogUniformValues, .quantizedLogUniform, .quantizedLogUniformValues, .normal, .quantizedNormal,
            .logNormal, .quantizedLogNormal, .beta, .quantizedBeta:
            false
        }
    }

    /// The distribution that a word of another tool means; nil for unknown words.
    static func meant(by word: String) -> WandBDistribution? {
        switch word.lowercased().filter({ $0 != "_" && $0 != "-" }) {
        case "choice", "discrete", "grid", "values", "list": .categorical
        case "int", "integer", "randint", "uniformint", "discreteuniform", "intrange": .integers
        case "float", "double", "real", "range": .uniform
        case "log", "reciprocal": .logUniformValues
        case "gaussian": .normal
        case "fixed", "const", "value": .constant
        default: nil
        }
    }
}
