import Foundation
import GRDB
import SweepModel
import SweepSearch
import SweepStore
import TestSupport
import Testing

/// Sweeps with several metrics, or with bounds, in their database.
@Suite struct StoredObjectivesTests {
    private static let loss = Metric(name: "loss", goal: .minimize, rule: .last)
    private static let size = Metric(name: "size", goal: .maximize, rule: .best)

    /// A sweep that optimizes these, in a folder of its own.
    private struct Stored {
        let directory: TemporaryDirectory
        let store: SweepStore

        init(_ objectives: Objectives, parameters: [String] = ["x"]) throws {
            directory = try TemporaryDirectory()
            var record = StoredSweep.record(parameters: parameters)
            record.objectives = objectives
            try SweepStore.create(in: directory.path, record)
            store = try SweepStore(runningSweepIn: directory.path)
        }

        var shell: DatabaseQueue {
            get throws { try DatabaseQueue(path: "\(directory.path)/\(SweepStore.fileName)") }
        }

        /// Plans the next trial, and ends it at once.
        func end(_ ending: TrialEnding, _ parameters: Assignment = ["x": 0.1]) async throws {
            let number = try store.trialCount()
            try await store.plan(StoredSweep.trial(number, parameters), startingAt: time(1))
            try await store.end(number, ending, metrics: [], at: time(2))
        }
    }

    @Test(arguments: [
        Objectives([loss]), Objectives([loss, size]), Objectives([size, loss]),
        Objectives([loss], bounds: [MetricBound(metric: "loss", .atMost, 0.1 + 0.2)]),
        Objectives(
            [loss, size, Metric(name: "it's \"a\"\\n\u{1}é\n", goal: .maximize, rule: .last)],
            bounds: [
                MetricBound(metric: "latency", .atMost, -1e-300, rule: .best),
                MetricBound(metric: "latency", .atLeast, 0),
                MetricBound(metric: "size", .atLeast, .greatestFiniteMagnitude, rule: .best),
            ]),
    ])
    func `what is optimized is read back as it was stored`(objectives: Objectives) async throws {
        let sweep = try Stored(objectives)
        #expect(try sweep.store.sweep().objectives == objectives)
        #expect(try SweepStore(readingSweepIn: sweep.directory.path).sweep().metric == objectives.metrics[0])
        // One metric has columns of its own, as in all releases.
        let text = try await sweep.shell.read { try String.fetchOne($0, sql: "SELECT objectives FROM sweep") }
        #expect((text == nil) == objectives.areOne)
        // A changed file.
        var record = try sweep.store.sweep()
        for other in [Objectives([Self.size]), objectives] {
            record.objectives = other
            try await sweep.store.revise(record, changes: ["other"], completions: [], at: time(3))
            #expect(try sweep.store.sweep() == record)
        }
    }

    @Test func `the values of all metrics are read back to the last bit`() async throws {
        let sweep = try Stored(Objectives([Self.loss, Self.size], bounds: [MetricBound(metric: "b", .atMost, 1)]))
        let further = ["size": 0.1 + 0.2, "b": -1e-300, "it's \"a\"\\n\n": Double.greatestFiniteMagnitude]
        try await sweep.end(.complete(0.5, further: further))
        try await sweep.end(TrialEnding(.failed, .crash(.exit(1))))
        try await sweep.end(TrialEnding(.pruned, .pruned("told"), value: 3))
        try await sweep.end(.complete(1))
        for store in [sweep.store, try SweepStore(readingSweepIn: sweep.directory.path)] {
            #expect(try store.trials().map(\.further) == [further, [:], [:], [:]])
            #expect(try store.trial(0)?.further == further)
            #expect(try store.trial(0)?.value == 0.5)
        }
    }

