import ConfigFile
import Foundation
import SweepFile
import SweepStore

/// A sweep in a few lines: how far it is, and what is best.
public struct SweepSummary: Sendable {
    public var sweep: Sweep
    public var directory: String
    /// The process that runs it now.
    public var planner: Int32?
    public var counts: [TrialState: Int]
    public var best: TrialRecord?
    /// How long planners have worked on it.
    public var timeRun: Duration

    public init(
        sweep: Sweep, directory: String, planner: Int32?, counts: [TrialState: Int], best: TrialRecord?,
        timeRun: Duration
    ) {
        self.sweep = sweep
        self.directory = directory
        self.planner = planner
        self.counts = counts
        self.best = best
        self.timeRun = timeRun
    }

    public var text: String {
        let done = TrialState.allCases.filter(\.isFinal).reduce(0) { $0 + (counts[$1] ?? 0) }
        let states = TrialState.allCases.compactMap { state in
            counts[state].map { "\($0) \(state.rawValue)" }
        }
        var rows = [
            ("sweep", sweep.name),
            ("folder", directory),
            ("planner", plannerText),
            ("trials", "\(done)\(sweep.budget.trials.map { " of \($0)" } ?? "") ended"),
            ("states", states.isEmpty ? "none yet" : states.joined(separator: ", ")),
            ("time run", HumanText.duration(seconds: timeRun / .seconds(1))),
        ]
        if let best {
            rows.append(("best", best.headline(metric: sweep.metric)))
            rows += best.parameters.map { ("", "\($0.name) = \(HumanText.value($0.value))") }
        } else {
            rows.append(("best", "no trial is complete yet"))
        }
        return rows.map { name, text in
            name.padding(toLength: 10, withPad: " ", startingAt: 0) + text
        }.joined(separator: "\n")
    }

    private var plannerText: String {
        if let planner { return "running (process \(planner))" }
        guard let interrupted = counts[.running] else { return "not running" }
        return
            "gone; \(interrupted) running trial\(interrupted == 1 ? " was" : "s were") interrupted and will be run again"
    }

    public var node: ConfigNode {
        let counts = TrialState.allCases.map { state in
            ConfigEntry(key: state.rawValue, node: ConfigNode(.integer(self.counts[state] ?? 0)))
        }
        return .object([
            "name": .string(sweep.name),
            "directory": .string(directory),
            "planner": planner.map { .integer(Int($0)) },
            "metric": .string(sweep.metric.name),
            "goal": .string(sweep.metric.goal.rawValue),
            "budget_trials": sweep.budget.trials.map { .integer($0) },
            "states": .mapping(counts),
            "seconds": .number(timeRun / .seconds(1)),
            "best": best.map {
                ConfigNode.object([
                    "number": .integer($0.number), "value": $0.value.map { .number($0) },
                    "params": $0.parametersNode.value,
                ]).value
            },
        ])
    }
}

extension Sequence<TrialRecord> {
    /// The complete trials, the best first; equals in the order of their numbers.
    public func ranked(by metric: Metric) -> [TrialRecord] {
        let complete = compactMap { trial in
            trial.state == .complete ? trial.value.map { (trial: trial, value: $0) } : nil
        }
        return complete.sorted { first, second in
            first.value == second.value
                ? first.trial.number < second.trial.number : metric.prefers(first.value, to: second.value)
        }.map(\.trial)
    }
}

extension TrialRecord {
    /// `trial 17: val_accuracy 0.97909`
    public func headline(metric: Metric) -> String {
        "trial \(number)" + (value.map { ": \(metric.name) \(HumanText.number($0))" } ?? "")
    }

    var parametersNode: ConfigNode {
        .parameters(parameters.map { ($0.name, $0.value) })
    }

    /// From the start of the last attempt to its end, to the millisecond as the times themselves.
    public var seconds: Double? {
        guard let started, let ended else { return nil }
        return (ended.timeIntervalSince(started) * 1000).rounded() / 1000
    }
}
