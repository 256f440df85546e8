import RandomStreams

/// The joint distribution of a space's parameters, conditional on its constraints.
///
///     let prior = ConstrainedPrior(space: space, distributions: space.parameters.map(\.distribution))
///     let draw = prior.sample(using: &random)
///
/// With other distributions, such as constants for values that a user has given, it is the distribution of the rest.
struct ConstrainedPrior {
    let space: SearchSpace
    /// By position in the space: its own distributions, or restrictions of them.
    let distributions: [Distribution]

    /// A draw from the distributions that ignores the constraints.
    private func draw(using random: inout RandomStream) -> Assignment {
        space.assignment { distributions[$0].sample(using: &random) }
    }

    /// A draw from the distributions, given that the constraints hold.
    ///
    /// First by rejection: draws that violate a constraint are drawn again, which is exact. Where feasible draws are
    /// rare, a small discrete space is enumerated and one of its feasible assignments drawn by weight, which is exact,
    /// too. Otherwise a Markov chain whose equilibrium is this distribution starts from a known feasible assignment
    /// (Gibbs sampling with rejection). Only that is approximate, and used only after 10,000 draws.
    func sample(using random: inout RandomStream) -> Assignment {
        if space.constraints.isEmpty { return draw(using: &random) }
        if let found = feasibleDraw(of: 256, using: &random) { return found }
        if case .counted(let feasible, _) = count(upTo: 4096) { return weighted(feasible, using: &random) }
        if let found = feasibleDraw(of: 10_000, using: &random) { return found }
        guard let start = feasibleStart() else { return draw(using: &random) }
        return chain(from: start, steps: min(1000 * space.parameters.count, 20_000), using: &random)
    }

    /// `count` draws as of ``sample(using:)``. Where feasible draws are rare, all that are missing come from one chain,
    /// which makes some steps between them: the cost hardly grows with their number.
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

    /// The first of at most `draws` draws that satisfies the constraints.
    private func feasibleDraw(of draws: Int, using random: inout RandomStream) -> Assignment? {
        for _ in 0..<draws where !SuggestionRequest.isWithdrawn() {
            let draw = draw(using: &random)
            if space.isFeasible(draw) { return draw }
        }
        return nil
    }

    /// The space's witness if these distributions allow it, else the result of ``search()``.
    private func feasibleStart() -> Assignment? {
        if let witness = space.witness, isLegal(witness) { return witness }
        guard case .found(let assignment) = search() else { return nil }
        return assignment
    }

    /// Whether these distributions, which may be restricted, allow an assignment of the space.
    private func isLegal(_ assignment: Assignment) -> Bool {
        zip(space.values(of: assignment), distributions).allSatisfy { value, distribution in
            value.map(distribution.contains) ?? true
        }
    }

    // MARK: Few assignments

    /// The result of an enumeration: what satisfies the constraints, of how many in all.
    private enum Count {
        case counted(feasible: [Assignment], of: Int)
        case tooMany
    }

    /// All feasible assignments, if there are at most `limit` assignments, feasible or not.
    private func count(upTo limit: Int) -> Count {
        let values = distributions.compactMap(\.proposable)
        guard values.count == distributions.count else { return .tooMany }
        var odometer = Odometer(space, values)
        var feasible = [Assignment]()
        var count = 0
        repeat {
            count += 1
            if count > limit || SuggestionRequest.isWithdrawn() { return .tooMany }
            if space.violatedConstraint(by: odometer.values) == nil { feasible.append(odometer.current) }
        } while odometer.advance()
        return .counted(feasible: feasible, of: count)
    }

    /// Draws one of the assignments, each as likely as the product of the probabilities of its values.
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
        // Reached only by rounding, or with an empty list.
        return assignments.last ?? draw(using: &random)
    }

    // MARK: The chain

    /// Repeatedly draws one parameter, or two at once, anew, and accepts the result if it is feasible.
    ///
    /// The parameters are chosen among all, active or not. So a step is as likely as its reverse, even if it activates
    /// other parameters, and the equilibrium is the wanted distribution.
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
        // Parameters with a fixed sum can only move in pairs.
        let second = random.next() & 1 == 0 ? first : Int(random.integer(below: count))
        return space.assignment { position in
            guard let value = values[position] else { return distributions[position].sample(using: &random) }
            return position == first || position == second ? redraw(position, &random) : value
        }
    }

    // MARK: The search

    /// Whether a feasible assignment was found, or how thoroughly one was searched for.
    enum Search {
        case found(Assignment)
        case none(SearchSpaceProblem.SearchOutcome)
    }

    /// Searches for a feasible assignment; a function of the space alone.
    ///
    /// First by 2,000 draws. A discrete space of up to 20,000 assignments is then enumerated, which is exact. Then by
    /// local search from random starts, which descends the violation; at last a discrete space of up to a million
    /// assignments is enumerated. An assignment that the chain could not leave, as on the line x + y = 1, is not
    /// accepted: all trials would be equal.
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

    /// Starts from a random assignment and keeps every change that does not raise the violation; nil if it is not 0 at
    /// the end. Changes that leave it equal are kept, too, so that the search crosses level ground.
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
                // Steps of every size, since it is not known how narrow the feasible part is.
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
    /// The distribution of the space itself, nothing given.
    private var prior: ConstrainedPrior { ConstrainedPrior(space: self, distributions: parameters.map(\.distribution)) }

    /// Draws an assignment from the distributions, given that the constraints hold.
    package func sample(using random: inout RandomStream) -> Assignment { prior.sample(using: &random) }

    /// `count` draws as of ``sample(using:)``, at less cost.
    func samples(_ count: Int, using random: inout RandomStream) -> [Assignment] {
        prior.samples(count, using: &random)
    }

    /// The first of at most `tries` proposals that satisfies the constraints; a draw of ``sample(using:)`` if none
    /// does.
    ///
    /// A sampler wraps its own way of proposing in this, so that it never proposes what violates a constraint.
    package func feasible(
        of tries: Int = 100, using random: inout RandomStream, proposing propose: (inout RandomStream) -> Assignment
    ) -> Assignment {
        for _ in 0..<tries where !SuggestionRequest.isWithdrawn() {
            let proposal = propose(&random)
            if isFeasible(proposal) { return proposal }
        }
        return sample(using: &random)
    }

    /// An assignment that satisfies the constraints.
    ///
    /// - Throws: `infeasible`, with the first constraint that nothing satisfies even if it is the only one.
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
