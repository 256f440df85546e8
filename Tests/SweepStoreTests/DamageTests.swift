import Foundation
import GRDB
import SweepModel
import SweepStore
import TestSupport
import Testing

/// A database that is not what a planner has stored is an error that names the place, never a trap.
@Suite struct DamageTests {
    /// Does all that readers and planners do.
    private static func useAll(_ directory: String) async throws {
        let reader = try SweepStore(readingSweepIn: directory)
        _ = try (reader.sweep(), reader.trials(), reader.counts(), reader.bestTrial(), reader.askedTrials())
        _ = try (reader.timeRun(), reader.lastMetrics(), reader.metrics(ofTrial: 0), reader.events())
        _ = try (reader.decisions(), reader.turns(), reader.queued(), reader.curves(ofMetric: "loss"))
        try SweepStore.enqueue([["x": .number(0.5)]], in: directory, at: time(9))
        let store = try SweepStore(runningSweepIn: directory)
        _ = try store.earlierAttempts(ofTrial: 1, metric: "loss")
        _ = try await store.recoverInterruptedTrials(at: time(9))
        _ = try await store.noteAlive(at: time(9), worked: 1)
        try await store.plan(StoredSweep.trial(try store.trials().count), startingAt: time(9))
        try await store.close()
    }

    private static func sweep() async throws -> StoredSweep {
        let sweep = try StoredSweep()
        for number in 0..<30 {
            try await sweep.store.plan(
                StoredSweep.trial(number, ["x": .number(0.25), "kind": .string("a")]),
                startingAt: time(1))
            let metrics = (1...3).map {
                MetricRecord(trial: number, attempt: 1, step: $0, name: "loss", value: Double($0))
            }
            if number.isMultiple(of: 4) { continue }
            try await sweep.store.end(number, TrialEnding.complete(3), metrics: metrics, at: time(2))
        }
        _ = try await sweep.store.noteAlive(at: time(3), worked: 2)
        try await sweep.store.close()
        return sweep
    }

    @Test func `bytes that are flipped anywhere are errors of the store, or are not noticed`() async throws {
        let sweep = try await Self.sweep()
        let path = "\(sweep.directory.path)/\(SweepStore.fileName)"
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        var random = SplitMix(state: 12)
        for round in 0..<120 {
            var bytes = whole
            for _ in 0..<(1 << (round % 8)) {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            let copy = try TemporaryDirectory()
            try bytes.write(to: URL(fileURLWithPath: "\(copy.path)/\(SweepStore.fileName)"))
            do {
                try await Self.useAll(copy.path)
            } catch let error as SweepStoreError {
                #expect(!"\(error)".contains("\n"))
            } catch let error as DatabaseError {
                // What the tables themselves refuse.
                #expect(error.resultCode == .SQLITE_CONSTRAINT, "\(error)")
            }
        }
    }

    /// Changed with the checks switched off, as a damaged file is.
    @Test(arguments: [
        ("UPDATE trial SET created = 'yesterday' WHERE number = 3", "table 'trial', row 3: 'created' is not a time"),
        ("UPDATE trial SET state = 'done' WHERE number = 3", "table 'trial', row 3: 'state' is not a word known here"),
        ("UPDATE trial SET attempt = x'00' WHERE number = 3", "table 'trial', row 3: 'attempt' is not a whole number"),
        ("UPDATE trial SET ended = NULL WHERE number = 3", "table 'trial', row 3: state, value, attempt and times"),
        ("DELETE FROM trial WHERE number = 3", "table 'trial': there is no row 3"),
        ("UPDATE parameter SET kind = 'matrix' WHERE trial = 3", "table 'parameter', row 3: "),
        ("UPDATE parameter SET name = 'y' WHERE trial = 3 AND name = 'x'", "'y' is no parameter of the sweep"),
        ("UPDATE parameter SET value = 'one' WHERE trial = 3 AND name = 'x'", "table 'parameter', row 3: 'x'"),
        ("UPDATE event SET kind = 'slept' WHERE id = 5", "table 'event', row 5: 'kind' is not a word known here"),
        ("UPDATE event SET time = '' WHERE id = 5", "table 'event', row 5: 'time' is not a time"),
        ("UPDATE metric SET step = 'one' WHERE id = 7", "table 'metric', row 7: 'step' is not a whole number"),
        ("UPDATE sweep SET parameters = '[\"x\", \"x\"]'", "'parameters' is no list of different names"),
        ("DELETE FROM sweep", "table 'sweep': it has no row"),
        ("UPDATE trial SET seconds = 'long' WHERE number = 3", "table 'trial', row 3: 'seconds' is not a number"),
    ])
    func `a row that cannot be is named`(sql: String, words: String) async throws {
        let sweep = try await Self.sweep()
        let path = "\(sweep.directory.path)/\(SweepStore.fileName)"
        let shell = try DatabaseQueue(path: path)
        try await shell.writeWithoutTransaction { database in
            for name in try String.fetchAll(database, sql: "SELECT name FROM sqlite_schema WHERE type = 'trigger'") {
                try database.execute(sql: "DROP TRIGGER \(name)")
            }
            try database.execute(sql: "PRAGMA writable_schema = ON; PRAGMA ignore_check_constraints = ON")
            try database.execute(
                sql: """
                    UPDATE sqlite_schema SET sql = replace(replace(sql, 'STRICT, ', ''), 'STRICT', '')
                    WHERE type = 'table'
                    """
            )
            try database.execute(sql: "PRAGMA writable_schema = RESET; PRAGMA foreign_keys = OFF")
        }
        try shell.close()
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let loose = try DatabaseQueue(path: path, configuration: configuration)
        try await loose.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA ignore_check_constraints = ON; \(sql)")
        }
        try loose.close()
        let error = await #expect(throws: SweepStoreError.self) { try await Self.useAll(sweep.directory.path) }
        let text = error.map { "\($0)" } ?? ""
        #expect(text.hasPrefix("\(path) is damaged: ") && text.contains(words), "\(text)")
    }

