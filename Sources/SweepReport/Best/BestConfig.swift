import ConfigFile
import Foundation
import SweepFile
import SweepModel
import SweepSearch
import SweepStore

/// The best trials of a sweep as configurations that can be run: the base configuration with a trial's values in it.
///
/// A configuration says in comments which trial it is from, so that a file that was copied away can still be traced.
///
///     let best = BestConfig(file: file, record: try store.sweep(), trials: try store.trials())
///     if let trial = best.trials.first { print(try best.yaml(of: trial)) }
public struct BestConfig: Sendable {
    public var file: SweepFile
    public var record: SweepRecord
    /// The complete trials, the best first.
    public var trials: [TrialRecord]
    /// Where there are several objectives, the trials that no other one dominates.
    public let front: [TrialRecord]
    /// What fresh seeds have shown of the best trials; nil if that is not known.
    public private(set) var confirmed: ConfirmedBest?
    /// What several seeds have shown of each configuration; nil where each is run once.
    public let replicated: ReplicatedBest?
    /// The trial of which a model expects most; nil where that was not asked, or where the model sees no noise.
    public private(set) var expected: ExpectedBest?
    /// The trial with the best value.
    private let luckiest: TrialRecord?

    /// - Parameters:
    ///   - trials: in any order; those that are not complete are left out.
    ///   - confirmed: where the best trial is one of those that were run again, these come first, in the order that
    ///     fresh seeds have shown. A better trial that came later has not been run again, and comes before them.
    ///   - expecting: whether, where nothing was confirmed, a model is asked which trial is best: it comes first then.
    public init(
        file: SweepFile, record: SweepRecord, trials: [TrialRecord], confirmed: ConfirmedBest? = nil,
        expecting: Bool = false
    ) {
        self.file = file
        self.record = record
        self.confirmed = confirmed
        let objectives = file.sweep.objectives
        let ranked = objectives.ranked(trials)
        self.trials = ranked
        self.front = objectives.areSeveral ? objectives.front(of: trials) : []
        luckiest = ranked.first
        replicated = ReplicatedBest(of: trials, in: file.sweep)
        guard let first = ranked.first else { return }
        var front: [TrialRecord] = []
        if let confirmed,
            (replicated?.configurations.first?.numbers ?? [first.number]).contains(where: confirmed.covers)
        {
            front = confirmed.order.compactMap { number in ranked.first { $0.number == number } }
            // The bounds may have changed since.
            if objectives.keepsBounds(first) { front.removeAll { !objectives.keepsBounds($0) } }
        } else if replicated == nil, expecting, objectives.areOne, let expected = ExpectedBest(among: trials, in: file)
        {
            self.expected = expected
            front = [expected.trial]
        }
        // Of a configuration with several seeds one trial is enough.
        let numbers = Set(front.flatMap { replicated?.configuration(of: $0.number)?.numbers ?? [$0.number] })
        let others = replicated.map { $0.configurations.map(\.trial).filter { $0.state == .complete } } ?? ranked
        self.trials = front + others.filter { !numbers.contains($0.number) }
    }

    /// What is known of a trial beside its value: what fresh or several seeds have shown, or what a model expects; a
    /// sentence.
    ///
    ///     confirmed: 0.97222 (0.968 to 0.97644) with 10 fresh seeds
    ///     seeds: 0.331, the mean of 3 seeds (0.302 to 0.36): trials 12, 40 and 41
    ///     expected: 0.96653 ± 0.0021; the model takes ± 0.0048 of a single value for chance; the best value, 0.97222,
    ///     is trial 40's
    public func remarks(on trial: TrialRecord) -> [String] {
        let broken = file.sweep.objectives.brokenBounds(of: trial)
        if !broken.isEmpty {
            let isAnyGood = trials.contains(where: file.sweep.objectives.keepsBounds)
            let isFirst = !isAnyGood && trials.first?.number == trial.number
            return [isFirst ? "no trial keeps the bounds, and this one exceeds them least: \(broken)" : broken]
        }
        if let words = confirmed?.words(of: trial.number) { return ["confirmed: \(words)"] }
        if let words = replicated?.words(of: trial.number) {
            let seeds = replicated?.configuration(of: trial.number)?.trials ?? []
            return ["seeds: \(words)" + luckiestWords(besides: seeds)]
        }
        guard let expected, expected.trial.number == trial.number else { return [] }
        let sentence =
            "expected: \(expected.words); the model takes ± \(HumanText.formatted("%.2g", expected.noise)) of a single "
            + "value for chance"
        return [sentence + luckiestWords(besides: [trial])]
    }

    /// Which trial has the best value, unless one of these has it.
    private func luckiestWords(besides trials: [TrialRecord]) -> String {
        guard let luckiest, let value = luckiest.value, !trials.contains(where: { $0.value == value }) else {
            return ""
        }
        return "; the best value, \(HumanText.number(value)), is trial \(luckiest.number)'s"
    }

