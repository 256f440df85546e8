import ConfigFile
import Foundation
import SweepFile
import SweepModel
import SweepStore
import TerminalDrawing

/// A sweep in a few lines: how far it is, whether a planner is working on it, and which trial is best.
///
/// `revsweep status` prints it, and so does `revsweep run` at its end; `--json` gives the same facts as an object.
///
///     let summary = SweepSummary(
///         sweep: file.sweep, directory: "results/digits", planner: nil, counts: try store.counts(),
///         best: try store.bestTrial(), timeRun: try store.timeRun())
///     print(summary.text)
///     // sweep     digits
///     // trials    42 of 100 ended
///     // …
public struct SweepSummary: Sendable {
    public var sweep: Sweep
    /// The sweep's own folder, not that of its file.
    public var directory: String
    /// The process that holds the sweep now; nil if none does.
    public var planner: SweepLock.Holder?
    /// How many trials are in each state, imported ones included.
    public var counts: [TrialState: Int]
    /// How many of the running trials were handed out by `revsweep ask`: that no planner runs them is no sign of a
    /// crash.
    public var asked: Int
    /// How many of the trials in `counts` were imported from another sweep; the budget does not count these.
    public var imported: Int
    /// How many enqueued values have not become trials yet.
    public var queued: Int
    /// The best complete trial; nil before the first is complete.
    public var best: TrialRecord?
    /// How long planners have worked on it.
    public var timeRun: Duration
    /// What the trials that run have reported last of the metric, by number; nil for those that have not reported it.
    public var running: [(number: Int, last: (step: Int, value: Double)?)] = []
    /// What several seeds have shown of the best configuration; nil where each is run once, or none has a result.
    public var replicated: ReplicatedBest.Leader?
    /// What fresh seeds have shown of the best trials; nil if they have not been run again.
    public var confirmed: ConfirmedBest?
    /// The numbers of the trials that no other one dominates; empty where one metric is optimized.
    public var front: [Int] = []

    public init(
        sweep: Sweep, directory: String, planner: SweepLock.Holder?, counts: [TrialState: Int],
        asked: Int = 0, imported: Int = 0, queued: Int = 0, best: TrialRecord?, timeRun: Duration
    ) {
        self.sweep = sweep
        self.directory = directory
        self.planner = planner
        self.counts = counts
        self.asked = asked
        self.imported = imported
        self.queued = queued
        self.best = best
        self.timeRun = timeRun
    }

    /// The summary for people: a title and a value on each line.
    public var text: String {
        let done = TrialState.allCases.filter(\.isFinal).reduce(0) { $0 + (counts[$1] ?? 0) } - imported
        let states = TrialState.allCases.compactMap { state in
            counts[state].map { "\($0) \(state.rawValue)" }
        }
        var rows = [
            ("sweep", sweep.name),
            ("folder", directory),
            ("planner", plannerText),
            ("trials", trialsText(done)),
            ("states", states.isEmpty ? "none yet" : states.joined(separator: ", ")),
            ("time run", HumanText.duration(seconds: timeRun / .seconds(1))),
        ]
        if imported > 0 { rows.insert(("imported", "\(imported) more, which the budget does not count"), at: 4) }
        if queued > 0 { rows.insert(("queue", queueText), at: 5) }
        rows += runningRows
        if let best {
            rows.append(("best", best.headline(sweep.objectives)))
            rows += boundRows
            rows += best.parameters.map { ("", "\($0.name) = \(HumanText.value($0.value))") }
            rows += frontRows
        } else {
            rows.append(("best", "no trial is complete yet"))
        }
        rows += seedRows
        return rows.map { name, text in
            name.padding(toLength: 10, withPad: " ", startingAt: 0) + TerminalText.line(text)
        }.joined(separator: "\n")
    }

    /// The summary for a terminal of this width: the head that all views of a sweep have, then what is not in it.
    ///
    /// - Parameter time: now, for how long ago the best trial ended.
    public func lines(columns: Int, at time: Date) -> [StyledText] {
        var rows = [("folder", directory), ("planner", plannerText)]
        if imported > 0 { rows.append(("imported", "\(imported) more, which the budget does not count")) }
        if queued > 0 { rows.append(("queue", queueText)) }
        let width = max(1, columns - 1)
        return SweepHeader(self, at: time).lines(columns: columns)
            + (boundRows + frontRows + seedRows + rows + runningRows).map { name, text in
                let title = StyledText(name.padding(toLength: 10, withPad: " ", startingAt: 0), .dim)
                return (title + StyledText(text)).cut(to: width)
            }
    }

    /// That the best trial breaks a bound, as all others do then.
    private var boundRows: [(String, String)] {
        let broken = best.map(sweep.objectives.brokenBounds) ?? ""
        return broken.isEmpty ? [] : [("", "no trial keeps the bounds: \(broken)")]
    }

