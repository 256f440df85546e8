import Foundation
import SweepFile
import SweepModel
import SweepStore
import TrialProtocol

/// What a person sees of a running sweep: lines that stay, one for each trial that has ended, and below them a few
/// lines that change while trials run.
///
/// It is a value that is told what happens and gives texts; it never writes. `RunMonitor` of `revsweep` puts them on
/// the terminal.
///
///     var display = RunDisplay(sweep: sweep, counts: [:], best: nil, at: .now)
///     display.trialStarted(trial, at: .now)
///     display.liveLines(columns: 80, rows: 24, at: .now)
///     // ["digits  0/100 ended  0.0 s", "  trial   0  0.0 s  started  lr=0.01"]
public struct RunDisplay: Sendable {
    private let sweep: Sweep
    private let started: SuspendingClock.Instant
    private var counts: [TrialState: Int] = [:]
    /// How many of the trials in `counts` were imported, which the budget does not count.
    private let imported: Int
    private var running: [Int: (trial: TrialRecord, since: SuspendingClock.Instant, last: MetricReport?)] = [:]
    /// The best complete trial so far, those of earlier runs included.
    public private(set) var best: TrialRecord?
    /// How many trials have ended in this run: the time that is left is estimated from these.
    private var endedHere = 0
    private var stopping: String?

    /// - Parameters:
    ///   - counts: how many trials of earlier runs are in each state.
    ///   - imported: how many of these came from another sweep.
    ///   - best: the best of these; nil if none is complete.
    ///   - time: when this run began.
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

    /// Takes note that a trial runs from now on.
    public mutating func trialStarted(_ trial: TrialRecord, at time: SuspendingClock.Instant) {
        running[trial.number] = (trial, time, nil)
    }

    /// Takes note of a trial's last report, which the changing lines show.
    public mutating func trialReported(_ number: Int, _ report: MetricReport) {
        running[number]?.last = report
    }

    /// Takes note that an attempt has ended, whether for good or to be run again.
    ///
    /// - Returns: the line that stays, and whether this trial is the best so far.
    public mutating func trialEnded(_ trial: TrialRecord) -> (line: String, isBest: Bool) {
        running[trial.number] = nil
        if trial.state.isFinal {
            counts[trial.state, default: 0] += 1
            endedHere += 1
        }
        var isBest = false
        // Comparing with the best so far is enough: whatever comes before all trials in the order comes before that
        // one.
        if let first = sweep.metric.ranked([best, trial].compactMap(\.self)).first, first.number == trial.number {
            isBest = true
            best = trial
        }
        return (line(for: trial, isBest: isBest), isBest)
    }

    /// Takes note of why the sweep is stopping; the reason is the last of the changing lines from then on.
    public mutating func stopping(because reason: String) {
        stopping = reason
    }

    /// The line that stays, as `trial  12  complete  val_loss 0.21 *  3.0 s  lr=0.01`; the star marks the best so far.
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

    /// The lines that change, as many and as wide as fit a terminal: the sweep first, then its running trials by
    /// number.
    ///
    /// - Parameters:
    ///   - columns: the terminal's width. A line stays one short of it: a terminal would wrap a full one.
    ///   - rows: the terminal's height.
    ///   - time: now, for the times that are shown.
    public func liveLines(columns: Int, rows: Int, at time: SuspendingClock.Instant) -> [String] {
        let done = counts.values.reduce(0, +) - imported
        let elapsed = (time - started) / .seconds(1)
        // A budget that was lowered below what has ended already would read as "120/100".
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
        // Four more lines need room: the head, the reason to stop, the line for hidden trials, and the prompt.
        let maxTrials = max(0, min(16, rows - 4))
        let hidden = trials.count > maxTrials ? ["  … and \(trials.count - maxTrials) more running"] : []
        let lines = [head] + trials.prefix(maxTrials) + hidden + (stopping.map { [$0] } ?? [])
        return lines.map { String(TerminalText.line($0).prefix(max(1, columns - 1))) }
    }

    /// A trial's number in three places or more, so that lines of up to a thousand trials align.
    private static func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: " ", count: max(0, 3 - digits.count)) + digits
    }

    private static func values(_ trial: TrialRecord) -> String {
        trial.parameters.map { "\($0.name)=\(HumanText.value($0.value))" }.joined(separator: " ")
    }
}
