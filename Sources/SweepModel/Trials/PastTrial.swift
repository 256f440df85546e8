import Foundation
import SweepSearch

/// A trial that ran elsewhere, under another program or in another sweep, and may become part of a sweep's history.
///
/// Nothing of it is checked: its parameters may be unknown to the sweep, and its values not legal there.
///
///     var past = PastTrial(number: 3, state: .complete)
///     past.parameters = ["lr": 0.01]
///     past.value = 0.21
public struct PastTrial: Sendable, Hashable {
    /// What it reported of the metric at one step.
    public struct Report: Sendable, Hashable {
        public var step: Int
        public var value: Double

        public init(step: Int, value: Double) {
            self.step = step
            self.value = value
        }
    }

    /// Its number there.
    public var number: Int
    /// A state that is not final means that it had not ended, and nothing can be learnt from it.
    public var state: TrialState
    /// Nil where it is not known, or there is none.
    public var reason: TrialReason?
    /// Of the sweep's metric; nil where there is none.
    public var value: Double?
    /// The values of other metrics that it reported, by name.
    public var further: [String: Double] = [:]
    /// In the order of arrival.
    public var reports: [Report] = []
    /// The values it ran with, by name.
    public var parameters: [String: ParameterValue] = [:]
    public var origin = TrialRecord.Origin.sampled
    /// The seed of its trainer; 0 where it is not known.
    public var seed: UInt64 = 0
    /// How often it was started.
    public var attempt = 1
    /// When it was planned; nil where it is not known, like the next three.
    public var created: Date?
    public var started: Date?
    public var ended: Date?
    /// How long it took, in seconds.
    public var seconds: Double?

    public init(number: Int, state: TrialState) {
        self.number = number
        self.state = state
    }
}
