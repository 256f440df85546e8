import RandomStreams
import SweepSearch
import Testing

/// What a search makes of the trials of another sweep.
@Suite struct LessonTests {
    private static func space(_ names: String...) throws -> SearchSpace {
        try SearchSpace(names.map { Parameter($0, .uniform(min: 0, max: 1)) })
    }

    /// Trials spread over the square by a Sobol' sequence, with the values of a function.
    private static func trials(_ count: Int, _ value: (Double, Double) -> Double) throws -> [Lesson.Trial] {
        let space = try space("x", "y")
        var observations = Observations()
        return (0..<count).map { number in
            var random = RandomStream(seed: 5, stream: 1, UInt64(number))
            let assignment = SobolSampler(seed: 5).suggest(
                from: space, given: observations, pending: [], using: &random)
            observations.insert(Observation(number: number, assignment: assignment, outcome: .value(0)))
            let (x, y) = (assignment["x"]?.asNumber ?? 0, assignment["y"]?.asNumber ?? 0)
            return Lesson.Trial(values: assignment.valuesByName, value: value(x, y))
        }
    }

    private static func bowl(_ x: Double, _ y: Double) -> Double { (x - 0.7) * (x - 0.7) + (y - 0.2) * (y - 0.2) }

    /// The best value of a search over the bowl after so many trials.
    private static func best(_ lessons: [Lesson], trials: Int, seed: UInt64) throws -> Double {
        let space = try space("x", "y")
        let sampler = AutoSampler(seed: seed, lessons: lessons)
        var observations = Observations()
        var best = Double.infinity
        for number in 0..<trials {
            var random = RandomStream(seed: seed, stream: 1, UInt64(number))
            let assignment =
                lessons.opening(at: number, after: observations, pending: [])
                ?? sampler.suggest(from: space, given: observations, pending: [], using: &random)
            #expect(space.problem(with: assignment) == nil)
            let value = bowl(assignment["x"]?.asNumber ?? 0, assignment["y"]?.asNumber ?? 0)
            best = min(best, value)
            observations.insert(Observation(number: number, assignment: assignment, outcome: .value(value)))
        }
        return best
    }

    /// Trials that have ended with these values, 0 the first.
    private static func ended(_ trials: [(Assignment, Double)]) -> Observations {
        Observations(
            trials.enumerated().map { Observation(number: $0, assignment: $1.0, outcome: .value($1.1)) })
    }

    private static func own() throws -> [Assignment] {
        let space = try space("x", "y")
        return (1...8).map { Assignment(["x": .number(Double($0) / 10), "y": 0.5], in: space) }
    }

    @Test func `every third trial of the beginning is one of the best of the other sweep`() throws {
        let lesson = try #require(Lesson(of: Self.trials(40, Self.bowl), in: Self.space("x", "y")))
        #expect(lesson.count == 40 && lesson.best.count == 3)
        let (best, own) = (lesson.best, try Self.own())
        #expect([lesson].opening(at: 0, after: [], pending: []) == best[0])
        #expect([lesson].opening(at: 1, after: [], pending: [best[0]]) == nil)
        // Nothing tells yet whether the first one is any good.
        #expect([lesson].opening(at: 3, after: [], pending: [best[0], own[0], own[1]]) == nil)
        let good = Self.ended([(best[0], 1), (own[0], 2), (own[1], 3)])
        #expect([lesson].opening(at: 3, after: good, pending: []) == best[1])
        #expect([lesson].opening(at: 6, after: good, pending: [best[1], own[2], own[3]]) == best[2])
        let all = [best[1], own[2], own[3], best[2], own[4], own[5]]
        #expect([lesson].opening(at: 9, after: good, pending: all) == nil)
        // Not even as good as what the search found by itself: it was the last one.
        let bad = Self.ended([(best[0], 3), (own[0], 2), (own[1], 3)])
        #expect([lesson].opening(at: 3, after: bad, pending: []) == nil)
        #expect([Lesson]().opening(at: 0, after: [], pending: []) == nil)
    }

    @Test func `of several sweeps each one's best is tried before further ones`() throws {
        let space = try Self.space("x", "y")
        let one = try #require(Lesson(of: Self.trials(40, Self.bowl), in: space))
        let other = try #require(Lesson(of: Self.trials(40) { -Self.bowl($0, $1) }, in: space))
        let lessons = [one, other]
        let own = try Self.own()
        let start = Self.ended([(one.best[0], 1), (own[0], 2), (own[1], 3)])
        #expect(lessons.opening(at: 3, after: start, pending: []) == other.best[0])
        let later = Self.ended([
            (one.best[0], 1), (own[0], 2), (own[1], 3), (other.best[0], 4), (own[2], 2), (own[3], 2),
        ])
        #expect(lessons.opening(at: 6, after: later, pending: []) == one.best[1])
    }

    @Test(arguments: 0..<4) func `what another sweep knows shortens this one`(seed: UInt64) throws {
        // Other units, and an optimum a little elsewhere.
        let lesson = try #require(
            Lesson(of: Self.trials(60) { x, y in 900 + 40 * Self.bowl(x - 0.03, y + 0.02) }, in: Self.space("x", "y")))
        #expect(try Self.best([lesson], trials: 8, seed: seed) < 0.01)
    }

    @Test(arguments: 0..<4) func `one that misleads is left alone`(seed: UInt64) throws {
        let lesson = try #require(
            Lesson(of: Self.trials(60) { x, y in -Self.bowl(x, y) }, in: Self.space("x", "y")))
        #expect(try Self.best([lesson], trials: 25, seed: seed) < 0.002)
    }

    @Test func `parameters may have come and gone`() throws {
        let space = try Self.space("x", "z")
        let lesson = try #require(Lesson(of: Self.trials(30, Self.bowl), in: space))
        #expect(lesson.count == 30)
        for assignment in lesson.best { #expect(space.problem(with: assignment) == nil) }
        // Nothing in common.
        #expect(Lesson(of: try Self.trials(30, Self.bowl), in: try Self.space("a", "b")) == nil)
    }

    @Test func `trials whose values are not legal here, or no numbers, have no part`() throws {
        let space = try SearchSpace([
            Parameter("x", .uniform(min: 0, max: 0.5)), Parameter("y", .uniform(min: 0, max: 1)),
        ])
        let all = try Self.trials(64, Self.bowl)
        let lesson = try #require(
            Lesson(of: all + [.init(values: ["x": 0.1], value: .nan), .init(values: ["x": "a"], value: 1)], in: space))
        #expect(lesson.count == all.count { ($0.values["x"]?.asNumber ?? 1) <= 0.5 })
        #expect(Lesson(of: [], in: space) == nil)
        // All alike: no model, and still something to begin with.
        let same = try #require(Lesson(of: all.map { .init(values: $0.values, value: 3) }, in: Self.space("x", "y")))
        #expect(same.best.count == 3)
        #expect(try Self.best([same], trials: 20, seed: 1) < 0.05)
    }

    @Test func `the same lesson gives the same suggestions`() throws {
        let trials = try Self.trials(40, Self.bowl)
        let values = try (0..<2).map { _ in
            try Self.best([#require(Lesson(of: trials, in: Self.space("x", "y")))], trials: 12, seed: 3)
        }
        #expect(values[0] == values[1])
    }
}
