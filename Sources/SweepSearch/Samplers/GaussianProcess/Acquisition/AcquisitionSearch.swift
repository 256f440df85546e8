import RandomStreams
import RealModule

/// Searches for the assignment that promises most, such as the greatest expected improvement.
///
///     var search = AcquisitionSearch(landscape, ImprovementScore(process), tried: tried)
///     search.incumbents = bestTrials
///     let next = search.best(using: &random)?.assignment
///
/// It compares many random points and small changes of the best trials. From the best of them it climbs: along the
/// gradient in the continuous parameters, and by comparing neighbours in the discrete ones, in turns.
struct AcquisitionSearch<Score: AcquisitionScore> {
    private let landscape: Landscape
    private let score: Score
    /// wⱼ = 1/ℓⱼ², one for each dimension of the landscape.
    private let weights: [Double]
    private var tried: TriedAssignments
    private let isConstrained: Bool
    /// The trials whose surroundings are searched, best first.
    var incumbents: [Assignment] = []

    /// How many random points are compared.
    var draws = 512
    /// From how many points it climbs.
    var starts = 6

    init(_ landscape: Landscape, _ score: Score, tried: TriedAssignments) {
        self.landscape = landscape
        self.score = score
        self.tried = tried
        weights = score.weights
        isConstrained = !landscape.encoding.space.constraints.isEmpty
    }

    /// A point of the search. Inactive parameters have a coordinate, too, so that a change of another parameter that
    /// activates them does not change their values at random.
    private struct Place {
        /// A quantile or the index of a choice for every parameter of the space, active or not.
        var latent: [Double]
        var assignment: Assignment
        /// The input of the process, by dimension of the landscape.
        var point: [Double]
        /// Whether the parameter exists in the assignment, by dimension of the landscape.
        var isActive: [Bool]
        /// What the trial promises; −∞ where a constraint is violated.
        var score: Double
    }

    /// The best assignment found that was not tried; nil if all that were found were.
    ///
    /// - Returns: the assignment, and its coordinates for the process.
    func best(using random: inout RandomStream) -> (assignment: Assignment, point: [Double])? {
        let dimensions = landscape.encoding.dimensions
        // Where constraints exclude most of the space, draws that ignore them would nearly all be useless.
        let far =
            isConstrained
            ? landscape.encoding.space.samples(draws, using: &random).map { latent(of: $0, using: &random) }
            : (0..<draws).map { _ in dimensions.indices.map { draw(dimensions[$0], using: &random) } }
        let places = places(far + variations(using: &random))
        var best = places.filter { $0.score > -.infinity && !tried.contains($0.assignment) }
            .max { $0.score < $1.score }
        // A third of the starts is reserved for small changes of the best trials, the rest for random points: the
        // former have the better scores early on and would else take all starts.
        for start in chosen(starts * 2 / 3, from: places.prefix(draws))
            + chosen(starts - starts * 2 / 3, from: places.dropFirst(draws))
        where !SuggestionRequest.isWithdrawn() {
            var place = climbed(from: start)
            for _ in 0..<2 {
                let variant = varied(place, using: &random)
                if variant.assignment == place.assignment { break }
                place = climbed(from: variant)
            }
            if place.score > best?.score ?? -.infinity, !tried.contains(place.assignment) { best = place }
        }
        return best.map { ($0.assignment, $0.point) }
    }

    /// What a model proposes: the best assignment that was not tried. Where everything that the search finds was, one
    /// drawn at random from the rest; and where nothing is left to try, the best one again: with noise that tells more
    /// than any other.
    ///
    /// - Parameter forecast: what is expected at a point, given by its coordinates for the process.
    func proposal(
        given observations: Observations, pending: [Assignment], using random: inout RandomStream,
        forecast: (_ point: [Double]) -> Proposal.Forecast? = { _ in nil }
    ) -> Proposal {
        if let best = best(using: &random) {
            return Proposal(best.assignment, by: .process, forecast: forecast(best.point))
        }
        let other = RandomSampler()
            .propose(from: landscape.encoding.space, given: observations, pending: pending, using: &random)
            .delegated(because: .searchedOut)
        guard tried.contains(other.assignment) else { return other }
        var again = self
        again.tried = TriedAssignments(Observations(), pending)
        guard let best = again.best(using: &random) else { return other }
        return Proposal(best.assignment, by: .process, .searchedOut, forecast: forecast(best.point))
    }

