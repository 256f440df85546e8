/// One number that a trainer reported: of one metric, at one step of one attempt.
///
/// A report `{"step": 3, "val_loss": 0.21, "val_accuracy": 0.93}` becomes two of these.
public struct MetricRecord: Sendable, Hashable {
    public var trial: Int
    /// From 1.
    public var attempt: Int
    /// The report's own step or, if it names none, the number of the value of the sweep's metric that it holds, or that
    /// comes next, in the attempt; from 1.
    public var step: Int
    public var name: String
    /// May be infinite or NaN, which means that the trial diverged if the metric is the sweep's. The database stores
    /// NaN as NULL, since SQLite has no NaN.
    public var value: Double

    public init(trial: Int, attempt: Int, step: Int, name: String, value: Double) {
        self.trial = trial
        self.attempt = attempt
        self.step = step
        self.name = name
        self.value = value
    }
}
