import SweepFile
import SweepSearch
import SweepStore

/// What earlier runs have left of a sweep, made ready for another.
struct SweepPast: Sendable {
    let trials: [TrialRecord]
    /// Of the metric, by trial; see `SweepStore.curves`. Empty where nothing is pruned.
    let curves: [Int: [(step: Int, value: Double)]]
    let decisions: [DecisionRecord]
    /// Nil where each trial has one turn.
    let turns: [SweepState.Turn]?

    /// Reads the store of a sweep that nobody runs. A trial that was to be pruned when its planner was killed is pruned
    /// now: what was decided stands, whether or not its trainer would come to that step again.
    init(of runner: SweepRunner) async throws {
        let store = runner.store
        let sweep = runner.file.sweep
        guard let pruning = sweep.pruning else {
            trials = try store.trials()
            (curves, decisions, turns) = ([:], [], nil)
            return
        }
        let found = try store.trials()
        decisions = try store.decisions()
        curves = try store.curves(ofMetric: sweep.metric.name)
        for decision in decisions where decision.action == .prune && !found[decision.trial].state.isFinal {
            let values = (curves[decision.trial] ?? []).prefix { $0.step <= decision.step }.map(\.value)
            let value = sweep.metric.rule == .last ? values.last : values.min { sweep.metric.prefers($0, to: $1) }
            try await store.prune(
                decision.trial, nil, reason: decision.reason, value: value ?? decision.value, at: runner.now())
        }
        let trials = try store.trials()
        self.trials = trials
        switch pruning {
        case .stopping: turns = nil
        case .promoting:
            var pauses = Dictionary(grouping: decisions.filter { $0.action == .pause }, by: \.trial).mapValues {
                $0[...]
            }
            var rungs: [Int: Int] = [:]
            turns = try store.turns().map { trial in
                let rung = rungs[trial, default: 0]
                rungs[trial] = rung + 1
                let result: SweepState.TurnResult?
                if let pause = pauses[trial]?.popFirst() {
                    let value = sweep.metric.goal == .minimize ? pause.value : -pause.value
                    result = .paused(rung: rung, step: pause.step, value: value)
                } else {
                    let record = trials[trial]
                    result =
                        record.state.isFinal
                        ? .ended(record.state, reachesTarget: sweep.reachesTarget(record)) : nil
                }
                return SweepState.Turn(trial: trial, result: result)
            }
        }
    }
}

extension Sweep {
    /// Whether the trial is complete with a value that is good enough to end the sweep.
    func reachesTarget(_ trial: TrialRecord) -> Bool {
        guard trial.state == .complete, let value = trial.value, let target = budget.target else { return false }
        return value == target || metric.prefers(value, to: target)
    }
}
