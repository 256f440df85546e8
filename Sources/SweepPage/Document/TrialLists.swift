import ConfigFile
import Foundation
import ReportFormat
import SweepModel
import SweepReport

/// What each trial has several of, as the page reads it: reports, attempts, decisions, and the last lines of those that
/// failed. Each is flat, with the number that each trial has beside it.
enum TrialLists {
    /// Of how many trials there are logs.
    static let maxLogs = 200
    private static let maxLogLines = 20
    private static let maxLogBytes = 2000
    /// Some less than 32 bits hold.
    private static let maxTicks = 4e9

    // MARK: Reports

    static func reports(_ reports: ReportLists) -> ConfigNode {
        let flat = reports.lists.flatMap(\.self)
        let thinned =
            flat.count < reports.all
            ? "Of each trial some reports are in this file, with its first and last and those that were decided on; "
                + "the database has all \(reports.all)." : nil
        return .object([
            "lengths": ReportColumn.lengths(reports.lists.map(\.count)).node.value,
            "steps": ReportColumn.counts(flat.map(\.step), as: UInt32.self).node.value,
            "values": ReportColumn.marks(flat.map { $0.value.isFinite ? $0.value : .nan }).node.value,
            "thinned": thinned.map { .string($0) },
        ])
    }

    // MARK: Attempts

    /// - Parameter start: the time that counts as 0.
    static func attempts(_ attempts: [[PlacedAttempt]], from start: Date) -> ConfigNode {
        let all = attempts.flatMap(\.self)
        let starts = all.map { max(0, $0.attempt.started.timeIntervalSince(start)) }
        let tick = Self.tick(upTo: starts.max() ?? 0)
        let outcomes = ["complete", "pruned", "diverged", "failed", "interrupted", "paused", "running"]
        return .object([
            "lengths": ReportColumn.lengths(attempts.map(\.count)).node.value,
            "tick": .number(tick),
            "started": ReportColumn.counts(
                starts.map { Int(min(maxTicks, ($0 / tick).rounded())) }, as: UInt32.self
            ).node.value,
            "seconds": ReportColumn.marks(all.map { $0.attempt.length ?? .nan }).node.value,
            "slots": ReportColumn.counts(all.map(\.slot), as: UInt16.self).node.value,
            "outcomes": ReportColumn.words(
                all.map { .value(outcomes.firstIndex(of: outcome(of: $0.attempt)) ?? 3) },
                outcomes.map { ConfigNode(.string($0)) }
            ).value,
        ])
    }

    /// How many seconds one unit of the starts is: a millisecond, or more from 46 days on, when they would no longer
    /// fit into 32 bits.
    private static func tick(upTo end: Double) -> Double {
        [0.001, 0.01, 0.1].first { end / $0 <= maxTicks } ?? 1
    }

    /// The beginning of what is said of an attempt's end; an attempt that is tried again has failed.
    static func outcome(of attempt: TrialAttempt) -> String {
        guard let words = attempt.outcome else { return "running" }
        let known = ["complete", "pruned", "diverged", "interrupted", "paused"]
        return known.first { words.hasPrefix($0) } ?? "failed"
    }

    // MARK: Decisions

    /// - Parameter decisions: of each trial, in their order.
    static func decisions(_ decisions: [[TrialDecision]]) -> ConfigNode {
        let all = decisions.flatMap(\.self)
        let actions = TrialDecision.Action.allCases
        return .object([
            "lengths": ReportColumn.lengths(decisions.map(\.count)).node.value,
            "steps": ReportColumn.counts(all.map(\.step), as: UInt32.self).node.value,
            "rungs": ReportColumn.counts(all.map { $0.rung.map { min($0, 254) } ?? 255 }, as: UInt8.self).node.value,
            "actions": ReportColumn.words(
                all.map { .value(actions.firstIndex(of: $0.action) ?? 0) },
                actions.map { ConfigNode(.string($0.rawValue)) }
            ).value,
            "reasons": ReportColumn.texts(all.map(\.reason)).node.value,
        ])
    }

    // MARK: Logs

    /// The ends of what the last trials that failed wrote to standard error.
    static func logs(_ trials: [TrialRecord]) -> ConfigNode {
        let failed = trials.filter { $0.errorOutput?.isEmpty == false }.suffix(maxLogs)
        return .object([
            "trials": ReportColumn.counts(failed.map(\.number), as: UInt32.self).node.value,
            "texts": ReportColumn.texts(failed.map(log)).node.value,
        ])
    }
    /// The end of one such text; empty if there is none.
    static func log(_ trial: TrialRecord) -> String {
        let lines = (trial.errorOutput ?? "").split(separator: "\n", omittingEmptySubsequences: false)
        let text = lines.suffix(maxLogLines).joined(separator: "\n")
        return String(decoding: text.utf8.suffix(maxLogBytes), as: UTF8.self)
    }
}
