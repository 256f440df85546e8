import RandomStreams

/// Tries every point of a grid once, in a fixed order: the parameter declared last varies fastest.
///
/// A parameter's points are all its values, or `gridPoints` of them at equal distances on its own axis; under a
/// condition they are tried only where it holds. Points that violate a constraint are left out.
public struct GridSampler: Sampler {
    /// How many points a continuum has that does not say so itself.
    public var pointsOfContinuum: Int

    public init(pointsOfContinuum: Int = 10) {
        precondition(pointsOfContinuum >= 1, "a grid needs at least one point")
        self.pointsOfContinuum = pointsOfContinuum
    }

    /// The next point; from the first one again when all have been tried.
    public func suggest(
        from space: SearchSpace, given observations: Observations, pending: [Assignment],
        using random: inout RandomStream
    ) -> Assignment {
        next(in: space, given: observations, pending: pending)
            ?? next(in: space, given: [], pending: []) ?? space.sample(using: &random)
    }

    /// The first point that has not been tried; nil if all have.
    ///
    /// - Complexity: proportional to the number of points before it.
    public func next(in space: SearchSpace, given observations: Observations, pending: [Assignment]) -> Assignment? {
        let tried = TriedAssignments(observations, pending)
        var odometer = odometer(of: space)
        repeat {
            let point = odometer.current
            if !tried.contains(point), space.isFeasible(point) { return point }
        } while odometer.advance()
        return nil
    }

    /// How many points there are; nil if there are more than `most`.
    public func count(in space: SearchSpace, upTo most: Int) -> Int? {
        if space.constraints.isEmpty, space.parameters.allSatisfy(\.conditions.isEmpty) {
            var count = 1
            for parameter in space.parameters {
                let (values, tooMany) = values(of: parameter).lastIndex.addingReportingOverflow(1)
                guard !tooMany, values <= UInt64(most / count) else { return nil }
                count *= Int(values)
            }
            return count
        }
        var odometer = odometer(of: space)
        var (count, seen) = (0, 0)
        repeat {
            seen += 1
            if seen > most { return nil }
            if space.isFeasible(odometer.current) { count += 1 }
        } while odometer.advance()
        return count
    }

    /// Whether none of the points, of which the first `most` are looked at, satisfies the constraints.
    public func isEmpty(in space: SearchSpace, upTo most: Int) -> Bool {
        var odometer = odometer(of: space)
        for _ in 0..<most {
            if space.isFeasible(odometer.current) { return false }
            if !odometer.advance() { return true }
        }
        // Nobody knows.
        return false
    }

    private func odometer(of space: SearchSpace) -> Odometer {
        Odometer(space, space.parameters.map(values(of:)))
    }

    private func values(of parameter: Parameter) -> DiscreteValues {
        let distribution = parameter.distribution
        let all = distribution.proposable
        // What has no order has no points at equal distances either.
        if let all, parameter.gridPoints == nil || distribution.isUnordered { return all }
        let points = parameter.gridPoints ?? pointsOfContinuum
        if let all, all.lastIndex < UInt64(points) { return all }
        var values = [ParameterValue]()
        for point in 0..<points {
            let value = distribution.value(atQuantile: distribution.quantile(ofPoint: point, of: points))
            // Points of a discrete type may fall on one value.
            if values.last != value { values.append(value) }
        }
        return .list(values)
    }
}

extension Distribution {
    fileprivate var isUnordered: Bool { if case .choice = self { true } else { false } }

    /// Both ends and equal steps between; of a normal type, whose ends are next to impossible, the middles of parts that
    /// are equally likely.
    fileprivate func quantile(ofPoint point: Int, of points: Int) -> Double {
        switch self {
        case .normal, .logNormal, .quantized(.normal, _, _, _), .quantized(.logNormal, _, _, _):
            (Double(point) + 0.5) / Double(points)
        case .uniform, .logUniform, .quantized, .integer, .choice, .ordinal:
            points == 1 ? 0.5 : Double(point) / Double(points - 1)
        }
    }
}
