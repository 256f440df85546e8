import EarlyStopping
import Foundation
import SweepFile
import SweepModel
import SweepSearch
import SweepStore

/// Knows what every trial has reported of the metric, and decides at each report whether its trial goes on.
///
/// A decision that changes anything is stored together with all reports it rests on before anybody acts on it; that a
/// trial goes on is stored with the next reports. What was decided once about a trial at one step stands, also when
/// another attempt comes there again.
///
/// With a lag L, trial n is compared with the trials up to n − L and no others. They had all ended when it was planned:
/// their curves are complete, so a decision about trial n is a function of its own reports, whatever the timing. What a
/// trainer still prints after it was decided to stop it is no report, or the curves would depend on how fast it stops.
///
///     await judge.attemptBegins(12, at: 1)
///     let decision = try await judge.report(
///         LearningCurve.Point(step: 1, value: 0.9), of: 12, attempt: 1, records: records)
///     // nil: nothing is decided at this step; .goOn: it is noted that the trial goes on;
///     // .prune or .pause: that is stored, and the caller has to stop the trainer
///
/// Values of reports and decisions are as the metric has them. Curves, and the values at rungs, are turned so that
/// lower ones are better.
actor TrialJudge {
    private let pruning: Pruning
    private let metric: Metric
    private let lag: Int?
    /// Where decisions are stored before they are returned.
    private let recorder: MetricRecorder
    private let now: @Sendable () -> Date
    /// By trial number.
    private var curves: [LearningCurve] = []
    /// At which steps it was decided, of the trials that have not ended.
    private var decided: [Int: Set<Int>] = [:]
    /// The rung that a trial comes to next, by its number; none before its first pause. Only where trials pause.
    private var rungsPassed: [Int: Int] = [:]

    init(
        _ pruning: Pruning, metric: Metric, lag: Int?, recorder: MetricRecorder, now: @escaping @Sendable () -> Date
    ) {
        self.pruning = pruning
        self.metric = metric
        self.lag = lag
        self.recorder = recorder
        self.now = now
    }

    /// Takes in what earlier runs of the sweep have left, before anything else.
    ///
    /// - Parameters:
    ///   - states: of all trials, by number.
    ///   - breakingBounds: the numbers of those that are complete and beyond a bound.
    ///   - stored: what they have reported of the metric, by number, in the order of arrival.
    ///   - decisions: those that still hold. A trial that has ended needs none of them.
    func load(
        _ states: [TrialState], breakingBounds: Set<Int>, curves stored: [Int: [(step: Int, value: Double)]],
        decisions: [TrialDecision]
    ) {
        for (trial, state) in states.enumerated() {
            let points = (stored[trial] ?? []).map {
                LearningCurve.Point(step: $0.step, value: metric.minimized($0.value))
            }
            curves.append(
                LearningCurve(
                    trial: trial, points: points,
                    outcome: LearningCurve.Outcome(state, breaksBounds: breakingBounds.contains(trial)), delta: delta,
                    keepsFirst: pruning.isPromoting))
        }
        for decision in decisions where !states[decision.trial].isFinal {
            decided[decision.trial, default: []].insert(decision.step)
            if decision.action == .pause { rungsPassed[decision.trial] = decision.rung.map { $0 + 1 } }
        }
    }

    /// A new attempt of the trial begins to report, at this step.
    ///
    /// What an earlier attempt reported from this step on is forgotten: the trainer does it again.
    func attemptBegins(_ trial: Int, at step: Int) {
        reserve(trial)
        curves[trial].goBack(to: step)
    }

    /// Takes a report of the metric, and stores it with the decision if there is one.
    ///
    /// - Parameter records: this report, and what was reported before it and is not stored yet.
    /// - Returns: nil where nothing is decided, and the trial goes on.
    func report(
        _ point: LearningCurve.Point, of trial: Int, attempt: Int, records: [MetricRecord]
    ) async throws -> TrialDecision? {
        append(point, to: trial)
        guard curves[trial].points.last?.step == point.step, let decision = decision(trial, attempt: attempt) else {
            try await recorder.append(records)
            return nil
        }
        guard decision.action == .goOn else { return try await commit(decision, records) }
        decided[trial, default: []].insert(point.step)
        try await recorder.append(records, decision)
        return decision
    }

    /// Takes a report of a trial that is to pause: its trainer was faster than the decision. What it reports now it
    /// will not report again when it goes on.
    func late(_ point: LearningCurve.Point, of trial: Int, records: [MetricRecord]) async throws {
        append(point, to: trial)
        try await recorder.append(records)
    }

    /// Decides whether a promoted trial needs to run at all: it may have come to the next rung already, before its
    /// trainer heard that it was to pause.
    ///
    /// - Returns: the decision to pause at the next rung, which is stored; nil if the trial has to run, and always
    ///   where trials do not pause.
    func attemptIsDue(_ trial: Int, attempt: Int) async throws -> TrialDecision? {
        guard case .promoting = pruning, curves.indices.contains(trial),
            let decision = decision(trial, attempt: attempt)
        else { return nil }
        return try await commit(decision, [])
    }

    private func append(_ point: LearningCurve.Point, to trial: Int) {
        reserve(trial)
        curves[trial].append(LearningCurve.Point(step: point.step, value: metric.minimized(point.value)))
    }

    /// Stores a decision that changes something, with the reports it rests on, before the caller can act on it.
    private func commit(_ decision: TrialDecision, _ records: [MetricRecord]) async throws -> TrialDecision {
        decided[decision.trial, default: []].insert(decision.step)
        if decision.action == .pause { rungsPassed[decision.trial] = decision.rung.map { $0 + 1 } }
        try await recorder.commit(records, decision)
        return decision
    }

    /// The rungs from this one on that a trial has come to.
    func passes(of trial: Int, from rung: Int) -> [SweepState.RungPass] {
        guard case .promoting(let rungs) = pruning, curves.indices.contains(trial) else { return [] }
        return rungs.passes(of: curves[trial], from: rung)
    }

    /// What the trial has reported at the steps at which trials are compared, for samplers; lower is better.
    func progress(of trial: Int) -> [Double] {
        curves.indices.contains(trial) ? pruning.progress(of: curves[trial], metric.rule) : []
    }

    /// The trial has ended for good.
    ///
    /// - Parameters:
    ///   - breaksBounds: whether it is complete and beyond a bound. Others are then compared with it as with one that
    ///     failed: it would stop those that keep the bounds.
    ///   - late: what it reported after it was decided to prune it, where that counts after all.
    func ended(_ trial: Int, _ state: TrialState, breaksBounds: Bool, late: [LearningCurve.Point]) {
        for point in late { append(point, to: trial) }
        reserve(trial)
        curves[trial].outcome = LearningCurve.Outcome(state, breaksBounds: breaksBounds)
        decided[trial] = nil
        rungsPassed[trial] = nil
    }

    /// What is decided about a trial by its curve, if that was not decided before.
    private func decision(_ trial: Int, attempt: Int) -> TrialDecision? {
        guard var point = curves[trial].points.last else { return nil }
        let action: TrialDecision.Action
        let words: String
        var passedRung: Int?
        switch pruning {
        case .stopping(let pruner):
            if decided[trial]?.contains(point.step) == true { return nil }
            // What is known of later trials, and of earlier ones that may still run, is a matter of timing.
            let known = lag.map { curves.prefix(max(0, trial - $0 + 1)) } ?? curves[...]
            switch pruner.decide(curves[trial], among: known) {
            case .goOn(let reason): (action, words) = (.goOn, reason.words(maximizing: metric.goal == .maximize))
            case .prune(let reason): (action, words) = (.prune, reason.words(maximizing: metric.goal == .maximize))
            case nil: return nil
            }
        case .promoting(let rungs):
            let rung = rungsPassed[trial] ?? 0
            guard let rungStep = rungs.step(of: rung), let reached = curves[trial].point(from: rungStep) else {
                return nil
            }
            point = reached
            (action, words, passedRung) = (.pause, "paused at rung \(rung), step \(rungStep)", rung)
        }
        return TrialDecision(
            trial: trial, attempt: attempt, step: point.step, rung: passedRung,
            value: metric.minimized(point.value), action: action, reason: words, at: now())
    }

    /// Makes sure that the trial has a curve: a trial that has not reported yet has an empty one.
    private func reserve(_ trial: Int) {
        while curves.count <= trial {
            curves.append(LearningCurve(trial: curves.count, delta: delta, keepsFirst: pruning.isPromoting))
        }
    }

    /// How much lower a value must be to count as an improvement, in units of the metric.
    private var delta: Double {
        switch pruning {
        case .stopping(let pruner): pruner.improvementDelta
        case .promoting: 0
        }
    }
}

extension LearningCurve.Outcome {
    /// A pruned trial is `open`: its curve is right as far as it goes, and it has no last value.
    fileprivate init(_ state: TrialState, breaksBounds: Bool) {
        self =
            switch state {
            case .complete: breaksBounds ? .failed : .complete
            case .failed, .diverged: .failed
            case .waiting, .running, .pruned: .open
            }
    }
}

extension Rungs {
    /// The rungs from this one on that a trial with this curve has come to.
    func passes(of curve: LearningCurve, from rung: Int) -> [SweepState.RungPass] {
        var passes: [SweepState.RungPass] = []
        while let step = step(of: rung + passes.count), let point = curve.point(from: step) {
            passes.append(SweepState.RungPass(rung: rung + passes.count, step: point.step, value: point.value))
        }
        return passes
    }
}