    /// The index is put aside while the table changes, so that the two contradict each other. The last name of a trial
    /// then leads to itself.
    @Test func `an index that leads in a circle is an error, and does not read for ever`() async throws {
        let sweep = try await Self.sweep()
        let path = "\(sweep.directory.path)/\(SweepStore.fileName)"
        let shell = try DatabaseQueue(path: path)
        try await shell.writeWithoutTransaction { database in
            try database.execute(
                sql: """
                    PRAGMA writable_schema = ON;
                    CREATE TEMP TABLE aside AS SELECT * FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'metric';
                    DELETE FROM sqlite_schema WHERE name IN (SELECT name FROM aside);
                    PRAGMA writable_schema = RESET;
                    UPDATE metric SET name = 'zoss' WHERE trial = 3;
                    PRAGMA writable_schema = ON;
                    INSERT INTO sqlite_schema SELECT * FROM aside;
                    PRAGMA writable_schema = RESET;
                    """)
        }
        try shell.close()
        let reader = try SweepStore(readingSweepIn: sweep.directory.path)
        let error = #expect(throws: SweepStoreError.self) { try reader.lastMetrics() }
        let text = error.map { "\($0)" } ?? ""
        #expect(text.contains("table 'metric', row 3: the index leads to 'zoss' twice"), "\(text)")
        #expect(try !reader.metricNames().isEmpty)
    }

    @Test func `what stands in place of a database is said`() throws {
        func error(_ make: (String) throws -> Void) throws -> String {
            let directory = try TemporaryDirectory()
            let path = "\(directory.path)/\(SweepStore.fileName)"
            try make(path)
            let error = try #require(throws: SweepStoreError.self) {
                _ = try SweepStore(readingSweepIn: directory.path)
            }
            return "\(error)".replacing(path, with: "FILE")
        }
        #expect(
            try error { try Data().write(to: URL(fileURLWithPath: $0)) }
                == "FILE is not a sweep's database: it is empty")
        #expect(try error { mkfifo($0, 0o600) } == "FILE is not a sweep's database: it is no file")
        #expect(try error { mkdir($0, 0o700) } == "FILE is not a sweep's database: it is no file")
        #expect(
            try error { try "hello".write(toFile: $0, atomically: true, encoding: .utf8) }
                == "FILE is not a sweep's database: file is not a database")
        #expect(
            try error { path in
                let other = try DatabaseQueue(path: path)
                try other.write { try $0.execute(sql: "CREATE TABLE t (a)") }
                try other.close()
            } == "FILE is not a sweep's database: it is the database of another program")
    }
}

/// Numbers that are the same in each run.
private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
