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
