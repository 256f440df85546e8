import ConfigFile
import Files
import Foundation
import SweepFile
import SweepModel
import SweepSearch
import SweepStore

/// Everything that is known of one trial, for `revsweep show`.
///
/// It is made of values that were read before, so that a test can compare its text.
public struct TrialDetail: Sendable {
    public var file: SweepFile
    public var record: SweepRecord
    /// The sweep's own folder, absolute.
    public var directory: String
    public var trial: TrialRecord
    /// By name, what it has reported and what of that still counts.
    public var metrics: [String: MetricSummary]
    /// In the order of their numbers.
    public var attempts: [TrialAttempt]
    /// What was decided about it, in the order it was decided.
    public var decisions: [TrialDecision]
    /// The trials that run with its values again.
    public var reruns: [Int]
    /// Its place among the complete trials, from 1, and their number; nil if it is not complete.
    public var rank: (place: Int, of: Int)?
    /// Whether no other trial dominates it, where there are several objectives.
    public var isOnFront: Bool
    /// The last lines of its logs, by the names of the files.
    public var logs: [(name: String, lines: [String])]

    /// Reads what is known of a trial.
    ///
    /// - Parameters:
    ///   - logs: the last lines of its logs, by the names of the files.
    /// - Throws: `SweepStoreError`.
    public init(
        of trial: TrialRecord, in store: SweepStore, file: SweepFile, record: SweepRecord, directory: String,
        logs: [(name: String, lines: [String])]
    ) throws {
        (self.trial, self.file, self.record, self.directory, self.logs) = (trial, file, record, directory, logs)
        var metrics: [String: MetricSummary] = [:]
        try store.forEachCountedReport(ofTrial: trial.number) { report in
            metrics[report.name, default: MetricSummary()].add(report.value, step: report.step)
        }
        self.metrics = metrics
        attempts = TrialAttempt.all(in: try store.events(ofTrial: trial.number))
        decisions = try store.decisions(ofTrial: trial.number)
        reruns = try store.reruns(ofTrial: trial.number)
        isOnFront = try store.front().contains(trial.number)
        rank = try trial.state == .complete ? store.rank(ofTrial: trial.number) : nil
    }

    /// The trial's own folder, absolute.
    public var folder: String { "\(directory)/\(TrialRecord.folder(of: trial.number))" }

    /// Where its values come from.
    public var provenance: String {
        if let first = trial.replicateOf { return "another seed of trial \(first)" }
        if let source = trial.source {
            return trial.isImported ? "imported: \(source.words)" : "the values of \(source.words) again"
        }
        switch trial.origin {
        case .enqueued: return "enqueued by hand"
        case .sampled: return "chosen by \(file.sweep.sampler.name.rawValue)"
        }
    }

    /// The trainer's command as it was run, launcher included. Environment variables in it are left as they are named,
    /// since their values may be secret.
    public var command: [String] { arguments { "$\($0)" } }

    /// The same as one line for a shell, which fills in the environment variables that are named in it.
    public var shellCommand: String {
        // No argument of a process has a NUL in it, so it can mark the names of variables.
        arguments { "\0\($0)\0" }.map(Self.shellWord).joined(separator: " ")
    }

    /// - Parameter variable: what stands for the environment variable of a name.
    private func arguments(_ variable: @escaping @Sendable (String) -> String) -> [String] {
        let sweep = file.sweep
        let hasConfig = record.base != nil
        let context = CommandTemplate.Context(
            config: hasConfig ? "\(folder)/\(file.configName)" : nil, trialDirectory: folder,
            sweepDirectory: file.directory,
            number: trial.number, attempt: max(1, trial.attempt), seed: trial.seed, resources: sweep.resources,
            parameters: trial.parameters.map { ($0.name, $0.value) }, written: sweep.written,
            variable: { $0 == "HOME" ? CommandTemplate.environmentVariable($0) : variable($0) })
        var trainer = sweep.trainer.command.arguments(in: context)
        // A bare name stands for the program that PATH had for it.
        if let program = record.program, let first = trainer.first, program.hasSuffix("/\(first)") {
            trainer[0] = program
        }
        return (sweep.launcher?.command.arguments(in: context) ?? []) + trainer
    }

    /// An argument as a shell reads it: in quotes where it needs them, but so that it fills in variables.
    private static func shellWord(_ argument: String) -> String {
        let parts = argument.split(separator: "\0", omittingEmptySubsequences: false)
        var word = ""
        for (index, part) in parts.enumerated() {
            if index % 2 == 0 {
                if !part.isEmpty { word += ShellWord.text(String(part)) }
            } else {
                // A value of the sweep file may hold any character, and what it says is not to be run.
                guard part.utf8.allSatisfy(isPartOfName) else { return ShellWord.text(argument) }
                word += "\"$\(part)\""
            }
        }
        return word.isEmpty ? ShellWord.text("") : word
    }

    /// Whether a byte may be in the name of an environment variable.
    private static func isPartOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
