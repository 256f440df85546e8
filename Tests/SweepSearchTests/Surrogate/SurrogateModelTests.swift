import RandomStreams
import SweepSearch
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

@Suite struct SurrogateModelTests {
    /// Random trials of a function of their values.
    private static func observations(
        _ space: SearchSpace, _ count: Int, _ outcome: (Assignment) -> Outcome
    ) -> Observations {
        var random = RandomStream(seed: 3, stream: 80)
        return Observations(
            (0..<count).map { number in
                let assignment = RandomSampler().suggest(from: space, given: [], pending: [], using: &random)
                return Observation(number: number, assignment: assignment, outcome: outcome(assignment))
            })
    }

    private static func number(_ name: String, _ assignment: Assignment) -> Double {
        assignment[name]?.asNumber ?? 0
    }

    private static func flat() throws -> SearchSpace {
        try SearchSpace([
            Parameter("x", .uniform(min: -1, max: 1)), Parameter("rate", .logUniform(min: 1e-4, max: 1)),
            Parameter("kind", .choice(["a", "b"])), Parameter("layers", .integer(min: 1, max: 4, step: 1, log: false)),
            Parameter("fixed", .constant("always")),
        ])
    }

    /// f = x² + ¼(log₁₀ rate + 2)² + (kind = b ? ½ : 0) + layers/10
    private static func additive(_ assignment: Assignment) -> Double {
        let (x, rate) = (number("x", assignment), number("rate", assignment))
        let kind = assignment["kind"] == "b" ? 0.5 : 0
        return x * x + 0.25 * pow(log10(rate) + 2, 2) + kind + number("layers", assignment) / 10
    }

