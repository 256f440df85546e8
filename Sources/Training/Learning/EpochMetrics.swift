import TrialProtocol

/// What an epoch reports, and at which weights each number was taken.
///
/// | metric | taken at | of |
/// |---|---|---|
/// | `train_loss`, `train_accuracy` | the weights before each step | the epoch's batches, their mean over samples |
/// | the same, with `training.evaluate_training_set` | the weights after the epoch | the whole training set |
/// | `train_loss_before_steps`, … | the weights before each step | the epoch's batches |
/// | `train_loss_after_steps`, … | the weights after each step | the epoch's batches, each after its own step |
/// | `train_loss_after_epoch`, … | the weights after the epoch | the whole training set |
/// | `val_loss`, `val_accuracy` | the weights after the epoch | the validation samples, or `val_samples` of them |
/// | `percentage_loss_change` | before and after each step | the epoch's batches: mean of 100·(after − before)/before |
///
/// What is taken of batches is of augmented samples and of smoothed labels, as the steps see them. What is taken at the
/// weights after the epoch is there in epochs that are evaluated only, and is otherwise missing, not repeated.
struct EpochMetrics {
    /// Those that were taken, in the order in which they are reported.
    let taken: [MetricReport.Metric]

    /// - Parameters:
    ///   - tally: of all batches of the epoch.
    ///   - validation: nil where the epoch is not evaluated.
    ///   - training: of the whole training set; nil where that is not evaluated.
    init(_ config: TrainingConfig, _ tally: EpochTally, validation: Evaluation?, training: Evaluation?) {
        let before = (
            loss: tally.loss / Double(tally.samples), accuracy: Double(tally.correct) / Double(tally.samples)
        )
        let isWhole = config.training.evaluatesTrainingSet
        var values: [String: Double] = [
            "percentage_loss_change": tally.changes > 0 ? tally.change / Double(tally.changes) : 0,
            "seconds": tally.seconds,
            TrainMetric.beforeSteps.lossName: before.loss, TrainMetric.beforeSteps.accuracyName: before.accuracy,
        ]
        values["train_loss"] = isWhole ? training?.loss : before.loss
        values["train_accuracy"] = isWhole ? training?.accuracy : before.accuracy
        values["val_loss"] = validation?.loss
        values["val_accuracy"] = validation?.accuracy
        values["val_samples"] = validation.map { Double($0.samples) }
        if tally.samplesAfter == tally.samples {
            values[TrainMetric.afterSteps.lossName] = tally.lossAfter / Double(tally.samples)
            values[TrainMetric.afterSteps.accuracyName] = Double(tally.correctAfter) / Double(tally.samples)
        }
        values[TrainMetric.afterEpoch.lossName] = training?.loss
        values[TrainMetric.afterEpoch.accuracyName] = training?.accuracy
        taken = Self.names(config).compactMap { name in values[name].map { .init(name, $0) } }
    }

    /// The metrics that epochs of a run may report, in their order.
    static func names(_ config: TrainingConfig) -> [String] {
        let samples = config.training.evaluationSamples == .all ? [] : ["val_samples"]
        return losses(config) + samples + ["seconds"]
    }

    /// Those among them that say how well the network does.
    static func losses(_ config: TrainingConfig) -> [String] {
        ["train_loss", "train_accuracy"]
            + TrainMetric.allCases.filter(config.output.trainMetrics.contains).flatMap {
                [$0.lossName, $0.accuracyName]
            }
            + ["val_loss", "val_accuracy", "percentage_loss_change"]
    }
}
