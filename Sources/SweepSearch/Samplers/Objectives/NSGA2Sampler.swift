import RandomStreams
import RealModule

/// The genetic algorithm NSGA-II, as a baseline for several objectives.
///
///     let sampler = NSGA2Sampler(population: 50, seed: 1)
///     let next = sampler.suggest(from: space, given: observations, pending: running, using: &random)
///
/// The population is not stored but computed anew from the history: the best trials by their front, and within a front
/// by how far their neighbours are apart (Deb et al. 2002, "A Fast and Elitist Multiobjective Genetic Algorithm:
/// NSGA-II"; bounds as in its section VI). So every trial that ends is a generation: with trials that end one by one,
/// waiting for a whole generation gains nothing (Durillo et al. 2009, "On the Effect of the Steady-State Selection
/// Scheme in Multi-Objective Genetic Algorithms"). A trial is a child of two of the population, each the better one of
/// two drawn at random: see `Breeding`. Pending trials need no special treatment, since two children differ.
///
/// Without any ``ObjectiveVector`` the outcomes are the one objective.
public struct NSGA2Sampler: Sampler {
    /// N
    private let population: Int
    private let seed: UInt64

    /// How many children are looked at for one that satisfies the constraints and has not been tried.
    private static let maxChildren = 64

    /// - Parameters:
    ///   - population: at least 2. As long as fewer than half as many trials have a value, suggestions come from a
    ///     Sobol' sequence.
    ///   - seed: of that sequence; the same for all trials of a sweep.
    public init(population: Int = 50, seed: UInt64 = 0) {
        precondition(population >= 2, "a child has two parents, so a population of \(population) is too small")
        self.population = population
        self.seed = seed
    }

    public func propose(
        from space: SearchSpace, given observations: Observations, pending: [Assignment],
        using random: inout RandomStream
    ) -> Proposal {
        let known = known(observations)
        let isStarted = StartUp.isOver(after: known.count, pending.count, of: max(2, population / 2))
        guard isStarted, known.contains(where: { $0.vector != known[0].vector }) else {
            return SobolSampler(seed: seed)
                .propose(from: space, given: observations, pending: pending, using: &random)
                .delegated(because: isStarted ? .sameOutcomes : .startUp)
        }
        let parents = Self.order(known.map(\.vector)).prefix(population).map { known[$0].row }
        let breeding = Breeding(SpaceEncoding(space), parents.map(observations.assignment(ofRow:)))
        var isAnyFeasible = false
        for _ in 0..<Self.maxChildren {
            let child = breeding.child(using: &random)
            guard space.isFeasible(child) else { continue }
            isAnyFeasible = true
            if !observations.contains(child), !pending.contains(child) { return Proposal(child, by: .nsga2) }
        }
        return RandomSampler()
            .propose(from: space, given: observations, pending: pending, using: &random)
            .delegated(because: isAnyFeasible ? .searchedOut : .constraints)
    }

    /// The trials that came to their end; those with a value, where there is one objective.
    private func known(_ observations: Observations) -> [ObjectiveRow] {
        let whole = observations.indices.compactMap { row in
            observations.objectives(ofRow: row).map { ObjectiveRow(row: row, vector: $0) }
        }
        if !whole.isEmpty { return whole }
        return observations.indices.compactMap { row -> ObjectiveRow? in
            guard case .value(let value) = observations.outcomes[row], value.isFinite else { return nil }
            return ObjectiveRow(row: row, vector: ObjectiveVector(values: [value]))
        }
    }

    /// The indices of the vectors, the best first: by rank, then by crowding distance, the oldest first where both are
    /// the same.
    static func order(_ vectors: [ObjectiveVector]) -> [Int] {
        let ranks = ParetoRanks(of: vectors).ranks
        let distances = crowdingDistances(of: vectors, ranks)
        return vectors.indices.sorted { first, second in
            (ranks[first], -distances[first], first) < (ranks[second], -distances[second], second)
        }
    }

