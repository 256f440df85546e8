import RandomStreams
import SweepSearch
import Testing

/// What the process proposes where it predicts no better than the mean of all trials.
@Suite struct PoorModelTests {
    /// The proposals after 5 to 39 trials at random points.
    private static func proposals(
        _ value: (Double, Double, inout RandomStream) -> Double
    ) throws -> [(ended: Int, proposal: Proposal)] {
        let space = try SearchSpace([
            Parameter("x", .uniform(min: 0, max: 1)), Parameter("y", .uniform(min: 0, max: 1)),
        ])
        var random = RandomStream(seed: 5, stream: 0)
        var observations: [Observation] = []
        var proposals: [(Int, Proposal)] = []
        for number in 0..<40 {
            if number >= 5 {
                var stream = RandomStream(seed: 6, stream: 0, UInt64(number))
                let proposal = GPSampler(seed: 1).propose(
                    from: space, given: Observations(observations), pending: [], using: &stream)
                proposals.append((number, proposal))
            }
            let assignment = space.sample(using: &random)
            let value = value(assignment["x"]?.asNumber ?? 0, assignment["y"]?.asNumber ?? 0, &random)
            observations.append(Observation(number: number, assignment: assignment, outcome: .value(value)))
        }
        return proposals
    }

    @Test func `of noise every other proposal is TPE's, from eight trials on`() throws {
        let proposals = try Self.proposals { _, _, random in random.normal() }
        let others = proposals.filter { $0.proposal.method != .process }
        #expect(others.allSatisfy { $0.proposal.occasion == .poorModel && $0.ended >= 8 && $0.ended % 2 == 0 })
        // By chance noise looks like a function now and then.
        #expect(others.count > 8)
    }

    @Test func `of a function that it sees all are the process's`() throws {
        let proposals = try Self.proposals { x, y, _ in (x - 0.3) * (x - 0.3) + (y - 0.8) * (y - 0.8) }
        #expect(proposals.allSatisfy { $0.proposal.method == .process && $0.proposal.occasion == .regular })
    }
}
