import Foundation
import SweepModel
import SweepSearch
import TerminalDrawing

/// The head of each view of a sweep: how far it is, what became of its trials, and the best so far.
///
/// `revsweep run` shows it while trials run, `status` and `top` show it of any sweep.
///
///     for line in SweepHeader(summary, at: Date()).lines(columns: 80) { print(line.encoded(for: features)) }
///     // digits  ━━━━━━━━━━━━━━━━───────────────────────  42/100 ended  about 5 m 08 s left
///     // 2 running  40 complete  1 pruned  1 failed  120 trials/h  21 m 10 s
///     // best val_loss 0.21  trial 17, 2 m 05 s ago  learning_rate=0.0123 optimizer=adam
public struct SweepHeader: Sendable {
    public var name: String
    public var metric: Metric
    /// How many trials are in each state.
    public var counts: [TrialState: Int]
    /// How many have ended, as the budget counts.
    public var done: Int
    /// How many there will be; nil where nobody knows.
    public var total: Int?
    /// How long planners have worked on the sweep.
    public var timeRun: Duration
    /// For how long they may.
    public var timeBudget: Duration?
    /// How long it will still take, as far as can be told.
    public var left: Duration?
    /// How many trials end in an hour.
    public var perHour: Double?
    /// Nil before the first trial is complete.
    public var best: TrialRecord?
    /// How long ago the best one ended.
    public var bestAge: Duration?
    /// What the parameters are called where room is scarce.
    public var shortNames: [String: String]
    /// Those of the best trial that are shown.
    public var varying: Set<String>

    /// - Parameter total: taken for unknown if it is less than `done`, as after a budget was lowered.
    public init(
        sweep: Sweep, counts: [TrialState: Int], done: Int, total: Int?, timeRun: Duration, left: Duration? = nil,
        perHour: Double? = nil, best: TrialRecord?, bestAge: Duration? = nil
    ) {
        name = sweep.name
        metric = sweep.metric
        self.counts = counts
        self.done = done
        // A budget that was lowered below what has ended already would read as "120/100".
        self.total = total.flatMap { $0 < done ? nil : $0 }
        self.timeRun = timeRun
        timeBudget = sweep.budget.time
        self.left = left
        self.perHour = perHour
        self.best = best
        self.bestAge = bestAge
        shortNames = ParameterNames.short(sweep.space.parameters.map(\.name))
        varying = Set(ParameterNames.varying(in: sweep.space))
    }

    /// How much is done, from 0 to 1: of the trials or of the time, whichever is nearer to its end.
    public var fraction: Double? {
        let ofTrials = total.map { $0 > 0 ? Double(done) / Double($0) : 1 }
        let ofTime = timeBudget.map { $0 > .zero ? min(1, timeRun / $0) : 1 }
        return [ofTrials, ofTime].compactMap(\.self).max()
    }

    /// Three lines that fit a terminal of this width.
    public func lines(columns: Int) -> [StyledText] {
        let width = max(1, columns - 1)
        return [progressLine(width), stateLine(width), bestLine(width)].map { $0.cut(to: width) }
    }

    // MARK: How far

    private func progressLine(_ width: Int) -> StyledText {
        let isNarrow = width < Self.narrow
        let count = "\(done)" + (total.map { "/\($0)" } ?? "")
        var end = [StyledText(isNarrow ? count : "\(count) ended")]
        if let left, !isNarrow {
            end.append(StyledText("about \(HumanText.time(left)) left", .dim))
        }
        var start = isNarrow ? [] : [StyledText(name, .bold).cut(to: max(8, width / 3))]
        guard let fraction else { return StyledText.joined(start + end, separator: gap(width)) }
        // The bar has what the others leave. Where that is too little, they are left out one after another.
        func room() -> Int {
            width - StyledText.joined(start + end, separator: gap(width)).columns - gap(width).count
        }
        if room() < Self.leastBar, end.count > 1 { end.removeLast() }
        if room() < Self.leastBar { start = [] }
        let bar = room() >= 3 ? [ProgressBar.text(fraction, columns: min(Self.longestBar, room()))] : []
        return StyledText.joined(start + bar + end, separator: gap(width))
    }

    // MARK: The states

