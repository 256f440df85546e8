import Foundation
import RandomStreams
import SweepFile
import SweepSearch
import SweepStore

/// Chooses the values of each trial. It is a function of the sweep and of what has happened in it: it has no memory.
struct TrialPlanner: Sendable {
    let sweep: Sweep
    /// See `Planning.reproducible`.
    let lag: Int?

    /// The streams of random numbers that come from the sweep's seed; part of the meaning of a seed.
    private enum Stream: UInt64 {
        case values = 1
        case trainerSeed = 2
    }

    /// - Parameter history: all trials so far; the new trial's number is their count.
    /// - Returns: nil if nothing is left to be tried.
    /// - Throws: `AssignmentError` if the enqueued values of this trial are not legal.
    func plan(after history: TrialHistory, at time: Date) throws -> TrialRecord? {
        let number = history.trials.count
        var random = RandomStream(seed: sweep.sampler.seed, stream: Stream.values.rawValue, UInt64(number))
        let isEnqueued = number < sweep.enqueued.count
        let assignment =
            isEnqueued
            ? try sweep.space.complete(sweep.enqueued[number], using: &random)
            : suggestion(after: history, using: &random)
        guard let assignment else { return nil }
        var seeds = RandomStream(seed: sweep.sampler.seed, stream: Stream.trainerSeed.rawValue, UInt64(number))
        return TrialRecord(
            number: number, origin: isEnqueued ? .enqueued : .sampled, seed: seeds.next() >> 33,
            parameters: assignment.map { .init($0.name, $0.value) }, created: time)
    }

    private func suggestion(after history: TrialHistory, using random: inout RandomStream) -> Assignment? {
        let count = history.trials.count
        // Trial n rests on the outcomes of the trials up to n − lag.
        let known = lag.map { max(0, count - $0 + 1) } ?? count
        var observations: [Observation] = []
        var pending: [Assignment] = []
        for (trial, assignment) in zip(history.trials, history.assignments) {
            // With a lag, outcomes that happen to be known early must not count: they may not be known next time.
            if trial.number < known, let outcome = outcome(of: trial) {
                observations.append(Observation(number: trial.number, assignment: assignment, outcome: outcome))
            } else {
                pending.append(assignment)
            }
        }
        let sampler: any Sampler
        switch sweep.sampler.name {
        case .random: sampler = RandomSampler()
        case .grid:
            return GridSampler(pointsOfContinuum: sweep.sampler.points ?? 1)
                .next(in: sweep.space, given: observations, pending: pending)
        case .tpe: sampler = TPESampler()
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
