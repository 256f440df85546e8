import RandomStreams

/// Draws every trial from the space's distributions, whatever the others gave.
///
/// In a discrete space it draws without replacement as long as anything is left to try.
public struct RandomSampler: Sampler {
    public init() {}

    public func suggest(
        from space: SearchSpace, given observations: Observations, pending: [Assignment],
        using random: inout RandomStream
    ) -> Assignment {
        let draw = space.sample(using: &random)
        guard space.isDiscrete else { return draw }
        let tried = TriedAssignments(observations, pending)
        return tried.contains(draw) ? space.untried(beside: tried, using: &random) ?? draw : draw
    }
}
