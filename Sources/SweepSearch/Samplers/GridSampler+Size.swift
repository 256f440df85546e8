/// How many points a grid has, as far as that can be told.
public enum GridSize: Sendable, Hashable {
    /// Exactly this many.
    case points(Int)
    /// This many were counted, and there may be more.
    case atLeast(Int)
    /// None was found among the first `lookedAt`, but there may be some.
    case unknown(lookedAt: Int)
}

extension GridSampler {
    /// How many points satisfy the constraints. Parameters that no condition and no constraint ties to each other are
    /// counted apart, and what violates a constraint is skipped, so that large grids can be counted.
    ///
    ///     optimizer in [sgd, adam]; momentum with 2 points when optimizer = sgd; rate with 5 points
    ///
    ///     tied are optimizer and momentum, with 3 points: sgd with either momentum, and adam; in all .points(15)
    ///
    /// - Parameter looks: how many points to look at.
    public func size(in space: SearchSpace, looks: Int = 1_000_000) -> GridSize {
        let values = space.parameters.map(values(of:))
        var rest = looks
        var product = GridSize.points(1)
        for group in space.tiedParameters() {
            let size = count(group, of: space, values, looks: &rest)
            if case .unknown = size { return .unknown(lookedAt: looks) }
            product = product.times(size)
        }
        return product
    }

    /// Whether any point satisfies the constraints; nil if none of the first `looks` does, but others may.
    public func hasPoint(in space: SearchSpace, looks: Int = 1_000_000) -> Bool? {
        if space.constraints.isEmpty { return true }
        var (odometer, rest) = (odometer(of: space), looks)
        return odometer.advanceToFeasible(space.constraints.indices, looks: &rest)
    }

    /// Counts the combinations of some parameters that are tied to each other only.
    ///
    /// - Parameter looks: how many points may still be looked at; reduced by the number that were.
    private func count(
        _ group: SearchSpace.TiedParameters, of space: SearchSpace, _ values: [DiscreteValues], looks: inout Int
    ) -> GridSize {
        if group.positions.count == 1, group.constraints.isEmpty, let position = group.positions.first {
            let last = values[position].lastIndex
            return last < UInt64(Int.max) ? .points(Int(last) + 1) : .atLeast(.max)
        }
        // The others stand still.
        let restricted = values.indices.map { group.positions.contains($0) ? values[$0] : .list([values[$0][0]]) }
        var odometer = Odometer(space, restricted)
        var count = 0
        while true {
            guard let isThere = odometer.advanceToFeasible(group.constraints, looks: &looks) else {
                return count > 0 ? .atLeast(count) : .unknown(lookedAt: 0)
            }
            guard isThere else { return .points(count) }
            count += 1
            if !odometer.advance() { return .points(count) }
        }
    }
}

extension GridSize {
    /// The size of a grid of two parts that do not depend on each other. A product that no Int can hold is "at least"
    /// the largest Int.
    fileprivate func times(_ other: GridSize) -> GridSize {
        switch (self, other) {
        case (.points(0), _), (_, .points(0)): return .points(0)
        case (.points(let left), .points(let right)):
            let (product, isTooMuch) = left.multipliedReportingOverflow(by: right)
            return isTooMuch ? .atLeast(.max) : .points(product)
        case (.points(let left), .atLeast(let right)), (.atLeast(let left), .points(let right)),
            (.atLeast(let left), .atLeast(let right)):
            let (product, isTooMuch) = left.multipliedReportingOverflow(by: right)
            return .atLeast(isTooMuch ? .max : product)
        case (.unknown, _): return self
        case (_, .unknown): return other
        }
    }
}

extension SearchSpace {
    /// Parameters that conditions and constraints tie to each other, and those constraints by index.
    struct TiedParameters {
        var positions: Set<Int>
        var constraints: [Int]
    }

    /// All parameters, those together that are tied, in the order of the first of each group.
    func tiedParameters() -> [TiedParameters] {
        var groups = parameters.indices.map { TiedParameters(positions: [$0], constraints: []) }
        func tie(_ positions: [Int]) {
            let wanted = groups.indices.filter { !groups[$0].positions.isDisjoint(with: positions) }
            guard let first = wanted.first else { return }
            for index in wanted.dropFirst().reversed() {
                groups[first].positions.formUnion(groups[index].positions)
                groups[first].constraints += groups[index].constraints
                groups.remove(at: index)
            }
        }
        for (position, tests) in conditions.enumerated() where !tests.isEmpty {
            tie([position] + tests.map(\.parent))
        }
        for index in constraints.indices {
            let positions = positions(inConstraint: index)
            tie(positions)
            // One that mentions no parameter holds for all or for none.
            let place = groups.firstIndex { group in positions.first.map(group.positions.contains) ?? true }
            if let place { groups[place].constraints.append(index) }
        }
        return groups
    }
}
