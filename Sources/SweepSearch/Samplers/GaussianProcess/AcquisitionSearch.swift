import RandomStreams
import RealModule

/// The space as a Gaussian process sees it: the parameters that vary, as coordinates.
struct Landscape {
    let encoding: SpaceEncoding
    let axes: [ProcessAxis]
    /// The position of each axis' parameter in the space.
    let positions: [Int]

    init(_ encoding: SpaceEncoding) {
        self.encoding = encoding
        var axes = [ProcessAxis]()
        var positions = [Int]()
        for (position, axis) in encoding.axes.enumerated() {
            switch axis {
            case .constant: continue
            case .numeric: axes.append(.numeric)
            case .categorical(let prior): axes.append(.categorical(prior.count))
            }
            positions.append(position)
        }
        self.axes = axes
        self.positions = positions
    }

    /// The assignments as coordinates, axis by axis.
    func columns(of assignments: [Assignment]) -> [[Double]] {
        let table = encoding.table(of: assignments)
        return zip(axes, positions).map { axis, position in
            (0..<assignments.count).map { row in
                let coordinate = table[position * assignments.count + row]
                return coordinate.isNaN ? axis.middle : coordinate
            }
        }
    }
}

/// Looks for the assignment of which a process expects the largest improvement.
///
/// Many draws and variations of the best trials are compared, and the most promising are climbed from: along the
/// gradient in the continuous parameters, and by trying the neighbours in the others, in turns.
struct AcquisitionSearch {
    private let landscape: Landscape
    private let process: GaussianProcess
    private let tried: TriedAssignments
    /// The least value that is expected of a trial that ran or runs.
    private let best: Double
    private let isConstrained: Bool
    /// The trials around which to look closer, best first.
    var incumbents: [Assignment] = []

    var draws = 512
    var starts = 6

    init(_ landscape: Landscape, _ process: GaussianProcess, tried: TriedAssignments) {
        self.landscape = landscape
        self.process = process
        self.tried = tried
        isConstrained = !landscape.encoding.space.constraints.isEmpty
        let points = (0..<process.count).map { row in process.columns.map { $0[row] } }
        best = process.posteriors(at: points).map(\.mean).min() ?? 0
    }

    /// A place in the search: every parameter has a wish, also those that are inactive for now.
    private struct Place {
        /// A quantile or the index of a choice for every parameter of the space.
        var wishes: [Double]
        var assignment: Assignment
        /// By axis of the landscape.
        var point: [Double]
        /// By axis of the landscape.
        var isActive: [Bool]
        /// log EI; −∞ where a constraint is violated.
        var score: Double
    }

    /// The best assignment that was not tried, or nil if there was none among those that were looked at.
    func best(using random: inout RandomStream) -> Assignment? {
        let axes = landscape.encoding.axes
        // Where constraints exclude much, draws that ignore them would all be lost.
        let far =
            isConstrained
            ? landscape.encoding.space.samples(draws, using: &random).map { wishes(of: $0, using: &random) }
            : (0..<draws).map { _ in axes.indices.map { draw(axes[$0], using: &random) } }
        let places = places(far + variations(using: &random))
        var best = places.filter { $0.score > -.infinity && !tried.contains($0.assignment) }
            .max { $0.score < $1.score }
        // What varies the best trials would crowd out everything else.
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
        return best?.assignment
    }

    /// The best places, no two of them close to each other.
    private func chosen(_ count: Int, from places: some Sequence<Place>) -> [Place] {
        var chosen = [Place]()
        for place in places.sorted(by: { $0.score > $1.score }) where chosen.count < count {
            let isNew = chosen.allSatisfy { other in
                var square = 0.0
                for (index, axis) in landscape.axes.enumerated() {
                    square +=
                        process.hyperparameters.weights[index] * axis.distance(place.point[index], other.point[index])
                }
                return square > 0.01
            }
            if isNew { chosen.append(place) }
        }
        return chosen
    }

    // MARK: Places

    private func place(_ wishes: [Double]) -> Place {
        var place = unscored(wishes)
        score(&place, process.posterior(at: place.point))
        return place
    }

    private func places(_ wishes: [[Double]]) -> [Place] {
        var places = wishes.map(unscored)
        for (index, posterior) in process.posteriors(at: places.map(\.point)).enumerated() {
            score(&places[index], posterior)
        }
        return places
    }

    private func score(_ place: inout Place, _ posterior: (mean: Double, deviation: Double)) {
        if isConstrained && !landscape.encoding.space.isFeasible(place.assignment) { return }
        let z = (best - posterior.mean) / posterior.deviation
        place.score = Double.log(posterior.deviation) + ExpectedImprovement.logarithm(z).value
    }

    private func unscored(_ wishes: [Double]) -> Place {
        let space = landscape.encoding.space
        let assignment = space.assignment { position in
            switch (landscape.encoding.axes[position], space.parameters[position].distribution) {
            case (.categorical, .choice(let values, _)): values[Int(wishes[position])]
            case (_, let distribution): distribution.value(atQuantile: wishes[position])
            }
        }
        let coordinates = landscape.encoding.candidate(assignment).coordinates
        let point = zip(landscape.axes, landscape.positions).map { axis, position in
            coordinates[position].isNaN ? axis.middle : coordinates[position]
        }
        let isActive = landscape.positions.map { !coordinates[$0].isNaN }
        return Place(wishes: wishes, assignment: assignment, point: point, isActive: isActive, score: -.infinity)
    }

