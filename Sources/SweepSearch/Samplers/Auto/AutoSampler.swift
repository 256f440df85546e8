import RandomStreams

/// The default sampler: chooses the method by the space and the number of trials.
///
///     let sampler = AutoSampler(seed: 1)
///     let next = sampler.suggest(from: space, given: observations, pending: running, using: &random)
///
/// While a Gaussian process is affordable it finds better values than the other methods, in flat and in conditional
/// spaces, for numbers and for choices: ``GPSampler`` proposes the first 300 trials. After that, and in spaces of more
/// than 64 parameters, ``TPESampler`` does, whose suggestions take a millisecond however long the history is.
public struct AutoSampler: Sampler {
    private let process: GPSampler

    /// - Parameter seed: the same for all trials of a sweep.
    public init(seed: UInt64 = 0) { process = GPSampler(maxTrials: 300, seed: seed) }

    public func propose(
        from space: SearchSpace, given observations: Observations, pending: [Assignment],
        using random: inout RandomStream
    ) -> Proposal {
        process.propose(from: space, given: observations, pending: pending, using: &random)
    }
}
