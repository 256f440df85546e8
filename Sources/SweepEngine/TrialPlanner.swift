import Foundation
import RandomStreams
import SweepFile
import SweepSearch
import SweepStore

/// Chooses the values of each trial. It is a function of the sweep and of what has happened in it: it has no memory.
struct TrialPlanner: Sendable {
    let sweep: Sweep

    /// The streams of random numbers that come from the sweep's seed; part of the meaning of a seed.
    private enum Stream: UInt64 {
        case values = 1
        case trainerSeed = 2
    }

    /// - Parameters:
    ///   - history: all trials so far; the new trial's number is their count.
    ///   - queued: what somebody wants tried next; nil for nothing.
    ///   - knowledge: what the plan may rest on, of each trial.
    /// - Returns: nil if nothing is left to be tried.
    /// - Throws: `AssignmentError` if the enqueued values of this trial are not legal.
    func plan(
        after history: TrialHistory, queued: QueuedTrial?, at time: Date,
        knowing knowledge: (Int) -> SweepState.Knowledge
    ) throws -> TrialRecord? {
        let number = history.trials.count
        var random = RandomStream(seed: sweep.sampler.seed, stream: Stream.values.rawValue, UInt64(number))
        let given =
            number < sweep.enqueued.count
            ? sweep.enqueued[number]
            : queued.map { Dictionary($0.parameters.map { ($0.name, $0.value) }) { first, _ in first } }
        let assignment =
            try given.map { try sweep.space.complete($0, using: &random) }
            ?? suggestion(after: history, knowing: knowledge, using: &random)
        guard let assignment else { return nil }
        var seeds = RandomStream(seed: sweep.sampler.seed, stream: Stream.trainerSeed.rawValue, UInt64(number))
        return TrialRecord(
            number: number, origin: given == nil ? .sampled : .enqueued, seed: seeds.next() >> 33,
            parameters: assignment.map { .init($0.name, $0.value) }, created: time)
    }

    private func suggestion(
        after history: TrialHistory, knowing knowledge: (Int) -> SweepState.Knowledge,
        using random: inout RandomStream
    ) -> Assignment? {
        var observations: [Observation] = []
        var pending: [Assignment] = []
        for (trial, assignment) in zip(history.trials, history.assignments) {
            // With a lag, outcomes that happen to be known early must not count: they may not be known next time.
            let outcome: Outcome? =
                switch knowledge(trial.number) {
                case .nothing: nil
                case .paused(let value): .pruned(value)
                case .ended: outcome(of: trial)
                }
            if let outcome {
                observations.append(Observation(number: trial.number, assignment: assignment, outcome: outcome))
            } else {
                pending.append(assignment)
            }
        }
        let sampler: any Sampler
        let seed = sweep.sampler.seed
        switch sweep.sampler.name {
        case .auto: sampler = AutoSampler(seed: seed)
        case .random: sampler = RandomSampler()
        case .grid:
            return GridSampler(pointsOfContinuum: sweep.sampler.points ?? 1)
                .next(in: sweep.space, given: observations, pending: pending)
        case .sobol: sampler = SobolSampler(seed: seed)
        case .tpe: sampler = TPESampler(seed: seed)
        case .cmaes: sampler = CMAESSampler(seed: seed)
        case .gp: sampler = GPSampler(seed: seed)
        }
        // Whatever the sampler makes of constraints, no trial violates one.
        return sweep.space.feasible(of: sweep.space.constraints.isEmpty ? 1 : 20, using: &random) { random in
            sampler.suggest(from: sweep.space, given: observations, pending: pending, using: &random)
        }
    }

    /// Samplers minimise.
    private func outcome(of trial: TrialRecord) -> Outcome? {
        let value = trial.value.map { sweep.metric.goal == .minimize ? $0 : -$0 }
        switch trial.state {
        case .waiting, .running: return nil
        case .complete: return value.map { .value($0) } ?? .failed
        case .pruned: return .pruned(value)
        case .diverged: return .diverged
        case .failed: return .failed
        }
    }
}

/// The trials of a sweep so far, by number, and the values of each as samplers see them.
struct TrialHistory: Sendable {
    private let space: SearchSpace
    private(set) var trials: [TrialRecord] = []
    private(set) var assignments: [Assignment] = []

    init(_ trials: [TrialRecord], in space: SearchSpace) {
        self.space = space
        for trial in trials { append(trial) }
    }

    mutating func append(_ trial: TrialRecord) {
        trials.append(trial)
        assignments.append(trial.assignment(in: space))
    }

    /// Changes what is known of a trial; its values never change.
    @discardableResult
    mutating func update(_ number: Int, _ change: (inout TrialRecord) -> Void) -> TrialRecord {
        change(&trials[number])
        return trials[number]
    }
}

extension TrialRecord {
    package func assignment(in space: SearchSpace) -> Assignment {
        Assignment(Dictionary(parameters.map { ($0.name, $0.value) }) { first, _ in first }, in: space)
    }
}
