import GRDB
import SweepModel
import SweepStore
import TestSupport
import Testing

/// What the reading commands ask a store for.
@Suite struct ReadingTests {
    private static func report(
        _ trial: Int, _ name: String, _ value: Double, step: Int = 0, attempt: Int = 1
    ) -> MetricRecord {
        MetricRecord(trial: trial, attempt: attempt, step: step, name: name, value: value)
    }

    /// Three trials: two complete with 0.5 and 0.25, one that runs.
    private static func sweep() async throws -> StoredSweep {
        let sweep = try StoredSweep()
        for number in 0..<3 {
            try await sweep.store.plan(StoredSweep.trial(number, ["x": .number(Double(number)), "kind": "a"]))
            _ = try await sweep.store.start(number, at: time(Double(number)))
        }
        try await sweep.store.record([
            Self.report(0, "loss", 9), Self.report(1, "loss", 8), Self.report(0, "acc", 0.1),
            Self.report(2, "loss", .nan), Self.report(2, "z", -.infinity), Self.report(0, "loss", 0.5, step: 1),
        ])
        try await sweep.store.end(0, .complete(0.5), metrics: [], at: time(5))
        try await sweep.store.end(1, .complete(0.25), metrics: [Self.report(1, "loss", 0.25, step: 1)], at: time(6))
        return sweep
    }

    @Test func `the sweeps of a folder are those with a database, and a file has none`() throws {
        let folder = try TemporaryDirectory()
        for name in ["b/sweep.sqlite", "a/sweep.sqlite", "c/other"] { try folder.write("", to: name) }
        #expect(try SweepStore.names(in: folder.path) == ["a", "b"])
        #expect(try SweepStore.names(in: "\(folder.path)/none") == [])
        let error = #expect(throws: (any Error).self) { try SweepStore.names(in: "\(folder.path)/c/other") }
        #expect(error.map { "\($0)" } == "\(folder.path)/c/other: cannot be read: Not a directory")
    }