    @Test func `of a sum, each curve is its own term`() throws {
        let space = try Self.flat()
        let observations = Self.observations(space, 60) { .value(Self.additive($0)) }
        let model = try #require(SurrogateModel(of: space, given: observations))
        let curves = model.dependences()
        #expect(curves.map(\.parameter) == ["x", "rate", "kind", "layers"])
        // The means of the terms over the space: 1/3, 1/3, 1/4 and 1/4.
        let terms: [String: (mean: Double, term: (ParameterValue) -> Double)] = [
            "x": (1.0 / 3, { pow($0.asNumber ?? 0, 2) }),
            "rate": (1.0 / 3, { 0.25 * pow(log10($0.asNumber ?? 0) + 2, 2) }),
            "kind": (0.25, { $0 == "b" ? 0.5 : 0 }), "layers": (0.25, { ($0.asNumber ?? 0) / 10 }),
        ]
        let whole = 1.0 / 3 + 1.0 / 3 + 0.25 + 0.25
        for curve in curves {
            let own = try #require(terms[curve.parameter])
            for (value, estimate) in zip(curve.values, curve.estimates) {
                let expected = whole - own.mean + own.term(value)
                #expect(estimate.low <= estimate.mean && estimate.mean <= estimate.high)
                // The interval is that of the model. Averaging 64 settings adds an error of about 0.02.
                #expect(
                    estimate.low - 0.05 <= expected && expected <= estimate.high + 0.05,
                    "\(curve.parameter) = \(value): \(expected), \(estimate)")
            }
        }
        #expect(curves[0].values.count == 25 && curves[3].values == [1, 2, 3, 4])
        #expect(curves[1].values.first == 1e-4 && curves[2].values == ["a", "b"])
        #expect(model.validation.explained > 0.9 && model.validation.carries)
        #expect(model.validation.covered > 0.7)
    }

    @Test func `a conditional parameter is averaged where it is active`() throws {
        let space = try SearchSpace([
            Parameter("optimizer", .choice(["sgd", "adam"])),
            Parameter("momentum", .uniform(min: 0, max: 1), when: [Condition("optimizer", .equals("sgd"))]),
            Parameter("beta", .uniform(min: 0, max: 1), when: [Condition("optimizer", .equals("adam"))]),
        ])
        // Where sgd is used the values lie around 1, and with adam around 5: an average over both would be 3.
        let observations = Self.observations(space, 50) { assignment in
            .value(
                assignment["optimizer"] == "sgd"
                    ? 1 + pow(Self.number("momentum", assignment) - 0.5, 2) : 5 + Self.number("beta", assignment))
        }
        let model = try #require(SurrogateModel(of: space, given: observations))
        let curves = model.dependences()
        let momentum = try #require(curves.first { $0.parameter == "momentum" })
        let beta = try #require(curves.first { $0.parameter == "beta" })
        #expect(momentum.estimates.allSatisfy { abs($0.mean - 1.1) < 0.4 }, "\(momentum)")
        #expect(beta.estimates.allSatisfy { abs($0.mean - 5.5) < 1 }, "\(beta)")
        let optimizer = try #require(curves.first { $0.parameter == "optimizer" })
        #expect(abs(optimizer.estimates[0].mean - 1.08) < 0.3 && abs(optimizer.estimates[1].mean - 5.5) < 0.3)
    }

    @Test func `the same trials give the same numbers, however many there are`() throws {
        let space = try Self.flat()
        let observations = Self.observations(space, 400) { .value(Self.additive($0)) }
        let model = try #require(SurrogateModel(of: space, given: observations))
        #expect(model.trials == 400 && model.fitted == SurrogateModel.maxTrials)
        let again = try #require(SurrogateModel(of: space, given: observations))
        let assignment = observations[7].assignment
        #expect(model.expectation(of: assignment) == again.expectation(of: assignment))
        #expect(abs(model.expectation(of: assignment).mean - Self.additive(assignment)) < 0.1)
        let end = observations[9].assignment
        #expect(model.path(from: assignment, to: end) == again.path(from: assignment, to: end))
    }

    @Test func `a large loss far from the best is no harm, and values stay in their own unit`() throws {
        let space = try SearchSpace([Parameter("x", .uniform(min: 0, max: 1))])
        let observations = Self.observations(space, 30) { assignment in
            let x = Self.number("x", assignment)
            return .value(100 + (x > 0.9 ? 1e6 : pow(x - 0.3, 2)))
        }
        let model = try #require(SurrogateModel(of: space, given: observations))
        let expectation = model.expectation(of: Assignment(["x": 0.3], in: space))
        #expect(abs(expectation.mean - 100) < 0.1 && expectation.low < 100.05 && expectation.deviation < 0.1)
        let curve = try #require(model.dependences().first)
        // No worse than the worst trial.
        #expect(curve.estimates.allSatisfy { $0.high <= 100 + 1e6 + 1 })
    }

    @Test func `nothing is promised where trials diverge`() throws {
        let space = try SearchSpace([Parameter("x", .uniform(min: 0, max: 1))])
        // The value falls up to the border; beyond it, it would go on falling down to 0.
        let observations = Self.observations(space, 30) { assignment in
            let x = Self.number("x", assignment)
            return x > 0.6 ? .diverged : .value(1 - x)
        }
        let model = try #require(SurrogateModel(of: space, given: observations))
        let outlook = try #require(model.outlook(beside: observations))
        #expect(outlook.reachable.mean < 0.1)
    }

    @Test func `without enough trials, or without a difference, there is no model`() throws {
        let space = try Self.flat()
        #expect(SurrogateModel(of: space, given: Observations()) == nil)
        #expect(SurrogateModel(of: space, given: Self.observations(space, 3) { .value(Self.additive($0)) }) == nil)
        #expect(SurrogateModel(of: space, given: Self.observations(space, 30) { _ in .value(1) }) == nil)
        #expect(SurrogateModel(of: space, given: Self.observations(space, 30) { _ in .failed }) == nil)
        let constant = try SearchSpace([Parameter("fixed", .constant(1))])
        let assignment = Assignment(["fixed": 1], in: constant)
        let different = Observations(
            (0..<9).map { Observation(number: $0, assignment: assignment, outcome: .value(Double($0))) })
        #expect(SurrogateModel(of: constant, given: different) == nil)
    }

    @Test func `of noise the model says that it carries nothing`() throws {
        let space = try Self.flat()
        var random = RandomStream(seed: 9, stream: 81)
        let observations = Self.observations(space, 60) { _ in .value(random.normal()) }
        let model = try #require(SurrogateModel(of: space, given: observations))
        #expect(!model.validation.carries, "\(model.validation)")
    }

    // MARK: The path

    @Test func `the path changes what matters most first, and children go with their parents`() throws {
        let space = try SearchSpace([
            Parameter("x", .uniform(min: 0, max: 1)), Parameter("y", .uniform(min: 0, max: 1)),
            Parameter("kind", .choice(["a", "b"])),
            Parameter("deep", .uniform(min: 0, max: 1), when: [Condition("kind", .equals("b"))]),
        ])
        func loss(_ assignment: Assignment) -> Double {
            3 * Self.number("x", assignment) + Self.number("y", assignment)
                + (assignment["kind"] == "b" ? 0.2 * Self.number("deep", assignment) : 10)
        }
        let observations = Self.observations(space, 60) { .value(loss($0)) }
        let model = try #require(SurrogateModel(of: space, given: observations))
        let start = Assignment(["x": 0.9, "y": 0.9, "kind": "a"], in: space)
        let end = Assignment(["x": 0.1, "y": 0.1, "kind": "b", "deep": 0.5], in: space)
        let path = model.path(from: start, to: end)
        #expect(path.steps.map(\.parameter) == ["kind", "x", "y"])
        #expect(path.steps.last?.assignment == end)
        #expect(path.steps[0].following == ["deep"] && path.steps[1].following.isEmpty)
        #expect(path.steps.allSatisfy { space.problem(with: $0.assignment) == nil && $0.isFeasible })
        let gains = [9.9, 2.4, 0.8]
        for (step, gain) in zip(path.steps, gains) {
            #expect(step.gain.low - 0.3 <= gain && gain <= step.gain.high + 0.3, "\(step)")
        }
        let sum = path.steps.reduce(0) { $0 + $1.gain.mean }
        let whole = path.startValue.mean - (path.steps.last?.value.mean ?? 0)
        #expect(abs(sum - whole) < 1e-9)
        #expect(model.path(from: end, to: end).steps.isEmpty)
    }

    @Test(arguments: 0..<12)
    func `every path of every space ends where it should`(seed: UInt64) throws {
        let space = randomSpace(seed)
        let observations = Observations(history(30, in: space, seed: seed))
        guard let model = SurrogateModel(of: space, given: observations) else { return }
        for row in 0..<6 {
            let (start, end) = (observations[row].assignment, observations[row + 6].assignment)
            let path = model.path(from: start, to: end)
            #expect((path.steps.last?.assignment ?? start) == end || start == end)
            #expect(Set(path.steps.map(\.parameter)).count == path.steps.count)
        }
        for curve in model.dependences() {
            #expect(curve.values.count == curve.estimates.count)
            #expect(curve.estimates.allSatisfy { $0.low <= $0.high && $0.mean.isFinite })
            let distribution = try #require(space[curve.parameter]?.distribution)
            #expect(curve.values.allSatisfy(distribution.contains))
        }
    }

    // MARK: What more trials bring

    @Test func `more trials are expected to bring more, and less where all is known`() throws {
        let space = try SearchSpace([
            Parameter("x", .uniform(min: 0, max: 1)), Parameter("y", .uniform(min: 0, max: 1)),
        ])
        func loss(_ assignment: Assignment) -> Double {
            pow(Self.number("x", assignment) - 0.37, 2) + pow(Self.number("y", assignment) - 0.61, 2)
        }
        func outlook(_ count: Int) throws -> Outlook {
            let observations = Self.observations(space, count) { .value(loss($0)) }
            let model = try #require(SurrogateModel(of: space, given: observations))
            return try #require(model.outlook(beside: observations))
        }
        let (early, late) = (try outlook(6), try outlook(100))
        for outlook in [early, late] {
            #expect(outlook.gains.map(\.trials) == [1, 2, 5, 10, 20, 50])
            let means = outlook.gains.map(\.improvement.mean)
            #expect(means == means.sorted() && means.allSatisfy { $0 >= 0 })
            #expect(outlook.gains.allSatisfy { $0.improvement.low >= 0 && $0.improvement.low <= $0.improvement.high })
            #expect(try #require(means.last) <= outlook.reachable.mean + 1e-12)
        }
        // With 100 trials the best is less than 0.01 from the least value, which is 0.
        #expect(late.reachable.mean < 0.01 && late.reachable.mean < early.reachable.mean)
    }

    @Test func `where everything has been tried nothing is expected`() throws {
        let space = try SearchSpace([
            Parameter("a", .integer(min: 1, max: 4, step: 1, log: false)), Parameter("b", .choice([true, false])),
        ])
        var number = -1
        let observations = Observations(
            everyAssignment(of: space).map { assignment in
                number += 1
                return Observation(number: number, assignment: assignment, outcome: .value(Double(number % 5)))
            })
        let model = try #require(SurrogateModel(of: space, given: observations))
        #expect(model.outlook(beside: observations) == nil)
    }
}
