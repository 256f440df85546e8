import ConfigFile
import Foundation
import SweepFile
import SweepModel
import SweepStore
import Tables

/// The trials of a sweep as a table for people, and as JSON for programs.
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
    public var objectives: Objectives
    /// The numbers of the trials that no other one dominates; empty where one metric is optimized.
    public var front: Set<Int>
    /// The parameters that have a column, in this order.
    public var parameterNames: [String]
    /// In the order of the rows.
    public var trials: [TrialRecord]
    /// The last value of each metric, by trial and name: what JSON shows besides the sweep's own metric, and
    /// what the table shows for trials that run.
    public var lastMetrics: [Int: [String: Double]]
    /// When the table is read: trials that run have been running until then.
    public var now: Date

    /// The sweep's metric, of several the first.
    public var metric: Metric { objectives.metric }

    /// - Parameter objectives: nil where the metric is all that counts.
    public init(
        metric: Metric, objectives: Objectives? = nil, front: Set<Int> = [], parameterNames: [String],
        trials: [TrialRecord], lastMetrics: [Int: [String: Double]], at now: Date = Date()
    ) {
        self.now = now
        self.objectives = objectives ?? Objectives([metric])
        self.front = front
        self.parameterNames = parameterNames
        self.trials = trials
        self.lastMetrics = lastMetrics
    }

    /// A row for each trial and a column for each parameter. Numbers are rounded and long texts are cut, to be read at
    /// a glance; programs take JSON, or the lines of `TrialTable`.
    public var text: String {
        let showsSources = trials.contains { $0.source != nil }
        var columns: [(String, TextTable.Alignment)] = [("trial", .right), ("state", .left), (metric.name, .right)]
        for metric in objectives.further { columns.append((metric.name, .right)) }
        if objectives.areSeveral { columns.append(("front", .left)) }
        columns.append(("time", .right))
        for name in parameterNames { columns.append((name, .right)) }
        if showsSources { columns.append(("values of", .left)) }
        columns.append(("reason", .left))
        var table = TextTable(safe: columns)
        for trial in trials {
            var row = [
                String(trial.number), trial.state.rawValue, shownValue(of: trial).map(HumanText.number) ?? "",
            ]
            row.reserveCapacity(parameterNames.count + 6)
            for metric in objectives.further { row.append(trial.further[metric.name].map(HumanText.number) ?? "") }
            if objectives.areSeveral { row.append(front.contains(trial.number) ? "*" : "") }
            row.append(trial.seconds(at: now).map(HumanText.duration(seconds:)) ?? "")
            trial.parameters.forEachValue(of: parameterNames) { row.append($0.map(HumanText.value) ?? "") }
            if showsSources { row.append(trial.source?.words ?? "") }
            row.append(why(trial))
            table.add(safe: row)
        }
        return table.text
    }

    /// Why the trial has no value, or is of no use with the one it has.
    func why(_ trial: TrialRecord) -> String {
        let broken = objectives.brokenBounds(of: trial)
        return broken.isEmpty ? trial.whyAtOneGlance : broken
    }

    /// The trial's value; while it runs, what it has reported last.
    func shownValue(of trial: TrialRecord) -> Double? {
        trial.value ?? (trial.state == .running ? lastMetrics[trial.number]?[metric.name] : nil)
    }

    /// One trial as an object: `{number, state, reason, error_output, attempt, value, params, metrics, started,
    /// ended, seconds, origin, source}`.
    ///
    /// `error_output` is the end of what a trainer that crashed wrote to standard error. `source` is the trial that
    /// had these values before; it names a sweep if that is another one. Where there are several objectives or bounds,
    /// `values` has the value of each metric, and `front` says whether no other trial dominates this one.
    public func node(of trial: TrialRecord) -> ConfigNode {
        let metrics = (lastMetrics[trial.number] ?? [:]).sorted { $0.key < $1.key }
        let node = ConfigNode.object([
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
            "origin": .string(trial.valueOrigin.rawValue),
            "source": trial.source?.node,
        ])
        var entries = node.entries
        let place = entries.firstIndex { $0.key == "params" } ?? entries.endIndex
        entries.insert(contentsOf: objectives.entries(of: trial, front: front), at: place)
        return ConfigNode(.mapping(entries))
    }

    /// All trials as one array in JSON, in pieces, so that memory does not grow with their number.
    ///
    /// - Parameter write: is given one piece after the other.
    /// - Throws: whatever `write` throws.
    public func writeJSON(_ write: (String) throws -> Void) rethrows {
        if trials.isEmpty { return try write("[]") }
        var piece = "["
        for (index, trial) in trials.enumerated() {
            piece += index == 0 ? "\n  " : ",\n  "
            TrialJSON.write(
                trial, metrics: lastMetrics[trial.number] ?? [:], .lines(margin: 2), objectives: objectives,
                front: front, to: &piece)
            if piece.utf8.count > Self.pieceSize {
                try write(piece)
                piece = ""
            }
        }
        try write(piece + "\n]")
    }

    private static let pieceSize = 1 << 16
}

extension TrialRecord {
    /// The reason, and for a trial that failed the last line that the trainer wrote to standard error: in Python that
    /// is the line which names the exception.
    var whyAtOneGlance: String {
        let lines = (errorOutput ?? "").split(whereSeparator: \.isNewline)
        guard state == .failed, let last = lines.last(where: { !$0.allSatisfy(\.isWhitespace) }) else {
            return reason?.description ?? ""
        }
        return [reason?.description, last.trimmingCharacters(in: .whitespaces)].compactMap(\.self).joined(
            separator: ": ")
    }
}

/// Where the values of a trial come from, as programs and filters name it.
public enum ValueOrigin: String, Sendable, CaseIterable {
    case sampled, enqueued, imported
    /// It is another seed of its source.
    case replicate
}

extension TrialRecord {
    /// Where its values come from.
    public var valueOrigin: ValueOrigin {
        if isImported { return .imported }
        if replicateOf != nil { return .replicate }
        return switch origin {
        case .sampled: .sampled
        case .enqueued: .enqueued
        }
    }
}

extension TrialRecord.Source {
    /// For programs: the trial, and the folder of its sweep if that is another one.
    var node: ConfigNode.Value {
        ConfigNode.object(["sweep": sweep.map { .string($0) }, "trial": .integer(trial)]).value
    }

    /// `trial 3`, or `trial 3 of digits`
    var words: String {
        "trial \(trial)" + (sweep.map { " of \(URL(fileURLWithPath: $0).lastPathComponent)" } ?? "")
    }
}
