import GRDB
import SweepModel
import SweepSearch
import SweepStore
import TestSupport
import Testing

@Suite struct ProposalTests {
    private static let proposals = [
        TrialProposal(trial: 0, method: .sobol, occasion: .startUp, ended: 0, pending: 0),
        TrialProposal(
            trial: 1, method: .process, ended: 40, pending: 3,
            forecast: .init(
                value: Expectation(mean: -0.5, deviation: 0.1, low: -0.8, high: 1e300), improvement: 0)),
        TrialProposal(trial: 2, method: .tpe, occasion: .manyTrials, ended: 301, pending: 0, logRatio: -1.5),
    ]

    @Test func `a proposal is stored with its trial, and stands`() async throws {
        let sweep = try StoredSweep()
        for proposal in Self.proposals {
            try await sweep.store.plan(StoredSweep.trial(proposal.trial), proposal: proposal)
        }
        try await sweep.store.plan(StoredSweep.trial(3))
        let reader = try SweepStore(readingSweepIn: sweep.directory.path)
        #expect(try reader.proposals() == Self.proposals)
        #expect(try reader.proposal(ofTrial: 1) == Self.proposals[1])
        #expect(try reader.proposal(ofTrial: 3) == nil)
        await #expect(throws: DatabaseError.self) {
            try await DatabaseQueue(path: "\(sweep.directory.path)/\(SweepStore.fileName)").write {
                try $0.execute(sql: "UPDATE proposal SET mean = 0")
            }
        }
    }

    /// The words of the schema are those of the release that made it: a new one needs a migration.
    @Test(arguments: Proposal.Method.allCases, Proposal.Occasion.allCases)
    func `every method and occasion can be stored`(method: Proposal.Method, occasion: Proposal.Occasion) async throws {
        let sweep = try StoredSweep()
        let proposal = TrialProposal(trial: 0, method: method, occasion: occasion, ended: 1, pending: 1)
        try await sweep.store.plan(StoredSweep.trial(0), proposal: proposal)
        #expect(try sweep.store.proposal(ofTrial: 0) == proposal)
    }

    @Test func `what is no number is not stored, and the sign is that of the metric`() {
        func stored(_ mean: Double, _ goal: Metric.Goal) -> TrialProposal {
            let forecast = Proposal.Forecast.value(
                Expectation(mean: mean, deviation: 0.5, low: 1, high: 3), improvement: 0.25)
            return TrialProposal(
                Proposal(["x": 0.5], by: .process, forecast: forecast), trial: 7,
                metric: Metric(name: "m", goal: goal, rule: .last), ended: 8, pending: 0)
        }
        #expect(stored(.infinity, .minimize).forecast == nil)
        let expected = Expectation(mean: -2, deviation: 0.5, low: -3, high: -1)
        #expect(stored(2, .maximize).forecast == .init(value: expected, improvement: 0.25))
    }
}
