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
    public var metric: Metric
    public var parameterNames: [String]
    public var trials: [TrialRecord]
    /// The last value of each metric, by trial and name: what JSON shows besides the sweep's own metric, and
    /// what the table shows for trials that run.
    public var lastMetrics: [Int: [String: Double]]
    /// When the table is read: trials that run have been running until then.
    public var now: Date

    public init(
        metric: Metric, parameterNames: [String], trials: [TrialRecord], lastMetrics: [Int: [String: Double]],
        at now: Date = Date()
    ) {
        self.now = now
        self.metric = metric
        self.parameterNames = parameterNames
        self.trials = trials
        self.lastMetrics = lastMetrics
    }

    /// A row for each trial and a column for each parameter. Numbers are rounded and long texts are cut, to be read at
    /// a glance; programs take JSON, or the lines of `TrialTable`.
    public var text: String {
        let showsSources = trials.contains { $0.source != nil }
        var table = TextTable(
            safe: [("trial", .right), ("state", .left), (metric.name, .right), ("time", .right)]
                + parameterNames.map { ($0, .right) } + (showsSources ? [("values of", .left)] : [])
                + [("reason", .left)])
        for trial in trials {
            var row = [
                String(trial.number), trial.state.rawValue, shownValue(of: trial).map(HumanText.number) ?? "",
                trial.seconds(at: now).map(HumanText.duration(seconds:)) ?? "",
            ]
            row.reserveCapacity(parameterNames.count + 6)
            trial.parameters.forEachValue(of: parameterNames) { row.append($0.map(HumanText.value) ?? "") }
            if showsSources { row.append(trial.source?.words ?? "") }
            row.append(trial.whyAtOneGlance)
            table.add(safe: row)
        }
        return table.text
    }

    /// The trial's value; while it runs, what it has reported last.
    func shownValue(of trial: TrialRecord) -> Double? {
        trial.value ?? (trial.state == .running ? lastMetrics[trial.number]?[metric.name] : nil)
    }

    /// One trial as an object: `{number, state, reason, error_output, attempt, value, params, metrics, started,
    /// ended, seconds, origin, source}`.
    ///
    /// `error_output` is the end of what a trainer that crashed wrote to standard error. `source` is the trial that
    /// had these values before; it names a sweep if that is another one.
    public func node(of trial: TrialRecord) -> ConfigNode {
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
            "source": trial.source?.node,
        ])
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
            TrialJSON.write(trial, metrics: lastMetrics[trial.number] ?? [:], .lines(margin: 2), to: &piece)
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
