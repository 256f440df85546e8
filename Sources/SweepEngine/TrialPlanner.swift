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

    /// - Parameter trials: all trials so far, by number; the new trial's number is their count.
    /// - Throws: `AssignmentError` if the enqueued values of this trial are not legal.
    func plan(after trials: [TrialRecord], at time: Date) throws -> TrialRecord {
        let number = trials.count
        var random = RandomStream(seed: sweep.sampler.seed, stream: Stream.values.rawValue, UInt64(number))
        let isEnqueued = number < sweep.enqueued.count
        let assignment =
            isEnqueued
            ? try sweep.space.complete(sweep.enqueued[number], using: &random)
            : suggestion(after: trials, using: &random)
        var seeds = RandomStream(seed: sweep.sampler.seed, stream: Stream.trainerSeed.rawValue, UInt64(number))
        return TrialRecord(
            number: number, origin: isEnqueued ? .enqueued : .sampled, seed: seeds.next() >> 33,
            parameters: assignment.map { .init($0.name, $0.value) }, created: time)
    }

    private func suggestion(after trials: [TrialRecord], using random: inout RandomStream) -> Assignment {
        let known = lag.map { max(0, trials.count - $0 + 1) } ?? trials.count
        var observations: [Observation] = []
        var pending: [Assignment] = []
        for trial in trials {
            // With a lag, outcomes that happen to be known early must not count: they may not be known next time.
            if trial.number < known, let outcome = outcome(of: trial) {
                observations.append(
                    Observation(number: trial.number, assignment: trial.assignment(in: sweep.space), outcome: outcome))
            } else {
                pending.append(trial.assignment(in: sweep.space))
            }
        }
        let sampler: any Sampler =
            switch sweep.sampler.name {
            case .random: RandomSampler()
            case .tpe: TPESampler()
            }
        return sampler.suggest(from: sweep.space, given: observations, pending: pending, using: &random)
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

extension TrialRecord {
    func assignment(in space: SearchSpace) -> Assignment {
        Assignment(Dictionary(parameters.map { ($0.name, $0.value) }) { first, _ in first }, in: space)
    }
}
