import Foundation
import SweepSearch

/// One trial as it is stored: its number, its values, and how far it has come.
///
/// A trial keeps its number and its values for ever, however often it is started; each start is another attempt.
public struct TrialRecord: Sendable, Hashable {
    /// Whether a sampler chose the values or the user did.
    public enum Origin: String, Sendable, Hashable {
        case sampled, enqueued
    }

    /// The trial that had these values before: one that was run again, with another seed or by the user, or one that
    /// was imported.
    public struct Source: Sendable, Hashable {
        /// The folder of the sweep that it was imported from; nil for this sweep, where it is run again.
        public var sweep: String?
        /// Its number there.
        public var trial: Int

        public init(sweep: String? = nil, trial: Int) {
            self.sweep = sweep
            self.trial = trial
        }
    }

    /// From 0, without gaps, in the order in which trials were planned.
    public var number: Int
    public var state: TrialState
    /// Why it failed, diverged or was pruned, or why it waits to be run again; nil if it is complete, runs or is new.
    public var reason: TrialReason?
    /// How often it has been started; 0 before the first time.
    public var attempt: Int
    /// The value of the sweep's metric; there is one if the trial is complete.
    public var value: Double?
    /// The values of the other metrics that the sweep optimizes or bounds, by name; empty where there are none, and
    /// where the trial is not complete.
    public var further: [String: Double] = [:]
    public var origin: Origin
    /// Where its values come from, if a trial had them before.
    public var source: Source?
    /// The seed that the trainer is given: a function of the sweep's seed and the trial's number, unless the trial was
    /// enqueued with another.
    public var seed: UInt64
    /// The values it runs with.
    public var parameters: Assignment
    /// When it was planned; of an imported trial, when that was elsewhere, as far as it is known.
    public var created: Date
    /// When its last attempt was started.
    public var started: Date?
    /// When it reached a final state; nil before.
    public var ended: Date?
    /// How long its last attempt took, in seconds. A planner measures it with a clock that does not jump; for trials
    /// of older releases it is the difference of two times of day.
    public var seconds: Double?
    /// The last lines of standard error of a trial that failed.
    public var errorOutput: String?

    /// How long it took or, while it runs, how long it has been running; nil if it has not been started.
    public func seconds(at now: Date) -> Double? {
        guard state == .running, seconds == nil, let started else { return seconds }
        return max(0, now.timeIntervalSince(started))
    }

    /// Whether it ran in another sweep.
    public var isImported: Bool { source?.sweep != nil }

    /// Where a trial's files are, below the sweep's own folder: `trials/000012`. The zeros make folders sort by
    /// number.
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

    /// Takes over the outcome of the running attempt.
    ///
    /// - Parameter seconds: how long the attempt took, if that was measured.
    public mutating func end(_ ending: TrialEnding, at time: Date, lasted seconds: Double? = nil) {
        state = ending.state
        reason = ending.reason
        value = ending.value
        further = ending.further
        errorOutput = ending.errorOutput
        ended = ending.state.isFinal ? time : nil
        self.seconds = seconds
    }
}

/// How an attempt ended: what `TrialRecord.end` takes over and the store commits.
///
///     TrialEnding.complete(0.21)
///     TrialEnding(.failed, .crash(.exit(1)), errorOutput: "ValueError: …")
///     TrialEnding.interrupted                        // back to waiting
public struct TrialEnding: Sendable, Hashable {
    /// A final state, or `waiting` if the trial is to be run again.
    public var state: TrialState
    /// Why the trial has no result, or none yet; nil if it is complete.
    public var reason: TrialReason?
    /// The trial's value by the rule of the sweep's metric. A complete trial always has one; one that was pruned has
    /// what it had reached.
    public var value: Double?
    /// The values of the other metrics that the sweep optimizes or bounds, of a complete trial.
    public var further: [String: Double] = [:]
    /// The last lines of standard error, if it failed.
    public var errorOutput: String?

    /// Whether the trial waits at a rung until it is promoted.
    public var isPause: Bool { reason?.kind == .paused }

    /// Its planner was stopped or killed: the trial is run again, and `retry.attempts` does not count this attempt.
    public static let interrupted = TrialEnding(.waiting, .interrupted)

    /// The metric was not a finite number.
    public static let diverged = TrialEnding(.diverged, .diverged)

    /// The trainer ended by itself and had reported the metric.
    ///
    /// - Parameter further: the values of the other metrics that the sweep optimizes or bounds.
    public static func complete(_ value: Double, further: [String: Double] = [:]) -> TrialEnding {
        var ending = TrialEnding(.complete, nil, value: value)
        ending.further = further
        return ending
    }

    public init(_ state: TrialState, _ reason: TrialReason?, value: Double? = nil, errorOutput: String? = nil) {
        self.state = state
        self.reason = reason
        self.value = value
        self.errorOutput = errorOutput
    }
}

/// Values that the user wants tried next, with `revsweep enqueue` or `rerun`. Missing parameters are sampled.
public struct QueuedTrial: Sendable, Hashable {
    /// The number of its row in the table `queue`.
    public var identifier: Int64
    public var parameters: Assignment
    /// The trial of this sweep that ran with these values before.
    public var rerunOf: Int?
    /// The seed that its trainer is given; nil for the one of the trial's number.
    public var seed: UInt64?

    public init(identifier: Int64, parameters: Assignment, rerunOf: Int? = nil, seed: UInt64? = nil) {
        self.identifier = identifier
        self.parameters = parameters
        self.rerunOf = rerunOf
        self.seed = seed
    }
}
