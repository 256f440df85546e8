import RandomStreams

extension SearchSpace {
    /// Whether there are finitely many assignments.
    public var isDiscrete: Bool { parameters.allSatisfy(\.distribution.isDiscrete) }

    /// An assignment of a discrete space that was not tried, or nil if all were.
    ///
    /// Some draws come first, so that the choice follows the distributions while plenty is left. Then the assignments
    /// are counted through from a random start: no more of them than there are trials have been tried, so that many steps
    /// and one decide, however large the space is. Where there are constraints, assignments that violate them lie between;
    /// after too many of those in a row, nil is the answer too.
    func untried(beside tried: TriedAssignments, using random: inout RandomStream) -> Assignment? {
        for _ in 0..<32 {
            let draw = sample(using: &random)
            if !tried.contains(draw) { return draw }
        }
        var odometer = Odometer(self, parameters.map(\.distribution), startingAnywhereUsing: &random)
        var infeasible = 0
        repeat {
            let assignment = odometer.current
            if !isFeasible(assignment) {
                infeasible += 1
                if infeasible > 100_000 { return nil }
            } else if !tried.contains(assignment) {
                return assignment
            }
        } while odometer.advance()
        return nil
    }
}
