import RandomStreams

extension SearchSpace {
    /// The proposal, or, if that has been tried, an assignment that has not, as long as there is one.
    ///
    /// That it has been tried is seldom the case, so the set of all that was tried is made only then.
    ///
    /// - Returns: the proposal itself if nothing is left to try, or nothing could be found.
    func untried(
        insteadOf proposal: Assignment, given observations: Observations, pending: [Assignment],
        using random: inout RandomStream
    ) -> Assignment {
        guard observations.contains(proposal) || pending.contains(proposal) else { return proposal }
        return untried(beside: TriedAssignments(observations, pending), using: &random) ?? proposal
    }

    /// An assignment that has not been tried; nil if all have.
    ///
    /// First some random draws, so that the result follows the distributions while most of the space is left. Then the
    /// assignments are enumerated from a random start, with every continuous parameter fixed at a random value. Among
    /// n + 1 of them at least one has not been tried in n trials, so the enumeration is short however large the space
    /// is. Where constraints exclude too many assignments in between, the result is nil as well.
    func untried(beside tried: TriedAssignments, using random: inout RandomStream) -> Assignment? {
        for _ in 0..<32 {
            let draw = sample(using: &random)
            if !tried.contains(draw) { return draw }
        }
        let distributions = parameters.map(\.distribution).map { distribution in
            distribution.isDiscrete ? distribution : .constant(distribution.sample(using: &random))
        }
        var odometer = Odometer(self, distributions, startingAnywhereUsing: &random)
        var looks = 100_000
        while odometer.advanceToFeasible(constraints.indices, looks: &looks) == true {
            let assignment = odometer.current
            if !tried.contains(assignment) { return assignment }
            // Those that were tried are few enough; only what violates constraints is limited.
            looks += 1
            if !odometer.advance() { break }
        }
        return nil
    }
}
