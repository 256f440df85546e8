import RandomStreams

/// Draws every trial from the space's distributions, whatever the others gave.
///
/// It draws without replacement as long as anything is left to try.
public struct RandomSampler: Sampler {
    public init() {}

    public func suggest(
        from space: SearchSpace, given observations: Observations, pending: [Assignment],
        using random: inout RandomStream
    ) -> Assignment {
        space.untried(
            insteadOf: space.sample(using: &random), given: observations, pending: pending, using: &random)
    }
}
