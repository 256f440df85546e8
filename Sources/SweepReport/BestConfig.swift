import ConfigFile
import Foundation
import SweepFile
import SweepSearch
import SweepStore

/// The best of a sweep, in a form that can be run.
public struct BestConfig: Sendable {
    public var file: SweepFile
    public var record: SweepRecord
    /// The best first.
    public var trials: [TrialRecord]

    public init(file: SweepFile, record: SweepRecord, trials: [TrialRecord]) {
        self.file = file
        self.record = record
        self.trials = trials.ranked(by: file.sweep.metric)
    }

    /// The configuration of one trial: the base with its values laid over it, or the values alone where there is no
    /// base; on top, as comments, where it comes from.
    public func yaml(of trial: TrialRecord) -> String {
        provenance(trial).map { "# \($0)\n" }.joined() + config(of: trial).yaml()
    }

    /// One object a trial: its number, its value, its parameters and its whole configuration.
    public func node(of trial: TrialRecord) -> ConfigNode {
        .object([
            "sweep": .string(record.name),
            "number": .integer(trial.number),
            "metric": .string(record.metric),
            "value": trial.value.map { .number($0) },
            "seed": .integer(Int(clamping: trial.seed)),
            "params": trial.parametersNode.value,
            "config": config(of: trial).value,
        ])
    }

    public func config(of trial: TrialRecord) -> ConfigNode {
        let assignment = Assignment(
            Dictionary(trial.parameters.map { ($0.name, $0.value) }) { first, _ in first }, in: file.sweep.space)
        return file.config(for: assignment) ?? trial.parametersNode
    }

    private func provenance(_ trial: TrialRecord) -> [String] {
        let sweep = file.sweep
        return [
            "trial \(trial.number) of the sweep '\(record.name)': \(record.metric) = "
                + "\(trial.value.map(\.description) ?? "unknown") (\(record.goal), \(record.rule) value)",
            "chosen by \(trial.origin == .enqueued ? "hand" : sweep.sampler.name.rawValue), sampler seed "
                + "\(sweep.sampler.seed), trial seed \(trial.seed); ended \(trial.ended?.timestamp ?? "never")",
            "sweep file \(record.file.path)" + (record.base.map { ", base configuration \($0.path)" } ?? ""),
        ].map { $0.replacing("\n", with: " ") }
    }

    /// Writes text to a file that is there whole or not at all, also when the power fails.
    ///
    /// - Throws: a `CocoaError` that names the file.
    public static func write(_ text: String, to path: String) throws {
        let draft = "\(path).\(getpid()).partial"
        defer { unlink(draft) }
        try text.write(toFile: draft, atomically: false, encoding: .utf8)
        guard let handle = FileHandle(forWritingAtPath: draft) else {
            throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: draft])
        }
        try handle.synchronize()
        try handle.close()
        guard rename(draft, path) == 0 else {
            throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: path])
        }
    }
}
