import Foundation
import GRDB
import SweepModel
import SweepStore
import TestSupport
import Testing

/// Databases that releases have written, one for each version of the tables, as SQL: `sqlite3 sweep.sqlite .dump`.
@Suite struct MigrationTests {
    struct Stored: CustomTestStringConvertible {
        var version: Int
        /// The last one runs.
        var states: [TrialState]
        var decisions = 0
        var queued = 0
        /// Where its trainers run if its file does not say so.
        var trainerDirectory = "{trial_dir}"
        var proposals = 0
        /// Of the trial that is enqueued.
        var seed: UInt64?
        var prior: [PriorTrial] = []

        var testDescription: String { "version \(version)" }
    }

    private static let all = [
        Stored(version: 1, states: [.complete, .failed, .complete, .running]),
        Stored(
            version: 2, states: [.waiting, .waiting, .complete, .waiting, .waiting, .running], decisions: 10,
            queued: 1),
        Stored(
            version: 3, states: [.waiting, .waiting, .complete, .waiting, .waiting, .running], decisions: 10, queued: 1,
            trainerDirectory: "{sweep_dir}"),
        Stored(
            version: 4, states: [.waiting, .waiting, .complete, .waiting, .waiting, .running], decisions: 10, queued: 1,
            trainerDirectory: "{sweep_dir}"),
        Stored(
            version: 6, states: [.waiting, .waiting, .complete, .waiting, .waiting, .running], decisions: 10, queued: 1,
            trainerDirectory: "{sweep_dir}"),
        Stored(
            version: 7, states: [.waiting, .waiting, .complete, .waiting, .waiting, .running], decisions: 10, queued: 1,
            trainerDirectory: "{sweep_dir}"),
        Stored(
            version: 8, states: [.waiting, .waiting, .complete, .waiting, .waiting, .running], decisions: 10, queued: 1,
            trainerDirectory: "{sweep_dir}", proposals: 2),
        Stored(
            version: 9, states: [.waiting, .waiting, .complete, .waiting, .waiting, .running], decisions: 10, queued: 1,
            trainerDirectory: "{sweep_dir}", proposals: 3, seed: 77),
        Stored(
            version: 10, states: [.waiting, .waiting, .complete, .waiting, .waiting, .running], decisions: 10,
            queued: 1, trainerDirectory: "{sweep_dir}", proposals: 4, seed: 77),
        Stored(
            version: 11, states: [.waiting, .waiting, .complete, .waiting, .waiting, .running], decisions: 10,
            queued: 1, trainerDirectory: "{sweep_dir}", proposals: 5, seed: 77,
            prior: [
                PriorTrial(
                    source: "/home/ada/results/former", number: 7, parameters: ["x": .number(0.25), "kind": "b"],
                    value: 0.125)
            ]),
        Stored(
            version: 12, states: [.waiting, .waiting, .complete, .waiting, .waiting, .running], decisions: 10,
            queued: 1, trainerDirectory: "{sweep_dir}", proposals: 5, seed: 77,
            prior: [
                PriorTrial(
                    source: "/home/ada/results/former", number: 7, parameters: ["x": .number(0.25), "kind": "b"],
                    value: 0.125)
            ]),
        Stored(
            version: 13, states: [.waiting, .waiting, .complete, .waiting, .waiting, .running], decisions: 10,
            queued: 1, trainerDirectory: "{sweep_dir}", proposals: 5, seed: 77,
            prior: [
                PriorTrial(
                    source: "/home/ada/results/former", number: 7, parameters: ["x": .number(0.25), "kind": "b"],
                    value: 0.125)
            ]),
    ]

    /// - Returns: a folder with the sweep as that release left it.
    private static func sweep(ofVersion version: Int) throws -> TemporaryDirectory {
        let sql = try String(
            contentsOfFile: Project.path("Tests/StoredSweeps/version\(version).sql"), encoding: .utf8)
        let directory = try TemporaryDirectory()
        let queue = try DatabaseQueue(path: "\(directory.path)/\(SweepStore.fileName)")
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try queue.close()
        return directory
    }

