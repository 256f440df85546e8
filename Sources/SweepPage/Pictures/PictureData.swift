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

    /// The trials that have a curve: not those with a single report.
    private var trialsWithCurve: [Int] { trials.indices.filter { snapshot.reports.lists[$0].count > 1 } }

    /// What trials reported, step by step.
    var curves: [ChartCurve] {
        trialsWithCurve.map { number in
            let reports = snapshot.reports.lists[number]
            return ChartCurve(
                outcome: Plots.Outcome(trials[number].state), steps: reports.map { Double($0.step) },
                values: reports.map(\.value))
        }
    }

    /// The places in `curves` of trials that cannot be the best, since they break a bound.
    var curvesBreakingBounds: Set<Int> {
        let breaking = breakingBounds
        return Set(trialsWithCurve.enumerated().filter { breaking.contains($0.element) }.map(\.offset))
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
        var places: [String: Int] = [:]
        for trial in trials where trial.state == .failed || trial.state == .diverged {
            let reason = trial.state == .diverged ? "diverged" : trial.reason?.description ?? "failed"
            if let place = places[reason] {
                counts[place].count += 1
            } else {
                places[reason] = counts.count
                counts.append((reason, 1))
            }
        }
        return counts
    }

    /// What was decided at each step, once for each trial: one that has paused may be promoted from there later, and
    /// the last decision counts.
    var rungs: [(resource: Double, trials: [(value: Double, goesOn: Bool)])] {
        var steps: [Int: [(value: Double, goesOn: Bool)]] = [:]
        for decisions in snapshot.decisions {
            let last = Dictionary(decisions.map { ($0.step, $0) }, uniquingKeysWith: { _, later in later })
            for (step, decision) in last { steps[step, default: []].append((decision.value, decision.action.goesOn)) }
        }
        return steps.sorted { $0.key < $1.key }.map { step, trials in (Double(step), trials) }
    }

    /// In the order in which they began. What still runs is drawn until the last thing that is known of the sweep.
    var attempts: [ChartAttempt] {
        let all = snapshot.attempts.flatMap(\.self)
        return all.sorted { ($0.attempt.started, $0.slot) < ($1.attempt.started, $1.slot) }.map { placed in
            let attempt = placed.attempt
            let begin = attempt.started.timeIntervalSince(snapshot.start)
            let end = (attempt.end ?? snapshot.end).timeIntervalSince(snapshot.start)
            return ChartAttempt(
                worker: "\(placed.slot + 1)", start: begin, end: max(begin, end), outcome: Plots.Outcome(attempt))
        }
    }
}

extension TrialDecision.Action {
    fileprivate var goesOn: Bool {
        switch self {
        case .goOn, .promote: true
        case .prune, .pause: false
        }
    }
}

extension Plots.Outcome {
    /// How an attempt ended, which need not be how its trial did: that may have run again.
    fileprivate init(_ attempt: TrialAttempt) {
        guard let words = attempt.outcome else {
            self = .running
            return
        }
        // Of one that is tried again the words are the reason alone: it has failed.
        let known: [(beginning: String, outcome: Plots.Outcome)] = [
            ("complete", .complete), ("pruned", .pruned), ("interrupted", .interrupted), ("paused", .interrupted),
        ]
        self = known.first { words.hasPrefix($0.beginning) }?.outcome ?? .failed
    }

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
