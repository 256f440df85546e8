/// Which of the samples of a `DataSplit`, by the names that the field has for them.
public enum SplitName: String, Hashable, Sendable, CaseIterable {
    /// To learn from.
    case train
    /// To choose by, as an early stop or a hyperparameter.
    case validation
    /// To judge by at the very end.
    case test
}

extension DataSplit {
    /// The samples of that name, for commands that take it as an argument: `split[.test]`.
    public subscript(split: SplitName) -> LabelledImages {
        switch split {
        case .train: training
        case .validation: validation
        case .test: test
        }
    }
}
