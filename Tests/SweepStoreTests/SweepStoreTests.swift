import Foundation
import GRDB
import SweepModel
import SweepSearch
import SweepStore
import TestSupport
import Testing

/// A sweep's database in a folder of its own.
struct StoredSweep {
    let directory: TemporaryDirectory
    let store: SweepStore

    init(parameters: [String] = ["x", "kind"]) throws {
        directory = try TemporaryDirectory()
        try SweepStore.create(in: directory.path, Self.record(parameters: parameters))
        store = try SweepStore(runningSweepIn: directory.path)
    }

    static func record(parameters: [String]) -> SweepRecord {
        SweepRecord(
            name: "test", metric: Metric(name: "loss", goal: .minimize, rule: .last), parameterNames: parameters,
            lag: nil,
            file: .init(path: "test.yaml", text: "name: test\n"), base: nil, directory: "/nowhere",
            created: Date(timeIntervalSince1970: 1_700_000_000))
    }

    static func trial(_ number: Int, _ parameters: Assignment = ["x": 0.1]) -> TrialRecord {
        TrialRecord(
            number: number, origin: .sampled, seed: .max, parameters: parameters, created: time(0))
    }
}

func time(_ seconds: Double) -> Date { Date(timeIntervalSince1970: 1_700_000_000 + seconds) }

