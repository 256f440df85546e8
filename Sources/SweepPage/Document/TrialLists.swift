import ConfigFile
import Foundation
import SweepModel
import SweepReport
import SweepStore

/// What each trial has several of: reports, attempts, decisions, and the last lines of those that failed. Each is flat,
/// with the number that each trial has beside it.
struct TrialLists {
    private var reportCounts: [Int] = []
    private var steps: [Int] = []
    private var values: [Double] = []
    /// How many reports there are in the database.
    private var allReports = 0

    /// More reports are thinned, so that the page stays small.
    static let maxReports = 100_000
    private static let maxLogs = 200
    private static let maxLogLines = 20
    private static let maxLogBytes = 2000

    // MARK: Reports

    /// Takes in the reports of the next trial.
    ///
    /// - Parameters:
    ///   - reports: those that count, in the order of arrival.
    ///   - limit: about how many may be kept of this trial; nil for all.
    ///   - decided: the steps at which something was decided, whose reports are kept.
    mutating func add(_ reports: [SweepStore.Report], limit: Int?, decided: Set<Int>) {
        // Where a step was reported again, the last report of it counts.
        var byStep: [Int: Double] = [:]
        for report in reports { byStep[report.step] = report.value }
        var sorted = byStep.sorted { $0.key < $1.key }
        allReports += sorted.count
        if let limit, sorted.count > limit {
            let stride = (sorted.count + limit - 1) / limit
            let last = sorted.count - 1
            sorted = sorted.enumerated()
                .filter { $0.offset % stride == 0 || $0.offset == last || decided.contains($0.element.key) }
                .map(\.element)
        }
        reportCounts.append(sorted.count)
        steps += sorted.map(\.key)
        values += sorted.map { $0.value.isFinite ? $0.value : .nan }
    }

    var reports: ConfigNode {
        let thinned =
            values.count < allReports
            ? "Of each trial some reports are in this file, with its first and last and those that were decided on; "
                + "the database has all \(allReports)." : nil
        return .object([
            "lengths": ReportColumn.counts(reportCounts, as: UInt32.self).node.value,
            "steps": ReportColumn.counts(steps, as: UInt32.self).node.value,
            "values": ReportColumn.marks(values).node.value,
            "thinned": thinned.map { .string($0) },
        ])
    }

    // MARK: Attempts

    /// - Parameters:
    ///   - events: all events of the sweep, in their order.
    ///   - start: the time that counts as 0.
    static func attempts(_ events: [EventRecord], count: Int, from start: Date) -> ConfigNode {
        var byTrial: [[EventRecord]] = Array(repeating: [], count: count)
        for event in events {
            if let trial = event.trial, byTrial.indices.contains(trial) { byTrial[trial].append(event) }
        }
        let attempts = byTrial.map(TrialAttempt.all)
        let all = attempts.flatMap(\.self)
        let tick = 0.001
        let outcomes = ["complete", "pruned", "diverged", "failed", "interrupted", "paused", "running"]
        return .object([
            "lengths": ReportColumn.counts(attempts.map(\.count), as: UInt8.self).node.value,
            "tick": .number(tick),
            "started": ReportColumn.counts(
                all.map { Int(max(0, min(4e9, ($0.started.timeIntervalSince(start) / tick).rounded()))) },
                as: UInt32.self
            ).node.value,
            "seconds": ReportColumn.marks(all.map(seconds)).node.value,
            "outcomes": ReportColumn.words(
                all.map { .word(outcomes.firstIndex(of: outcome(of: $0)) ?? 3) },
                outcomes.map { ConfigNode(.string($0)) }
            ).node.value,
        ])
    }

    private static func seconds(_ attempt: TrialAttempt) -> Double {
        if attempt.outcome == nil { return .nan }
        return attempt.seconds ?? attempt.ended.map { max(0, $0.timeIntervalSince(attempt.started)) } ?? .nan
    }

    /// The beginning of what is said of an attempt's end; an attempt that is tried again has failed.
    private static func outcome(of attempt: TrialAttempt) -> String {
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
            "lengths": ReportColumn.counts(decisions.map(\.count), as: UInt16.self).node.value,
            "steps": ReportColumn.counts(all.map(\.step), as: UInt32.self).node.value,
            "rungs": ReportColumn.counts(all.map { $0.rung.map { min($0, 254) } ?? 255 }, as: UInt8.self).node.value,
            "actions": ReportColumn.words(
                all.map { .word(actions.firstIndex(of: $0.action) ?? 0) },
                actions.map { ConfigNode(.string($0.rawValue)) }
            ).node.value,
            "reasons": ReportColumn.texts(all.map(\.reason)).node.value,
        ])
    }

    // MARK: Logs

    /// The ends of what the last trials that failed wrote to standard error.
    static func logs(_ trials: [TrialRecord]) -> ConfigNode {
        let failed = trials.filter { $0.errorOutput?.isEmpty == false }.suffix(maxLogs)
        let texts = failed.map { trial -> String in
            let lines = (trial.errorOutput ?? "").split(separator: "\n", omittingEmptySubsequences: false)
            let text = lines.suffix(maxLogLines).joined(separator: "\n")
            return String(decoding: text.utf8.suffix(maxLogBytes), as: UTF8.self)
        }
        return .object([
            "trials": ReportColumn.counts(failed.map(\.number), as: UInt32.self).node.value,
            "texts": ReportColumn.texts(Array(texts)).node.value,
        ])
    }
}