    /// The best places, no two of them close to each other.
    ///
    /// Close means r² ≤ 0.01, with the length scales of the process: there it would climb to the same top twice.
    private func chosen(_ count: Int, from places: some Sequence<Place>) -> [Place] {
        var chosen = [Place]()
        for place in places.sorted(by: { $0.score > $1.score }) where chosen.count < count {
            let isNew = chosen.allSatisfy { other in
                var square = 0.0
                for (index, dimension) in landscape.dimensions.enumerated() {
                    let distance = dimension.distance(place.point[index], other.point[index])
                    square += weights[index] * distance
                }
                return square > 0.01
            }
            if isNew { chosen.append(place) }
        }
        return chosen
    }

    // MARK: Places

    /// The point with these coordinates and its score.
    private func place(_ latent: [Double]) -> Place {
        var place = unscored(latent)
        if isLegal(place) { place.score = score.score(at: place.point) }
        return place
    }

    /// The same for many points at once, which is faster.
    private func places(_ latent: [[Double]]) -> [Place] {
        var places = latent.map(unscored)
        for (index, score) in score.scores(at: places.map(\.point)).enumerated() where isLegal(places[index]) {
            places[index].score = score
        }
        return places
    }

    /// Whether the constraints of the space hold.
    private func isLegal(_ place: Place) -> Bool {
        !isConstrained || landscape.encoding.space.isFeasible(place.assignment)
    }

    /// The point with these coordinates, its assignment and its input for the process.
    private func unscored(_ latent: [Double]) -> Place {
        let space = landscape.encoding.space
        let assignment = space.assignment { position in
            switch (landscape.encoding.dimensions[position], space.parameters[position].distribution) {
            case (.categorical, .choice(let values, _)): values[Int(latent[position])]
            case (_, let distribution): distribution.value(atQuantile: latent[position])
            }
        }
        let coordinates = landscape.encoding.candidate(assignment).coordinates
        let point = zip(landscape.dimensions, landscape.positions).map { dimension, position in
            coordinates[position].isNaN ? dimension.middle : coordinates[position]
        }
        let isActive = landscape.positions.map { !coordinates[$0].isNaN }
        return Place(latent: latent, assignment: assignment, point: point, isActive: isActive, score: -.infinity)
    }

    /// Random changes of the best trials, by several distances.
    private func variations(using random: inout RandomStream) -> [[Double]] {
        let dimensions = landscape.encoding.dimensions
        var variations = [[Double]]()
        for (rank, incumbent) in incumbents.enumerated() {
            let whole = latent(of: incumbent, using: &random)
            // Four distances in turn; half of the changes concern all dimensions, half about two of them.
            for variation in 0..<(rank == 0 ? 64 : 24) {
                let width = [0.2, 0.05, 0.01, 0.002][variation % 4]
                let share = variation % 8 < 4 ? 1 : 2 / Double(max(2, landscape.dimensions.count))
                variations.append(
                    dimensions.indices.map { dimension in
                        guard random.uniform() < share else { return whole[dimension] }
                        switch dimensions[dimension] {
                        case .constant: return 0.5
                        case .numeric: return reflected(whole[dimension] + width * random.normal())
                        case .categorical:
                            guard random.uniform() < width + 0.1 else { return whole[dimension] }
                            return draw(dimensions[dimension], using: &random)
                        }
                    })
            }
        }
        return variations
    }

    /// The coordinates of an assignment, with random ones for its inactive parameters, and for choices of the weight 0,
    /// which were enqueued and are not proposed.
    private func latent(of assignment: Assignment, using random: inout RandomStream) -> [Double] {
        let coordinates = landscape.encoding.candidate(assignment).coordinates
        return coordinates.indices.map { dimension in
            let (kind, coordinate) = (landscape.encoding.dimensions[dimension], coordinates[dimension])
            let isProposable =
                if case .categorical(let prior) = kind, !coordinate.isNaN {
                    prior[Int(coordinate)] > 0
                } else {
                    !coordinate.isNaN
                }
            return isProposable ? coordinate : draw(kind, using: &random)
        }
    }

