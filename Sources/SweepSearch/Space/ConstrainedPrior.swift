import RandomStreams

/// The distributions of a space, given that its constraints hold.
struct ConstrainedPrior {
    let space: SearchSpace
    /// By position; those of the space, or narrower ones.
    let distributions: [Distribution]

    /// A draw from the distributions, whatever the constraints say.
    private func draw(using random: inout RandomStream) -> Assignment {
        space.assignment { distributions[$0].sample(using: &random) }
    }

    /// A draw from the distributions, given that the constraints hold.
    ///
    /// Draws that violate a constraint are drawn again, which leaves the others as likely as they were. Where feasible
    /// draws are rare, a small discrete space is counted through and one of its feasible assignments drawn by weight,
    /// which is as exact. Else a chain that has this distribution as its equilibrium runs from a known feasible
    /// assignment (Gibbs sampling by rejection): the only way that is not exact, and taken only after 10,000 draws.
    func sample(using random: inout RandomStream) -> Assignment {
        if space.constraints.isEmpty { return draw(using: &random) }
        if let found = feasibleDraw(of: 256, using: &random) { return found }
        if case .counted(let feasible, _) = count(upTo: 4096) { return weighted(feasible, using: &random) }
        if let found = feasibleDraw(of: 10_000, using: &random) { return found }
        guard let start = feasibleStart() else { return draw(using: &random) }
        return chain(from: start, steps: min(1000 * space.parameters.count, 20_000), using: &random)
    }

    /// So many draws as of ``sample(using:)``, at a cost that hardly grows with their number where feasible draws are
    /// rare: those that are missing then come from one chain, which goes on for a while between them.
    func samples(_ count: Int, using random: inout RandomStream) -> [Assignment] {
        if space.constraints.isEmpty { return (0..<count).map { _ in draw(using: &random) } }
        var found = [Assignment]()
        for _ in 0..<20 * count where found.count < count && !SuggestionRequest.isWithdrawn() {
            let draw = draw(using: &random)
            if space.isFeasible(draw) { found.append(draw) }
        }
        if found.count == count { return found }
        if case .counted(let feasible, _) = self.count(upTo: 4096) {
            while found.count < count { found.append(weighted(feasible, using: &random)) }
            return found
        }
        guard let start = found.last ?? feasibleStart() else {
            return found + (found.count..<count).map { _ in draw(using: &random) }
        }
        var current = start
        while found.count < count {
            current = chain(from: current, steps: 20 * space.parameters.count, using: &random)
            found.append(current)
        }
        return found
    }

    private func feasibleDraw(of draws: Int, using random: inout RandomStream) -> Assignment? {
        for _ in 0..<draws where !SuggestionRequest.isWithdrawn() {
            let draw = draw(using: &random)
            if space.isFeasible(draw) { return draw }
        }
        return nil
    }

    /// The space's own witness if these are its distributions, or one that is searched for, always the same.
    private func feasibleStart() -> Assignment? {
        if let witness = space.witness, isLegal(witness) { return witness }
        guard case .found(let assignment) = search() else { return nil }
        return assignment
    }

    private func isLegal(_ assignment: Assignment) -> Bool {
        zip(space.values(of: assignment), distributions).allSatisfy { value, distribution in
            value.map(distribution.contains) ?? true
        }
    }

    // MARK: Few assignments

    private enum Count {
        case counted(feasible: [Assignment], of: Int)
        case tooMany
    }

    /// All feasible assignments, if there are not more than so many assignments in all.
    private func count(upTo most: Int) -> Count {
        let values = distributions.compactMap(\.proposable)
        guard values.count == distributions.count else { return .tooMany }
        var odometer = Odometer(space, values)
        var feasible = [Assignment]()
        var count = 0
        repeat {
            count += 1
            if count > most || SuggestionRequest.isWithdrawn() { return .tooMany }
            if space.violatedConstraint(by: odometer.values) == nil { feasible.append(odometer.current) }
        } while odometer.advance()
        return .counted(feasible: feasible, of: count)
    }

    private func weighted(_ assignments: [Assignment], using random: inout RandomStream) -> Assignment {
        let weights = assignments.map { assignment in
            zip(space.values(of: assignment), distributions).reduce(1.0) { weight, pair in
                pair.0.map { weight * pair.1.probability(of: $0) } ?? weight
            }
        }
        var target = random.uniform() * weights.reduce(0, +)
        for (assignment, weight) in zip(assignments, weights) {
            target -= weight
            if target < 0 { return assignment }
        }
        // Only rounding leads here, or an empty list.
        return assignments.last ?? draw(using: &random)
    }

    // MARK: The chain

    /// Draws one parameter, or two at once, again and again, and keeps what is feasible.
    ///
    /// Which ones is drawn among all parameters, active or not: so a step is as likely as its reverse, whatever becomes
    /// active with it, and the distribution stays what it is.
    private func chain(from start: Assignment, steps: Int, using random: inout RandomStream) -> Assignment {
        var current = start
        for _ in 0..<steps where !SuggestionRequest.isWithdrawn() {
            let moved = redrawn(current, using: &random) { distributions[$0].sample(using: &$1) }
            if space.isFeasible(moved) { current = moved }
        }
        return current
    }