    @Test func `the last value of each metric is found, of all trials and of some`() async throws {
        let sweep = try await Self.sweep()
        let all = try sweep.store.lastMetrics()
        #expect(all[0] == ["loss": 0.5, "acc": 0.1] && all[1] == ["loss": 0.25])
        #expect(all[2]?["z"] == -Double.infinity && all[2]?["loss"]?.isNaN == true && all.count == 3)
        #expect(
            try sweep.store.lastMetrics(ofTrials: [1, 0, 99]) == [0: ["loss": 0.5, "acc": 0.1], 1: ["loss": 0.25]])
        #expect(try sweep.store.lastMetrics(ofTrials: []) == [:])
        #expect(try sweep.store.lastValues(ofMetric: "acc") == [0: 0.1])
        #expect(try sweep.store.lastValues(ofMetric: "loss")[2]?.isNaN == true)
        #expect(try sweep.store.lastValues(ofMetric: "none") == [:])
        #expect(try sweep.store.metricNames() == ["acc", "loss", "z"])
        #expect(try sweep.store.hasReported("z") && !sweep.store.hasReported("Z"))
    }

    @Test func `single trials are found with their values, in the order of their numbers`() async throws {
        let sweep = try await Self.sweep()
        #expect(try sweep.store.trialCount() == 3)
        #expect(try sweep.store.trials([2, 0, 7]) == [sweep.store.trials()[0], sweep.store.trials()[2]])
        #expect(try sweep.store.trials([]) == [])
        #expect(try sweep.store.trial(1)?.parameters == ["x": 1.0, "kind": "a"])
    }

    @Test(arguments: [true, false])
    func `what is read in one state does not see what is stored meanwhile`(asPlanner: Bool) async throws {
        let sweep = try await Self.sweep()
        let store = asPlanner ? sweep.store : try SweepStore(readingSweepIn: sweep.directory.path)
        let other = try DatabaseQueue(path: "\(sweep.directory.path)/\(SweepStore.fileName)")
        let (first, second) = try store.inOneState { store in
            let first = try store.reportCount(ofMetric: "loss")
            try other.write {
                try $0.execute(
                    sql: "INSERT INTO metric (trial, attempt, step, name, value) VALUES (2, 1, 9, 'loss', 1)")
            }
            // One that reads from another state would also count another number of trials.
            var reports = 0
            _ = try store.forEachTrial(reporting: "loss") { reports += $1.count }
            #expect(try store.trials().count == 3)
            return (first, reports)
        }
        #expect(first == 5 && second == 5)
        #expect(try store.reportCount(ofMetric: "loss") == 6)
    }

    @Test func `a complete trial has a rank`() async throws {
        let sweep = try await Self.sweep()
        let ranks = try (0..<4).map { try sweep.store.rank(ofTrial: $0)?.place }
        #expect(ranks == [2, 1, nil, nil])
        #expect(try sweep.store.rank(ofTrial: 0)?.of == 2)
    }

    @Test func `what happened to one trial is found`() async throws {
        let sweep = try await Self.sweep()
        let events = try sweep.store.events(ofTrial: 1)
        #expect(events.map(\.kind) == [.trialPlanned, .trialStarted, .trialEnded])
        #expect(try events == sweep.store.events().filter { $0.trial == 1 })
        let decision = TrialDecision(
            trial: 2, attempt: 1, step: 1, value: 1, action: .goOn, reason: "first", at: time(7))
        try await sweep.store.record([], [decision])
        #expect(try sweep.store.decisions(ofTrial: 2) == [decision] && sweep.store.decisions(ofTrial: 1) == [])
        #expect(try sweep.store.reruns(ofTrial: 1) == [])
        var reports: [MetricRecord] = []
        try sweep.store.forEachReport(ofTrial: 1) { reports.append($0) }
        #expect(try reports.map(\.value) == [8, 0.25] && reports == sweep.store.metrics(ofTrial: 1))
    }

    @Test func `of each metric those reports count that no later attempt has replaced`() async throws {
        let sweep = try await Self.sweep()
        let store = sweep.store
        let first = (1...4).flatMap { step in
            ["loss", "acc"].map { Self.report(2, $0, Double(step), step: step) }
        }
        try await store.record(first)
        try await store.end(2, .interrupted, metrics: [], at: time(7))
        _ = try await store.start(2, at: time(8))
        // It begins at step 3, and the metric's own count says step 2.
        try await store.record([
            Self.report(2, "acc", 30, step: 3, attempt: 2), Self.report(2, "loss", 20, step: 2, attempt: 2),
            Self.report(2, "loss", 30, step: 3, attempt: 2),
        ])
        var counted: [String: [Double]] = [:]
        try store.forEachCountedReport(ofTrial: 2) { counted[$0.name, default: []].append($0.value) }
        #expect(counted["acc"] == [1, 2, 30] && counted["z"] == [-.infinity])
        #expect(counted["loss"]?.filter(\.isFinite) == [1, 20, 30] && counted["loss"]?.count == 4)
        #expect(try store.curves(ofMetric: "loss")[2]?.map(\.value) == [1, 20, 30])
        var others: [Double] = []
        try store.forEachCountedReport(ofTrial: 0) { others.append($0.value) }
        #expect(try others == store.metrics(ofTrial: 0).map(\.value))
        // Looks in which the later attempt is new, goes on, and is there from the beginning.
        let ids = try await DatabaseQueue(path: "\(sweep.directory.path)/\(SweepStore.fileName)").read { database in
            try Int.fetchAll(database, sql: "SELECT id FROM metric WHERE trial = 2 AND name = 'loss' ORDER BY id")
        }
        let looks: [(seen: Int, restarts: [Int], values: [Double])] = [
            (ids[4], [3, 2], [20, 30]), (ids[5], [], [30]), (ids[6], [], []), (ids[0], [3, 2], [1, 2, 3, 4, 20, 30]),
        ]
        for (seen, restarts, values) in looks {
            var (foundRestarts, foundValues): ([Int], [Double]) = ([], [])
            let end = try store.forEachReport(
                ofTrial: 2, metric: "loss", after: seen, restart: { foundRestarts.append($0) },
                { _, value in foundValues.append(value) })
            #expect(foundRestarts == restarts && foundValues == values && end == ids[6], "after \(seen)")
        }
    }

    /// A trainer that reports its rate when it goes on, and then ends, has given up what came after.
    @Test func `an attempt replaces also what it does not report itself`() async throws {
        let sweep = try await Self.sweep()
        let store = sweep.store
        try await store.record((1...5).map { Self.report(2, "loss", Double($0), step: $0) })
        for (attempt, step) in [(2, 4), (3, 3)] {
            try await store.end(2, .interrupted, metrics: [], at: time(7))
            _ = try await store.start(2, at: time(8))
            try await store.record([Self.report(2, "lr", 0.1, step: step, attempt: attempt)])
            let counted = Array(1..<step).map(Double.init)
            #expect(try store.curves(ofMetric: "loss")[2]?.suffix(step - 1).map(\.value) == counted)
            #expect(
                try store.earlierAttempts(ofTrial: 2, metric: "loss").values.suffix(step - 1).map(\.value) == counted)
            var (shown, listed, watched): ([Double], [Double], [Double]) = ([], [], [])
            try store.forEachCountedReport(ofTrial: 2) { if $0.name == "loss" { shown.append($0.value) } }
            _ = try store.forEachTrial(reporting: "loss") { trial, reports in
                if trial.number == 2 { listed = reports.map(\.value) }
            }
            var steps: [Int] = []
            _ = try store.forEachReport(
                ofTrial: 2, metric: "loss", after: 0,
                restart: { first in
                    let kept = steps.prefix { $0 < first }.count
                    (steps, watched) = (Array(steps.prefix(kept)), Array(watched.prefix(kept)))
                },
                {
                    steps.append($0)
                    watched.append($1)
                })
            for values in [shown, listed, watched] { #expect(values.filter(\.isFinite) == counted) }
        }
    }

    @Test func `the last report of a metric is found by the index alone`() async throws {
        let sweep = try await Self.sweep()
        let plans = try await DatabaseQueue(path: "\(sweep.directory.path)/\(SweepStore.fileName)").read { database in
            try Row.fetchAll(
                database, sql: "EXPLAIN QUERY PLAN SELECT max(id) FROM metric WHERE trial = 1 AND name = 'loss'"
            ).map { "\($0)" }
        }
        #expect(plans.contains { $0.contains("COVERING INDEX metric_by_trial (trial=? AND name=?)") }, "\(plans)")
    }
}
