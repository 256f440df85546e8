import Foundation

/// What was decided about a trial at one step, and why.
///
/// Decisions are stored before they are acted on, so a planner that is killed in between finds them again and never
/// decides twice. One report may pass several rungs: where trials pause at rungs, the rung tells one decision from
/// another, and elsewhere the step does.
public struct TrialDecision: Sendable, Hashable {
    /// What happens to the trial. The raw values are what the database stores.
    public enum Action: String, Sendable, Hashable, CaseIterable {
        /// It was compared with others and goes on.
        case goOn = "continue"
        /// It is stopped for good.
        case prune
        /// It waits at a rung until it is promoted.
        case pause
        /// It leaves the rung at which it waited, and goes on.
        case promote
    }

    public var trial: Int
    /// The attempt that had made the report, from 1.
    public var attempt: Int
    /// The step of the report that the decision rests on.
    public var step: Int
    /// Nil where trials do not pause at rungs.
    public var rung: Int?
    /// What the trial had reported of the metric at that step.
    public var value: Double
    public var action: Action
    /// The comparison in words, as tables show it.
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
