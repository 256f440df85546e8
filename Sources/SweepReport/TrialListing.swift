import ConfigFile
import Foundation
import SweepFile
import SweepModel
import SweepStore
import Tables

/// The trials of a sweep as a table for people, and as JSON and CSV for programs.
///
/// It is made of values that were read before, so that the same trials give the same text, and a test can compare it.
///
///     let listing = TrialListing(
///         metric: sweep.metric, parameterNames: ["lr"], trials: try store.trials(),
///         lastMetrics: try store.lastMetrics())
///     print(listing.text)
///     // trial  state     val_loss   time    lr  reason
///     //     0  complete      0.21  3.0 s  0.01
///     //     1  failed              0.4 s   0.3  crash: exit 1
public struct TrialListing: Sendable {
    public var metric: Metric
    public var parameterNames: [String]
    public var trials: [TrialRecord]
    /// The last value of each metric, by trial and name: what JSON and CSV show besides the sweep's own metric.
    public var lastMetrics: [Int: [String: Double]]

    public init(
        metric: Metric, parameterNames: [String], trials: [TrialRecord], lastMetrics: [Int: [String: Double]]
    ) {
        self.metric = metric
        self.parameterNames = parameterNames
        self.trials = trials
        self.lastMetrics = lastMetrics
    }

    /// A row for each trial and a column for each parameter. Numbers are rounded and long texts are cut, to be read at
    /// a glance; programs take `nodes` or `csv`.
    public var text: String {
        let showsSources = trials.contains { $0.source != nil }
        var table = TextTable(
            safe: [("trial", .right), ("state", .left), (metric.name, .right), ("time", .right)]
                + parameterNames.map { ($0, .right) } + (showsSources ? [("values of", .left)] : [])
                + [("reason", .left)])
        for trial in trials {
            let values = trial.parameters.valuesByName
            table.add(
                safe: [
                    String(trial.number), trial.state.rawValue, trial.value.map(HumanText.number) ?? "",
                    trial.seconds.map(HumanText.duration(seconds:)) ?? "",
                ] + parameterNames.map { values[$0].map(HumanText.value) ?? "" }
                    + (showsSources ? [trial.source?.words ?? ""] : []) + [trial.whyAtOneGlance])
        }
        return table.text
    }

    /// One object for each trial: `{number, state, reason, error_output, attempt, value, params, metrics, started,
    /// ended, seconds, origin, source}`.
    ///
    /// `error_output` is the end of what a trainer that crashed wrote to standard error. `source` is the trial that
    /// had these values before; it names a sweep if that is another one.
    public var nodes: [ConfigNode] {
        trials.map { trial in
            let metrics = (lastMetrics[trial.number] ?? [:]).sorted { $0.key < $1.key }
            return .object([
                "number": .integer(trial.number),
                "state": .string(trial.state.rawValue),
                "reason": trial.reason.map { .string($0.description) },
                "error_output": trial.errorOutput.map { .string($0) },
                "attempt": .integer(trial.attempt),
                "value": trial.value.map { .number($0) },
                "params": trial.parametersNode.value,
                "metrics": .mapping(metrics.map { ConfigEntry(key: $0, node: ConfigNode(.number($1))) }),
                "started": trial.started.map { .string($0.timestamp) },
                "ended": trial.ended.map { .string($0.timestamp) },
                "seconds": trial.seconds.map { .number($0) },
                "origin": .string(trial.isImported ? "imported" : trial.origin.rawValue),
                "source": trial.source.map { source in
                    ConfigNode.object([
                        "sweep": source.sweep.map { .string($0) }, "trial": .integer(source.trial),
                    ]).value
                },
            ])
        }
    }

    /// A header and one line for each trial, quoted as RFC 4180 says, with a column for each parameter and for each
    /// metric's last value. Names get `params.` or `metrics.` in front, since a parameter and a metric may have the
    /// same name.
    public var csv: String {
        let metricNames = Set(lastMetrics.values.flatMap(\.keys)).sorted()
        let header =
            ["number", "state", "reason", "attempt", "value"] + parameterNames.map { "params.\($0)" }
            + metricNames.map { "metrics.\($0)" } + ["started", "ended", "seconds"]
        let rows = trials.map { trial in
            let values = trial.parameters.valuesByName
            let metrics = lastMetrics[trial.number] ?? [:]
            return [
                String(trial.number), trial.state.rawValue, trial.reason?.description ?? "", String(trial.attempt),
                trial.value?.description ?? "",
            ] + parameterNames.map { values[$0]?.argument ?? "" }
                + metricNames.map { metrics[$0]?.description ?? "" } + [
                    trial.started?.timestamp ?? "", trial.ended?.timestamp ?? "", trial.seconds?.description ?? "",
                ]
        }
        return ([header] + rows).map { CSVText.line($0) }.joined()
    }
}

extension TrialRecord {
    /// The reason, and for a trial that failed the last line that the trainer wrote to standard error: in Python that
    /// is the line which names the exception.
    fileprivate var whyAtOneGlance: String {
        let lines = (errorOutput ?? "").split(whereSeparator: \.isNewline)
        guard state == .failed, let last = lines.last(where: { !$0.allSatisfy(\.isWhitespace) }) else {
            return reason?.description ?? ""
        }
        return [reason?.description, last.trimmingCharacters(in: .whitespaces)].compactMap(\.self).joined(
            separator: ": ")
    }
}

extension TrialRecord.Source {
    /// `trial 3`, or `trial 3 of digits`
    fileprivate var words: String {
        "trial \(trial)" + (sweep.map { " of \(URL(fileURLWithPath: $0).lastPathComponent)" } ?? "")
    }
}