    private static func migrations(in directory: String) throws -> [String] {
        try DatabaseQueue(path: "\(directory)/\(SweepStore.fileName)").read {
            try String.fetchAll(
                $0, sql: "SELECT identifier FROM grdb_migrations ORDER BY CAST(identifier AS INTEGER), identifier")
        }
    }

    @Test func `there is a database of every version`() throws {
        let new = try StoredSweep()
        let newest = try Self.migrations(in: new.directory.path)
        var migrations: [String] = []
        for stored in Self.all {
            let old = try Self.sweep(ofVersion: stored.version)
            migrations = try Self.migrations(in: old.path)
            #expect(migrations.last?.hasPrefix("\(stored.version): ") == true && Set(migrations).isSubset(of: newest))
        }
        #expect(migrations == newest, "the newest version has a database of its own")
    }

    @Test(arguments: all)
    func `a sweep of any release goes on`(stored: Stored) async throws {
        let directory = try Self.sweep(ofVersion: stored.version)
        let unchanged = try SweepStore(readingSweepIn: directory.path)
        let trials = try unchanged.trials()
        #expect(trials.map(\.state) == stored.states)
        let decisions = try unchanged.decisions()
        #expect(decisions.count == stored.decisions)
        #expect(try unchanged.queued().count == stored.queued)
        #expect(try unchanged.queued().first?.seed == stored.seed)
        #expect(try unchanged.proposals().count == stored.proposals)
        #expect(try unchanged.priorTrials() == stored.prior)
        #expect(try unchanged.sweep().trainerDirectory == stored.trainerDirectory)
        let store = try SweepStore(runningSweepIn: directory.path)
        #expect(try store.sweep().trainerDirectory == stored.trainerDirectory)
        #expect(try store.trials() == trials)
        #expect(try store.proposals() == unchanged.proposals())
        // The reason is what an earlier release said, word by word.
        let words = try await DatabaseQueue(path: "\(directory.path)/\(SweepStore.fileName)").read {
            try Optional<String>.fetchAll($0, sql: "SELECT reason FROM trial ORDER BY number")
        }
        #expect(trials.map(\.reason?.description) == words)
        #expect(try store.decisions() == decisions)
        let last = trials.count - 1
        #expect(try await store.recoverInterruptedTrials(at: time(0)) == [last])
        _ = try await store.start(last, at: time(1))
        let decision = TrialDecision(
            trial: last, attempt: 2, step: 1, value: 1, action: .prune, reason: "too large", at: time(2))
        try await store.record([], [decision])
        try await store.end(last, TrialEnding(.pruned, .pruned("too large"), value: 1), metrics: [], at: time(3))
        #expect(try store.trials().last?.state == .pruned)
        #expect(try store.decisions() == decisions + [decision])
        try SweepStore.enqueue([["x": .number(0.5)]], in: directory.path, at: time(4))
        #expect(try store.queued().count == stored.queued + 1)
    }

    @Test func `what earlier releases said in sentences alone is read as causes`() async throws {
        let directory = try Self.sweep(ofVersion: 1)
        try await DatabaseQueue(path: "\(directory.path)/\(SweepStore.fileName)").write { database in
            let details = [
                ("retried", "waiting: interrupted"), ("retried", "waiting: crash: exit 3"),
                ("retried", "waiting: stall"),
                ("retried", "waiting: memory: peak 7 MiB"), ("retried", "waiting: the dog: it ate it"),
                ("ended", "complete"), ("ended", "failed: no metric"), ("paused", "waiting: paused at rung 0, step 1"),
                ("ended", "pruned: rank 2 of 3"), ("ended", "diverged: the metric is not a finite number"),
                ("interrupted", nil), ("started", nil),
            ]
            for (kind, detail) in details {
                try database.execute(
                    sql: "INSERT INTO event (time, trial, kind, detail) VALUES ('2026-01-01T00:00:00.000Z', 3, ?, ?)",
                    arguments: [kind, detail])
            }
        }
        let store = try SweepStore(runningSweepIn: directory.path)
        let causes: [TrialReason.Kind?] = [
            .interrupted, .crash, .stall, .memory, .told, nil, .noMetric, .paused, .pruned, .diverged, .interrupted,
            nil,
        ]
        #expect(try store.events().suffix(12).map(\.cause) == causes)
        #expect(try store.earlierAttempts(ofTrial: 3, metric: "loss").failures == 4)
        for trial in try store.trials() { #expect((trial.reason != nil) == (trial.state == .failed), "\(trial)") }
        // What has ended still never changes.
        await #expect(throws: (any Error).self) {
            try await DatabaseQueue(path: "\(directory.path)/\(SweepStore.fileName)").write {
                try $0.execute(sql: "UPDATE trial SET reason = 'x' WHERE number = 0")
            }
        }
    }