    /// What is known beside single values.
    private var seedRows: [(String, String)] {
        var rows: [(String, String)] = []
        if let replicated {
            rows.append(("seeds", "trial \(replicated.trial): \(sweep.metric.name) \(replicated.words)"))
        }
        if let confirmed, let trial = confirmed.order.first, let words = confirmed.words(of: trial) {
            rows.append(("confirmed", "trial \(trial): \(sweep.metric.name) \(words)"))
        }
        return rows
    }

    /// How many trials no other one dominates, where there are several objectives.
    private var frontRows: [(String, String)] {
        guard sweep.objectives.areSeveral, !front.isEmpty else { return [] }
        let trials = front.count == 1 ? "1 trial" : "\(front.count) trials"
        let first = "the one above is the best of them by \(sweep.metric.name)"
        return [("front", "\(trials) that no other one dominates; \(first)")]
    }

    /// The most that are shown; a cluster may run hundreds.
    private static let maxRunning = 16

    private var runningRows: [(String, String)] {
        let rows = running.prefix(Self.maxRunning).enumerated().map { index, trial in
            let report = trial.last.map { ": step \($0.step), \(sweep.metric.name) \(HumanText.number($0.value))" }
            return (index == 0 ? "running" : "", "trial \(trial.number)" + (report ?? ""))
        }
        let hidden = running.count - Self.maxRunning
        return rows + (hidden > 0 ? [("", "… and \(hidden) more")] : [])
    }

    private var queueText: String {
        let planned = counts.values.reduce(0, +) - imported
        let left = sweep.budget.trials.map { max(0, $0 - planned) } ?? queued
        let beyond = queued > left ? ", of which the budget has room for \(left)" : ""
        return "\(queued) enqueued trial\(queued == 1 ? "" : "s") to be tried next\(beyond)"
    }

    private func trialsText(_ done: Int) -> String {
        guard let budget = sweep.budget.trials else { return "\(done) ended" }
        return done <= budget ? "\(done) of \(budget) ended" : "\(done) ended, more than the budget of \(budget)"
    }

    /// Tells a sweep that was stopped from one whose planner was killed: the latter has left trials that are still
    /// `running`.
    public var plannerText: String {
        if let planner, planner.purpose == .run {
            return "running" + (planner.process.map { " (process \($0))" } ?? "")
        }
        let interrupted = (counts[.running] ?? 0) - asked
        let waiting = asked > 0 ? "\(asked) trial\(asked == 1 ? " was" : "s were") asked for and not told yet" : nil
        let lost =
            interrupted > 0
            ? "\(interrupted) running trial\(interrupted == 1 ? " was" : "s were") interrupted and will be run again"
            : nil
        return ([lost == nil ? "not running" : "gone"] + [lost, waiting].compactMap(\.self)).joined(separator: "; ")
    }

    /// The summary for programs: one object. Every state is in it, also those without trials.
    ///
    /// Where there are several objectives, `front` has the numbers of the trials that no other one dominates.
    public var node: ConfigNode {
        var entries = common.entries
        if sweep.objectives.areSeveral {
            let numbers = ConfigNode(.sequence(front.map { ConfigNode(.integer($0)) }))
            entries.append(ConfigEntry(key: "front", node: numbers))
        }
        return ConfigNode(.mapping(entries))
    }

    private var common: ConfigNode {
        let counts = TrialState.allCases.map { state in
            ConfigEntry(key: state.rawValue, node: ConfigNode(.integer(self.counts[state] ?? 0)))
        }
        return .object([
            "name": .string(sweep.name),
            "directory": .string(directory),
            "planner": planner?.process.flatMap { planner?.purpose == .run ? .integer(Int($0)) : nil },
            "metric": .string(sweep.metric.name),
            "goal": .string(sweep.metric.goal.rawValue),
            "budget_trials": sweep.budget.trials.map { .integer($0) },
            "states": .mapping(counts),
            "imported": .integer(imported),
            "queued": .integer(queued),
            "seconds": .number((timeRun / .milliseconds(1)).rounded() / 1000),
            "best": best.map {
                ConfigNode(
                    .mapping(
                        ConfigNode.object([
                            "number": .integer($0.number), "value": $0.value.map { .number($0) },
                        ]).entries + sweep.objectives.entries(of: $0, front: Set(front)) + [
                            ConfigEntry(key: "params", node: $0.parametersNode)
                        ])
                ).value
            },
            "replicates": replicated?.node.value,
            "running": .sequence(
                running.map { trial in
                    .object([
                        "number": .integer(trial.number), "step": trial.last.map { .integer($0.step) },
                        "value": trial.last.map { .number($0.value) },
                    ])
                }),
        ])
    }
}

extension TrialRecord {
    var parametersNode: ConfigNode {
        .parameters(parameters)
    }
}
