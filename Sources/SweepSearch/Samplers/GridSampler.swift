/// Grid search: tries every point of a grid once, in a fixed order: the parameter declared last varies fastest.
///
///     var scan = GridSampler.Scan(GridSampler(pointsOfContinuum: 5), of: space)
///     while let next = try scan.next(given: observations, pending: running) { … }
///
/// A parameter's points are all its values, or `gridPoints` of them at equal distances on its own axis; under a
/// condition they are tried only where it holds. Points that violate a constraint are left out.
public struct GridSampler: Sendable {
    /// The number of points of a continuous parameter without `gridPoints`.
    public var pointsOfContinuum: Int

    /// - Parameter pointsOfContinuum: at least 1.
    public init(pointsOfContinuum: Int = 10) {
        precondition(pointsOfContinuum >= 1, "a grid needs at least one point")
        self.pointsOfContinuum = pointsOfContinuum
    }

    /// A position in the grid of a space, so that the search for the next point need not start from the first again.
    ///
    /// All points before the position have been tried or violate a constraint; a new scan comes to the same points.
    public struct Scan: Sendable {
        private let space: SearchSpace
        private var odometer: Odometer
        private var isOver = false
        /// By parameter, what its points were called by versions whose arithmetic was not exact.
        private let formerValues: [String: [ParameterValue: ParameterValue]]

        /// A scan that stands at the first point.
        public init(_ sampler: GridSampler, of space: SearchSpace) {
            self.space = space
            odometer = sampler.odometer(of: space)
            formerValues = Dictionary(
                space.parameters.map { ($0.name, sampler.formerValues(of: $0)) }.filter { !$0.1.isEmpty }
            ) { first, _ in first }
        }

        /// The next point that has not been tried; nil if all have, or if it is no longer wanted.
        ///
        /// - Parameter looks: how many points to look at.
        /// - Throws: `GridScanError` if the constraints exclude each of those.
        public mutating func next(
            given observations: Observations, pending: [Assignment], looks: Int = 20_000_000
        ) throws(GridScanError) -> Assignment? {
            let tried = TriedAssignments(observations, pending)
            while !isOver {
                var rest = looks
                guard let isThere = odometer.advanceToFeasible(space.constraints.indices, looks: &rest) else {
                    if SuggestionRequest.isWithdrawn() { return nil }
                    throw GridScanError(looks: looks)
                }
                guard isThere else { break }
                let point = odometer.current
                // The scan stays at the point until the caller has tried it.
                if !isTried(point, in: tried) { return point }
                if !odometer.advance() { break }
            }
            isOver = true
            return nil
        }

        /// Whether a point has been tried, by its present values or by those that an earlier version would have given
        /// it.
        private func isTried(_ point: Assignment, in tried: TriedAssignments) -> Bool {
            if tried.contains(point) { return true }
            if formerValues.isEmpty { return false }
            let former = zip(point.names, point.values).map { formerValues[$0]?[$1] ?? $1 }
            return former != point.values && tried.contains(Assignment(names: point.names, values: former))
        }
    }

    func odometer(of space: SearchSpace) -> Odometer {
        Odometer(space, space.parameters.map(values(of:)))
    }

    /// The points of one parameter, in ascending order where its values have one; all of them if there are no more than
    /// wanted.
    func values(of parameter: Parameter) -> DiscreteValues {
        let distribution = parameter.distribution
        let all = distribution.proposable
        // A choice has no order, hence no points at equal distances.
        if let all, parameter.gridPoints == nil || distribution.isUnordered { return all }
        let points = parameter.gridPoints ?? pointsOfContinuum
        if let all, all.lastIndex < UInt64(points) { return all }
        var values = [ParameterValue]()
        for value in distribution.gridPoints(points) where values.last != value { values.append(value) }
        return .list(values)
    }

    /// The values that differ from those that earlier versions tried in their place; by rounding alone.
    private func formerValues(of parameter: Parameter) -> [ParameterValue: ParameterValue] {
        guard case .real(let axis, let min, let max) = parameter.distribution, min < max else { return [:] }
        let continuum = Continuum(axis, min: min, max: max)
        let points = parameter.gridPoints ?? pointsOfContinuum
        var former = [ParameterValue: ParameterValue]()
        for (index, value) in parameter.distribution.gridPoints(points).enumerated() {
            let quantile =
                switch axis {
                case .normal, .logNormal: (Double(index) + 0.5) / Double(points)
                case .linear, .logarithmic: points == 1 ? 0.5 : Double(index) / Double(points - 1)
                }
            let number = ParameterValue.number(continuum.computed(atQuantile: quantile))
            if number != value { former[value] = number }
        }
        return former
    }
}

extension Distribution {
    fileprivate var isUnordered: Bool { if case .choice = self { true } else { false } }
}

/// The constraints exclude so much of a grid that its next point cannot be found.
public struct GridScanError: Error, Sendable, Hashable, CustomStringConvertible {
    /// How many points were looked at in vain.
    public let looks: Int

    public init(looks: Int) { self.looks = looks }

    public var description: String {
        "the constraints exclude each of the next \(looks) points of the grid that were looked at; "
            + "give fewer points, or choose another sampler, such as sampler: auto"
    }
}
