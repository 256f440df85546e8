import RandomStreams

/// Chooses the sampler for a sweep by its space and its history.
public struct AutoSampler: Sampler {
    private let seed: UInt64

    /// - Parameter seed: the same for all trials of a sweep.
    public init(seed: UInt64 = 0) { self.seed = seed }

    public func suggest(
        from space: SearchSpace, given observations: [Observation], pending: [Assignment],
        using random: inout RandomStream
    ) -> Assignment {
        let count = observations.count + pending.count
        let share = Int(kAutoShare)
        if count >= 8, share > 0, count % share == share - 1 {
            return TPESampler(seed: seed).suggest(from: space, given: observations, pending: pending, using: &random)
        }
        return GPSampler(seed: seed).suggest(from: space, given: observations, pending: pending, using: &random)
    }
}
