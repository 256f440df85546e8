import RandomStreams

/// Chooses the sampler by the space and by how many trials there are: the default.
///
/// As long as a Gaussian process is affordable it finds better values than anything else here, in flat and in
/// conditional spaces, over numbers and over choices: ``GPSampler`` for the first 300 trials. From then on, and in
/// spaces of more than 64 parameters, ``TPESampler``, whose suggestions cost a millisecond whatever the history.
public struct AutoSampler: Sampler {
    private let process: GPSampler

    /// - Parameter seed: the same for all trials of a sweep.
    public init(seed: UInt64 = 0) { process = GPSampler(mostTrials: 300, seed: seed) }

    public func suggest(
        from space: SearchSpace, given observations: Observations, pending: [Assignment],
        using random: inout RandomStream
    ) -> Assignment {
        process.suggest(from: space, given: observations, pending: pending, using: &random)
    }
}
