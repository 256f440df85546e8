import ConfigFile
import Foundation
import SweepModel
import SweepSearch
import SweepStore
import Tables
import TerminalDrawing

/// Trials side by side, a column for each: what they have in common is left out, so that what differs is seen.
///
///     parameter       trial 3  trial 17
///     learning_rate      0.01      0.03
///     state          complete    pruned
///     val_loss           0.21      0.35
public struct TrialComparison: Sendable {
    public var metric: Metric
    /// In the order of the rows.
    public var parameterNames: [String]
    /// In the order in which they are shown.
    public var trials: [TrialRecord]
    /// The last value of each metric, by trial and name.
    public var lastMetrics: [Int: [String: Double]]
    /// Whether parameters that are the same in all trials are shown, too.
    public var showsAll: Bool

    public init(
        metric: Metric, parameterNames: [String], trials: [TrialRecord], lastMetrics: [Int: [String: Double]],
        showsAll: Bool = false
    ) {
        self.metric = metric
        self.parameterNames = parameterNames
        self.trials = trials
        self.lastMetrics = lastMetrics
        self.showsAll = showsAll
    }

    /// The parameters that not all of the trials have with the same value.
    public var differing: [String] {
        parameterNames.filter { name in
            let values = trials.map { $0.parameters[name] }
            return values.contains { $0 != values.first ?? nil }
        }
    }

    private var metricNames: [String] {
        Set(trials.flatMap { (lastMetrics[$0.number] ?? [:]).keys }).sorted()
    }

    /// The table for people; nothing in it can command a terminal.
    ///
    /// - Parameter columns: how wide the terminal is; trials for which there is no room stand in a table below. Nil
    ///   for one table of all trials.
    public func text(columns: Int? = nil) -> String {
        let hidden = showsAll ? 0 : parameterNames.count - differing.count
        let words = hidden == 1 ? "1 parameter is" : "\(hidden) parameters are"
        return table.text(columns: columns) + (hidden == 0 ? "" : "\n\(words) the same in all of them: --all")
    }

    /// The trials side by side.
    private var table: TextTable {
        let shown = showsAll ? parameterNames : differing
        let now = Date()
        var table = TextTable(
            safe: [("", .left)] + trials.map { ("trial \($0.number)", .right) })
        func add(_ title: String, _ cell: (TrialRecord) -> String?) {
            table.add(safe: [title] + trials.map { cell($0) ?? "" })
        }
        for name in shown { add(name) { $0.parameters[name].map(HumanText.value) } }
        add("state") { $0.state.rawValue }
        if trials.contains(where: { $0.reason != nil }) {
            add("reason") { $0.reason.map { StyledText($0.description).cut(to: Self.longestReason).text } }
        }
        add(metric.name) { trial in
            let running = trial.state == .running ? lastMetrics[trial.number]?[metric.name] : nil
            return trial.value.map(HumanText.number) ?? running.map { HumanText.number($0) + " so far" }
        }
        add("time") { $0.seconds(at: now).map(HumanText.duration(seconds:)) }
        if trials.contains(where: { $0.attempt > 1 }) { add("attempts") { String($0.attempt) } }
        for name in metricNames {
            add("last \(name)") { lastMetrics[$0.number]?[name].map(HumanText.number) }
        }
        return table
    }

    /// A longer reason is cut; `revsweep show` has all of it.
    private static let longestReason = 32

    /// The comparison for programs: the names of the parameters that differ, and the trials as `trials --json` has
    /// them, in the order that was asked for.
    public var node: ConfigNode {
        let listing = TrialListing(
            metric: metric, parameterNames: parameterNames, trials: trials, lastMetrics: lastMetrics)
        return .object([
            "differ": .sequence(differing.map { ConfigNode(.string($0)) }),
            "trials": .sequence(trials.map(listing.node(of:))),
        ])
    }
}
