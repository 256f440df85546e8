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

/// What the earlier attempts of a trial left behind, for the planner that is about to run it again.
public struct EarlierAttempts: Sendable {
    /// The finite values that one metric had, in the order of arrival.
    public var values: [(step: Int, value: Double)]
    /// For each attempt, the first step at which a metric was not a finite number, unless a later attempt has
    /// repeated that step: a trainer that resumed from an earlier checkpoint has then overwritten what went wrong.
    public var divergences: [Int] = []
    /// How many attempts failed by themselves, which `retry.attempts` limits. Interrupted ones are not counted: the
    /// trial was not to blame.
    public var failures: Int
    /// The finite values of the other metrics that the sweep optimizes or bounds, by name, in the order of arrival.
    public var further: [String: [(step: Int, value: Double)]] = [:]

    public init(values: [(step: Int, value: Double)] = [], failures: Int = 0) {
        self.values = values
        self.failures = failures
    }
}
