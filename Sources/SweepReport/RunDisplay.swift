import Foundation
import SweepFile
import SweepModel
import SweepStore
import TrialProtocol

/// What a person sees of a running sweep: lines that stay, and above the prompt a few that change.
public struct RunDisplay: Sendable {
    private let sweep: Sweep
    private let started: SuspendingClock.Instant
    private var counts: [TrialState: Int] = [:]
    /// Of the trials in `counts`.
    private let imported: Int
    private var running: [Int: (trial: TrialRecord, since: SuspendingClock.Instant, last: MetricReport?)] = [:]
    public private(set) var best: TrialRecord?
    private var endedHere = 0
    private var stopping: String?

    /// - Parameters:
    ///   - counts: of the trials of earlier runs, by state.
    ///   - imported: how many of these came from another sweep.
    ///   - best: of these.
    public init(
        sweep: Sweep, counts: [TrialState: Int], imported: Int = 0, best: TrialRecord?,
        at time: SuspendingClock.Instant
    ) {
        self.sweep = sweep
        started = time
        self.counts = counts.filter(\.key.isFinal)
        self.imported = imported
        self.best = best
    }

    public mutating func trialStarted(_ trial: TrialRecord, at time: SuspendingClock.Instant) {
        running[trial.number] = (trial, time, nil)
    }

    public mutating func trialReported(_ number: Int, _ report: MetricReport) {
        running[number]?.last = report
    }

    /// - Returns: the line that stays, and whether this trial is the best so far.
    public mutating func trialEnded(_ trial: TrialRecord) -> (line: String, isBest: Bool) {
        running[trial.number] = nil
        if trial.state.isFinal {
            counts[trial.state, default: 0] += 1
            endedHere += 1
        }
        var isBest = false
        // The best of the trials before is among those before it in that order, too.
        if let first = sweep.metric.ranked([best, trial].compactMap(\.self)).first, first.number == trial.number {
            isBest = true
            best = trial
        }
        return (line(for: trial, isBest: isBest), isBest)
    }

    public mutating func stopping(because reason: String) {
        stopping = reason
    }

    private func line(for trial: TrialRecord, isBest: Bool) -> String {
        var parts = [
            "trial \(Self.padded(trial.number))",
            trial.state.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0),
        ]
        if let value = trial.value {
            parts.append("\(sweep.metric.name) \(HumanText.number(value))\(isBest ? " *" : "")")
        }
        if let reason = trial.reason { parts.append("(\(reason))") }
        if let seconds = trial.seconds { parts.append(HumanText.duration(seconds: seconds)) }
        parts.append(Self.values(trial))
        return TerminalText.line(parts.joined(separator: "  "))
    }

    /// The lines that change, as many and as wide as fit a terminal.
    public func liveLines(columns: Int, rows: Int, at time: SuspendingClock.Instant) -> [String] {
        let done = counts.values.reduce(0, +) - imported
        let elapsed = (time - started) / .seconds(1)
        // A budget that was lowered is no measure of what has ended before.
        let total = sweep.budget.trials.flatMap { $0 < done ? nil : $0 }
        var head = "\(sweep.name)  \(done)\(total.map { "/\($0)" } ?? "") ended"
        for state in [TrialState.failed, .diverged, .pruned] {
            if let count = counts[state] { head += "  \(count) \(state.rawValue)" }
        }
        if let best { head += "  best \(best.headline(metric: sweep.metric))" }
        head += "  \(HumanText.duration(seconds: elapsed))"
        if let total, endedHere > 0, done < total {
            head += ", about \(HumanText.duration(seconds: elapsed / Double(endedHere) * Double(total - done))) left"
        }
        let trials = running.values.sorted { $0.trial.number < $1.trial.number }.map { trial, since, last -> String in
            let seconds = HumanText.duration(seconds: (time - since) / .seconds(1))
            let progress = last.map { report in
                "step \(report.step.map(String.init) ?? "?")"
                    + (report[sweep.metric.name].map { " \(sweep.metric.name) \(HumanText.number($0))" } ?? "")
            }
            return ["  trial \(Self.padded(trial.number))", seconds, progress ?? "started", Self.values(trial)]
                .joined(separator: "  ")
        }
        // The head, the reason to stop, a line for what is hidden, and the prompt need room too.
        let most = max(0, min(16, rows - 4))
        let hidden = trials.count > most ? ["  … and \(trials.count - most) more running"] : []
        let lines = [head] + trials.prefix(most) + hidden + (stopping.map { [$0] } ?? [])
        return lines.map { String(TerminalText.line($0).prefix(max(1, columns - 1))) }
    }

    private static func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: " ", count: max(0, 3 - digits.count)) + digits
    }

    private static func values(_ trial: TrialRecord) -> String {
        trial.parameters.map { "\($0.name)=\(HumanText.value($0.value))" }.joined(separator: " ")
    }
}
