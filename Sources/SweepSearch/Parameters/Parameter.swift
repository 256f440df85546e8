/// One hyperparameter that a sweep varies: its name, its values and when it exists.
///
///     Parameter("momentum", .uniform(min: 0, max: 0.99), when: [Condition("optimizer", .equals("sgd"))])
///
/// It is not checked by itself: a `SearchSpace` says what is wrong with its parameters, all together.
public struct Parameter: Sendable, Hashable {
    /// The path of the value in the trainer's configuration, such as `optimizer.rate`.
    public var name: String
    /// The legal values and their probabilities.
    public var distribution: Distribution
    /// All must hold for the parameter to be active; one that is inactive has no value.
    public var conditions: [Condition]
    /// How many of its values a grid has; nil for all of them, which a continuum does not allow.
    public var gridPoints: Int?
    /// The value that trials have that ran before the sweep had this parameter; nil if they cannot be adopted.
    public var defaultValue: ParameterValue?

    /// Without conditions the parameter is active in every trial.
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
