import RandomStreams
import SweepSearch
import Testing

/// Spaces with constraints: what is drawn from them, and what is found out about those in which nothing can be.
@Suite struct FeasibilityTests {
    private func space(_ parameters: [Parameter], _ constraints: String...) throws -> SearchSpace {
        try SearchSpace(parameters, constraints: constraints.map { try Constraint(parsing: $0, over: parameters) })
    }

    private func units(_ count: Int) -> [Parameter] {
        (0..<count).map { Parameter("x\($0)", .uniform(min: 0, max: 1)) }
    }

    /// What is wrong with a space that cannot be made.
    private func problems(of make: () throws -> SearchSpace) -> [SearchSpaceProblem]? {
        do {
            _ = try make()
            return nil
        } catch {
            return (error as? SearchSpaceError)?.problems
        }
    }

    private func draws(_ count: Int, from space: SearchSpace, seed: UInt64 = 1) -> [Assignment] {
        (0..<count).map { trial in
            var random = RandomStream(seed: seed, stream: 1, UInt64(trial))
            return RandomSampler().suggest(from: space, given: [], pending: [], using: &random)
        }
    }

    @Test func `what is drawn is as likely as it was among what is feasible`() throws {
        let space = try space(
            [
                Parameter("a", .choice(values: [1, 2, 3], weights: [1, 2, 4])), Parameter("b", .choice([1, 2, 3])),
                Parameter("c", .choice([0, 1]), when: [Condition("a", .equals(1))]),
            ], "a + b <= 4 and c < 1")
        var counts = [String: Int]()
        for draw in draws(9000, from: space) { counts["\(draw["a"]!) \(draw["b"]!)", default: 0] += 1 }
        // Weights of a, and a half for a = 1, whose child must be 0: 1/2 each of (1, 1), (1, 2), (1, 3); 2 each of (2,
        // 1), (2, 2); 4 of (3, 1). Where a = 2 or 3 there is no c, and nothing to violate.
        let expected = ["1 1": 0.5, "1 2": 0.5, "1 3": 0.5, "2 1": 2, "2 2": 2, "3 1": 4]
        let keys = expected.keys.sorted()
        #expect(Set(counts.keys) == Set(keys))
        #expect(agree(keys.map { counts[$0] ?? 0 }, with: keys.map { (expected[$0] ?? 0) * 9000 / 9.5 }), "\(counts)")
    }

    @Test func `a rare feasible part of a small discrete space is drawn from exactly`() throws {
        // 4 of 1,000 combinations: draws alone would often need hundreds.
        let space = try space(
            (0..<3).map { Parameter("n\($0)", .integer(min: 0, max: 9, step: 1, log: false)) },
            "n0 + n1 + n2 == 12 and n0 == 2 * n1")
        var counts = [Assignment: Int]()
        for draw in draws(1200, from: space) { counts[draw, default: 0] += 1 }
        #expect(counts.count == 4)
        #expect(agree(Array(counts.values), with: counts.values.map { _ in 300 }))
    }

    @Test func `where feasible draws are one in millions, a chain draws them from all over`() throws {
        // Ten numbers in order: one draw in 10! = 3,628,800.
        let sorted = try space(units(10), (0..<9).map { "x\($0)" }.joined(separator: " < ") + " < x9")
        let draws = draws(40, from: sorted)
        #expect(draws.allSatisfy { sorted.problem(with: $0) == nil })
        #expect(Set(draws).count == 40)
        // The least of ten is distributed as Beta(1, 10): mean 1/11, deviation 0.083; the greatest as its mirror image.
        // The mean of 40 independent ones would deviate by 0.013: this allows for 6 of that.
        func mean(_ name: String) -> Double { draws.compactMap { $0[name]?.asNumber }.reduce(0, +) / 40 }
        #expect(abs(mean("x0") - 1.0 / 11) < 0.08 && abs(mean("x9") - 10.0 / 11) < 0.08)
    }

    @Test func `what has to sum to a constant moves too`() throws {
        let space = try space(
            (0..<8).map { Parameter("n\($0)", .integer(min: 0, max: 100, step: 1, log: false)) },
            (0..<8).map { "n\($0)" }.joined(separator: " + ") + " == 30")
        let draws = draws(10, from: space)
        #expect(draws.allSatisfy { $0.values.reduce(0) { $0 + ($1.asNumber ?? 0) } == 30 })
        #expect(Set(draws).count == 10)
    }

    @Test func `a space in which nothing is feasible is refused, and what is known of it said`() throws {
        let small = [Parameter("a", .choice([1, 2])), Parameter("b", .choice([3, 4]))]
        #expect(problems { try space(small, "a > b") } == [.infeasible(culprit: 0, .exhausted(4))])
        #expect(problems { try space(small, "a < b", "a > b") } == [.infeasible(culprit: 1, .exhausted(4))])
        #expect(problems { try space(small, "a == 1", "a == 2") } == [.infeasible(culprit: nil, .exhausted(4))])
        #expect(problems { try space(units(2), "x0 + x1 > 2") } == [.infeasible(culprit: 0, .notFound(tries: 20_000))])
    }

    @Test(arguments: 0..<20) func `enqueued values are completed to what is feasible`(seed: UInt64) throws {
        let space = try space(units(4), "x0 < x1 < x2 < x3", "x3 - x0 < 0.5")
        var random = RandomStream(seed: seed, stream: 1)
        let given = Double(seed + 1) / 21
        let completed = try space.complete(["x1": .number(given)], using: &random)
        #expect(completed["x1"] == .number(given))
        #expect(space.problem(with: completed) == nil)
    }

    @Test(
        arguments: [
            (["x0": 0.7, "x1": 0.6], "the values violate the constraint x0 < x1 < x2"),
            (["x0": 1], "the values violate the constraint x0 < 0.95"),
            (["x0": 0.9], "with the values given nothing was found that satisfies the constraints, in 20000 tries"),
            (["x0": 0.8, "x1": 0.85, "x2": 0.9], "the values violate the constraint x0 + x2 < 1.5"),
        ] as [([String: ParameterValue], String)])
    func `values that no constraint allows are refused`(given: [String: ParameterValue], words: String) throws {
        let space = try space(units(3), "x0 < x1 < x2", "x0 + x2 < 1.5", "x0 < 0.95")
        #expect(space.problems(withPartial: given).map(\.description) == [words])
    }

    @Test func `a discrete space with constraints is tried out before anything is tried again`() throws {
        let space = try space(
            (0..<3).map { Parameter("n\($0)", .integer(min: 0, max: 5, step: 1, log: false)) }, "n0 < n1 < n2")
        var tried = [Assignment]()
        for trial in 0..<20 {
            var random = RandomStream(seed: 1, stream: 1, UInt64(trial))
            tried.append(RandomSampler().suggest(from: space, given: [], pending: tried, using: &random))
        }
        // Three of six numbers in order: 20 ways.
        #expect(Set(tried).count == 20)
    }

    @Test func `proposals that violate a constraint are proposed again, and in the end drawn`() throws {
        let space = try space(units(2), "x0 < x1")
        var random = RandomStream(seed: 1, stream: 1)
        var calls = 0
        let bad = Assignment(["x0": 0.9, "x1": 0.1], in: space)
        let good = Assignment(["x0": 0.1, "x1": 0.9], in: space)
        let third = space.feasible(of: 5, using: &random) { _ in
            calls += 1
            return calls == 3 ? good : bad
        }
        #expect(third == good && calls == 3)
        let drawn = space.feasible(of: 5, using: &random) { _ in bad }
        #expect(space.isFeasible(drawn))
    }
}
