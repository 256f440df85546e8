import Foundation
import GRDB
import SweepModel
import SweepStore
import TestSupport
import Testing

/// All of a sweep is in its one file, or it is said that it is not.
@Suite struct WholenessTests {
    private static func copy(of sweep: StoredSweep, _ suffixes: [String]) throws -> TemporaryDirectory {
        let copy = try TemporaryDirectory()
        for suffix in suffixes {
            try FileManager.default.copyItem(
                atPath: "\(sweep.directory.path)/\(suffix)", toPath: "\(copy.path)/\(suffix)")
        }
        return copy
    }

    private static func size(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    @Test func `a sweep that was closed is in one file`() async throws {
        let sweep = try StoredSweep()
        for number in 0..<20 { try await sweep.store.plan(StoredSweep.trial(number)) }
        let log = "\(sweep.directory.path)/\(SweepStore.fileName)-wal"
        #expect(Self.size(log) > 0)
        try await sweep.store.close()
        #expect(Self.size(log) == 0)
        let copy = try Self.copy(of: sweep, [SweepStore.fileName])
        #expect(try SweepStore(readingSweepIn: copy.path).trials().count == 20)
        #expect(try FileManager.default.contentsOfDirectory(atPath: sweep.directory.path) == [SweepStore.fileName])
    }

    @Test func `a folder that a trainer has made is no sign of a missing trial`() async throws {
        let sweep = try StoredSweep()
        try await sweep.store.plan(StoredSweep.trial(0))
        try await sweep.store.close()
        try FileManager.default.createDirectory(
            atPath: "\(sweep.directory.path)/trials/000001", withIntermediateDirectories: true)
        #expect(try SweepStore(readingSweepIn: sweep.directory.path).trials().count == 1)
    }

    /// A trial may be stored and started between the moments at which a reader counts trials and looks for folders.
    @Test func `a sweep that goes on is whole to its readers at any moment`() async throws {
        let sweep = try StoredSweep()
        let directory = sweep.directory.path
        try await withThrowingTaskGroup { tasks in
            tasks.addTask {
                for number in 0..<1000 {
                    // A write that is cancelled ends with an error.
                    do { try await sweep.store.plan(StoredSweep.trial(number)) } catch is CancellationError { return }
                    try sweep.directory.write("", to: "\(TrialRecord.folder(of: number))/stdout.log")
                    if Task.isCancelled { return }
                }
            }
            for _ in 0..<1000 { _ = try SweepStore(readingSweepIn: directory) }
            tasks.cancelAll()
            try await tasks.waitForAll()
        }
    }

    @Test func `what somebody enqueues is in one file`() async throws {
        let sweep = try StoredSweep()
        try await sweep.store.close()
        try SweepStore.enqueue([["x": .number(0.5)]], in: sweep.directory.path, at: time(0))
        let copy = try Self.copy(of: sweep, [SweepStore.fileName])
        #expect(try SweepStore(readingSweepIn: copy.path).queued().count == 1)
    }

    @Test func `a reader that is in the way is waited for, then said`() async throws {
        let sweep = try StoredSweep()
        let path = "\(sweep.directory.path)/\(SweepStore.fileName)"
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let reader = try DatabaseQueue(path: path, configuration: configuration)
        try await reader.writeWithoutTransaction { database in
            try database.execute(sql: "BEGIN")
            _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM trial")
        }
        try await sweep.store.plan(StoredSweep.trial(0))
        await #expect(throws: SweepStoreError.notMerged(path: path)) { try await sweep.store.close() }
        try await reader.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
        try reader.close()
        #expect(try SweepStore(readingSweepIn: sweep.directory.path).trials().count == 1)
    }

    /// What is left of a planner that was killed, without what SQLite keeps beside the database.
    @Test func `a killed planner's sweep without its log is refused`() async throws {
        let sweep = try StoredSweep()
        try await sweep.store.plan(StoredSweep.trial(0))
        let names = ["sweep.sqlite", "sweep.sqlite-wal", "planner.mark"]
        let whole = try Self.copy(of: sweep, names)
        #expect(try SweepStore(readingSweepIn: whole.path).trials().count == 1)
        let copy = try Self.copy(of: sweep, ["sweep.sqlite", "planner.mark"])
        for open in [{ try SweepStore(readingSweepIn: $0) }, { try SweepStore(runningSweepIn: $0) }] {
            let error = try #require(throws: SweepStoreError.self) { _ = try open(copy.path) }
            #expect(
                "\(error)".hasPrefix(
                    "\(copy.path)/sweep.sqlite is older than the sweep: its last 1 events are missing; "))
        }
        // Somebody accepts the loss.
        unlink("\(copy.path)/planner.mark")
        #expect(try SweepStore(readingSweepIn: copy.path).trials().isEmpty)
    }

    /// SQLite's shell moves what a killed planner has left into the one file.
    @Test func `a log that another program has merged is not missed`() async throws {
        let sweep = try StoredSweep()
        try await sweep.store.plan(StoredSweep.trial(0))
        let copy = try Self.copy(of: sweep, ["sweep.sqlite", "sweep.sqlite-wal", "planner.mark"])
        let shell = try DatabaseQueue(path: "\(copy.path)/sweep.sqlite")
        try await shell.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        try shell.close()
        #expect(try SweepStore(runningSweepIn: copy.path).trials().count == 1)
    }

    @Test func `a database that knows fewer trials than there are folders is refused`() async throws {
        let sweep = try StoredSweep()
        try sweep.directory.write("", to: "trials/000000/stdout.log")
        let error = try #require(throws: SweepStoreError.self) {
            _ = try SweepStore(readingSweepIn: sweep.directory.path)
        }
        #expect("\(error)".contains("it knows 0 trials, and there is a folder trials/000000"))
        try await sweep.store.plan(StoredSweep.trial(0))
        #expect(try SweepStore(readingSweepIn: sweep.directory.path).trials().count == 1)
    }

    @Test(arguments: ["sweep.sqlite", "sweep.sqlite-wal"])
    func `a file that is removed while it is open is noticed`(name: String) async throws {
        let sweep = try StoredSweep()
        try await sweep.store.plan(StoredSweep.trial(0))
        try sweep.store.requireInPlace()
        unlink("\(sweep.directory.path)/\(name)")
        #expect(throws: SweepStoreError.removed(path: "\(sweep.directory.path)/\(name)")) {
            try sweep.store.requireInPlace()
        }
    }
}
