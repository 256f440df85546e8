import Training

/// What is known of a run before it begins, as far as it is shown.
public struct TrainingPlan: Sendable {
    public var epochs: Int
    /// In each epoch.
    public var batches: Int
    /// By which metric the best epoch is known.
    public var best: BestMetric
    public var hasAccuracy: Bool
    /// The learning rate at the end of an epoch, counted from 1.
    public var rate: @Sendable (Int) -> Double
    /// Whether that is not the same for all epochs.
    public var rateVaries: Bool

    /// - Parameter batches: in each epoch.
    public init(_ config: TrainingConfig, batches: Int) {
        let (optimizer, epochs) = (config.optimizer, config.training.epochs)
        self.epochs = epochs
        self.batches = batches
        best = config.output.best ?? .validationLoss
        hasAccuracy = config.task.name != .regression
        rate = { epoch in
            optimizer.schedule.rate(
                optimizer.rate, epoch: max(1, epoch), batch: batches - 1, epochs: epochs, batches: batches)
        }
        rateVaries = optimizer.schedule.name != .constant || optimizer.schedule.warmup > 0
    }
}
