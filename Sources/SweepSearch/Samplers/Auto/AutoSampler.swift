import RandomStreams

/// The default sampler: chooses the method by the space and the number of trials.
///
///     let sampler = AutoSampler(seed: 1)
///     let next = sampler.suggest(from: space, given: observations, pending: running, using: &random)
///
/// While a Gaussian process is affordable it finds better values than the other methods, in flat and in conditional
/// spaces, for numbers and for choices: ``GPSampler`` proposes the first 300 trials. After that, and in spaces of more
/// than 64 parameters, ``TPESampler`` does, whose suggestions take a millisecond however long the history is. So it
/// does with more than 300 pending trials, for which a process takes as long as for ended ones.
public struct AutoSampler: Sampler {
    private let process: GPSampler
    private let seed: UInt64
    private let effort: Effort

    /// The most trials of which a process is computed, ended or pending.
    public static let maxTrials = 300

    /// - Parameters:
    ///   - seed: the same for all trials of a sweep.
    ///   - lessons: what other sweeps have found out.
    ///   - effort: with `little`, ``TPESampler`` proposes however few trials there are.
    public init(seed: UInt64 = 0, effort: Effort = .full, lessons: [Lesson] = []) {
        self.seed = seed
        self.effort = effort
        process = GPSampler(maxTrials: Self.maxTrials, seed: seed, lessons: lessons)
    }

    public func propose(
        from space: SearchSpace, given observations: Observations, pending: [Assignment],
        using random: inout RandomStream
    ) -> Proposal {
        let isHurried = effort == .little || pending.count > Self.maxTrials
        // With more trials than the process takes, it passes the question on by itself.
        if isHurried, observations.count <= Self.maxTrials {
            return TPESampler(seed: seed)
                .propose(from: space, given: observations, pending: pending, using: &random)
                .delegated(because: .manySlots)
        }
        return process.propose(from: space, given: observations, pending: pending, using: &random)
    }
}

/// How much time a suggestion may take.
public enum Effort: Sendable, Hashable {
    /// As much as the best suggestion takes: some hundredths of a second.
    case full
    /// About a millisecond.
    case little
}
