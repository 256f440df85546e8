import TrialProtocol

/// The forms of a run's logs.
public enum LogFormat: String, Hashable, Sendable, CaseIterable {
    /// `epochs.csv`, and `batches.csv` where every batch is logged.
    case csv
    /// `epochs.jsonl` and `batches.jsonl`: one JSON object on each line.
    case jsonl
    /// `events.out.tfevents.revmlp`.
    case tensorboard

    /// The file in the run's folder; TensorBoard has one for batches and epochs.
    func fileName(ofBatches: Bool) -> String {
        switch self {
        case .csv: ofBatches ? "batches.csv" : "epochs.csv"
        case .jsonl: ofBatches ? "batches.jsonl" : "epochs.jsonl"
        case .tensorboard: "events.out.tfevents.revmlp"
        }
    }

    /// The names of all files that logs are written to.
    static let fileNames = Set(allCases.flatMap { [$0.fileName(ofBatches: false), $0.fileName(ofBatches: true)] })
}

/// What a line of the logs stands for.
public enum LogInterval: String, Hashable, Sendable, CaseIterable {
    case epoch
    /// A batch; epochs have files of their own.
    case batch
}

/// When diagnostics are taken, and said.
public enum DiagnosticsFrequency: String, Hashable, Sendable, CaseIterable {
    case none
    /// Of the last batch of each epoch, on the epoch's line.
    case epoch
    /// Of every batch, as events; and those of the last one on the epoch's line.
    case batch
}

/// What is reported of the training samples besides `train_loss` and `train_accuracy`, each under a name that says at
/// which weights it was taken: `train_loss_before_steps`, `train_accuracy_before_steps`, ….
public enum TrainMetric: String, Hashable, Sendable, CaseIterable {
    /// The mean over the epoch's batches, each at the weights before its own step: what the paper's curves show.
    case beforeSteps = "before_steps"
    /// The mean over the epoch's batches, each at the weights after its own step.
    case afterSteps = "after_steps"
    /// Of the whole training set, without augmentations, at the weights after the epoch; where an epoch is evaluated.
    case afterEpoch = "after_epoch"

    /// `train_loss_before_steps` and so on.
    public var lossName: String { "train_loss_\(rawValue)" }
    public var accuracyName: String { "train_accuracy_\(rawValue)" }
}

/// The metric by which a run's best epoch is known.
public enum BestMetric: String, Hashable, Sendable, CaseIterable {
    /// Lower is better.
    case validationLoss = "val_loss"
    /// Higher is better; not of a regression, which has none.
    case validationAccuracy = "val_accuracy"

    /// Whether no epoch before the last one was as good as it.
    ///
    /// A function of the log, which checkpoints hold, so that a resumed run judges as an unbroken one does.
    ///
    /// An equal value is no improvement: of two equal epochs the first is kept.
    func isLastBest(of log: [MetricReport]) -> Bool {
        guard let last = log.last else { return false }
        return isBetter(last, than: nil) && log.dropLast().allSatisfy { isBetter(last, than: $0) }
    }

    /// Whether an epoch is better than another: of two that are as good, neither is. One that has the metric is better
    /// than none, and than one that has not.
    public func isBetter(_ report: MetricReport, than other: MetricReport?) -> Bool {
        guard let value = report[rawValue], !value.isNaN else { return false }
        guard let earlier = other?[rawValue], !earlier.isNaN else { return true }
        return switch self {
        case .validationLoss: value < earlier
        case .validationAccuracy: value > earlier
        }
    }
}
