import Foundation
import SweepModel
import SweepStore
import TestSupport
import Testing

/// What a view is told that is never told the whole again.
@Suite struct ChangesTests {
    private static let time = Date(timeIntervalSince1970: 1_800_000_000)

    private static func sweep() throws -> (directory: TemporaryDirectory, store: SweepStore) {
        let directory = try TemporaryDirectory()
        try SweepStore.create(
            in: directory.path,
            SweepRecord(
                name: "followed", metric: Metric(name: "loss", goal: .minimize, rule: .last), parameterNames: ["x"],
                lag: nil, file: .init(path: "followed.yaml", text: ""), base: nil, directory: "/nowhere",
                created: time))
        return (directory, try SweepStore(runningSweepIn: directory.path))
    }

    private static func plan(_ number: Int, in store: SweepStore) async throws {
        try await store.plan(
            TrialRecord(
                number: number, origin: .sampled, seed: 1, parameters: ["x": .number(0.5)], created: time),
            startingAt: time.addingTimeInterval(Double(number)))
    }

    private static func report(_ step: Int, attempt: Int = 1, in store: SweepStore) async throws {
        try await store.record([
            MetricRecord(trial: 0, attempt: attempt, step: step, name: "loss", value: Double(step)),
            MetricRecord(trial: 0, attempt: attempt, step: step, name: "accuracy", value: .nan),
        ])
    }

    @Test func `only what is new is told, and from any place again`() async throws {
        let (directory, store) = try Self.sweep()
        let reader = try SweepStore(readingSweepIn: directory.path)
        let empty = try reader.progress()
        #expect(try reader.changes(since: empty, reporting: "loss", atMost: 100)?.trials == [])

        try await Self.plan(0, in: store)
        let planned = try reader.progress()
        try await Self.report(1, in: store)
        let first = try #require(try reader.changes(since: empty, reporting: "loss", atMost: 100))
        #expect(first.trials.map(\.number) == [0] && first.trials.first?.state == .running)
        #expect(first.reports.map(\.name) == ["loss", "accuracy"] && first.curves[0]?.restart == nil)
        #expect(first.events.map(\.kind) == [.trialPlanned, .trialStarted])

        // Behind the plan there is only the report: nothing has happened to the trial.
        let second = try #require(try reader.changes(since: planned, reporting: "loss", atMost: 100))
        #expect(second.trials.isEmpty && second.events.isEmpty && second.reports.count == 2)
        #expect(second.progress == first.progress)
        #expect(try reader.changes(since: second.progress, reporting: "loss", atMost: 100)?.reports == [])
    }

    @Test func `whoever was away too long, or comes from another database, has to read everything`() async throws {
        let (directory, store) = try Self.sweep()
        let empty = try store.progress()
        try await Self.plan(0, in: store)
        for step in 1...10 { try await Self.report(step, in: store) }
        let reader = try SweepStore(readingSweepIn: directory.path)
        #expect(try reader.changes(since: empty, reporting: "loss", atMost: 5) == nil)
        let now = try reader.progress()
        for ahead in [
            SweepStore.Progress(
                trials: now.trials + 1, event: now.event, metric: now.metric, decision: now.decision, past: now.past),
            .init(trials: now.trials, event: now.event, metric: now.metric + 1, decision: 0, past: now.past),
            .init(trials: now.trials, event: now.event, metric: now.metric, decision: 1, past: now.past),
            .init(trials: .min, event: .min, metric: .max, decision: .min, past: now.past),
            // The same numbers, and another past.
            .init(trials: now.trials, event: now.event, metric: now.metric, decision: 0, past: now.past ^ 1),
        ] { #expect(try reader.changes(since: ahead, reporting: "loss", atMost: 1000) == nil, "\(ahead)") }
    }

    @Test func `a later attempt says from which step on the earlier reports do not count`() async throws {
        let (directory, store) = try Self.sweep()
        try await Self.plan(0, in: store)
        for step in 1...4 { try await Self.report(step, in: store) }
        try await store.end(0, .interrupted, metrics: [], at: Self.time)
        _ = try await store.start(0, at: Self.time)
        let reader = try SweepStore(readingSweepIn: directory.path)
        let before = try reader.progress()
        try await Self.report(3, attempt: 2, in: store)
        let restarted = try #require(try reader.changes(since: before, reporting: "loss", atMost: 100))
        #expect(restarted.curves[0]?.restart == 3)
        try await Self.report(4, attempt: 2, in: store)
        // The attempt had begun to report before.
        let later = try #require(try reader.changes(since: restarted.progress, reporting: "loss", atMost: 100))
        #expect(later.curves[0]?.restart == nil && later.reports.map(\.step) == [4, 4])
        // From further back both are told at once.
        let both = try #require(try reader.changes(since: before, reporting: "loss", atMost: 100)?.curves[0])
        #expect(both.restart == 3 && both.reports.map(\.step) == [3, 4])
    }

    @Test func `an attempt begins with its first report of any metric`() async throws {
        let (directory, store) = try Self.sweep()
        try await Self.plan(0, in: store)
        for step in 1...4 { try await Self.report(step, in: store) }
        try await store.end(0, .interrupted, metrics: [], at: Self.time)
        _ = try await store.start(0, at: Self.time)
        let reader = try SweepStore(readingSweepIn: directory.path)
        let before = try reader.progress()
        try await store.record([MetricRecord(trial: 0, attempt: 2, step: 2, name: "accuracy", value: 0.5)])
        let other = try #require(try reader.changes(since: before, reporting: "loss", atMost: 100))
        #expect(other.curves[0]?.restart == 2 && other.curves[0]?.reports.isEmpty == true && other.reports.count == 1)
        try await Self.report(4, attempt: 2, in: store)
        let own = try #require(try reader.changes(since: other.progress, reporting: "loss", atMost: 100)?.curves[0])
        #expect(own.restart == nil && own.reports.map(\.step) == [4])
        #expect(try reader.curves(ofMetric: "loss")[0]?.map(\.step) == [1, 4])
    }

    @Test func `a planner that says again that it is alive makes no past another one`() async throws {
        let (directory, store) = try Self.sweep()
        try await Self.plan(0, in: store)
        let note = try await store.noteAlive(at: Self.time, worked: 1)
        let reader = try SweepStore(readingSweepIn: directory.path)
        let seen = try reader.progress()
        _ = try await store.noteAlive(at: Self.time.addingTimeInterval(10), worked: 11, renewing: note)
        let changes = try #require(try reader.changes(since: seen, reporting: "loss", atMost: 100))
        #expect(changes.progress == seen && changes.events.isEmpty)
    }
}
