import EarlyStopping
import SweepFile
import SweepModel
import SweepSearch
import SweepStore

/// What earlier runs have left of a sweep, made ready for another.
struct SweepPast: Sendable {
    /// By number.
    let states: [TrialState]
    /// The numbers of those that are complete and beyond a bound.
    let breakingBounds: Set<Int>
    /// All trials; what plans may rest on is only learned when `SweepState` says so.
    let history: TrialHistory
    /// So far, in their order.
    let turns: [SweepState.Turn]
    /// Of the metric, by trial; see `SweepStore.curves`. Empty where nothing is pruned; without those of further seeds,
    /// which are not compared with others.
    let curves: [Int: [(step: Int, value: Double)]]
    /// Those that still hold; empty where nothing is pruned.
    let decisions: [TrialDecision]

    /// Reads the store of a sweep that is not running. A trial that was to be pruned when its planner was killed is
    /// pruned now: what was decided stands, whether or not its trainer would come to that step again.
    ///
    /// The store is checked on the way, since what is read here decides what the sweep does next: a contradiction in it
    /// is an error, and not a guess.
    ///
    /// - Throws: `SweepStoreError`, as `damaged` where the tables contradict each other.
    init(of context: SweepContext) async throws {
        let store = context.store
        let sweep = context.file.sweep
        decisions = sweep.pruning == nil ? [] : try store.decisionsInForce()
        var stored = sweep.pruning == nil ? [:] : try store.curves(ofMetric: sweep.metric.name)
        try await Self.prune(by: decisions, curves: stored, context)
        let valuesAtPauses = Dictionary(grouping: decisions.filter { $0.action == .pause }, by: \.trial)
            .mapValues { $0.map { sweep.metric.minimized($0.value) } }
        var history = TrialHistory(of: sweep)
        var states: [TrialState] = []
        var breakingBounds: Set<Int> = []
        var results: [SweepState.TurnResult?] = []
        try store.forEachTrial { trial in
            if history.isFurtherSeed(trial) { stored[trial.number] = nil }
            history.append(
                trial, progress: sweep.progress(stored[trial.number] ?? []), pauses: valuesAtPauses[trial.number] ?? [])
            states.append(trial.state)
            let breaksBounds = sweep.objectives.breaksBounds(trial)
            if breaksBounds { breakingBounds.insert(trial.number) }
            results.append(
                trial.state.isFinal
                    ? .ended(trial.state, reachesTarget: sweep.reachesTarget(trial), breaksBounds: breaksBounds) : nil)
        }
        let curves = stored
        (self.history, self.states, self.curves) = (history, states, curves)
        self.breakingBounds = breakingBounds
        if states.contains(.running) { throw store.damaged("table 'trial': a running trial was not recovered") }
        if let decision = decisions.first(where: { !states.indices.contains($0.trial) }) {
            throw store.damaged("table 'decision': there is no trial \(decision.trial)")
        }
        if case .promoting(let rungs) = sweep.pruning {
            let past = PausedPast(rungs: rungs, metric: sweep.metric, states: states, results: results, curves: curves)
            turns = try past.turns(decisions, store)
        } else {
            turns = results.enumerated().map { SweepState.Turn(trial: $0, result: $1) }
        }
    }

    /// Prunes the trials for which that was decided, and which have not ended.
    private static func prune(
        by decisions: [TrialDecision], curves: [Int: [(step: Int, value: Double)]], _ context: SweepContext
    ) async throws {
        let (store, sweep) = (context.store, context.file.sweep)
        for decision in decisions where decision.action == .prune {
            guard let trial = try store.trial(decision.trial), !trial.state.isFinal else { continue }
            let values = (curves[decision.trial] ?? []).filter { $0.step <= decision.step }.map(\.value)
            try await store.prune(
                decision.trial, nil, because: sweep.reasonToPrune(decision.reason, lag: context.lag),
                value: sweep.metric.value(of: values + [decision.value]), at: context.now())
        }
    }
}

/// The trials of a sweep in which they pause, from which its turns are told again: one for each time that a trial was
/// planned or promoted.
private struct PausedPast {
    let rungs: Rungs
    let metric: Metric
    /// By number, like the next.
    let states: [TrialState]
    /// Nil for a trial that has not ended.
    let results: [SweepState.TurnResult?]
    let curves: [Int: [(step: Int, value: Double)]]

    /// - Parameter decisions: those that still hold.
    /// - Throws: `SweepStoreError`, as `damaged` where the tables contradict each other.
    func turns(_ decisions: [TrialDecision], _ store: SweepStore) throws -> [SweepState.Turn] {
        var pauses = Dictionary(grouping: decisions.filter { $0.action == .pause }, by: \.trial).mapValues { $0[...] }
        guard pauses.values.allSatisfy({ $0.map(\.rung) == $0.indices.map { $0 } }) else {
            throw store.damaged("table 'decision': a trial did not pause at one rung after the other")
        }
        let order = try store.turns()
        var known = 0
        for trial in order where (0...known).contains(trial) { known = max(known, trial + 1) }
        guard known == states.count, order.allSatisfy(states.indices.contains) else {
            throw store.damaged("table 'event': the trials were not planned in the order of their numbers")
        }
        var turnsLeft = order.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
        return order.map { trial in
            turnsLeft[trial, default: 0] -= 1
            guard let pause = pauses[trial]?.popFirst(), let rung = pause.rung else {
                return SweepState.Turn(trial: trial, result: results[trial])
            }
            let isLast = turnsLeft[trial] == 0
            let result: SweepState.TurnResult =
                isLast && states[trial].isFinal && states[trial] != .pruned
                ? ownEnd(of: trial, passing: rung)
                : .paused(rung: rung, step: pause.step, value: metric.minimized(pause.value))
            return SweepState.Turn(trial: trial, result: result)
        }
    }

    /// The end of a trial that was to pause at a rung, and whose trainer came to its own end first.
    private func ownEnd(of trial: Int, passing rung: Int) -> SweepState.TurnResult {
        let points = (curves[trial] ?? []).map {
            LearningCurve.Point(step: $0.step, value: metric.minimized($0.value))
        }
        let passed = rungs.passes(of: LearningCurve(trial: trial, points: points, keepsFirst: true), from: rung)
        var (reachesTarget, breaksBounds) = (false, false)
        if case .ended(_, let reaches, let breaks, _)? = results[trial] {
            (reachesTarget, breaksBounds) = (reaches, breaks)
        }
        return .ended(states[trial], reachesTarget: reachesTarget, breaksBounds: breaksBounds, passing: passed)
    }
}

extension Sweep {
    /// What a trial with these reports of the metric had at the steps at which trials are compared, turned so that
    /// lower is better. Empty where nothing is pruned.
    func progress(_ reports: [(step: Int, value: Double)]) -> [Double] {
        guard let pruning else { return [] }
        let points = reports.map { LearningCurve.Point(step: $0.step, value: metric.minimized($0.value)) }
        return pruning.progress(
            of: LearningCurve(trial: 0, points: points, keepsFirst: pruning.isPromoting), metric.rule)
    }

    /// The reason of a trial that is pruned for this reason. In a sweep with a lag that is decided at a report, however
    /// long its trainer runs: that it may have ended in time would be a matter of timing, and so would be to say so.
    ///
    ///     sweep.reasonToPrune("worse than the median", lag: nil)    // "worse than the median"
    func reasonToPrune(_ reason: String, lag: Int?) -> String {
        lag == nil ? reason : "\(reason); the sweep is reproducible: this counts even if the trainer had ended before"
    }
}
