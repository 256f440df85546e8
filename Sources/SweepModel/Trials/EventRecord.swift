import Foundation

/// Something that happened to the sweep or to one of its trials, with its time: the sweep's diary.
///
/// Events are read by people who ask what happened in the night, and by the planner, which takes from them the order
/// of turns and how long planners have worked.
public struct EventRecord: Sendable, Hashable {
    /// What happened. The raw values are what the database stores.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case plannerStarted = "planner started"
        /// Missing if the planner was killed.
        case plannerEnded = "planner ended"
        case trialPlanned = "planned"
        /// A planner began an attempt.
        case trialStarted = "started"
        /// `revsweep ask` gave it to a person or a program outside, which runs it and tells the outcome.
        case trialAsked = "asked"
        /// It reached a final state.
        case trialEnded = "ended"
        /// It was found running when a planner started: the planner before had been killed.
        case trialInterrupted = "interrupted"
        /// An attempt ended without a result, and the trial waits to be run again.
        case trialRetried = "retried"
        /// It waits at a rung until it is promoted, which may never happen.
        case trialPaused = "paused"
        /// It leaves the rung at which it waited, and will be started again.
        case trialPromoted = "promoted"
        /// Renewed from time to time while a planner works. Its time is the last at which that planner is known to
        /// have lived, which bounds how long it worked if it is killed.
        case plannerAlive = "planner alive"
        /// The sweep goes on with a changed file; the detail says what changed and from which trial on.
        case changeAccepted = "change accepted"
    }

    public var time: Date
    public var kind: Kind
    /// Nil for what concerns the sweep as a whole: its planners, and changes of its file.
    public var trial: Int?
    /// From 1; 0 if the trial ends without having been started. Nil where there is no trial, and when it is planned.
    public var attempt: Int?
    /// Anything else worth knowing, in words for people. Programs read `cause` instead.
    public var detail: String?
    /// Why an attempt ended without a result.
    public var cause: TrialReason.Kind?
    /// How long the planner had worked by then, or how long the attempt took, in seconds; by a clock that does not
    /// jump when the time of day is set.
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
