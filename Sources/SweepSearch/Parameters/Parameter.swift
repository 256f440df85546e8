/// One thing a sweep varies.
public struct Parameter: Sendable, Hashable {
    public var name: String
    public var distribution: Distribution
    /// All must hold for the parameter to be active; one that is inactive has no value.
    public var conditions: [Condition]
    /// How many of its values a grid has; nil for all of them, which a continuum does not allow.
    public var gridPoints: Int?
    /// What counts for trials from before the sweep had this parameter; nil where there may be none.
    public var defaultValue: ParameterValue?

    public init(
        _ name: String, _ distribution: Distribution, when conditions: [Condition] = [], gridPoints: Int? = nil,
        defaultValue: ParameterValue? = nil
    ) {
        self.name = name
        self.distribution = distribution
        self.conditions = conditions
        self.gridPoints = gridPoints
        self.defaultValue = defaultValue
    }
}