    /// A random coordinate.
    private func draw(_ dimension: SpaceEncoding.Dimension, using random: inout RandomStream) -> Double {
        switch dimension {
        case .constant: return 0.5
        case .numeric: return random.uniform()
        case .categorical(let prior):
            // Uniformly, whatever the weights: here it matters how good a choice is, not how likely it was.
            let proposable = prior.indices.filter { prior[$0] > 0 }
            return Double(proposable[Int(random.integer(below: UInt64(proposable.count)))])
        }
    }

    /// A quantile beyond a bound, mirrored at the bound: -0.1 becomes 0.1, 1.2 becomes 0.8. Clipping would put a large
    /// share of the changes of a trial at the edge exactly on it.
    private func reflected(_ quantile: Double) -> Double {
        quantile < 0 ? min(1, -quantile) : quantile > 1 ? max(0, 2 - quantile) : quantile
    }

    // MARK: Climbing

    /// Climbs along the gradient in the active numeric parameters, as if all of them were continuous.
    ///
    /// The score of the start is kept if rounding to legal values loses what the climb has gained.
    private func climbed(from start: Place) -> Place {
        let moving = landscape.dimensions.indices.filter { landscape.dimensions[$0] == .numeric && start.isActive[$0] }
        if moving.isEmpty { return start }
        var minimizer = BoxMinimizer(
            lower: [Double](repeating: 0, count: moving.count), upper: [Double](repeating: 1, count: moving.count))
        minimizer.maxIterations = 30
        minimizer.tolerance = 1e-5
        var point = start.point
        let top = minimizer.minimum(from: moving.map { point[$0] }) { coordinates in
            for (dimension, coordinate) in zip(moving, coordinates) { point[dimension] = coordinate }
            if isConstrained {
                var latent = start.latent
                for (dimension, coordinate) in zip(moving, coordinates) {
                    latent[landscape.positions[dimension]] = coordinate
                }
                if place(latent).score == -.infinity { return (.infinity, coordinates) }
            }
            let slopes = score.slopes(at: point, along: moving)
            return (-slopes.value, slopes.slopes.map { -$0 })
        }
        var latent = start.latent
        for (dimension, coordinate) in zip(moving, top.point) { latent[landscape.positions[dimension]] = coordinate }
        let end = place(latent)
        return end.score > start.score ? end : start
    }

    /// Compares other choices and neighbouring values, one parameter after the other, and keeps what is better.
    private func varied(_ start: Place, using random: inout RandomStream) -> Place {
        var best = start
        for dimension in landscape.dimensions.indices where best.isActive[dimension] {
            let position = landscape.positions[dimension]
            for coordinate in alternatives(at: position, to: best.latent[position], using: &random) {
                var latent = best.latent
                latent[position] = coordinate
                let place = place(latent)
                // From a place that was tried anything leads away; an untried one is left only for a better one.
                let isWayOut = tried.contains(best.assignment)
                let isBetter = place.score > best.score && !tried.contains(place.assignment)
                if isWayOut || isBetter { best = place }
            }
        }
        return best
    }

    /// The coordinates to compare with the present one: all other choices, or 12 of them drawn at random where there
    /// are more; for a discrete number both neighbours and two random values; none for a continuous one.
    private func alternatives(at position: Int, to coordinate: Double, using random: inout RandomStream) -> [Double] {
        switch landscape.encoding.dimensions[position] {
        case .constant: return []
        case .categorical(let prior):
            let others = prior.indices.filter { prior[$0] > 0 && Double($0) != coordinate }.map(Double.init)
            if others.count <= 12 { return others }
            return (0..<12).map { _ in others[Int(random.integer(below: UInt64(others.count)))] }
        case .numeric:
            let distribution = landscape.encoding.space.parameters[position].distribution
            guard distribution.isDiscrete else { return [] }
            guard let cell = distribution.cell(of: distribution.value(atQuantile: coordinate)) else { return [] }
            // The neighbouring values, and two random ones.
            let width = cell.upperBound - cell.lowerBound
            return [cell.lowerBound - 0.01 * width, cell.upperBound + 0.01 * width, random.uniform(), random.uniform()]
                .filter { $0 >= 0 && $0 <= 1 }
        }
    }
}
