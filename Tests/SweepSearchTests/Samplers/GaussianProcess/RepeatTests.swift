import RandomStreams
import SweepSearch
import Testing

/// What is proposed where everything has been tried.
@Suite struct RepeatTests {
    @Test func `with noise, the better settings are repeated more often than the others`() throws {
        let space = try SearchSpace([
            Parameter("depth", .integer(min: 1, max: 6, step: 1, log: false)), Parameter("kind", .choice(["a", "b"])),
        ])
        func mean(_ assignment: Assignment) -> Double {
            let depth = (assignment["depth"]?.asNumber ?? 0) - 4
            return 0.2 * depth * depth + (assignment["kind"] == "a" ? 0 : 0.5)
        }
        var noise = RandomStream(seed: 3, stream: 0)
        var observations: [Observation] = []
        for number in 0..<60 {
            var random = RandomStream(seed: 1, stream: 1, UInt64(number))
            let proposal = GPSampler(seed: 1).propose(
                from: space, given: Observations(observations), pending: [], using: &random)
            if number >= 12 { #expect(proposal.method != .process || proposal.occasion == .searchedOut) }
            observations.append(
                Observation(
                    number: number, assignment: proposal.assignment,
                    outcome: .value(mean(proposal.assignment) + 0.3 * noise.normal())))
        }
        #expect(Set(observations.prefix(12).map(\.assignment)).count == 12)
        // A quarter of the settings is better than 0.3: of 48 repeats 12 by chance.
        let good = observations.dropFirst(12).count { mean($0.assignment) < 0.3 }
        #expect(good >= 24, "\(good)")
    }
    @Test func `with several objectives, too, something is proposed that is not pending`() throws {
        let space = try SearchSpace([Parameter("n", .integer(min: 1, max: 9, step: 1, log: false))])
        let all = everyAssignment(of: space)
        let trials = all.enumerated().map { number, assignment in
            let n = assignment["n"]?.asNumber ?? 0
            let values = [n + 0.1 * n * n, (9 - n) * (9 - n)]
            return Observation(
                number: number, assignment: assignment, outcome: .value(values[0]),
                objectives: ObjectiveVector(values: values))
        }
        var random = RandomStream(seed: 1, stream: 1)
        var pending: [Assignment] = []
        for _ in 0..<9 {
            let proposal = ObjectivesSampler(by: .process(maxTrials: 100)).propose(
                from: space, given: Observations(trials), pending: pending, using: &random)
            #expect(proposal.method == .process && proposal.occasion == .searchedOut)
            #expect(!pending.contains(proposal.assignment))
            pending.append(proposal.assignment)
        }
    }
}
