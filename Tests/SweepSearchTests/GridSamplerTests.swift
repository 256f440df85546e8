import RandomStreams
import SweepSearch
import Testing

@Suite struct GridSamplerTests {
    /// Every point that the sampler proposes, one after another.
    private func points(of space: SearchSpace, _ sampler: GridSampler = GridSampler()) -> [Assignment] {
        var points = [Assignment]()
        while let next = sampler.next(in: space, given: [], pending: points) { points.append(next) }
        return points
    }

    @Test func `a grid has every assignment of a discrete space once, conditions obeyed`() throws {
        let space = try discreteConditionalSpace()
        let points = points(of: space)
        #expect(points.count == 38)
        #expect(Set(points) == Set(everyAssignment(of: space)))
        #expect(GridSampler().count(in: space, upTo: 1000) == 38)
        #expect(GridSampler().count(in: space, upTo: 38) == 38)
        #expect(GridSampler().count(in: space, upTo: 37) == nil)
    }

    @Test func `the parameter declared last varies fastest`() throws {
        let space = try SearchSpace([
            Parameter("a", .integer(min: 1, max: 2, step: 1, log: false)), Parameter("b", .choice(["u", "v", "w"])),
        ])
        #expect(
            points(of: space).map(\.description) == ["a=1 b=u", "a=1 b=v", "a=1 b=w", "a=2 b=u", "a=2 b=v", "a=2 b=w"])
    }

    @Test(
        arguments: [
            (Parameter("p", .uniform(min: 0, max: 1), gridPoints: 5), [0, 0.25, 0.5, 0.75, 1]),
            (Parameter("p", .uniform(min: 0, max: 1), gridPoints: 1), [0.5]),
            (Parameter("p", .logUniform(min: 1e-2, max: 1), gridPoints: 2), [1e-2, 1]),
            (Parameter("p", .integer(min: 0, max: 100, step: 1, log: false), gridPoints: 3), [0, 50, 100]),
            (Parameter("p", .integer(min: 1, max: 3, step: 1, log: false), gridPoints: 10), [1, 2, 3]),
            (Parameter("p", .integer(min: 1, max: 1000, step: 1, log: true), gridPoints: 4), [1, 6, 79, 1000]),
            (Parameter("p", .quantized(.linear, min: 0, max: 1, step: 0.25)), [0.0, 0.25, 0.5, 0.75, 1.0]),
            (Parameter("p", .ordinal(["a", "b", "c"]), gridPoints: 2), ["a", "c"]),
            (Parameter("p", .choice(values: ["a", "b", "c"], weights: [1, 0, 1]), gridPoints: 2), ["a", "c"]),
            (Parameter("p", .uniform(min: 0, max: 1)), [0, 0.5, 1]),
        ] as [(Parameter, [ParameterValue])])
    func `points lie at equal distances on the axis of their type`(parameter: Parameter, values: [ParameterValue])
        throws
    {
        let space = try SearchSpace([parameter])
        let points = points(of: space, GridSampler(pointsOfContinuum: 3))
        #expect(points.count == values.count)
        for (point, value) in zip(points, values) {
            let found = try #require(point["p"])
            let legal = try #require(parameter.distribution.legalForm(of: value))
            // A logarithm's rounding, for which only a continuum has room.
            let isNear = abs((found.asNumber ?? 0) - (legal.asNumber ?? 0)) < 1e-15
            #expect(found == legal || parameter.distribution.isContinuum && isNear, "\(found) for \(legal)")
        }
    }

    @Test func `a normal parameter's points are the middles of equally likely parts`() throws {
        let space = try SearchSpace([Parameter("p", .normal(mean: 0, deviation: 1), gridPoints: 2)])
        let values = points(of: space).compactMap { $0["p"]?.asNumber }
        // The quartiles of the standard normal distribution.
        #expect(values.count == 2)
        #expect(abs(values[0] + 0.6744897501960817) < 1e-12 && abs(values[1] - 0.6744897501960817) < 1e-12)
    }

    @Test func `points that violate a constraint are left out, and those tried elsewhere are not tried again`() throws {
        let parameters = ["a", "b"].map { Parameter($0, .integer(min: 1, max: 4, step: 1, log: false)) }
        let space = try SearchSpace(parameters, constraints: [Constraint(parsing: "a < b", over: parameters)])
        let points = points(of: space)
        #expect(points.map(\.description) == ["a=1 b=2", "a=1 b=3", "a=1 b=4", "a=2 b=3", "a=2 b=4", "a=3 b=4"])
        #expect(GridSampler().count(in: space, upTo: 100) == 6)
        let enqueued = Observation(number: 0, assignment: points[0], outcome: .failed)
        #expect(GridSampler().next(in: space, given: [enqueued], pending: [points[2]]) == points[1])
    }

    @Test func `a grid too large to count is said to be`() throws {
        let space = try SearchSpace([
            Parameter("a", .integer(min: .min, max: .max, step: 1, log: false)), Parameter("b", .choice([1, 2])),
        ])
        #expect(GridSampler().count(in: space, upTo: .max) == nil)
        #expect(GridSampler().next(in: space, given: [], pending: []) != nil)
    }
}

extension Distribution {
    fileprivate var isContinuum: Bool { !isDiscrete }
}
