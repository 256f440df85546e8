import Foundation
import SweepSearch

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
    /// Why it failed, diverged, was pruned, or waits to be run again; nil if it is complete, runs or has not run yet.
    public var reason: TrialReason?
    /// How often it has been started.
    public var attempt: Int
    /// The value of the sweep's metric; there is one if the trial is complete.
    public var value: Double?
    public var origin: Origin
    /// Where its values come from, if a trial had them before.
    public var source: Source?
    public var seed: UInt64
    /// The values it runs with.
    public var parameters: Assignment
    public var created: Date
    /// When its last attempt was started.
    public var started: Date?
    public var ended: Date?
    /// How long its last attempt took, by a clock that does not jump where a planner has measured it.
    public var seconds: Double?
    /// The last lines of standard error of a trial that failed.
    public var errorOutput: String?

    /// Whether it ran in another sweep.
    public var isImported: Bool { source?.sweep != nil }

    /// Where a trial's files are, below the sweep's own folder: `trials/000012`.
    public static func folder(of number: Int) -> String {
        let digits = String(number)
        return "trials/" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    /// A trial that is planned and has not been started.
    public init(number: Int, origin: Origin, seed: UInt64, parameters: Assignment, created: Date) {
        self.number = number
        self.state = .waiting
        self.attempt = 0
        self.origin = origin
        self.seed = seed
        self.parameters = parameters
        self.created = created
    }

    /// Takes in how its running attempt has ended.
    ///
    /// - Parameter seconds: how long the attempt took, if that was measured.
    public mutating func end(_ ending: TrialEnding, at time: Date, lasted seconds: Double? = nil) {
        state = ending.state
        reason = ending.reason
        value = ending.value
        errorOutput = ending.errorOutput
        ended = ending.state.isFinal ? time : nil
        self.seconds = seconds
    }
}

/// How an attempt ended.
public struct TrialEnding: Sendable, Hashable {
    /// `waiting` to be run again, or a final state.
    public var state: TrialState
    /// Why the trial has no result, or none yet; nil if it is complete.
    public var reason: TrialReason?
    /// By the rule of the sweep's metric; always there if the trial is complete.
    public var value: Double?
    /// The last lines of standard error, if it failed.
    public var errorOutput: String?

    /// Whether the trial waits at a rung until it is promoted.
    public var isPause: Bool { reason?.kind == .paused }

    /// The trial is run again for no fault of its own.
    public static let interrupted = TrialEnding(.waiting, .interrupted)

    /// The metric was not a finite number.
    public static let diverged = TrialEnding(.diverged, .diverged)

    public static func complete(_ value: Double) -> TrialEnding { TrialEnding(.complete, nil, value: value) }

    public init(_ state: TrialState, _ reason: TrialReason?, value: Double? = nil, errorOutput: String? = nil) {
        self.state = state
        self.reason = reason
        self.value = value
        self.errorOutput = errorOutput
    }
}

/// Values that the user wants tried next. Parameters that are missing are sampled.
public struct QueuedTrial: Sendable, Hashable {
    public var identifier: Int64
    public var parameters: Assignment
    /// The trial of this sweep that ran with these values before.
    public var rerunOf: Int?

    public init(identifier: Int64, parameters: Assignment, rerunOf: Int? = nil) {
        self.identifier = identifier
        self.parameters = parameters
        self.rerunOf = rerunOf
    }
}