    /// For each vector how far apart its neighbours in its front are: the sum over the objectives, as shares of the
    /// front's extent. It is ∞ at both ends of a front.
    ///
    ///     [0, 4], [1, 2], [2, 1], [4, 0]      ∞, 1.25, 1.25, ∞
    static func crowdingDistances(of vectors: [ObjectiveVector], _ ranks: [Int]) -> [Double] {
        var fronts: [Int: [Int]] = [:]
        for (index, rank) in ranks.enumerated() { fronts[rank, default: []].append(index) }
        var distances = [Double](repeating: 0, count: vectors.count)
        for front in fronts.values {
            for objective in vectors[front[0]].values.indices {
                // Halves, so that no difference overflows.
                func half(_ index: Int) -> Double { vectors[index].values[objective] / 2 }
                let sorted = front.sorted { (half($0), $0) < (half($1), $1) }
                guard let first = sorted.first, let last = sorted.last, half(first) < half(last) else { continue }
                let extent = half(last) - half(first)
                distances[first] = .infinity
                distances[last] = .infinity
                for place in sorted.indices.dropFirst().dropLast() {
                    distances[sorted[place]] += (half(sorted[place + 1]) - half(sorted[place - 1])) / extent
                }
            }
        }
        return distances
    }
}

/// Makes children: two parents are crossed, and the result is changed a little.
///
/// Numbers are quantiles. They are crossed by simulated binary crossover (Deb and Agrawal 1995) and mutated
/// polynomially (Deb and Goyal 1996), both in the form that stays inside the unit interval, as in the authors' program.
/// A choice comes from either parent, and mutates to any other. A parameter that neither parent has is drawn from its
/// distribution.
private struct Breeding {
    private let encoding: SpaceEncoding
    /// The coordinates of the population, best first; NaN for what a child cannot inherit.
    private let parents: [[Double]]

    /// How likely two parents are crossed at all; else a child is a copy of the first, but for mutations.
    private static let crossoverProbability = 0.9
    /// η_c and η_m: the greater, the closer a child is to its parents.
    private static let crossoverIndex = 15.0
    private static let mutationIndex = 20.0

    /// - Parameter parents: at least one, best first.
    init(_ encoding: SpaceEncoding, _ parents: [Assignment]) {
        self.encoding = encoding
        let table = encoding.table(of: parents)
        self.parents = parents.indices.map { parent in
            encoding.dimensions.indices.map { dimension in
                let coordinate = table[dimension * parents.count + parent]
                // A user may have tried a choice that no sampler proposes.
                guard case .categorical(let prior) = encoding.dimensions[dimension], !coordinate.isNaN,
                    prior[Int(coordinate)] == 0
                else { return coordinate }
                return .nan
            }
        }
    }

    func child(using random: inout RandomStream) -> Assignment {
        let (first, second) = (chosen(using: &random), chosen(using: &random))
        let crossed = crossed(first, second, using: &random)
        // 1/d, with as many parameters as a trial like this has.
        let rate = 1 / Double(max(1, first.count { !$0.isNaN }))
        let coordinates = crossed.indices.map { dimension in
            random.uniform() < rate ? mutated(crossed[dimension], dimension, using: &random) : crossed[dimension]
        }
        return encoding.space.assignment { position in
            let distribution = encoding.space.parameters[position].distribution
            let coordinate = coordinates[position]
            if coordinate.isNaN { return distribution.sample(using: &random) }
            return switch (encoding.dimensions[position], distribution) {
            case (.categorical, .choice(let values, _)): values[Int(coordinate)]
            case (_, let distribution): distribution.value(atQuantile: coordinate)
            }
        }
    }

    /// The better one of two drawn at random.
    private func chosen(using random: inout RandomStream) -> [Double] {
        let (one, other) = (
            random.integer(below: UInt64(parents.count)), random.integer(below: UInt64(parents.count))
        )
        return parents[Int(min(one, other))]
    }

