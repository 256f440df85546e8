import Foundation
import GRDB
import SweepModel
import SweepSearch
import SweepStore
import TestSupport
import Testing

/// The database as somebody sees it who opens it without revsweep.
@Suite struct SchemaTests {
    private static func shell(_ sweep: StoredSweep) throws -> DatabaseQueue {
        try DatabaseQueue(path: "\(sweep.directory.path)/\(SweepStore.fileName)")
    }

    @Test func `the tables and the view have the names that the documentation promises`() throws {
        let sweep = try StoredSweep()
        let names = try Self.shell(sweep).read { database in
            try String.fetchSet(
                database,
                sql: "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT GLOB 'grdb*'")
        }
        #expect(
            names == [
                "sweep", "trial", "parameter", "metric", "event", "decision", "proposal", "queue", "prior_trial",
                "trials_wide",
            ])
    }

    @Test func `the wide view has a column for each parameter, whatever its name`() async throws {
        let name = "it's \"a\".b; DROP TABLE trial; --"
        let sweep = try StoredSweep(parameters: ["optimizer.name", name])
        try await sweep.store.plan(StoredSweep.trial(0, [name: 0.25]))
        let row = try #require(
            try Self.shell(sweep).read { try Row.fetchOne($0, sql: "SELECT * FROM trials_wide") })
        #expect(row[name] == 0.25)
        #expect(row["optimizer.name"] == nil)
        #expect(row["state"] == "waiting")
    }

    @Test func `names that are taken get a prefix and change no order`() async throws {
        let names = ["number", "Value", "lr", "LR"]
        let sweep = try StoredSweep(parameters: names)
        for number in 0..<2 {
            let value = ParameterValue.number(Double(9 - number))
            let values: Assignment = ["number": value, "Value": value, "lr": value, "LR": value]
            try await sweep.store.plan(StoredSweep.trial(number, values))
        }
        let rows = try Self.shell(sweep).read { try Row.fetchAll($0, sql: "SELECT * FROM trials_wide") }
        #expect(rows.map { $0["number"] } == [0, 1])
        #expect(
            rows.first.map { Array($0.columnNames.suffix(4)) } == ["param.number", "param.Value", "lr", "param.LR"])
        #expect(rows.map { $0["param.number"] } == [9.0, 8.0])
    }

    /// Nothing recorded is ever lost: not even by hand, nor by a mistake in the planner.
    @Test(arguments: [
        "DELETE FROM trial WHERE number = 0",
        "UPDATE trial SET state = 'running' WHERE number = 0",
        "UPDATE trial SET value = 7 WHERE number = 0",
        "UPDATE trial SET state = 'complete', value = 1, ended = 'x' WHERE number = 1",
        "UPDATE trial SET state = 'done' WHERE number = 1",
        "INSERT INTO trial (number, state, attempt, origin, seed, created) VALUES (5, 'running', 1, 'sampled', 0, 'x')",
        """
        INSERT INTO trial (number, state, attempt, origin, seed, created) VALUES (-1, 'waiting', 0, 'sampled', 0, 'x')
        """,
        "INSERT INTO trial (number, state, attempt, origin, seed, created) VALUES (5, 'waiting', 0, 'guessed', 0, 'x')",
        "INSERT INTO parameter (trial, name, kind, value) VALUES (0, 'z', 'number', 'text')",
        "INSERT INTO parameter (trial, name, kind, value) VALUES (99, 'z', 'number', 1.5)",
        "INSERT INTO metric (trial, attempt, step, name, value) VALUES (99, 1, 1, 'loss', 1)",
        """
        INSERT INTO sweep SELECT 2, name, metric, goal, rule, parameters, lag, file_path, file, base_path, base, \
        directory, created FROM sweep
        """,
    ])
    func `what may never be is refused by the database itself`(sql: String) async throws {
        let sweep = try StoredSweep()
        for number in 0..<2 { try await sweep.store.plan(StoredSweep.trial(number)) }
        _ = try await sweep.store.start(0, at: time(1))
        try await sweep.store.end(0, TrialEnding.complete(1), metrics: [], at: time(2))
        let before = try sweep.store.trials()
        #expect(throws: DatabaseError.self) {
            try Self.shell(sweep).write { try $0.execute(sql: sql) }
        }
        #expect(try sweep.store.trials() == before)
    }

    @Test func `a database of a later release is left alone`() throws {
        let sweep = try StoredSweep()
        try Self.shell(sweep).write { database in
            try database.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('99: of the future')")
        }
        #expect(throws: SweepStoreError.tooNew(path: "\(sweep.directory.path)/\(SweepStore.fileName)")) {
            _ = try SweepStore(runningSweepIn: sweep.directory.path)
        }
    }

    @Test func `a running sweep keeps a write-ahead log, so that readers hold up nobody`() throws {
        let sweep = try StoredSweep()
        let mode = try Self.shell(sweep).read { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
        #expect(mode == "wal")
    }

    /// Sweeps of before had their log from their first planner, which may have been killed while it set that up.
    @Test func `what a planner was killed in before there was a log is undone`() throws {
        let (original, copy) = (try TemporaryDirectory(), try TemporaryDirectory())
        try SweepStore.create(in: original.path, StoredSweep.record(parameters: ["x"]))
        let queue = try DatabaseQueue(path: "\(original.path)/\(SweepStore.fileName)")
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF")
            try database.inTransaction {
                try database.execute(sql: "UPDATE sweep SET name = 'half'")
                for name in ["sweep.sqlite", "sweep.sqlite-journal"] {
                    try FileManager.default.copyItem(
                        atPath: "\(original.path)/\(name)", toPath: "\(copy.path)/\(name)")
                }
                return .rollback
            }
        }
        #expect(throws: SweepStoreError.self) { _ = try SweepStore(readingSweepIn: copy.path) }
        #expect(try SweepStore(runningSweepIn: copy.path).sweep().name == "test")
    }

    @Test func `a sweep has its log from the beginning`() throws {
        let directory = try TemporaryDirectory()
        try SweepStore.create(in: directory.path, StoredSweep.record(parameters: ["x"]))
        let mode = try DatabaseQueue(path: "\(directory.path)/\(SweepStore.fileName)")
            .read { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
        #expect(mode == "wal")
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).allSatisfy { !$0.hasPrefix(".") })
    }
}