    /// The best trials, changed a little.
    private func variations(using random: inout RandomStream) -> [[Double]] {
        let axes = landscape.encoding.axes
        var variations = [[Double]]()
        for (rank, incumbent) in incumbents.enumerated() {
            let whole = wishes(of: incumbent, using: &random)
            // Ever closer, in some or all of the dimensions.
            for variation in 0..<(rank == 0 ? 64 : 24) {
                let width = [0.2, 0.05, 0.01, 0.002][variation % 4]
                let share = variation % 8 < 4 ? 1 : 2 / Double(max(2, landscape.axes.count))
                variations.append(
                    axes.indices.map { axis in
                        guard random.uniform() < share else { return whole[axis] }
                        switch axes[axis] {
                        case .constant: return 0.5
                        case .numeric: return reflected(whole[axis] + width * random.normal())
                        case .categorical:
                            return random.uniform() < width + 0.1 ? draw(axes[axis], using: &random) : whole[axis]
                        }
                    })
            }
        }
        return variations
    }

    /// The coordinates of an assignment, and draws for what is inactive in it.
    private func wishes(of assignment: Assignment, using random: inout RandomStream) -> [Double] {
        let coordinates = landscape.encoding.candidate(assignment).coordinates
        return coordinates.indices.map { axis in
            coordinates[axis].isNaN ? draw(landscape.encoding.axes[axis], using: &random) : coordinates[axis]
        }
    }

    private func draw(_ axis: KernelAxis, using random: inout RandomStream) -> Double {
        switch axis {
        case .constant: return 0.5
        case .numeric: return random.uniform()
        case .categorical(let prior):
            // Every choice alike: how good it is matters, not how likely it was.
            let proposable = prior.indices.filter { prior[$0] > 0 }
            return Double(proposable[Int(random.integer(below: UInt64(proposable.count)))])
        }
    }

    private func reflected(_ quantile: Double) -> Double {
        quantile < 0 ? min(1, -quantile) : quantile > 1 ? max(0, 2 - quantile) : quantile
    }

    // MARK: Climbing

    /// Follows the gradient in the active numeric parameters, as if they were continuous.
    private func climbed(from start: Place) -> Place {
        let moving = landscape.axes.indices.filter { landscape.axes[$0] == .numeric && start.isActive[$0] }
        if moving.isEmpty { return start }
        var minimizer = BoxMinimizer(
            lower: [Double](repeating: 0, count: moving.count), upper: [Double](repeating: 1, count: moving.count))
        minimizer.maxIterations = 30
        minimizer.tolerance = 1e-5
        var point = start.point
        let top = minimizer.minimum(from: moving.map { point[$0] }) { coordinates in
            for (axis, coordinate) in zip(moving, coordinates) { point[axis] = coordinate }
            if isConstrained {
                var wishes = start.wishes
                for (axis, coordinate) in zip(moving, coordinates) { wishes[landscape.positions[axis]] = coordinate }
                if place(wishes).score == -.infinity { return (.infinity, coordinates) }
            }
            let slopes = process.slopes(at: point, along: moving)
            let z = (best - slopes.mean) / slopes.deviation
            let improvement = ExpectedImprovement.logarithm(z)
            let gradient = moving.indices.map { index in
                let relative = slopes.deviationSlopes[index] / slopes.deviation
                let change = -slopes.meanSlopes[index] / slopes.deviation - z * relative
                return -(relative + improvement.slope * change)
            }
            return (-(Double.log(slopes.deviation) + improvement.value), gradient)
        }
        var wishes = start.wishes
        for (axis, coordinate) in zip(moving, top.point) { wishes[landscape.positions[axis]] = coordinate }
        let end = place(wishes)
        return end.score > start.score ? end : start
    }

    /// Tries other choices and neighbouring values, one parameter after the other, and keeps what is better.
    private func varied(_ start: Place, using random: inout RandomStream) -> Place {
        var best = start
        for axis in landscape.axes.indices where best.isActive[axis] {
            let position = landscape.positions[axis]
            for wish in alternatives(at: position, to: best.wishes[position], using: &random) {
                var wishes = best.wishes
                wishes[position] = wish
                let place = place(wishes)
                let isBetter = place.score > best.score
                if isBetter && !tried.contains(place.assignment) || tried.contains(best.assignment) { best = place }
            }
        }
        return best
    }

    private func alternatives(at position: Int, to wish: Double, using random: inout RandomStream) -> [Double] {
        switch landscape.encoding.axes[position] {
        case .constant: return []
        case .categorical(let prior):
            let others = prior.indices.filter { prior[$0] > 0 && Double($0) != wish }.map(Double.init)
            if others.count <= 12 { return others }
            return (0..<12).map { _ in others[Int(random.integer(below: UInt64(others.count)))] }
        case .numeric:
            let distribution = landscape.encoding.space.parameters[position].distribution
            guard distribution.isDiscrete else { return [] }
            guard let cell = distribution.cell(of: distribution.value(atQuantile: wish)) else { return [] }
            // Into the neighbouring cells, and somewhere else.
            let width = cell.upperBound - cell.lowerBound
            return [cell.lowerBound - 0.01 * width, cell.upperBound + 0.01 * width, random.uniform(), random.uniform()]
                .filter { $0 >= 0 && $0 <= 1 }
        }
    }
}
