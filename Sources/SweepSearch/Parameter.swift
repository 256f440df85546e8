/// One thing a sweep varies.
public struct Parameter: Sendable, Hashable {
    public var name: String
    public var distribution: Distribution
    /// All must hold for the parameter to be active; one that is inactive has no value.
    public var conditions: [Condition]

    public init(_ name: String, _ distribution: Distribution, when conditions: [Condition] = []) {
        self.name = name
        self.distribution = distribution
        self.conditions = conditions
    }
}