    /// The configuration of one trial: the text of the base, comments included, with the trial's values in it. Where
    /// there is no base it holds the values alone. The comments on top say where it comes from; a file of JSON can have
    /// none.
    ///
    /// - Throws: `DiagnosticsError` if no text of the base can hold the values.
    public func yaml(of trial: TrialRecord) throws(DiagnosticsError) -> String {
        let assignment = assignment(of: trial)
        var text =
            try file.configText(for: assignment, seed: trial.seed)
            ?? file.writtenNode(of: assignment).yaml(.unambiguous)
        if let base = file.base, base.isJSON, base.source.path.hasSuffix(".json") { return text }
        let isMarked = text.unicodeScalars.first == "\u{FEFF}"
        if isMarked { text.unicodeScalars.removeFirst() }
        return (isMarked ? "\u{FEFF}" : "") + provenance(trial).map { "# \($0)\n" }.joined() + text
    }

    /// Several configurations as the documents of one YAML text.
    ///
    /// - Throws: `DiagnosticsError` if no text of the base can hold the values of one of them.
    public func yaml(of trials: [TrialRecord]) throws(DiagnosticsError) -> String {
        var result = ""
        for trial in trials {
            var text = try yaml(of: trial)
            if !result.isEmpty {
                if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
                if result.unicodeScalars.last != "\n" { result += "\n" }
                let first = text.split(whereSeparator: \.isNewline).first { !$0.hasPrefix("#") } ?? ""
                // A base may begin with its own '---', which must not be doubled, or with a directive such as `%YAML
                // 1.2`, which YAML allows only after the marker '...' that ends a document.
                result += first.hasPrefix("%") ? "...\n" : first.hasPrefix("---") ? "" : "---\n"
            }
            result += text
        }
        return result
    }

    /// One object for programs: the trial's number, its value, its parameters and its whole configuration.
    public func node(of trial: TrialRecord) -> ConfigNode {
        let objectives = file.sweep.objectives.entries(of: trial, front: Set(front.map(\.number)))
        return ConfigNode(.mapping(common(trial).entries + objectives))
    }

    private func common(_ trial: TrialRecord) -> ConfigNode {
        .object([
            "sweep": .string(record.name),
            "number": .integer(trial.number),
            "metric": .string(record.metric.name),
            "value": trial.value.map { .number($0) },
            "seed": .integer(Int(clamping: trial.seed)),
            "params": trial.parametersNode.value,
            "config": config(of: trial).value,
            "confirmed": confirmed?.result(of: trial.number).map { result in
                ConfigNode.object([
                    "mean": result.mean.map { .number($0) }, "low": result.low.map { .number($0) },
                    "high": result.high.map { .number($0) }, "seeds": .integer(result.count),
                ]).value
            },
            "replicates": replicated?.node(of: trial.number)?.value,
            "expected": expected.flatMap { expected in
                expected.trial.number != trial.number
                    ? nil
                    : ConfigNode.object([
                        "mean": .number(expected.mean), "deviation": .number(expected.deviation),
                        "noise": .number(expected.noise),
                    ]).value
            },
        ])
    }

    /// The whole configuration as values; the parameters alone where the sweep has no base.
    public func config(of trial: TrialRecord) -> ConfigNode {
        file.config(for: assignment(of: trial), seed: trial.seed) ?? trial.parametersNode
    }

    private func assignment(of trial: TrialRecord) -> Assignment {
        Assignment(trial.parameters.valuesByName, in: file.sweep.space)
    }

    /// Where a configuration comes from, a line each.
    private func provenance(_ trial: TrialRecord) -> [String] {
        let sweep = file.sweep
        let objectives = record.objectives
        let values = objectives.measured.map { metric in
            let bounds = objectives.bounds.filter { $0.metric == metric.name }.map(\.description)
            let goal = objectives.metrics.contains(metric) ? [metric.goal.rawValue] : []
            return "\(metric.name) = \(objectives.value(of: metric.name, in: trial)?.description ?? "unknown") "
                + "(\((goal + bounds + ["\(metric.rule.rawValue) value"]).joined(separator: ", ")))"
        }
        // While the sweep runs, the best trial alone is known here.
        let isOnFront = front.count > 1 && front.contains { $0.number == trial.number }
        let lines = [
            "trial \(trial.number) of the sweep '\(record.name)': \(values.joined(separator: ", "))"
                + (isOnFront ? "; one of \(front.count) trials that no other one dominates" : ""),
            "chosen by \(trial.origin == .enqueued ? "hand" : sweep.sampler.name.rawValue), sampler seed "
                + "\(sweep.sampler.seed), trial seed \(trial.seed); ended \(trial.ended?.timestamp ?? "never")",
            "sweep file \(record.file.path)" + (record.base.map { ", base configuration \($0.path)" } ?? ""),
        ]
        return (lines.prefix(1) + remarks(on: trial) + lines.dropFirst()).map { $0.replacing("\n", with: " ") }
    }
}
