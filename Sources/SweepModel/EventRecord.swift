import Foundation

/// Something that happened to the sweep or to one of its trials.
public struct EventRecord: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case plannerStarted = "planner started"
        case plannerEnded = "planner ended"
        case trialPlanned = "planned"
        case trialStarted = "started"
        /// Somebody asked for it, and runs it.
        case trialAsked = "asked"
        case trialEnded = "ended"
        /// Found running when a planner started: the planner before it was killed.
        case trialInterrupted = "interrupted"
        case trialRetried = "retried"
        /// It waits at a rung until it is promoted, or for ever.
        case trialPaused = "paused"
        case trialPromoted = "promoted"
        /// Its time is the last at which the planner is known to have lived.
        case plannerAlive = "planner alive"
        /// The sweep's file says something else, and from which trial on.
        case changeAccepted = "change accepted"
    }

    public var time: Date
    public var kind: Kind
    public var trial: Int?
    public var attempt: Int?
    /// In words.
    public var detail: String?
    /// Why an attempt ended without a result.
    public var cause: TrialReason.Kind?
    /// How long the planner had worked, by a clock that does not jump.
    public var seconds: Double?

    public init(
        _ kind: Kind, at time: Date, trial: Int? = nil, attempt: Int? = nil, detail: String? = nil,
        cause: TrialReason.Kind? = nil, seconds: Double? = nil
    ) {
        self.kind = kind
        self.time = time
        self.trial = trial
        self.attempt = attempt
        self.detail = detail
        self.cause = cause
        self.seconds = seconds
    }
}
