import Foundation
import GRDB
import SweepModel
import SweepSearch
import SweepStore
import TestSupport
import Testing

@Suite struct DecisionTests {
    private static func decision(
        _ action: TrialDecision.Action, step: Int = 1, rung: Int? = nil, value: Double = 0.25
    ) -> TrialDecision {
        TrialDecision(
            trial: 0, attempt: 1, step: step, rung: rung, value: value, action: action, reason: "rank 2 of 3",
            at: time(2))
    }

    private static func runningTrial() async throws -> StoredSweep {
        let sweep = try StoredSweep()
        try await sweep.store.plan(StoredSweep.trial(0))
        _ = try await sweep.store.start(0, at: time(1))
        return sweep
    }

    @Test func `a decision is stored with the metrics it rests on, or neither is`() async throws {
        let sweep = try await Self.runningTrial()
        let metric = MetricRecord(trial: 0, attempt: 1, step: 1, name: "loss", value: 0.25)
        try await sweep.store.record([metric], [Self.decision(.goOn)])
        #expect(try sweep.store.decisions() == [Self.decision(.goOn)])
        // What was decided once stands.
        await #expect(throws: DatabaseError.self) { try await sweep.store.record([metric], [Self.decision(.goOn)]) }
        await #expect(throws: DatabaseError.self) {
            try await sweep.store.record([metric], [Self.decision(.prune, step: 2, value: .infinity)])
        }
        #expect(try sweep.store.metrics(ofTrial: 0) == [metric])
    }

    @Test func `one report may pass several rungs, each of them once`() async throws {
        let sweep = try await Self.runningTrial()
        let passed = [Self.decision(.pause, step: 10, rung: 0), Self.decision(.pause, step: 10, rung: 1)]
        try await sweep.store.record([], passed)
        #expect(try sweep.store.decisions() == passed)
        #expect(try sweep.store.decisionsInForce() == passed)
        await #expect(throws: DatabaseError.self) {
            try await sweep.store.record([], [Self.decision(.pause, step: 11, rung: 1)])
        }
        // Who pauses does so at a rung.
        await #expect(throws: DatabaseError.self) { try await sweep.store.record([], [Self.decision(.pause)]) }
    }

    @Test func `of trials that have ended only their pauses are in force`() async throws {
        let sweep = try await Self.runningTrial()
        let pause = Self.decision(.pause, rung: 0)
        try await sweep.store.record([], [pause, Self.decision(.promote, rung: 0)])
        try await sweep.store.end(0, TrialEnding.complete(1), metrics: [], at: time(3))
        #expect(try sweep.store.decisionsInForce() == [pause])
        #expect(try sweep.store.decisions().count == 2)
    }

    @Test(arguments: ["UPDATE decision SET action = 'prune'", "DELETE FROM decision"])
    func `a decision is never changed`(sql: String) async throws {
        let sweep = try await Self.runningTrial()
        try await sweep.store.record([], [Self.decision(.goOn)])
        let queue = try DatabaseQueue(path: "\(sweep.directory.path)/\(SweepStore.fileName)")
        #expect(throws: DatabaseError.self) { try queue.write { try $0.execute(sql: sql) } }
        #expect(try sweep.store.decisions().count == 1)
    }

    @Test func `a paused trial is promoted, or pruned, and pausing is no failure`() async throws {
        let sweep = try await Self.runningTrial()
        try await sweep.store.record([], [Self.decision(.pause, rung: 0)])
        try await sweep.store.end(
            0, TrialEnding(.waiting, .paused("paused at rung 0, step 1")), metrics: [], at: time(2))
        #expect(try sweep.store.earlierAttempts(ofTrial: 0, metric: "loss").failures == 0)
        try await sweep.store.promote(Self.decision(.promote, rung: 0))
        #expect(try sweep.store.turns() == [0, 0])
        #expect(try await sweep.store.start(0, at: time(3)) == 2)
        await #expect(throws: SweepStoreError.staleState(trial: 0, expected: .waiting, actual: .running)) {
            try await sweep.store.prune(0, Self.decision(.prune, rung: 1), because: "x", value: 1, at: time(4))
        }
        try await sweep.store.end(
            0, TrialEnding(.waiting, .paused("paused at rung 1, step 3")), metrics: [], at: time(5))
        try await sweep.store.prune(0, Self.decision(.prune, rung: 1), because: "rank 2 of 3", value: 0.25, at: time(6))
        let trial = try #require(try sweep.store.trials().first)
        #expect(
            trial.state == .pruned && trial.value == 0.25 && trial.reason?.description == "rank 2 of 3"
                && trial.ended == time(6))
    }

    @Test func `a curve is what counts of all attempts`() async throws {
        let sweep = try await Self.runningTrial()
        func report(_ attempt: Int, _ step: Int, _ value: Double, _ name: String = "loss") async throws {
            try await sweep.store.record(
                [MetricRecord(trial: 0, attempt: attempt, step: step, name: name, value: value)])
        }
        for step in 1...3 { try await report(1, step, Double(step)) }
        // What diverged is no point of a curve.
        try await report(1, 4, .infinity)
        try await report(1, 4, .nan)
        try await sweep.store.end(0, .interrupted, metrics: [], at: time(4))
        #expect(try await sweep.store.start(0, at: time(5)) == 2)
        // The second attempt goes on behind step 1, and says so in a report that lacks the metric.
        try await report(2, 2, 9, "other")
        try await report(2, 3, 30)
        let curve = try sweep.store.curves(ofMetric: "loss")[0] ?? []
        #expect(curve.map(\.step) == [1, 3] && curve.map(\.value) == [1, 30])
    }

    @Test func `what is queued is tried once, in its order`() async throws {
        let sweep = try StoredSweep()
        let values: [Assignment] = [
            ["x": .number(0.1), "kind": .string("it's a \"b\"")], ["x": .integer(1)],
            ["kind": .boolean(true)],
        ]
        try SweepStore.enqueue(values, in: sweep.directory.path, at: time(1))
        #expect(try sweep.store.queued().map(\.parameters) == values)
        let first = try #require(try sweep.store.nextQueued())
        try await sweep.store.plan(StoredSweep.trial(0), from: first)
        #expect(try sweep.store.queued().map(\.parameters) == Array(values.dropFirst()))
        #expect(try sweep.store.nextQueued()?.parameters == values[1])
    }
}
