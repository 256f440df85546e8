import SweepSearch

/// A trial of another sweep from which this one learns: its values there, and what came of them.
///
///     PriorTrial(source: "/home/ada/results/digits", number: 12, parameters: ["lr": 0.01], value: 0.21)
///
/// It is stored when the sweep is made, so that what the sweep rests on does not change with the other one.
public struct PriorTrial: Sendable, Hashable {
    /// The folder of the other sweep, absolute.
    public var source: String
    /// Its number there.
    public var number: Int
    /// As the other sweep had them: they need not be legal here.
    public var parameters: Assignment
    /// Its value there, turned so that lower is better.
    public var value: Double

    public init(source: String, number: Int, parameters: Assignment, value: Double) {
        self.source = source
        self.number = number
        self.parameters = parameters
        self.value = value
    }
}
