import Foundation

/// What was decided about a trial at one step, and why. One report may pass several rungs: where trials pause, it is
/// the rung that tells one decision from another, and elsewhere the step.
public struct TrialDecision: Sendable, Hashable {
    public enum Action: String, Sendable, Hashable, CaseIterable {
        /// It was compared with others and goes on.
        case goOn = "continue"
        case prune
        /// It waits at a rung until it is promoted.
        case pause
        case promote
    }

    public var trial: Int
    public var attempt: Int
    public var step: Int
    /// Nil where trials do not pause at rungs.
    public var rung: Int?
    /// What the trial had reported of the metric at that step.
    public var value: Double
    public var action: Action
    public var reason: String
    public var time: Date

    public init(
        trial: Int, attempt: Int, step: Int, rung: Int? = nil, value: Double, action: Action, reason: String,
        at time: Date
    ) {
        self.trial = trial
        self.attempt = attempt
        self.step = step
        self.rung = rung
        self.value = value
        self.action = action
        self.reason = reason
        self.time = time
    }
}
