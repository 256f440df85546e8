import RandomStreams

/// Random search: draws every trial from the distributions of the space, whatever the outcomes of the others.
///
/// It draws without replacement: nothing is proposed twice as long as anything is left to try.
public struct RandomSampler: Sampler {
    public init() {}

    public func propose(
        from space: SearchSpace, given observations: Observations, pending: [Assignment],
        using random: inout RandomStream
    ) -> Proposal {
        let draw = space.untried(
            insteadOf: space.sample(using: &random), given: observations, pending: pending, using: &random)
        return Proposal(draw, by: .random)
    }
}
