import RandomStreams
import SweepSearch
import Testing

@Suite struct ObservationsTests {
    @Test(arguments: UInt64(0)..<20) func `what is put in comes out, by number`(seed: UInt64) throws {
        let space = randomSpace(seed)
        let all = history(50, in: space, seed: seed)
        var random = RandomStream(seed: seed, stream: 3)
        var shuffled = all
        for last in shuffled.indices.reversed() { shuffled.swapAt(last, Int(random.integer(below: UInt64(last + 1)))) }
        var observations = Observations()
        for (index, observation) in shuffled.enumerated() {
            observations.insert(observation)
            #expect(observations.count == index + 1)
        }
        #expect(Array(observations) == all)
        #expect(observations.outcomes == all.map(\.outcome))
        #expect(all.indices.allSatisfy { observations.assignment(ofRow: $0) == all[$0].assignment })
    }

    @Test func `values keep their bits and their types, and parameters may be of another space`() throws {
        let space = try SearchSpace([Parameter("x", .uniform(min: 0, max: 1))])
        let values: [ParameterValue] = [
            .number(-0.0), .number(0), .integer(0), .boolean(false), .string("0"), .string(""), .integer(.min),
            .number(.infinity), .boolean(true), .string("0"),
        ]
        var observations = Observations()
        for (number, value) in values.enumerated() {
            let name = number == 3 ? "of another space" : "x"
            observations.insert(
                Observation(number: number, assignment: Assignment([name: value], in: space), outcome: .failed))
        }
        #expect(observations.map { $0.assignment.values } == values.map { [$0] })
        #expect(observations.map { $0.assignment.values.description } == values.map { [$0].description })
        #expect(observations[3].assignment.names == ["of another space"])
        let number = Double(nan: 5, signaling: false)
        observations.insert(
            Observation(number: 99, assignment: Assignment(["x": .number(number)], in: space), outcome: .diverged))
        let last = try #require(observations.last?.assignment["x"]?.asNumber)
        #expect(last.bitPattern == number.bitPattern)
    }

    @Test func `an outcome is changed by the trial's number`() throws {
        let space = try mixedConditionalSpace()
        var observations = Observations(history(10, in: space).filter { $0.number % 2 == 0 })
        let known = [4, -1, 3, 9, 10].filter { observations.setOutcome(.value(7), of: $0) }
        #expect(known == [4])
        #expect(observations.indices.filter { observations.outcomes[$0] == .value(7) } == [2])
        observations.insert(Observation(number: 3, assignment: observations[0].assignment, outcome: .diverged))
        #expect(observations.map(\.number) == [0, 2, 3, 4, 6, 8])
        observations.setOutcome(.failed, of: 3)
        #expect(observations[2].outcome == .failed && observations[3].outcome == .value(7))
    }

    @Test func `what has been tried is known by its values, whatever their types and however many there are`() throws {
        let values: [ParameterValue] =
            (0..<200).map { .integer($0) } + (0..<200).map { .number((Double($0) + 0.5) / 8) }
            + (0..<50).map { .string("word \($0)") } + [.boolean(true), .boolean(false)]
        let space = try SearchSpace([
            Parameter("x", .choice(values)), Parameter("y", .choice([0, 1]), when: [Condition("x", .equals(7))]),
        ])
        var observations: [Observation] = []
        // All but the first have been tried, each twice.
        for (number, value) in (values.dropFirst() + values.dropFirst()).enumerated() {
            let assignments =
                value.matches(7)
                ? [0, 1].map { Assignment(["x": value, "y": $0], in: space) } : [Assignment(["x": value], in: space)]
            for assignment in assignments {
                observations.append(Observation(number: number, assignment: assignment, outcome: .value(0)))
            }
        }
        var random = RandomStream(seed: 1, stream: 1)
        let left = Assignment(["x": values[0]], in: space)
        let sampler = RandomSampler()
        #expect(sampler.suggest(from: space, given: observations, pending: [], using: &random) == left)
        #expect(GridSampler().next(in: space, given: Observations(observations), pending: []) == left)
        #expect(GridSampler().next(in: space, given: Observations(observations), pending: [left]) == nil)
    }
}