@Suite struct SweepStoreTests {
    @Test func `values of any kind are stored, also in the queue, and the database refuses what is none`() async throws
    {
        let sweep = try StoredSweep(parameters: ["a", "b", "c", "d"])
        let mapping = ParameterValue.mapping([
            .init("it's \"x\"", .list([.integer(1), .number(1), .number(-.infinity), .null, .string("\u{1}é\n")])),
            .init("b", .mapping([])),
        ])
        let parameters: Assignment = [
            "a": .null, "b": .list([.boolean(true), .list([])]), "c": mapping,
            "d": .largeInteger("-12345678901234567890"),
        ]
        let infinite: Assignment = ["a": .number(.infinity)]
        let planned = StoredSweep.trial(0, parameters)
        try await sweep.store.plan(planned)
        #expect(try sweep.store.trials() == [planned])
        try SweepStore.enqueue([parameters, infinite], in: sweep.directory.path, at: time(0))
        #expect(try sweep.store.queued().map(\.parameters) == [parameters, infinite])
        let shell = try DatabaseQueue(path: "\(sweep.directory.path)/\(SweepStore.fileName)")
        #expect(
            try await shell.read { try String.fetchAll($0, sql: "SELECT value FROM parameter WHERE name < 'c'") }
                == ["null", "[true, []]"])
        for (kind, value) in [("null", "'x'"), ("list", "'{}'"), ("mapping", "'[1'"), ("list", "3"), ("other", "1")] {
            let sql = "INSERT INTO parameter (trial, name, kind, value) VALUES (0, 'z', '\(kind)', \(value))"
            #expect(throws: DatabaseError.self) { try shell.write { try $0.execute(sql: sql) } }
        }
    }

    @Test func `what is stored is read back to the last bit`() async throws {
        let sweep = try StoredSweep(parameters: ["d", "c", "b", "a"])
        let planned = StoredSweep.trial(
            0,
            [
                "d": .number(1.0 / 3), "c": .integer(.max), "b": .string("it's \"x\"\n"), "a": .boolean(true),
            ])
        try await sweep.store.plan(planned)
        #expect(try sweep.store.trials() == [planned])
        #expect(try await sweep.store.start(0, at: time(1)) == 1)
        let metrics = [
            MetricRecord(trial: 0, attempt: 1, step: 1, name: "loss", value: 0.1),
            MetricRecord(trial: 0, attempt: 1, step: 2, name: "loss", value: -.infinity),
            MetricRecord(trial: 0, attempt: 1, step: 2, name: "accuracy", value: .leastNonzeroMagnitude),
        ]
        try await sweep.store.end(0, TrialEnding.complete(0.1 + 0.2), metrics: metrics, at: time(3.25))
        let trial = try #require(try sweep.store.trials().first)
        #expect(trial.state == .complete)
        #expect(trial.value == 0.1 + 0.2)
        #expect(trial.parameters == planned.parameters)
        #expect(trial.seed == .max)
        #expect(trial.started == time(1))
        #expect(trial.ended == time(3.25))
        #expect(try sweep.store.metrics(ofTrial: 0) == metrics)
        #expect(try sweep.store.lastMetrics() == [0: ["loss": -.infinity, "accuracy": .leastNonzeroMagnitude]])
    }

    @Test func `a metric that is not a number is stored as such`() async throws {
        let sweep = try StoredSweep()
        try await sweep.store.plan(StoredSweep.trial(0))
        _ = try await sweep.store.start(0, at: time(1))
        try await sweep.store.record([MetricRecord(trial: 0, attempt: 1, step: 1, name: "loss", value: .nan)])
        #expect(try sweep.store.lastMetrics()[0]?["loss"]?.isNaN == true)
    }

    @Test func `a trial moves only along the table of its states`() async throws {
        let sweep = try StoredSweep()
        try await sweep.store.plan(StoredSweep.trial(0))
        await #expect(throws: SweepStoreError.staleState(trial: 0, expected: .running, actual: .waiting)) {
            try await sweep.store.end(0, TrialEnding.complete(1), metrics: [], at: time(1))
        }
        _ = try await sweep.store.start(0, at: time(1))
        await #expect(throws: SweepStoreError.staleState(trial: 0, expected: .waiting, actual: .running)) {
            _ = try await sweep.store.start(0, at: time(2))
        }
        try await sweep.store.end(0, TrialEnding(.waiting, .crash(.exit(3))), metrics: [], at: time(2))
        #expect(try await sweep.store.start(0, at: time(3)) == 2)
        try await sweep.store.end(0, TrialEnding(.failed, .crash(.exit(3))), metrics: [], at: time(4))
        await #expect(throws: SweepStoreError.staleState(trial: 0, expected: .waiting, actual: .failed)) {
            _ = try await sweep.store.start(0, at: time(5))
        }
    }

    @Test func `a trial that starts when it is planned is stored like one that is planned and then started`()
        async throws
    {
        let (apart, together) = (try StoredSweep(), try StoredSweep())
        try await apart.store.plan(StoredSweep.trial(0))
        _ = try await apart.store.start(0, at: time(1))
        try await together.store.plan(StoredSweep.trial(0), startingAt: time(1))
        #expect(try together.store.trials() == apart.store.trials())
        #expect(try together.store.events() == apart.store.events())
        // Both or neither.
        await #expect(throws: (any Error).self) {
            try await together.store.plan(StoredSweep.trial(0), startingAt: time(2))
        }
        #expect(try together.store.trials() == apart.store.trials())
        #expect(try together.store.events() == apart.store.events())
    }

    @Test(arguments: [
        TrialEnding(.complete, nil), TrialEnding.complete(.infinity), TrialEnding(.failed, nil),
        TrialEnding(.pruned, nil), TrialEnding(.diverged, .diverged, value: 1), TrialEnding(.running, nil),
    ])
    func `an ending that may not be is refused whole`(ending: TrialEnding) async throws {
        let sweep = try StoredSweep()
        try await sweep.store.plan(StoredSweep.trial(0))
        _ = try await sweep.store.start(0, at: time(1))
        let before = try sweep.store.trials()
        let metric = MetricRecord(trial: 0, attempt: 1, step: 1, name: "loss", value: 1)
        if ending.state != .running {
            await #expect(throws: (any Error).self) {
                try await sweep.store.end(0, ending, metrics: [metric], at: time(2))
            }
        }
        if ending.state != .running { #expect(try sweep.store.metrics(ofTrial: 0).isEmpty) }
        #expect(try sweep.store.trials() == before)
    }

    @Test func `trials that were running wait again after a start`() async throws {
        let sweep = try StoredSweep()
        for number in 0..<3 {
            try await sweep.store.plan(StoredSweep.trial(number))
            _ = try await sweep.store.start(number, at: time(1))
        }
        try await sweep.store.end(1, TrialEnding.complete(1), metrics: [], at: time(2))
        let reopened = try SweepStore(runningSweepIn: sweep.directory.path)
        #expect(try await reopened.recoverInterruptedTrials(at: time(9)) == [0, 2])
        #expect(try reopened.trials().map(\.state) == [.waiting, .complete, .waiting])
        #expect(try reopened.events().suffix(2).map(\.kind) == [.trialInterrupted, .trialInterrupted])
        #expect(try await reopened.start(0, at: time(10)) == 2)
    }

    @Test func `a number is planned once`() async throws {
        let sweep = try StoredSweep()
        try await sweep.store.plan(StoredSweep.trial(0))
        await #expect(throws: (any Error).self) { try await sweep.store.plan(StoredSweep.trial(0, ["x": 2])) }
        #expect(try sweep.store.trials().map(\.parameters) == [["x": 0.1]])
    }

    @Test func `time run counts each planner from its start to the last that is known of it`() async throws {
        let sweep = try StoredSweep()
        for (kind, seconds) in [
            (EventRecord.Kind.plannerStarted, 0.0), (.plannerEnded, 10), (.plannerStarted, 100), (.trialStarted, 107),
            // This one was killed, which is noted an hour later.
            (.trialInterrupted, 3700), (.plannerStarted, 3700),
        ] {
            try await sweep.store.log(EventRecord(kind, at: time(seconds)))
        }
        let spent = try sweep.store.timeRun() / .seconds(1)
        // SQLite's julian days resolve about 0.05 ms.
        #expect(abs(spent - 17) < 0.001)
    }

    @Test func `what a planner has measured counts, whatever the time of day did meanwhile`() async throws {
        let sweep = try StoredSweep()
        try await sweep.store.log(EventRecord(.plannerStarted, at: time(0)))
        let note = try await sweep.store.noteAlive(at: time(0), worked: 0)
        _ = try await sweep.store.noteAlive(at: time(86_402), worked: 2, renewing: note)
        #expect(try sweep.store.timeRun() == .seconds(2))
        try await sweep.store.log(EventRecord(.plannerEnded, at: time(-86_400), seconds: 3.5))
        #expect(try sweep.store.timeRun() == .seconds(3.5))
        // This one was killed before it noted anything.
        try await sweep.store.log(EventRecord(.plannerStarted, at: time(0)))
        _ = try await sweep.store.noteAlive(at: time(0), worked: 0)
        #expect(try sweep.store.timeRun() == .seconds(3.5))
        try await sweep.store.plan(StoredSweep.trial(0), startingAt: time(0))
        try await sweep.store.end(0, TrialEnding.complete(1), metrics: [], at: time(86_400), lasted: 0.25)
        #expect(try sweep.store.trial(0)?.seconds == 0.25)
    }

    @Test func `only what the planner broke off uses up no attempt, whatever the words are`() async throws {
        let sweep = try StoredSweep()
        try await sweep.store.plan(StoredSweep.trial(0))
        let endings: [TrialEnding] = [
            .interrupted, TrialEnding(.waiting, .told("interrupted")),
            TrialEnding(.waiting, .crash(.exit(1))),
        ]
        for ending in endings {
            _ = try await sweep.store.start(0, at: time(1))
            try await sweep.store.end(0, ending, metrics: [], at: time(2))
            #expect(try sweep.store.trial(0)?.reason == ending.reason)
        }
        #expect(try sweep.store.earlierAttempts(ofTrial: 0, metric: "loss").failures == 2)
    }

    @Test(arguments: [(Metric.Goal.minimize, 2), (.maximize, 3)])
    func `counts, the best and the last trial are those of the list`(goal: Metric.Goal, best: Int) async throws {
        let directory = try TemporaryDirectory()
        var record = StoredSweep.record(parameters: ["x"])
        record.objectives = Objectives([Metric(name: "loss", goal: goal, rule: .last)])
        try SweepStore.create(in: directory.path, record)
        let store = try SweepStore(runningSweepIn: directory.path)
        #expect(try store.counts().isEmpty && store.bestTrial() == nil && store.lastTrial(preferably: .failed) == nil)
        let endings: [TrialEnding?] = [
            TrialEnding(.failed, .noMetric(hint: "")), TrialEnding(.pruned, .pruned("rank 2 of 2"), value: -1e9),
            TrialEnding.complete(-3), TrialEnding.complete(7), TrialEnding.complete(-3),
            TrialEnding.complete(7), nil,
        ]
        for (number, ending) in endings.enumerated() {
            try await store.plan(StoredSweep.trial(number, ["x": .integer(number)]))
            guard let ending else { continue }
            _ = try await store.start(number, at: time(1))
            try await store.end(number, ending, metrics: [], at: time(2))
        }
        let trials = try store.trials()
        #expect(try store.counts() == [.failed: 1, .pruned: 1, .complete: 4, .waiting: 1])
        #expect(try store.bestTrial() == trials[best])
        #expect(try store.lastTrial(preferably: .failed) == trials[0])
        #expect(try store.lastTrial(preferably: .running) == trials[6])
        #expect(try store.trial(5) == trials[5])
        #expect(try store.trial(7) == nil)
    }

    @Test func `a reader sees a running sweep and cannot write it`() async throws {
        let sweep = try StoredSweep()
        try await sweep.store.plan(StoredSweep.trial(0))
        let reader = try SweepStore(readingSweepIn: sweep.directory.path)
        #expect(try reader.trials().count == 1)
        try await sweep.store.plan(StoredSweep.trial(1))
        #expect(try reader.trials().count == 2)
        #expect(try reader.sweep().name == "test")
    }
}

