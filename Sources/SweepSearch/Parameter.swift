/// One thing a sweep varies.
public struct Parameter: Sendable, Hashable {
    public var name: String
    public var distribution: Distribution
    /// All must hold for the parameter to be active; one that is inactive has no value.
    public var conditions: [Condition]
    /// How many of its values a grid has; nil for all of them, which a continuum does not allow.
    public var gridPoints: Int?

    public init(_ name: String, _ distribution: Distribution, when conditions: [Condition] = [], gridPoints: Int? = nil) {
        self.name = name
        self.distribution = distribution
        self.conditions = conditions
        self.gridPoints = gridPoints
    }
}