    @Test(
        arguments: [
            ("interrupted", TrialReason.interrupted), ("crash: exit 3", .crash(.exit(3))),
            ("crash: signal 11", .crash(.signal(11))),
            ("crash: the dog: it ate it", .told("crash: the dog: it ate it")),
            ("crash: the launcher ended before the trainer: exit 7", .crash(.launcherExit(7))), ("timeout", .timeout),
            ("stall", .stall), ("memory: peak 7 MiB", .memory(peak: 7 << 20)), ("memory: much", .told("memory: much")),
            ("processes: peak 12", .processes(peak: 12)), ("launch: gone", .launch("gone")),
            ("no metric", .noMetric(hint: "")), ("no metric 'loss': none", .noMetric(hint: "'loss': none")),
            ("paused at rung 0, step 1", .paused("paused at rung 0, step 1")), ("as I say", .told("as I say")),
        ], [1, 4])
    func `the sentence of an earlier release is read as a reason, before and after its sweep goes on`(
        stored: (words: String, reason: TrialReason), version: Int
    ) async throws {
        let directory = try Self.sweep(ofVersion: version)
        let path = "\(directory.path)/\(SweepStore.fileName)"
        let number = try await DatabaseQueue(path: path).write { database in
            try database.execute(
                sql: """
                    UPDATE trial SET state = 'waiting', reason = ?
                    WHERE number = (SELECT max(number) FROM trial WHERE state IN ('waiting', 'running'))
                    """, arguments: [stored.words])
            return try Int.fetchOne(database, sql: "SELECT max(number) FROM trial WHERE ended IS NULL")
        }
        let trial = try #require(number)
        #expect(try SweepStore(readingSweepIn: directory.path).trial(trial)?.reason == stored.reason)
        let store = try SweepStore(runningSweepIn: directory.path)
        #expect(try store.trial(trial)?.reason == stored.reason)
        #expect(stored.reason.description == stored.words)
    }

    @Test(arguments: [
        TrialReason.crash(.exit(1)), .crash(.signal(9)), .crash(.launcherExit(255)), .timeout, .stall,
        .memory(peak: 12_345_678), .processes(peak: 3), .launch("gone"), .noMetric(hint: ""), .noMetric(hint: "'a'"),
        .diverged, .pruned("rank 2 of 2"), .paused("at rung 1"), .interrupted, .told("crash: exit 1"),
    ])
    func `a reason is read back as it was stored`(reason: TrialReason) async throws {
        let sweep = try StoredSweep()
        try await sweep.store.plan(StoredSweep.trial(0))
        _ = try await sweep.store.start(0, at: time(1))
        try await sweep.store.end(0, TrialEnding(.waiting, reason), metrics: [], at: time(2))
        #expect(try sweep.store.trial(0)?.reason == reason)
        _ = try await sweep.store.start(0, at: time(3))
        #expect(try sweep.store.trial(0)?.reason == nil)
    }

    @Test func `values of every kind are read back`() throws {
        let directory = try Self.sweep(ofVersion: 4)
        let store = try SweepStore(readingSweepIn: directory.path)
        let values = try store.trials()[2].parameters.filter { !["x", "kind"].contains($0.name) }.map {
            "\($0.name): \($0.value)"
        }.sorted()
        #expect(
            values == [
                "list: [1, 2.0, null, 'a\"b', [true]]", "mapping: {name: sgd, lr: 0.1, 'n': 12345678901234567890}",
                "none: null",
                "wide: -12345678901234567890",
            ])
    }
}
