import RandomStreams

/// Spreads the trials over the space more evenly than random draws do: trial n takes the n-th point of a scrambled
/// Sobol' sequence, whose coordinates are the quantiles of the parameters.
///
///     let sampler = SobolSampler(seed: 1)
///     let next = sampler.suggest(from: space, given: observations, pending: [], using: &random)
///
/// Parameters beyond the 256th are drawn at random, and so is the whole trial where the point violates a constraint or
/// has been tried before. Nothing is tried again as long as anything is left.
public struct SobolSampler: Sampler {
    private let sequence: SobolSequence

    /// - Parameter seed: which of the scrambled sequences; the same for all trials of a sweep.
    public init(seed: UInt64 = 0) { sequence = SobolSequence(seed: seed) }

    public func propose(
        from space: SearchSpace, given observations: Observations, pending: [Assignment],
        using random: inout RandomStream
    ) -> Proposal {
        let index = UInt32(truncatingIfNeeded: observations.count + pending.count)
        var point = space.assignment { position in
            let quantile =
                position < SobolSequence.maxDimensions
                ? sequence.coordinate(index, dimension: position) : random.uniform()
            return space.parameters[position].distribution.value(atQuantile: quantile)
        }
        if !space.isFeasible(point) { point = space.sample(using: &random) }
        return Proposal(
            space.untried(insteadOf: point, given: observations, pending: pending, using: &random), by: .sobol)
    }
}
