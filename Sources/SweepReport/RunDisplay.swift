import Foundation
import SweepFile
import SweepModel
import SweepStore
import TerminalDrawing
import TrialProtocol

/// What a person sees of a running sweep: lines that stay, one for each trial that has ended, and below them a block
/// of lines that changes while trials run.
///
/// It is a value that is told what happens and gives texts; it never writes. `RunMonitor` of `revsweep` puts them on
/// the terminal. What it holds does not grow with the trials that have ended.
///
///     var display = RunDisplay(sweep: sweep, counts: [:], best: nil, at: .now)
///     display.trialStarted(trial, at: .now)
///     let ended = display.trialEnded(trial, at: .now)
///     ended.line                                         // for a pipe
///     display.frame(above: [.trial(ended)], size: size, at: .now)    // for a terminal
public struct RunDisplay: Sendable {
    /// A trial whose attempt has ended, for good or to be run again.
    public struct Ended: Sendable {
        /// As it is shown in a pipe: `trial  12  complete  val_loss 0.21 *  3.0 s  lr=0.01`; the star marks the best so
        /// far.
        public var line: String
        /// Whether it is the best so far.
        public var isBest: Bool
        var row: TrialRows.Row
    }

    /// What is shown above the block, and stays.
    public enum Above: Sendable {
        /// A row, with the titles of the columns above it where these have changed.
        case trial(Ended)
        /// One or more lines, which are wrapped to the width of the terminal.
        case text(String)
    }

    /// What is on the terminal at one moment.
    public struct Frame: Sendable {
        /// New lines, which are written above the block and stay.
        public var above: [StyledText]
        /// The lines that take the place of the block before.
        public var block: [StyledText]
        /// In whole percent; `unknown` where neither the number of trials nor the time has a limit.
        public var progress: TerminalProgress
    }

    private struct Running: Sendable {
        var trial: TrialRecord
        var since: SuspendingClock.Instant
        var reports = 0
        var step: Int?
        var curve = ThinnedValues(limit: 64)
        /// What was last decided about it.
        var verdict = ""
    }

    private let sweep: Sweep
    private var counts: [TrialState: Int] = [:]
    /// How many of the trials in `counts` were imported, which the budget does not count.
    private let imported: Int
    private var running: [Int: Running] = [:]
    private var pace: SweepPace
    private var rows: TrialRows
    private let total: Int?
    /// The folder of the sweep as the beginning of an address; nil for no links.
    private let address: String?
    /// The best complete trial so far, those of earlier runs included.
    public private(set) var best: TrialRecord?
    private var bestSince: SuspendingClock.Instant?
    private var stopping: String?
    /// The titles as they were last written above a row.
    private var heading: StyledText?

    /// - Parameters:
    ///   - counts: how many trials of earlier runs are in each state.
    ///   - imported: how many of these came from another sweep.
    ///   - best: the best of these; nil if none is complete.
    ///   - bestAge: how long ago that one ended.
    ///   - total: how many trials there will be, if that is not the budget's number: those of a grid.
    ///   - parallel: how many trials run at once.
    ///   - timeRun: how long earlier runs took.
    ///   - address: of the sweep's folder, as `file://host/path`, for links to the folders of trials.
    ///   - time: when this run began.
    public init(
        sweep: Sweep, counts: [TrialState: Int], imported: Int = 0, best: TrialRecord?, bestAge: Duration? = nil,
        total: Int? = nil, parallel: Int = 1, timeRun: Duration = .zero, address: String? = nil,
        at time: SuspendingClock.Instant
    ) {
        self.sweep = sweep
        self.counts = counts.filter(\.key.isFinal)
        self.imported = imported
        self.best = best
        self.total = total ?? sweep.budget.trials
        self.address = address
        bestSince = bestAge.map { time - $0 }
        pace = SweepPace(parallel: parallel, before: timeRun, began: time)
        rows = TrialRows(sweep)
        if let best {
            rows.include(best.number, best.parameters)
            if let value = best.value { rows.include(value: value) }
            rows.include(further: best.further)
        }
    }

    // MARK: What happens

    /// Takes note that a trial runs from now on.
    public mutating func trialStarted(_ trial: TrialRecord, at time: SuspendingClock.Instant) {
        running[trial.number] = Running(trial: trial, since: time)
        rows.include(trial.number, trial.parameters)
    }

    /// Takes note of a report, which the changing lines show.
    public mutating func trialReported(_ number: Int, _ report: MetricReport) {
        guard var trial = running[number] else { return }
        trial.reports += 1
        trial.step = report.step ?? trial.reports
        rows.include(step: trial.step ?? 0)
        if let value = report[sweep.metric.name] {
            trial.curve.append(value)
            rows.include(value: value)
        }
        running[number] = trial
    }

    /// Takes note that a trial was compared with others, and goes on.
    public mutating func trialJudged(_ decision: TrialDecision) {
        running[decision.trial]?.verdict = HumanText.rounded(decision.reason)
    }

    /// Takes note that an attempt has ended, whether for good or to be run again.
    public mutating func trialEnded(_ trial: TrialRecord, at time: SuspendingClock.Instant) -> Ended {
        let ran = running.removeValue(forKey: trial.number)
        rows.include(trial.number, trial.parameters)
        if let value = trial.value { rows.include(value: value) }
        rows.include(further: trial.further)
        if trial.state.isFinal { counts[trial.state, default: 0] += 1 }
        pace.attemptEnded(lasted: ran.map { time - $0.since }, isFinal: trial.state.isFinal)
        var isBest = false
        // Comparing with the best so far is enough: whatever comes before all trials in the order comes before that
        // one.
        if let first = sweep.objectives.ranked([best, trial].compactMap(\.self)).first, first.number == trial.number {
            isBest = true
            best = trial
            bestSince = time
        }
        let broken = sweep.objectives.brokenBounds(of: trial)
        let row = TrialRows.Row(
            number: trial.number, state: trial.state, isBest: isBest, value: trial.value, further: trial.further,
            curve: Self.curve(ran), step: ran?.step, seconds: trial.seconds, parameters: trial.parameters,
            note: broken.isEmpty ? HumanText.rounded(trial.whyAtOneGlance) : broken, link: link(to: trial.number))
        return Ended(line: line(for: trial, isBest: isBest), isBest: isBest, row: row)
    }

