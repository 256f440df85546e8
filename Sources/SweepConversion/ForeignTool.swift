/// The kinds of files of other tools that can be converted to sweep files.
public enum ForeignTool: String, Sendable, CaseIterable {
    case wandb, hydra, nniSpace, nniExperiment, katib, research, optuna

    /// What a file of the tool is, in the words of messages.
    public var fileDescription: String {
        switch self {
        case .wandb: "a sweep file of W&B"
        case .hydra: "a configuration of a Hydra sweeper"
        case .nniSpace: "a search space of NNI"
        case .nniExperiment: "an experiment of NNI"
        case .katib: "an Experiment of Katib"
        case .research: "a tuning file of the research code on reversible networks"
        case .optuna: "an Optuna study"
        }
    }
}