    // MARK: Crossover

    /// About half of the parameters come from the first parent alone.
    private func crossed(_ first: [Double], _ second: [Double], using random: inout RandomStream) -> [Double] {
        let isCrossed = random.uniform() < Self.crossoverProbability
        return first.indices.map { dimension in
            let (own, other) = (first[dimension], second[dimension])
            if own.isNaN { return other }
            guard isCrossed, !other.isNaN, random.uniform() < 0.5 else { return own }
            return switch encoding.dimensions[dimension] {
            case .constant: own
            case .categorical: other
            case .numeric: blended(own, other, using: &random)
            }
        }
    }

    /// One of the two children of simulated binary crossover:
    ///
    ///     c = ½(a + b) ∓ ½β(b − a)        β = (2u)^(1/(η+1)) for u ≤ ½, else (2 − 2u)^(−1/(η+1))
    ///
    /// with a < b; where c could leave the unit interval, α < 2 instead of 2 cuts off the distribution of β.
    private func blended(_ one: Double, _ other: Double, using random: inout RandomStream) -> Double {
        let (low, high) = (min(one, other), max(one, other))
        guard high - low > 1e-14 else { return one }
        let (u, isLower) = (random.uniform(), random.uniform() < 0.5)
        let room = isLower ? low : 1 - high
        let power = Self.crossoverIndex + 1
        let alpha = 2 - Double.pow(1 + 2 * room / (high - low), -power)
        let beta = Double.pow(u <= 1 / alpha ? u * alpha : 1 / (2 - u * alpha), 1 / power)
        let distance = beta * (high - low) / 2
        let middle = low + (high - low) / 2
        return min(max(isLower ? middle - distance : middle + distance, 0), 1)
    }

    // MARK: Mutation

    private func mutated(_ coordinate: Double, _ dimension: Int, using random: inout RandomStream) -> Double {
        if coordinate.isNaN { return coordinate }
        switch encoding.dimensions[dimension] {
        case .constant: return coordinate
        case .categorical(let prior):
            let others = prior.indices.filter { prior[$0] > 0 && Double($0) != coordinate }
            // Only one of the choices may have a weight.
            if others.isEmpty { return coordinate }
            return Double(others[Int(random.integer(below: UInt64(others.count)))])
        case .numeric:
            let moved = moved(coordinate, using: &random)
            let distribution = encoding.space.parameters[dimension].distribution
            guard distribution.isDiscrete,
                distribution.value(atQuantile: moved) == distribution.value(atQuantile: coordinate)
            else { return moved }
            return besideCell(of: coordinate, distribution, using: &random)
        }
    }

    /// A polynomial mutation:
    ///
    ///     x + δ       δ = (2u + (1 − 2u)(1 − x)^(η+1))^(1/(η+1)) − 1 for u < ½, and the same mirrored above
    private func moved(_ x: Double, using random: inout RandomStream) -> Double {
        let u = random.uniform()
        let power = Self.mutationIndex + 1
        func step(_ u: Double, room: Double) -> Double {
            1 - Double.pow(2 * u + (1 - 2 * u) * Double.pow(1 - room, power), 1 / power)
        }
        return min(max(u < 0.5 ? x - step(u, room: x) : x + step(1 - u, room: 1 - x), 0), 1)
    }

    /// A quantile of a neighbouring value: where the values are few, a mutation would seldom leave its own.
    private func besideCell(
        of quantile: Double, _ distribution: Distribution, using random: inout RandomStream
    ) -> Double {
        guard let cell = distribution.cell(of: distribution.value(atQuantile: quantile)) else { return quantile }
        let width = cell.upperBound - cell.lowerBound
        let sides = [cell.lowerBound - 0.01 * width, cell.upperBound + 0.01 * width].filter { $0 >= 0 && $0 <= 1 }
        return sides.isEmpty ? quantile : sides[Int(random.integer(below: UInt64(sides.count)))]
    }
}
