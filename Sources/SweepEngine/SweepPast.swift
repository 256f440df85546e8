import SweepFile
import SweepSearch
import SweepStore

/// What earlier runs have left of a sweep, made ready for another.
struct SweepPast: Sendable {
    let states: [TrialState]
    let history: TrialHistory
    /// So far, in their order.
    let turns: [SweepState.Turn]
    /// Of the metric, by trial; see `SweepStore.curves`. Empty where nothing is pruned.
    let curves: [Int: [(step: Int, value: Double)]]
    let decisions: [DecisionRecord]

    /// Reads the store of a sweep that nobody runs. A trial that was to be pruned when its planner was killed is pruned
    /// now: what was decided stands, whether or not its trainer would come to that step again.
    init(of runner: SweepRunner) async throws {
        let store = runner.store
        let sweep = runner.file.sweep
        if sweep.pruning != nil {
            decisions = try store.decisions()
            curves = try store.curves(ofMetric: sweep.metric.name)
            for decision in decisions where decision.action == .prune {
                guard let trial = try store.trial(decision.trial), !trial.state.isFinal else { continue }
                let values = (curves[decision.trial] ?? []).prefix { $0.step <= decision.step }.map(\.value)
                let value = sweep.metric.rule == .last ? values.last : values.min { sweep.metric.prefers($0, to: $1) }
                try await store.prune(
                    decision.trial, nil, reason: decision.reason, value: value ?? decision.value, at: runner.now())
            }
        } else {
            (decisions, curves) = ([], [:])
        }
        var history = TrialHistory(of: sweep)
        var states: [TrialState] = []
        var results: [SweepState.TurnResult?] = []
        try store.forEachTrial { trial in
            history.append(trial)
            states.append(trial.state)
            results.append(
                trial.state.isFinal ? .ended(trial.state, reachesTarget: sweep.reachesTarget(trial)) : nil)
        }
        (self.history, self.states) = (history, states)
        if states.contains(.running) { throw store.damaged("table 'trial': a trial runs that nobody has found to run") }
        if let decision = decisions.first(where: { !states.indices.contains($0.trial) }) {
            throw store.damaged("table 'decision': there is no trial \(decision.trial)")
        }
        guard case .promoting = sweep.pruning else {
            turns = results.enumerated().map { SweepState.Turn(trial: $0, result: $1) }
            return
        }
        var pauses = Dictionary(grouping: decisions.filter { $0.action == .pause }, by: \.trial).mapValues { $0[...] }
        var rungs: [Int: Int] = [:]
        let planned = try store.turns()
        var known = 0
        for trial in planned where (0...known).contains(trial) { known = max(known, trial + 1) }
        guard known == states.count, planned.allSatisfy(states.indices.contains) else {
            throw store.damaged("table 'event': the trials were not planned in the order of their numbers")
        }
        turns = planned.map { trial in
            let rung = rungs[trial, default: 0]
            rungs[trial] = rung + 1
            guard let pause = pauses[trial]?.popFirst() else {
                return SweepState.Turn(trial: trial, result: results[trial])
            }
            let value = sweep.metric.goal == .minimize ? pause.value : -pause.value
            return SweepState.Turn(trial: trial, result: .paused(rung: rung, step: pause.step, value: value))
        }
    }
}

extension Sweep {
    /// Whether the trial is complete with a value that is good enough to end the sweep, which it does where it ran.
    func reachesTarget(_ trial: TrialRecord) -> Bool {
        guard trial.state == .complete, !trial.isImported, let value = trial.value, let target = budget.target else {
            return false
        }
        return value == target || metric.prefers(value, to: target)
    }
}
