import Foundation
import ImportanceAnalysis
import Plots
import SweepFile
import SweepModel
import SweepReport
import SweepSearch
import SweepStore

/// What pictures of a sweep are drawn from.
public struct PictureData {
    let name: String
    let metric: Metric
    let trials: [TrialRecord]
    let curves: [ChartCurve]
    let attempts: [ChartAttempt]
    let analysis: PedANOVA
    /// The parameters of which there are different values.
    let varying: Set<String>
    private let space: SearchSpace
    private let decisions: [TrialDecision]

    /// A picture with more curves is a grey area; these are the last ones.
    private static let maxCurves = 1000

    /// - Throws: `SweepStoreError`.
    public init(_ store: SweepStore, _ file: SweepFile, _ record: SweepRecord) throws {
        name = record.name
        metric = file.sweep.metric
        space = file.sweep.space
        var trials: [TrialRecord] = []
        var curves: [ChartCurve] = []
        _ = try store.forEachTrial(reporting: file.sweep.metric.name) { trial, reports in
            trials.append(trial)
            if reports.count < 2 { return }
            let sorted = reports.sorted { $0.step < $1.step }
            curves.append(
                ChartCurve(
                    outcome: Plots.Outcome(trial.state), steps: sorted.map { Double($0.step) },
                    values: sorted.map(\.value)))
        }
        self.trials = trials
        self.curves = Array(curves.suffix(Self.maxCurves))
        varying = Set(ParameterNames.varying(record.parameterNames, over: trials))
        analysis = PedANOVA(of: trials, in: file.sweep.space, metric: file.sweep.metric)
        decisions = try store.decisions()
        attempts = Self.attempts(try store.events(), trials)
    }

    var goal: Goal { metric.goal == .maximize ? .maximize : .minimize }

    var outcomes: [Plots.Outcome] { trials.map { Plots.Outcome($0.state) } }

    var values: [Double?] { trials.map(\.value) }

    /// The values of complete trials: those of others cannot be compared with them.
    var completeValues: [Double?] { trials.map { $0.state == .complete ? $0.value : nil } }

    // MARK: Parameters

    var parameters: [ChartParameter] { space.parameters.filter { varying.contains($0.name) }.map(chart) }

    /// Those that vary, the most important first.
    var mostImportant: [ChartParameter] {
        let names = analysis.importances.map(\.name).filter(varying.contains)
        return names.compactMap { name in space.parameters.first { $0.name == name } }.map(chart)
    }

    /// What is inactive in a trial is no number there, but has a rail of its own.
    private func chart(_ parameter: Parameter) -> ChartParameter {
        let values = trials.map { $0.parameters[parameter.name] }
        switch parameter.distribution {
        case .choice(let choices, _), .ordinal(let choices):
            let words = choices.map(HumanText.value)
            return ChartParameter(parameter.name, categories: words, values: values.map { $0.map(HumanText.value) })
        case .real(let axis, _, _), .quantized(let axis, _, _, _):
            return ChartParameter(parameter.name, isLog: axis.isLogarithmic, values: values.map { $0?.asNumber })
        case .integer(_, _, _, let log):
            return ChartParameter(parameter.name, isLog: log, values: values.map { $0?.asNumber })
        }
    }

    // MARK: What happened

    var failures: [(reason: String, count: Int)] {
        var counts: [(reason: String, count: Int)] = []
        for trial in trials where trial.state == .failed || trial.state == .diverged {
            let reason = trial.state == .diverged ? "diverged" : trial.reason?.description ?? "failed"
            if let place = counts.firstIndex(where: { $0.reason == reason }) {
                counts[place].count += 1
            } else {
                counts.append((reason, 1))
            }
        }
        return counts
    }

    var rungs: [(resource: Double, trials: [(value: Double, goesOn: Bool)])] {
        let groups = Dictionary(grouping: decisions.filter { $0.action != .promote }, by: \.step)
        return groups.keys.sorted().map { step in
            (Double(step), (groups[step] ?? []).map { ($0.value, $0.action == .goOn) })
        }
    }

    /// The database does not say which slot an attempt had: each gets the first that is free.
    private static func attempts(_ events: [EventRecord], _ trials: [TrialRecord]) -> [ChartAttempt] {
        let byTrial = Dictionary(grouping: events.filter { $0.trial != nil }, by: { $0.trial ?? 0 })
        let all = byTrial.flatMap { number, events in
            TrialAttempt.all(in: events).map { (trial: number, attempt: $0) }
        }.sorted { ($0.attempt.started, $0.trial) < ($1.attempt.started, $1.trial) }
        guard let start = all.first?.attempt.started else { return [] }
        var free: [Double] = []
        return all.map { number, attempt in
            let begin = attempt.started.timeIntervalSince(start)
            let end = attempt.ended.map { $0.timeIntervalSince(start) } ?? begin + (attempt.seconds ?? 0)
            let slot = free.firstIndex { $0 <= begin + 1e-3 } ?? free.count
            if slot == free.count { free.append(end) } else { free[slot] = end }
            let state = trials.indices.contains(number) ? trials[number].state : .running
            return ChartAttempt(
                worker: "\(slot + 1)", start: begin, end: max(begin, end),
                outcome: attempt.outcome == nil ? .running : Plots.Outcome(state))
        }
    }
}

extension Plots.Outcome {
    init(_ state: TrialState) {
        switch state {
        case .complete: self = .complete
        case .pruned: self = .pruned
        case .failed, .diverged: self = .failed
        case .running, .waiting: self = .running
        }
    }
}

extension NumberAxis {
    var isLogarithmic: Bool {
        switch self {
        case .logarithmic, .logNormal: true
        case .linear, .normal: false
        }
    }
}