@Suite struct OpeningTests {
    @Test func `a folder without a sweep says so`() throws {
        let directory = try TemporaryDirectory()
        #expect(throws: SweepStoreError.noSweep(directory: directory.path)) {
            _ = try SweepStore(readingSweepIn: directory.path)
        }
    }

    @Test(arguments: [
        "", "not a database at all, but longer than the header of one, which is a hundred bytes. So it goes on.",
    ])
    func `a file that is no sweep is refused`(text: String) throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write(text, to: SweepStore.fileName)
        let error = try #require(throws: SweepStoreError.self) { _ = try SweepStore(runningSweepIn: directory.path) }
        guard case .notASweep(path, _) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(try directory.text(of: SweepStore.fileName) == text)
    }

    @Test func `a sweep that exists is not made again`() async throws {
        let sweep = try StoredSweep()
        try await sweep.store.plan(StoredSweep.trial(0))
        try SweepStore.create(in: sweep.directory.path, StoredSweep.record(parameters: ["other"]))
        #expect(try SweepStore(readingSweepIn: sweep.directory.path).trials().count == 1)
    }

    @Test func `a results folder that cannot be written says so`() throws {
        #expect(throws: SweepStoreError.self) {
            try SweepStore.create(in: "/proc/revsweep", StoredSweep.record(parameters: []))
        }
    }
}
