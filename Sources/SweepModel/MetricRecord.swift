/// One number that a trainer reported.
public struct MetricRecord: Sendable, Hashable {
    public var trial: Int
    public var attempt: Int
    public var step: Int
    public var name: String
    /// Stored as NULL where it is not a number.
    public var value: Double

    public init(trial: Int, attempt: Int, step: Int, name: String, value: Double) {
        self.trial = trial
        self.attempt = attempt
        self.step = step
        self.name = name
        self.value = value
    }
}

/// What is known of a trial that is about to be run again.
public struct EarlierAttempts: Sendable {
    /// The finite values that one metric had, in the order of arrival.
    public var values: [(step: Int, value: Double)]
    /// Of each attempt the first step at which it was not a finite number, unless a later attempt has done that again.
    public var divergences: [Int] = []
    /// How many attempts failed by themselves; those that were interrupted do not count.
    public var failures: Int

    public init(values: [(step: Int, value: Double)] = [], failures: Int = 0) {
        self.values = values
        self.failures = failures
    }
}