    @Test func `a value that is no number is refused whole, and a trial that has ended keeps its values`() async throws
    {
        let sweep = try Stored(Objectives([Self.loss, Self.size]))
        try await sweep.store.plan(StoredSweep.trial(0), startingAt: time(1))
        let before = try sweep.store.trials()
        let metric = MetricRecord(trial: 0, attempt: 1, step: 1, name: "loss", value: 1)
        for value in [Double.nan, .infinity] {
            await #expect(throws: (any Error).self) {
                try await sweep.store.end(0, .complete(1, further: ["size": value]), metrics: [metric], at: time(2))
            }
        }
        #expect(try sweep.store.trials() == before && sweep.store.metrics(ofTrial: 0).isEmpty)
        let shell = try sweep.shell
        for text in ["'[1]'", "'{'", "7"] {
            #expect(throws: DatabaseError.self) {
                try shell.write { try $0.execute(sql: "UPDATE trial SET further_values = \(text)") }
            }
        }
        try await sweep.store.end(0, .complete(1, further: ["size": 3]), metrics: [metric], at: time(2))
        #expect(throws: DatabaseError.self) {
            try shell.write { try $0.execute(sql: "UPDATE trial SET further_values = '{\"size\": 4}'") }
        }
        #expect(try sweep.store.trial(0)?.further == ["size": 3])
    }

    @Test(arguments: [
        ("UPDATE sweep SET objectives = '[]'", "'objectives' does not say what is optimized"),
        ("UPDATE sweep SET objectives = '{}'", "'objectives' does not say what is optimized"),
        (
            "UPDATE sweep SET objectives = '[{\"name\": \"a\", \"goal\": \"minimize\", \"rule\": \"last\"}]'",
            "'objectives' does not say what is optimized"
        ),
        (
            "UPDATE sweep SET objectives = replace(objectives, 'maximize', 'most')",
            "'objectives' does not say what is optimized"
        ),
        ("UPDATE sweep SET objectives = replace(objectives, 'size', 'loss')", "'objectives' does not say"),
        ("UPDATE trial SET further_values = '{\"size\": \"big\"}'", "table 'trial', row 0: 'further_values' are no"),
        ("UPDATE trial SET further_values = '{\"size\": null}'", "table 'trial', row 0: 'further_values' are no"),
        ("UPDATE trial SET further_values = '{\"size\": 1e999}'", "table 'trial', row 0: 'further_values' are no"),
    ])
    func `a row that cannot be is named`(sql: String, words: String) async throws {
        let sweep = try Stored(Objectives([Self.loss, Self.size]))
        try await sweep.end(.complete(1, further: ["size": 3]))
        try await sweep.shell.writeWithoutTransaction { database in
            try database.execute(sql: "DROP TRIGGER ended_trial_never_changes; \(sql)")
        }
        let error = #expect(throws: SweepStoreError.self) {
            let reader = try SweepStore(readingSweepIn: sweep.directory.path)
            _ = try (reader.sweep(), reader.trials())
        }
        #expect("\(String(describing: error))".contains(words), "\(String(describing: error))")
    }

    // MARK: The view

    @Test func `the wide view has a column for each further metric, whatever its name`() async throws {
        let odd = "it's \"a\".b; DROP TABLE trial; --"
        let metrics = [Self.loss, Self.size] + ["State", odd].map { Metric(name: $0, goal: .minimize, rule: .last) }
        let objectives = Objectives(metrics, bounds: [MetricBound(metric: "latency", .atMost, 20)])
        let sweep = try Stored(objectives, parameters: ["SIZE", "x"])
        let further = ["size": 1200, "State": 0.5, odd: -3, "latency": 7.25]
        try await sweep.end(.complete(0.25, further: further), ["SIZE": 9.0, "x": 0.5])
        try await sweep.end(TrialEnding(.failed, .crash(.exit(1))), ["SIZE": 9.0, "x": 0.5])
        let rows = try sweep.shell.read { try Row.fetchAll($0, sql: "SELECT * FROM trials_wide") }
        #expect(
            rows.first.map { Array($0.columnNames) } == [
                "number", "state", "reason", "attempt", "value", "size", "metric.State", odd, "latency", "seconds",
                "param.SIZE", "x",
            ])
        let row = try #require(rows.first)
        #expect(row["size"] == 1200.0)
        #expect(row["metric.State"] == 0.5)
        #expect(row[odd] == -3.0)
        #expect(row["latency"] == 7.25)
        #expect(row["value"] == 0.25)
        #expect(row["param.SIZE"] == 9.0)
        #expect(row["state"] == "complete")
        #expect(rows[1]["size"] == nil)
        #expect(rows[1]["latency"] == nil)
        #expect(rows[1]["state"] == "failed")
        var record = try sweep.store.sweep()
        record.objectives = Objectives([Self.loss])
        try await sweep.store.revise(record, changes: [], completions: [], at: time(3))
        let names = try await sweep.shell.read { database in
            try Row.fetchOne(database, sql: "SELECT * FROM trials_wide").map { Array($0.columnNames) }
        }
        #expect(names?.suffix(4) == ["value", "seconds", "SIZE", "x"])
    }

    // MARK: The best

    /// Trials with a few whole values in no order, so that there are ties and duplicates: complete ones and others.
    private static func endings(_ seed: UInt64) -> [TrialEnding] {
        var state = seed
        func number(below bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        return (0..<30).map { _ in
            let values = (0..<3).map { _ in Double(number(below: 5)) - 1 }
            switch number(below: 8) {
            case 0: return .diverged
            case 1: return TrialEnding(.pruned, .pruned("behind"), value: -100)
            case 2: return .complete(-100)
            default: return .complete(values[0], further: ["size": values[1], "latency": values[2]])
            }
        }
    }

    private static let atMost = MetricBound(metric: "latency", .atMost, 1)
    private static let never = MetricBound(metric: "size", .atLeast, 10)

    @Test(
        arguments: [
            Objectives([loss], bounds: [atMost]), Objectives([loss], bounds: [atMost, never]),
            Objectives([loss, size]), Objectives([size, loss]), Objectives([loss, size], bounds: [atMost]),
            Objectives([loss, size, Metric(name: "latency", goal: .minimize, rule: .last)], bounds: [never]),
        ], 0..<3)
    func `the best trial, the front and the ranks are those of the list`(
        objectives: Objectives, seed: UInt64
    ) async throws {
        // Where the size comes first, it is what `value` holds.
        let isSwapped = objectives.metric.name == "size"
        let sweep = try Stored(objectives)
        for var ending in Self.endings(seed) {
            if isSwapped, let size = ending.further["size"], let loss = ending.value {
                (ending.value, ending.further["size"], ending.further["loss"]) = (size, nil, loss)
            }
            try await sweep.end(ending)
        }
        let trials = try sweep.store.trials()
        // Those with all values, as what is to be low.
        struct Candidate {
            var number: Int
            var values: [Double]
            var violation: Double

            func dominates(_ other: Candidate) -> Bool {
                if violation != other.violation { return violation < other.violation }
                return violation == 0 && zip(values, other.values).allSatisfy { $0 <= $1 } && values != other.values
            }
        }
        let candidates = trials.compactMap { trial -> Candidate? in
            guard trial.state == .complete, !trial.further.isEmpty else { return nil }
            func value(_ name: String) -> Double {
                (name == objectives.metric.name ? trial.value : trial.further[name]) ?? .nan
            }
            let values = objectives.metrics.map { $0.goal == .minimize ? value($0.name) : -value($0.name) }
            let excesses = objectives.bounds.map { bound in
                let distance = value(bound.metric) - bound.limit
                return max(0, bound.relation == .atMost ? distance : -distance) / bound.limit
            }
            return Candidate(number: trial.number, values: values, violation: excesses.reduce(0, +))
        }
        let undominated = candidates.filter { one in !candidates.contains { $0.dominates(one) } }
        let order = undominated.sorted { one, other in
            one.values == other.values
                ? one.number < other.number : one.values.lexicographicallyPrecedes(other.values)
        }
        let front = order.filter { $0.violation == 0 }.map(\.number)
        #expect(try sweep.store.bestTrial()?.number == order.first?.number)
        #expect(try sweep.store.front() == (objectives.areSeveral ? front : []))
        #expect(objectives.front(of: trials).map(\.number) == front)
        let ranked = objectives.ranked(trials)
        #expect(ranked.map(\.number).sorted() == candidates.map(\.number))
        let places = Dictionary(uniqueKeysWithValues: zip(ranked.map(\.number), 1...ranked.count))
        for one in candidates {
            let rank = try sweep.store.rank(ofTrial: one.number)
            #expect(rank?.place == places[one.number] && rank?.of == candidates.count)
            for other in candidates where one.dominates(other) {
                #expect((places[one.number] ?? 0) < (places[other.number] ?? 0), "\(one) \(other)")
            }
        }
        for trial in trials {
            let candidate = candidates.first { $0.number == trial.number }
            if let candidate { #expect(objectives.keepsBounds(trial) == (candidate.violation == 0)) }
            #expect((objectives.vector(of: trial) == nil) == (candidate == nil))
            if candidate == nil { #expect(try sweep.store.rank(ofTrial: trial.number)?.place == nil) }
        }
    }

    @Test func `with one metric and no bound the best is what it has always been`() async throws {
        let sweep = try Stored(Objectives([Self.loss]))
        for value in [3.0, 1, 2, 1] { try await sweep.end(.complete(value)) }
        let trials = try sweep.store.trials()
        #expect(Objectives([Self.loss]).ranked(trials) == Self.loss.ranked(trials))
        #expect(Objectives([Self.loss]).ranked(trials).map(\.number) == [1, 3, 2, 0])
        #expect(try sweep.store.bestTrial()?.number == 1 && sweep.store.front() == [])
        #expect(Objectives([Self.loss]).front(of: trials).map(\.number) == [1, 3])
    }

    // MARK: Bounds

    @Test(
        arguments: [
            (MetricBound(metric: "m", .atMost, 20), 25, 0.25), (MetricBound(metric: "m", .atMost, 20), 15, -0.25),
            (MetricBound(metric: "m", .atLeast, 0.5), 0.25, 0.5), (MetricBound(metric: "m", .atLeast, 0.5), 0.5, 0),
            (MetricBound(metric: "m", .atMost, -2), -1, 0.5), (MetricBound(metric: "m", .atLeast, -2), -3, 0.5),
            (MetricBound(metric: "m", .atMost, 0), 3, 3), (MetricBound(metric: "m", .atLeast, 0), 3, -3),
        ] as [(MetricBound, Double, Double)])
    func `by how much a bound is exceeded is a share of its limit`(bound: MetricBound, value: Double, excess: Double) {
        #expect(bound.excess(of: value) == excess)
    }

    @Test func `no excess is NaN, and none is lost, however far a value lies off`() {
        let most = Double.greatestFiniteMagnitude
        let values = [-most, -1e200, -1, -0.0, 0, .leastNonzeroMagnitude, 1, 1e200, most]
        for (limit, value) in values.flatMap({ limit in values.map { (limit, $0) } }) {
            let excesses = [MetricBound.Relation.atMost, .atLeast].map {
                MetricBound(metric: "m", $0, limit).excess(of: value)
            }
            #expect((excesses[0] > 0) == (value > limit) && (excesses[1] > 0) == (value < limit), "\(value), \(limit)")
            #expect(!excesses[0].isNaN && !excesses[1].isNaN, "\(value), \(limit)")
        }
    }

    @Test func `a bound is written as in a sweep file`() {
        #expect(MetricBound(metric: "latency", .atMost, 20).description == "latency <= 20")
        #expect(MetricBound(metric: "acc", .atLeast, 0.25).description == "acc >= 0.25")
    }

    // MARK: Earlier releases

    private static func sweep(ofVersion version: Int) async throws -> TemporaryDirectory {
        let sql = try String(
            contentsOfFile: Project.path("Tests/StoredSweeps/version\(version).sql"), encoding: .utf8)
        let directory = try TemporaryDirectory()
        let queue = try DatabaseQueue(path: "\(directory.path)/\(SweepStore.fileName)")
        try await queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try queue.close()
        return directory
    }

    @Test(arguments: [1, 4, 9])
    func `a sweep of an earlier release optimizes one metric, and may optimize more from now on`(
        version: Int
    ) async throws {
        let directory = try await Self.sweep(ofVersion: version)
        let reader = try SweepStore(readingSweepIn: directory.path)
        let trials = try reader.trials()
        let objectives = try reader.sweep().objectives
        #expect(objectives == Objectives([Metric(name: "loss", goal: .minimize, rule: .last)]))
        #expect(trials.allSatisfy { $0.further.isEmpty })
        #expect(try reader.front() == [] && reader.bestTrial() == objectives.ranked(trials).first)
        let store = try SweepStore(runningSweepIn: directory.path)
        #expect(try store.trials() == trials && store.sweep() == reader.sweep())
        #expect(try store.bestTrial() == reader.bestTrial())
        // The tables take what this release stores.
        let recovered = try await store.recoverInterruptedTrials(at: time(0))
        let running = try #require(recovered.first)
        _ = try await store.start(running, at: time(1))
        var record = try store.sweep()
        record.objectives = Objectives([Self.loss, Self.size], bounds: [Self.atMost])
        try await store.revise(record, changes: [], completions: [], at: time(2))
        try await store.end(
            running, .complete(0.5, further: ["size": 3, "latency": 1]), metrics: [], at: time(3))
        let proposal = TrialProposal(
            trial: trials.count, method: .nsga2, occasion: .manyObjectives, ended: 2, pending: 0)
        try await store.plan(StoredSweep.trial(trials.count), proposal: proposal)
        #expect(try store.sweep().objectives == record.objectives)
        #expect(try store.trial(running)?.further == ["size": 3, "latency": 1])
        #expect(try store.bestTrial()?.number == running && store.front() == [running])
        #expect(try store.proposal(ofTrial: trials.count) == proposal)
        let value = try await DatabaseQueue(path: "\(directory.path)/\(SweepStore.fileName)").read {
            try Double.fetchOne($0, sql: "SELECT size FROM trials_wide WHERE state = 'complete' AND size IS NOT NULL")
        }
        #expect(value == 3)
    }

    @Test func `the stored sweep of this version has bounds`() async throws {
        let directory = try await Self.sweep(ofVersion: 10)
        let reader = try SweepStore(readingSweepIn: directory.path)
        let record = try reader.sweep()
        #expect(
            record.objectives
                == Objectives(
                    [Metric(name: "loss", goal: .minimize, rule: .last)],
                    bounds: [MetricBound(metric: "time", .atMost, 3)]))
        #expect(record.file.text.contains("\nbounds: [time <= 3]\n"))
        #expect(try reader.bestTrial()?.number == 2 && reader.trial(2)?.further == ["time": 3])
        #expect(try reader.proposals().map(\.method) == [.sobol, .tpe, .process, .nsga2])
        // The view is as a planner of this release makes it.
        let new = try Stored(record.objectives, parameters: ["x", "kind"])
        let views = (try await Self.view(in: directory.path), try await Self.view(in: new.directory.path))
        #expect(views.0 == views.1)
    }

    private static func view(in directory: String) async throws -> String? {
        try await DatabaseQueue(path: "\(directory)/\(SweepStore.fileName)").read {
            try String.fetchOne($0, sql: "SELECT sql FROM sqlite_schema WHERE name = 'trials_wide'")
        }
    }
}
