import Foundation
import SweepFile
import SweepModel
import SweepSearch
import SweepStore

/// A sweep as a study of Optuna's: each of its trials as one of a study's.
///
///     let export = try OptunaExport(of: store)
///     try export.forEachTrial { try journal.append(JournalText.trial($0)) }
///
/// | ours | Optuna's |
/// |---|---|
/// | complete | COMPLETE with the value of each metric that is optimized; bounds are constraints |
/// | pruned | PRUNED with the last report, as Optuna itself has it |
/// | failed, diverged | FAIL without a value |
/// | running, paused | RUNNING |
/// | waiting, enqueued | WAITING, its values as `fixed_params` |
///
/// What Optuna has no place for is in attributes of the trial, all of which begin with `revsweep:`.
struct OptunaExport {
    let store: SweepStore
    let sweep: Sweep
    let record: SweepRecord
    private(set) var space: OptunaSpace

    /// - Throws: `SweepStoreError`, or `DiagnosticsError` if the stored sweep file is not legal.
    init(of store: SweepStore, _ file: SweepFile) throws {
        self.store = store
        record = try store.sweep()
        sweep = file.sweep
        var space = OptunaSpace(sweep, names: record.parameterNames)
        let hasChanged = try store.hasAcceptedChanges()
        if space.dependsOnTrials || hasChanged {
            try store.forEachTrial { space.include($0.parameters) }
        }
        self.space = space
    }

    /// The study without its trials.
    var study: OptunaStudy {
        var study = OptunaStudy(
            name: record.name,
            directions: sweep.objectives.metrics.map { $0.goal == .maximize ? .maximize : .minimize })
        study.systemAttributes["study:metric_names"] = .list(sweep.objectives.metrics.map { .string($0.name) })
        study.userAttributes["revsweep:sweep_file"] = .string(record.file.text)
        if !space.notes.isEmpty {
            study.userAttributes["revsweep:distributions"] = .mapping(
                space.notes.map { .init($0.name, .string($0.words)) })
        }
        return study
    }

    /// Hands over every trial in the order of its number, and last what is enqueued and has no trial yet.
    ///
    /// - Returns: where the store's news go on.
    /// - Throws: `SweepStoreError`, and whatever `body` throws.
    func forEachTrial(withQueue: Bool = true, _ body: (OptunaTrial) throws -> Void) throws -> SweepStore.Position {
        let decisions = try store.decisionWords()
        let others = try store.otherMetrics(than: sweep.metric.name)
        var count = 0
        var enqueued = EnqueuedList(of: sweep)
        let position = try store.forEachTrial(reporting: sweep.metric.name) { trial, reports in
            count += 1
            if !trial.isImported { enqueued.take(trial) }
            try body(self.trial(trial, reports, decisions[trial.number] ?? [], others[trial.number] ?? [:]))
        }
        guard withQueue else { return position }
        let names = sweep.space.parameters.map(\.name)
        let first = enqueued.rest.map { Assignment($0, namesInOrder: names) }
        for parameters in try first + store.queued().map(\.parameters) {
            var trial = OptunaTrial(number: count, state: .waiting)
            trial.systemAttributes["fixed_params"] = fixed(parameters)
            count += 1
            try body(trial)
        }
        return position
    }

    /// One trial.
    ///
    /// - Parameters:
    ///   - reports: of the sweep's metric, those that count.
    ///   - decisions: what was decided about it, in words.
    ///   - metrics: the last values of other metrics.
    func trial(
        _ record: TrialRecord, _ reports: [SweepStore.Report], _ decisions: [String] = [],
        _ metrics: [String: Double] = [:]
    ) -> OptunaTrial {
        var trial = OptunaTrial(number: record.number, state: Self.state(of: record))
        if trial.state == .waiting {
            trial.systemAttributes["fixed_params"] = fixed(record.parameters)
        } else {
            trial.parameters = parameters(of: record)
            trial.started = record.started ?? record.created
        }
        for report in reports { trial.set(OptunaTrial.Report(step: report.step, value: report.value)) }
        if trial.state.isFinished { trial.ended = record.ended ?? trial.started }
        trial.values = values(of: record, lastReport: reports.last { $0.value.isFinite }?.value)
        trial.userAttributes = attributes(of: record, decisions, metrics)
        trial.systemAttributes.merge(constraints(of: record)) { old, _ in old }
        return trial
    }

