import Foundation
import Plots
import SweepModel
import SweepReport
import SweepSearch

/// What pictures of a sweep are drawn from.
///
///     let data = PictureData(try SweepSnapshot(store, file, record))
public struct PictureData {
    private let snapshot: SweepSnapshot
    private let knownRanking: ParameterRanking?
    private let knownModel: ModelSummary?
    /// The parameters of which there are different values.
    let varying: Set<String>

    public init(_ snapshot: SweepSnapshot) { self.init(snapshot, ranking: nil, model: nil) }

    /// - Parameters:
    ///   - ranking: which parameters matter, if that has been computed; it is else when a picture needs it.
    ///   - model: what a model of the trials says, likewise.
    init(_ snapshot: SweepSnapshot, ranking: ParameterRanking?, model: ModelSummary?) {
        self.snapshot = snapshot
        knownRanking = ranking
        knownModel = model
        varying = snapshot.varying
    }

    var name: String { snapshot.record.name }

    var objectives: Objectives { snapshot.file.sweep.objectives }

    /// Of several the first.
    var metric: Metric { objectives.metric }

    var trials: [TrialRecord] { snapshot.trials }

    /// Which parameters matter.
    var ranking: ParameterRanking { knownRanking ?? ParameterRanking(snapshot) }

    var goal: Goal { metric.goal == .maximize ? .maximize : .minimize }

    var outcomes: [Plots.Outcome] { trials.map { Plots.Outcome($0.state) } }

    var values: [Double?] { trials.map(\.value) }

    /// The values of complete trials: those of others cannot be compared with them.
    var completeValues: [Double?] { trials.map { $0.state == .complete ? $0.value : nil } }

    /// What trials reported, step by step; a trial with a single report has no curve.
    var curves: [ChartCurve] {
        let curves = zip(trials, snapshot.reports.lists).filter { $0.1.count > 1 }
        return curves.map { trial, reports in
            ChartCurve(
                outcome: Plots.Outcome(trial.state), steps: reports.map { Double($0.step) },
                values: reports.map(\.value))
        }
    }

    // MARK: Parameters

    private var space: SearchSpace { snapshot.file.sweep.space }

    var parameters: [ChartParameter] { space.parameters.filter { varying.contains($0.name) }.map(chart) }

    /// Those that vary, the most important first.
    var mostImportant: [ChartParameter] {
        ranking.rows.compactMap { space[$0.name] }.map(chart)
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

    /// What a model of the trials expects along each parameter.
    var dependences: [ChartDependence] {
        (knownModel ?? ModelSummary(snapshot)).dependences.compactMap { curve -> ChartDependence? in
            guard let parameter = space[curve.parameter] else { return nil }
            let (means, lower) = (curve.estimates.map(\.mean), curve.estimates.map(\.low))
            let (upper, numbers) = (curve.estimates.map(\.high), curve.values.compactMap(\.asNumber))
            switch parameter.distribution {
            case .choice, .ordinal:
                let words = curve.values.map(HumanText.value)
                return ChartDependence(parameter.name, categories: words, mean: means, lower: lower, upper: upper)
            case .real(let axis, _, _), .quantized(let axis, _, _, _):
                return ChartDependence(
                    parameter.name, isLog: axis.isLogarithmic, x: numbers, mean: means, lower: lower, upper: upper)
            case .integer(_, _, _, let log):
                return ChartDependence(
                    parameter.name, isLog: log, x: numbers, mean: means, lower: lower, upper: upper)
            }
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
        let groups = Dictionary(
            grouping: snapshot.decisions.joined().filter { $0.action != .promote }, by: \.step)
        return groups.keys.sorted().map { step in
            (Double(step), (groups[step] ?? []).map { ($0.value, $0.action == .goOn) })
        }
    }

    /// In the order in which they began. What still runs is drawn until the last thing that is known of the sweep.
    var attempts: [ChartAttempt] {
        let all = zip(trials, snapshot.attempts).flatMap { trial, attempts in attempts.map { (trial.state, $0) } }
        return all.sorted { ($0.1.attempt.started, $0.1.slot) < ($1.1.attempt.started, $1.1.slot) }.map {
            state, placed in
            let attempt = placed.attempt
            let begin = attempt.started.timeIntervalSince(snapshot.start)
            let end = (attempt.end ?? snapshot.end).timeIntervalSince(snapshot.start)
            return ChartAttempt(
                worker: "\(placed.slot + 1)", start: begin, end: max(begin, end),
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
