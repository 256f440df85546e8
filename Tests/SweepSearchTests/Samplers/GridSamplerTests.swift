import RandomStreams
import SweepSearch
import Synchronization
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
        #expect(GridSampler().size(in: space) == .points(38))
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
            (Parameter("p", .integer(min: 1, max: 1000, step: 1, log: true), gridPoints: 4), [1, 10, 100, 1000]),
            (Parameter("p", .logUniform(min: 1e-6, max: 1e-2), gridPoints: 5), [1e-6, 1e-5, 1e-4, 1e-3, 1e-2]),
            (
                Parameter("p", .logUniform(min: 1e-300, max: 1e300), gridPoints: 7),
                [
                    1e-300, 1e-200, 1e-100, 1.0, 1e100, 1e200, 1e300,
                ]
            ),
            (Parameter("p", .logUniform(min: 3e-4, max: 3e-2), gridPoints: 3), [3e-4, 3e-3, 3e-2]),
            (Parameter("p", .logUniform(min: 1e-4, max: 1e-2), gridPoints: 1), [1e-3]),
            (Parameter("p", .logUniform(min: 0x1p-40, max: 0x1p-20), gridPoints: 3), [0x1p-40, 0x1p-30, 0x1p-20]),
            (
                Parameter("p", .integer(min: 16, max: 512, step: 1, log: true), gridPoints: 6),
                [16, 32, 64, 128, 256, 512]
            ),
            (
                Parameter("p", .integer(min: 1, max: 100, step: 1, log: true), gridPoints: 9),
                [
                    1, 2, 3, 6, 10, 18, 32, 56, 100,
                ]
            ),
            (Parameter("p", .integer(min: 0, max: 10, step: 1, log: false), gridPoints: 4), [0, 3, 7, 10]),
            (
                Parameter("p", .uniform(min: 0, max: 1), gridPoints: 11),
                [
                    0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1,
                ]
            ),
            (Parameter("p", .uniform(min: -0.3, max: 0.3), gridPoints: 7), [-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3]),
            (Parameter("p", .uniform(min: 1e-4, max: 7e-4), gridPoints: 4), [1e-4, 3e-4, 5e-4, 7e-4]),
            (Parameter("p", .normal(mean: 0.1, std: 3), gridPoints: 1), [0.1]),
            (Parameter("p", .logNormal(mean: 0, std: 2), gridPoints: 1), [1.0]),
            (
                Parameter("p", .quantized(.linear, min: 0, max: 1, step: 0.1), gridPoints: 6),
                [
                    0.0, 0.2, 0.4, 0.6, 0.8, 1.0,
                ]
            ),
            (
                Parameter("p", .quantized(.logarithmic, min: 1, max: 1000, step: 5), gridPoints: 4),
                [
                    5.0, 30.0, 170.0, 1000.0,
                ]
            ),
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
            // To the last bit: these are the numbers that a person has in mind.
            #expect(found == legal, "\(found) for \(legal)")
        }
    }

    @Test(arguments: everyDistribution.indices, [1, 2, 3, 5, 12])
    func `points of any type are legal, as many as wanted or as there are, and both ends are among them`(
        index: Int, count: Int
    ) throws {
        let distribution = everyDistribution[index]
        let space = try SearchSpace([Parameter("p", distribution, gridPoints: count)])
        let values = points(of: space).compactMap { $0["p"] }
        #expect(values.allSatisfy(distribution.contains) && Set(values).count == values.count, "\(values)")
        switch distribution {
        case .choice: return
        // The ends of a normal type are next to impossible, and roundings of its points may be the same.
        case .real(.normal, _, _), .real(.logNormal, _, _): return
        case .quantized(.normal, _, _, _), .quantized(.logNormal, _, _, _): return
        case .real, .quantized, .integer, .ordinal: break
        }
        // Between the ends of some ranges there are hardly any numbers.
        let even = Set((0..<100).map { distribution.value(atQuantile: Double($0) / 99) })
        #expect(values.count == count || values.count < count && (distribution.isDiscrete || even.count < 50))
        if count > 1 {
            #expect(values.first == distribution.value(atQuantile: 0))
            #expect(values.last == distribution.value(atQuantile: 1))
        }
    }

    @Test func `the points of a symmetric normal are symmetric to the last bit`() throws {
        for count in 1...9 {
            let space = try SearchSpace([Parameter("p", .normal(mean: 0, std: 3), gridPoints: count)])
            let values = points(of: space).compactMap { $0["p"]?.asNumber }
            #expect(values == values.reversed().map { -$0 } && values.count == count)
        }
    }

    @Test func `points that an earlier version tried, whose logarithms were rounded, are not tried again`() throws {
        let space = try SearchSpace([
            Parameter("rate", .logUniform(min: 1e-6, max: 1e-2), gridPoints: 5),
            Parameter("kind", .choice(["a", "b"])),
        ])
        let rounded = [1e-6, 9.999999999999999e-06, 1.0000000000000008e-4]
        let tried = (0..<2).map { Assignment(["rate": .number(rounded[$0]), "kind": "a"], in: space) }
        let next = GridSampler().next(in: space, given: [], pending: tried)
        #expect(next == Assignment(["rate": 1e-6, "kind": "b"], in: space))
        let after = points(of: space).filter { point in
            var scan = GridSampler.Scan(GridSampler(), of: space)
            return (try? scan.next(given: [], pending: tried)) == point
        }
        #expect(after.count == 1)
    }

    @Test(arguments: [
        ["depth < 2 or always == 1"], ["width * shared > 20"], ["wide == false"], ["leaf > 0.1 and always == 0"],
        ["shared == 2", "always == 1"], ["depth + always == 3", "width != 16"], ["1 > 2"],
        ["model == 'tree' and depth > 1 and leaf == 0.2"], ["tied != 'x' or shared + always > 2"],
    ])
    func `what is skipped violates a constraint, and what is not is counted`(texts: [String]) throws {
        let free = try discreteConditionalSpace()
        let expected = try texts.reduce(everyAssignment(of: free)) { rest, text in
            let constraint = try Constraint(parsing: text, over: free.parameters)
            // A space of one constraint tells which assignments it excludes; one of none satisfies it nowhere.
            guard let one = try? SearchSpace(free.parameters, constraints: [constraint]) else { return [] }
            return rest.filter(one.isFeasible)
        }
        let constraints = try texts.map { try Constraint(parsing: $0, over: free.parameters) }
        guard let space = try? SearchSpace(free.parameters, constraints: constraints) else {
            #expect(expected.isEmpty)
            return
        }
        #expect(points(of: space).map(\.description).sorted() == expected.map(\.description).sorted())
        #expect(GridSampler().size(in: space) == .points(expected.count))
        #expect(GridSampler().hasPoint(in: space) == true)
    }

    private func sums(_ size: Int, _ constraint: String) throws -> SearchSpace {
        let parameters = ["a", "b", "c", "d"].map { Parameter($0, .integer(min: 1, max: size, step: 1, log: false)) }
        return try SearchSpace(parameters, constraints: [Constraint(parsing: constraint, over: parameters)])
    }

    @Test(arguments: ["a + b > 195", "a + d > 195", "c + d > 195"])
    func `parameters that a constraint does not mention cost nothing`(constraint: String) throws {
        let space = try sums(100, constraint)
        // 5 + 4 + 3 + 2 + 1 pairs, times 100 · 100 for the other two.
        #expect(GridSampler().size(in: space, looks: 20_000) == .points(150_000))
        #expect(GridSampler().hasPoint(in: space, looks: 10_000) == true)
        #expect(GridSampler().next(in: space, given: [], pending: []) != nil)
    }

    @Test func `a grid that cannot be searched is said to be, and a walk through it ends`() throws {
        // The first point is legal, and the next one of 40⁴ is the last.
        let space = try sums(40, "a + b + c + d < 5 or a + b + c + d > 159")
        #expect(GridSampler().size(in: space, looks: 10_000) == .atLeast(1))
        var scan = GridSampler.Scan(GridSampler(), of: space)
        let first = try #require(try scan.next(given: [], pending: []))
        #expect(throws: GridScanError(looks: 10_000)) {
            try scan.next(given: [], pending: [first], looks: 10_000)
        }
        let last = try sums(40, "a + b + c + d > 159")
        #expect(GridSampler().size(in: last, looks: 10_000) == .unknown(lookedAt: 10_000))
        #expect(GridSampler().hasPoint(in: last, looks: 10_000) == nil)
    }

    @Test func `a walk that goes on comes to the same points as one that begins anew`() throws {
        let parameters = ["a", "b", "c"].map { Parameter($0, .integer(min: 1, max: 4, step: 1, log: false)) }
        let space = try SearchSpace(parameters, constraints: [Constraint(parsing: "a < c", over: parameters)])
        var scan = GridSampler.Scan(GridSampler(), of: space)
        var walked = [Assignment]()
        while let next = try scan.next(given: [], pending: walked) { walked.append(next) }
        #expect(walked == points(of: space) && walked.count == 24)
    }

    @Test func `a search ends as soon as nobody wants its result`() throws {
        let space = try sums(40, "a + b + c + d < 5 or a + b + c + d > 159")
        let asked = Counter()
        let isWithdrawn: @Sendable () -> Bool = { asked.next() > 1000 }
        try SuggestionRequest.$current.withValue(SuggestionRequest(isWithdrawn: isWithdrawn)) {
            var scan = GridSampler.Scan(GridSampler(), of: space)
            let first = try #require(try scan.next(given: [], pending: []))
            #expect(try scan.next(given: [], pending: [first]) == nil)
        }
        #expect(asked.next() < 1010)
    }

    @Test func `a normal parameter's points are the middles of equally likely parts`() throws {
        let space = try SearchSpace([Parameter("p", .normal(mean: 0, std: 1), gridPoints: 2)])
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
        #expect(GridSampler().size(in: space) == .points(6))
        let enqueued = Observation(number: 0, assignment: points[0], outcome: .failed)
        #expect(GridSampler().next(in: space, given: [enqueued], pending: [points[2]]) == points[1])
    }

    @Test func `a grid too large to count is said to be`() throws {
        let space = try SearchSpace([
            Parameter("a", .integer(min: .min, max: .max, step: 1, log: false)), Parameter("b", .choice([1, 2])),
        ])
        #expect(GridSampler().size(in: space) == .atLeast(.max))
        #expect(GridSampler().next(in: space, given: [], pending: []) != nil)
    }
}

/// Counts across the calls of a closure.
private final class Counter: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