    /// Takes note of why the sweep is stopping; the reason is in the block from then on.
    public mutating func stopping(because reason: String) {
        stopping = reason
    }

    /// The line for a pipe.
    private func line(for trial: TrialRecord, isBest: Bool) -> String {
        let digits = String(trial.number)
        var parts = [
            "trial " + String(repeating: " ", count: max(0, 3 - digits.count)) + digits,
            trial.state.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0),
        ]
        if trial.value != nil { parts.append(sweep.objectives.values(of: trial) + (isBest ? " *" : "")) }
        let broken = sweep.objectives.brokenBounds(of: trial)
        if !broken.isEmpty { parts.append("(\(broken))") }
        if let reason = trial.reason { parts.append("(\(reason))") }
        if let seconds = trial.seconds { parts.append(HumanText.duration(seconds: seconds)) }
        parts.append(trial.parameters.map { "\($0.name)=\(HumanText.value($0.value))" }.joined(separator: " "))
        return TerminalText.line(parts.joined(separator: "  "))
    }

    // MARK: The terminal

    /// What is to be seen now.
    ///
    /// - Parameters:
    ///   - above: what has come since the last frame.
    ///   - size: of the terminal. No line is longer than it is wide, and the block leaves room above it.
    ///   - time: now, for the times that are shown.
    public mutating func frame(
        above: [Above], size: TerminalSize, at time: SuspendingClock.Instant
    ) -> Frame {
        let width = max(1, size.columns - 1)
        let titles = rows.heading(columns: size.columns)
        var lines: [StyledText] = []
        for line in above {
            switch line {
            case .text(let text):
                lines += text.replacing("\t", with: "    ").split(separator: "\n", omittingEmptySubsequences: false)
                    .flatMap {
                        StyledText(String($0)).wrapped(to: width)
                    }
            case .trial(let ended):
                // The titles are repeated where the columns are other ones than before.
                if heading != titles { lines.append(titles) }
                heading = titles
                lines.append(rows.text(ended.row, columns: size.columns))
            }
        }
        let head = header(at: time)
        return Frame(
            above: lines, block: block(head, titles, size: size, at: time),
            progress: head.fraction.map { .percent(Int($0 * 100)) } ?? .unknown)
    }

    /// How the sweep stands.
    public func header(at time: SuspendingClock.Instant) -> SweepHeader {
        let done = counts.values.reduce(0, +) - imported
        var counts = counts
        counts[.running] = running.count
        return SweepHeader(
            sweep: sweep, counts: counts, done: done, total: total, timeRun: pace.timeRun(at: time),
            left: pace.left(
                trials: total.map { $0 - done }, running: running.values.map { time - $0.since },
                budget: sweep.budget.time, at: time),
            perHour: pace.perHour(at: time), best: best, bestAge: bestSince.map { time - $0 })
    }

    private func block(
        _ header: SweepHeader, _ titles: StyledText, size: TerminalSize, at time: SuspendingClock.Instant
    ) -> [StyledText] {
        let room = Self.height(rows: size.rows)
        let head = header.lines(columns: size.columns)
        let reason = stopping.map { StyledText($0, TextStyle(.yellow)).cut(to: max(1, size.columns - 1)) }
        // Why it is stopping matters more than all but how far it is.
        let first = head.prefix(1) + [reason].compactMap(\.self) + head.dropFirst()
        let rest = room - first.count
        guard rest >= 2, !running.isEmpty else { return Array(first.prefix(room)) }
        let trials = running.values.sorted { $0.trial.number < $1.trial.number }
        let shown = trials.count <= rest - 1 ? trials.count : rest - 2
        let hidden =
            shown < trials.count ? [StyledText("… and \(trials.count - shown) more running", .dim)] : []
        let lines = trials.prefix(shown).map { rows.text(row(of: $0, at: time), columns: size.columns) } + hidden
        return Array(first) + [titles] + lines.map { $0.cut(to: max(1, size.columns - 1)) }
    }

    /// How many lines the block may have. Two thirds of a high terminal: a part of what has ended stays in view, and
    /// when the terminal is made a third narrower and breaks the lines, they still fit. Nearly all of a low one.
    static func height(rows: Int) -> Int {
        max(1, min(rows - 1, max(10, rows * 2 / 3)))
    }

    private func row(of running: Running, at time: SuspendingClock.Instant) -> TrialRows.Row {
        TrialRows.Row(
            number: running.trial.number, state: .running, value: running.curve.last, curve: Self.curve(running),
            step: running.step, seconds: (time - running.since) / .seconds(1), parameters: running.trial.parameters,
            note: running.verdict, link: link(to: running.trial.number))
    }

    /// Of a single report there is no curve.
    private static func curve(_ running: Running?) -> String {
        guard let values = running?.curve.values, values.count > 1 else { return "" }
        return Sparkline.text(values, columns: TrialRows.curveWidth)
    }

    private func link(to number: Int) -> String? {
        address.map { "\($0)/\(TrialRecord.folder(of: number))" }
    }
}
