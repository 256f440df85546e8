import RandomStreams

extension SearchSpace {
    /// The proposal; or if that was tried, an assignment that was not, as long as any is left.
    func untried(
        insteadOf proposal: Assignment, given observations: Observations, pending: [Assignment],
        using random: inout RandomStream
    ) -> Assignment {
        guard observations.contains(proposal) || pending.contains(proposal) else { return proposal }
        return untried(beside: TriedAssignments(observations, pending), using: &random) ?? proposal
    }

    /// An assignment that was not tried, or nil if all were.
    ///
    /// Some draws come first, so that the choice follows the distributions while plenty is left. Then the assignments
    /// are counted through from a random start, what forms a continuum standing still: no more of them than there are
    /// trials have been tried, so that many steps and one decide, however large the space is. Where there are
    /// constraints, assignments that violate them lie between; after too many of those, nil is the answer too.
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