    func parameters(of record: TrialRecord) -> [OptunaTrial.Parameter] {
        record.parameters.compactMap { space.parameter($0.name, $0.value) }
    }

    /// Takes in values that lie beyond the ranges so far: those of a normal distribution have no end.
    mutating func include(_ parameters: Assignment) {
        if space.dependsOnTrials { space.include(parameters) }
    }

    func values(of record: TrialRecord, lastReport: Double?) -> [Double] {
        switch record.state {
        case .complete:
            sweep.objectives.metrics.compactMap { sweep.objectives.value(of: $0.name, in: record) }
        // A trial of a study has one value for each direction, or none.
        case .pruned: sweep.objectives.areSeveral ? [] : (lastReport ?? record.value).map { [$0] } ?? []
        case .waiting, .running, .diverged, .failed: []
        }
    }

    /// By how much the trial breaks each bound, as samplers of Optuna's store constraints: 0 or less for one it keeps.
    func constraints(of record: TrialRecord) -> [String: ParameterValue] {
        guard !sweep.objectives.bounds.isEmpty, let vector = sweep.objectives.vector(of: record) else { return [:] }
        return ["constraints": .list(vector.excesses.map { .number($0) })]
    }

    static func state(of record: TrialRecord) -> OptunaTrial.State {
        switch record.state {
        case .complete: .complete
        case .pruned: .pruned
        case .diverged, .failed: .fail
        case .running: .running
        case .waiting: record.reason?.kind == .paused ? .running : .waiting
        }
    }

    /// What Optuna has no place for.
    func attributes(
        of record: TrialRecord, _ decisions: [String] = [], _ metrics: [String: Double] = [:]
    ) -> [String: ParameterValue] {
        var attributes: [String: ParameterValue] = ["revsweep:attempts": .integer(record.attempt)]
        // Optuna has one word for both.
        if record.state == .diverged { attributes["revsweep:state"] = "diverged" }
        if let reason = record.reason { attributes["revsweep:reason"] = .string(reason.description) }
        if let seconds = record.seconds { attributes["revsweep:seconds"] = .number(seconds) }
        if let source = record.source {
            let sweep = source.sweep.map { " of \(URL(fileURLWithPath: $0).lastPathComponent)" }
            attributes["revsweep:source"] = .string("trial \(source.trial)\(sweep ?? "")")
        }
        if !decisions.isEmpty { attributes["revsweep:decisions"] = .list(decisions.map { .string($0) }) }
        let finite = metrics.filter(\.value.isFinite).sorted { $0.key < $1.key }
        if !finite.isEmpty {
            attributes["revsweep:metrics"] = .mapping(finite.map { .init($0.key, .number($0.value)) })
        }
        return attributes
    }

    private func fixed(_ parameters: Assignment) -> ParameterValue {
        .mapping(
            parameters.compactMap { parameter in
                space.parameter(parameter.name, parameter.value).map { .init($0.name, $0.value) }
            })
    }
}

extension SweepStore {
    /// What was decided about each trial, but that it goes on.
    fileprivate func decisionWords() throws -> [Int: [String]] {
        try decisiveDecisions().reduce(into: [:]) { words, decision in
            words[decision.trial, default: []].append(
                "\(decision.action.rawValue) at step \(decision.step): \(decision.reason)")
        }
    }

    /// The last value of each metric but the sweep's own, by trial.
    fileprivate func otherMetrics(than name: String) throws -> [Int: [String: Double]] {
        try lastMetrics().mapValues { $0.filter { $0.key != name } }
    }
}
