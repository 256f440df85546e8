import Foundation
import SweepSearch

/// What the store knows of the sweep as a whole.
public struct SweepRecord: Sendable, Hashable {
    public var name: String
    public var metric: String
    /// `minimize` or `maximize`.
    public var goal: String
    /// `last` or `best`.
    public var rule: String
    /// In the order of the sweep file; the columns of the view `trials_wide`.
    public var parameterNames: [String]
    /// How many trials before it a trial's plan does not wait for; nil where plans rest on whatever has ended.
    public var lag: Int?
    /// The sweep file, as it was when the sweep was started, and the path it was read from.
    public var file: StoredFile
    public var base: StoredFile?
    /// The folder of the sweep file, absolute.
    public var directory: String
    /// Where trainers are started if the file does not say so: `{sweep_dir}`, or `{trial_dir}` in sweeps of releases
    /// that started them there.
    public var trainerDirectory: String
    /// The way from the sweep's own folder to `directory`; nil in sweeps of releases that did not note it.
    public var relativeDirectory: String?
    public var created: Date

    public struct StoredFile: Sendable, Hashable {
        public var path: String
        public var text: String

        public init(path: String, text: String) {
            self.path = path
            self.text = text
        }
    }

    public init(
        name: String, metric: String, goal: String, rule: String, parameterNames: [String], lag: Int?,
        file: StoredFile, base: StoredFile?, directory: String, trainerDirectory: String = "{sweep_dir}",
        relativeDirectory: String? = nil, created: Date
    ) {
        self.name = name
        self.metric = metric
        self.goal = goal
        self.rule = rule
        self.parameterNames = parameterNames
        self.lag = lag
        self.file = file
        self.base = base
        self.directory = directory
        self.trainerDirectory = trainerDirectory
        self.relativeDirectory = relativeDirectory
        self.created = created
    }
}

/// One trial as it is stored.
public struct TrialRecord: Sendable, Hashable {
    public enum Origin: String, Sendable, Hashable {
        case sampled, enqueued
    }

    /// The trial that had these values before.
    public struct Source: Sendable, Hashable {
        /// The folder of the sweep that it was imported from; nil for this sweep, where it is run again.
        public var sweep: String?
        public var trial: Int

        public init(sweep: String? = nil, trial: Int) {
            self.sweep = sweep
            self.trial = trial
        }
    }

    public var number: Int
    public var state: TrialState
    /// Why it failed, diverged, was pruned, or waits to be run again.
    public var reason: String?
    /// The same for programs.
    public var cause: TrialCause?
    /// How often it has been started.
    public var attempt: Int
    /// The value of the sweep's metric; there is one if the trial is complete.
    public var value: Double?
    public var origin: Origin
    /// Where its values come from, if a trial had them before.
    public var source: Source?
    public var seed: UInt64
    /// The active parameters, in the order of the sweep file.
    public var parameters: [Parameter]
    public var created: Date
    /// When its last attempt was started.
    public var started: Date?
    public var ended: Date?
    /// How long its last attempt took, by a clock that does not jump where a planner has measured it.
    public var seconds: Double?
    /// The last lines of standard error of a trial that failed.
    public var errorOutput: String?

    public struct Parameter: Sendable, Hashable {
        public var name: String
        public var value: ParameterValue

        public init(_ name: String, _ value: ParameterValue) {
            self.name = name
            self.value = value
        }
    }

    /// Whether it ran in another sweep.
    public var isImported: Bool { source?.sweep != nil }

    /// Where a trial's files are, below the sweep's own folder: `trials/000012`.
    public static func folder(of number: Int) -> String {
        let digits = String(number)
        return "trials/" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    /// A trial that is planned and has not been started.
    public init(number: Int, origin: Origin, seed: UInt64, parameters: [Parameter], created: Date) {
        self.number = number
        self.state = .waiting
        self.attempt = 0
        self.origin = origin
        self.seed = seed
        self.parameters = parameters
        self.created = created
    }
}

/// How an attempt ended.
public struct TrialEnding: Sendable, Hashable {
    /// `waiting` to be run again, or a final state.
    public var state: TrialState
    /// Why the trial has no result, or none yet; nil if it is complete.
    public var cause: TrialCause?
    /// The same for people.
    public var reason: String?
    public var value: Double?
    public var errorOutput: String?

    /// Whether a waiting trial waits to be promoted.
    public var isPause: Bool { cause == .paused }

    /// The trial waits at a rung.
    public static func paused(_ reason: String) -> TrialEnding {
        TrialEnding(.waiting, .paused, reason: reason)
    }

    /// The trial is run again for no fault of its own.
    public static let interrupted = TrialEnding(.waiting, .interrupted, reason: "interrupted")

    public init(
        _ state: TrialState, _ cause: TrialCause? = nil, reason: String? = nil, value: Double? = nil,
        errorOutput: String? = nil
    ) {
        self.state = state
        self.cause = cause
        self.reason = reason
        self.value = value
        self.errorOutput = errorOutput
    }
}

/// One number that a trainer reported.
public struct MetricRecord: Sendable, Hashable {
    public var trial: Int
    public var attempt: Int
    public var step: Int
    public var name: String
    /// Stored as NULL where it is not a number.
    public var value: Double

    public init(trial: Int, attempt: Int, step: Int, name: String, value: Double) {
        self.trial = trial
        self.attempt = attempt
        self.step = step
        self.name = name
        self.value = value
    }
}

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
    public var cause: TrialCause?
    /// How long the planner had worked, by a clock that does not jump.
    public var seconds: Double?

    public init(
        _ kind: Kind, at time: Date, trial: Int? = nil, attempt: Int? = nil, detail: String? = nil,
        cause: TrialCause? = nil, seconds: Double? = nil
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

/// What is known of a trial that is about to be run again.
public struct EarlierAttempts: Sendable {
    /// The finite values that one metric had, in the order of arrival.
    public var values: [(step: Int, value: Double)]
    /// Of each attempt the first step at which it was not a finite number, unless a later attempt has done that again.
    public var divergences: [Int] = []
    /// How many attempts failed by themselves; those that were interrupted do not count.
    public var failures: Int

    public init(values: [(step: Int, value: Double)] = [], failures: Int = 0) {
        self.values = values
        self.failures = failures
    }
}

/// What was decided about a trial at one step, and why. One report may pass several rungs: where trials pause, it is
/// the rung that tells one decision from another, and elsewhere the step.
public struct DecisionRecord: Sendable, Hashable {
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

/// Values that somebody wants tried next.
public struct QueuedTrial: Sendable, Hashable {
    public var identifier: Int64
    public var parameters: [TrialRecord.Parameter]
    /// The trial of this sweep that ran with these values before.
    public var rerunOf: Int?

    public init(identifier: Int64, parameters: [TrialRecord.Parameter], rerunOf: Int? = nil) {
        self.identifier = identifier
        self.parameters = parameters
        self.rerunOf = rerunOf
    }
}