    private func stateLine(_ width: Int) -> StyledText {
        let states = TrialState.allCases.sorted { $0.rank < $1.rank }.compactMap { state -> StyledText? in
            guard let count = counts[state], count > 0 else { return nil }
            return StyledText(width < Self.narrow ? "\(state.sign)\(count)" : "\(count) \(state.rawValue)", state.style)
        }
        let pace = perHour.map { StyledText(String(format: $0 < 9.95 ? "%.1f trials/h" : "%.0f trials/h", $0)) }
        let time = StyledText(HumanText.time(timeRun), .dim)
        return fitting(states + [pace, time].compactMap(\.self), width)
    }

    // MARK: The best

    private func bestLine(_ width: Int) -> StyledText {
        guard let best, let value = best.value else { return StyledText("no trial is complete yet", .dim) }
        let number = HumanText.number(value)
        if width < Self.narrow {
            return fitting([StyledText("★\(number)", Self.bestStyle), StyledText("trial \(best.number)")], width)
        }
        var parts = [
            StyledText("best ") + StyledText("\(metric.name) ") + StyledText(number, Self.bestStyle),
            StyledText("trial \(best.number)" + (bestAge.map { ", \(HumanText.time($0)) ago" } ?? "")),
        ]
        parts += best.parameters.filter { varying.contains($0.name) }.map { name, value in
            StyledText("\(shortNames[name] ?? name)=", .dim) + StyledText(HumanText.value(value)).cut(to: 24)
        }
        return fitting(parts, width)
    }

    /// As many of the parts as fit, the first in any case.
    private func fitting(_ parts: [StyledText], _ width: Int) -> StyledText {
        var line = StyledText()
        for part in parts {
            let longer = StyledText.joined([line, part], separator: gap(width))
            if longer.columns > width, !line.isEmpty { break }
            line = longer
        }
        return line
    }

    private func gap(_ width: Int) -> String { width < Self.narrow ? " " : "  " }

    /// Below this width words are left out.
    static let narrow = 40
    private static let leastBar = 8
    private static let longestBar = 50
    static let bestStyle = TextStyle(.green, bold: true)
}

extension SweepHeader {
    /// The head of a sweep as it is stored.
    ///
    /// - Parameter time: now, for how long ago the best trial ended.
    public init(_ summary: SweepSummary, at time: Date) {
        let done = summary.counts.filter(\.key.isFinal).values.reduce(0, +) - summary.imported
        let hours = summary.timeRun / .seconds(3600)
        let total = summary.sweep.trialsToCome
        var left: Duration?
        if summary.planner?.purpose == .run, done > 0, let total, done < total {
            // Trials that run are about half done, which matters as long as few have ended.
            let halves = Double(summary.counts[.running] ?? 0) / 2
            left = summary.timeRun * (max(0, Double(total - done) - halves) / (Double(done) + halves))
        }
        if let limit = summary.sweep.budget.time, summary.planner?.purpose == .run {
            let rest = max(.zero, limit - summary.timeRun)
            left = left.map { min($0, rest) } ?? rest
        }
        self.init(
            sweep: summary.sweep, counts: summary.counts, done: done, total: total, timeRun: summary.timeRun,
            left: left, perHour: done > 0 && hours > 0 ? Double(done) / hours : nil, best: summary.best,
            bestAge: summary.best?.ended.map { Duration.seconds(min(1e12, max(0, time.timeIntervalSince($0)))) })
    }
}

extension Sweep {
    /// How many trials there will be: the budget's number, or the points of a grid that has fewer; nil if neither is
    /// known.
    public var trialsToCome: Int? {
        guard sampler.name == .grid, replicates == nil else { return budget.trials }
        let grid = GridSampler(pointsOfContinuum: sampler.points ?? 1).size(in: space, looks: 100_000)
        guard case .points(let points) = grid else { return budget.trials }
        return budget.trials.map { min($0, points) } ?? points
    }
}

extension TrialState {
    /// One character for where there is no room for the word.
    var sign: String {
        switch self {
        case .waiting: "·"
        case .running: "→"
        case .complete: "✓"
        case .pruned: "↓"
        case .diverged: "∞"
        case .failed: "✗"
        }
    }

    /// How the state looks wherever it is named.
    public var style: TextStyle {
        switch self {
        case .waiting: .dim
        case .running: TextStyle(.cyan)
        case .complete: TextStyle(.green)
        case .pruned: TextStyle(.yellow)
        case .diverged: TextStyle(.magenta)
        case .failed: TextStyle(.red)
        }
    }

    /// What runs comes first, and then what has come of it.
    fileprivate var rank: Int {
        switch self {
        case .running: 0
        case .complete: 1
        case .pruned: 2
        case .diverged: 3
        case .failed: 4
        case .waiting: 5
        }
    }
}