    /// The assignment with one or two parameters drawn again, and whatever becomes active by that.
    private func redrawn(
        _ assignment: Assignment, using random: inout RandomStream,
        drawing redraw: (_ position: Int, _ random: inout RandomStream) -> ParameterValue
    ) -> Assignment {
        let values = space.values(of: assignment)
        let count = UInt64(space.parameters.count)
        let first = Int(random.integer(below: count))
        // What has to sum to a constant can only move in pairs.
        let second = random.next() & 1 == 0 ? first : Int(random.integer(below: count))
        return space.assignment { position in
            guard let value = values[position] else { return distributions[position].sample(using: &random) }
            return position == first || position == second ? redraw(position, &random) : value
        }
    }

    // MARK: The search

    enum Search {
        case found(Assignment)
        case none(SearchSpaceProblem.SearchOutcome)
    }

    /// Looks for a feasible assignment; always with the same result.
    ///
    /// First by draws; a discrete space of up to 20,000 assignments is then counted through, which is exact. Then by
    /// going from random starts wherever less is violated; at last a discrete space of up to a million is counted
    /// through. An assignment from which no other can be reached, as on the line x + y = 1, does not count: every trial
    /// would be the same.
    func search() -> Search {
        var random = RandomStream(seed: 0, stream: .feasibility)
        let draws = 2000
        if let found = feasibleDraw(of: draws, using: &random) { return .found(found) }
        if let result = exhaustiveSearch(upTo: 20_000) { return result }
        let (starts, steps) = (8, 2250)
        for _ in 0..<starts {
            guard let found = descent(of: steps, using: &random) else { continue }
            if canMove(from: found, using: &random) { return .found(found) }
        }
        return exhaustiveSearch(upTo: 1_000_000) ?? .none(.notFound(tries: draws + starts * steps))
    }

    /// Whether the chain moves every continuous parameter.
    private func canMove(from start: Assignment, using random: inout RandomStream) -> Bool {
        let values = space.values(of: start)
        var unmoved = Set(values.indices.filter { values[$0] != nil && !distributions[$0].isDiscrete })
        for _ in 0..<2000 + 200 * space.parameters.count where !SuggestionRequest.isWithdrawn() {
            if unmoved.isEmpty { return true }
            let moved = redrawn(start, using: &random) { distributions[$0].sample(using: &$1) }
            guard space.isFeasible(moved) else { continue }
            let others = space.values(of: moved)
            unmoved = unmoved.filter { others[$0] == values[$0] }
        }
        return unmoved.isEmpty
    }

    /// Nil if there are too many assignments.
    private func exhaustiveSearch(upTo most: Int) -> Search? {
        guard case .counted(let feasible, let count) = count(upTo: most) else { return nil }
        return feasible.first.map { .found($0) } ?? .none(.exhausted(count))
    }

    private func descent(of steps: Int, using random: inout RandomStream) -> Assignment? {
        var current = draw(using: &random)
        var violation = space.violation(of: current)
        for _ in 0..<steps where !SuggestionRequest.isWithdrawn() {
            if violation == 0 { return current }
            let values = space.values(of: current)
            let moved = redrawn(current, using: &random) { position, random in
                let distribution = distributions[position]
                let isLocal = random.next() & 1 == 0
                guard isLocal, let quantile = values[position].flatMap(distribution.quantile(of:)) else {
                    return distribution.sample(using: &random)
                }
                // Steps of every size, since nobody knows how narrow the feasible part is.
                let scale = 0.5 / Double(UInt64(1) << random.integer(below: 24))
                return distribution.value(atQuantile: quantile + scale * random.normal())
            }
            let movedViolation = space.violation(of: moved)
            if movedViolation <= violation { (current, violation) = (moved, movedViolation) }
        }
        return violation == 0 ? current : nil
    }
}

extension SearchSpace {
    private var prior: ConstrainedPrior { ConstrainedPrior(space: self, distributions: parameters.map(\.distribution)) }

    /// Draws an assignment from the distributions, given that the constraints hold.
    package func sample(using random: inout RandomStream) -> Assignment { prior.sample(using: &random) }

    /// So many draws as ``sample(using:)`` makes them, at less cost.
    func samples(_ count: Int, using random: inout RandomStream) -> [Assignment] {
        prior.samples(count, using: &random)
    }

    /// The first of so many proposals that satisfies the constraints; a draw of ``sample(using:)`` if none does.
    ///
    /// What a sampler calls around its own way of proposing, so that it never proposes what may not be tried.
    package func feasible(
        of tries: Int = 100, using random: inout RandomStream, proposing propose: (inout RandomStream) -> Assignment
    ) -> Assignment {
        for _ in 0..<tries where !SuggestionRequest.isWithdrawn() {
            let proposal = propose(&random)
            if isFeasible(proposal) { return proposal }
        }
        return sample(using: &random)
    }

    func findWitness() throws(SearchSpaceError) -> Assignment {
        switch prior.search() {
        case .found(let assignment): return assignment
        case .none(let outcome):
            let culprit = constraints.indices.first { index in
                constraints.count > 1 && (try? SearchSpace(parameters, constraints: [constraints[index]])) == nil
            }
            throw SearchSpaceError(problems: [
                .infeasible(culprit: constraints.count == 1 ? 0 : culprit, outcome)
            ])
        }
    }
}
