import SweepModel

/// A trial in short: its number, its state and, where it has one, its value of the sweep's metric.
public struct TrialOutline: Sendable, Hashable {
    public var number: Int
    public var state: TrialState
    public var value: Double?
}
