import Foundation
import GRDB

/// The memory of one sweep: the SQLite database in its folder. One method is one transaction.
///
/// What a method has written survives `kill -9` and power loss once it returns. Readers in other processes see whole
/// transactions and hold up nobody.
public struct SweepStore: Sendable {
    let database: any DatabaseReader
    private let writer: (any DatabaseWriter)?
    private let location: Location
    private let patience: Patience

    /// Where the database is, and which file that was when it was opened.
    private struct Location: Sendable {
        let path: String
        let identifier: UInt64

        init(path: String) {
            self.path = path
            identifier = Self.identifier(of: path)
        }

        static func identifier(of path: String) -> UInt64 {
            var status = stat()
            return stat(path, &status) == 0 ? UInt64(status.st_ino) : 0
        }
    }

    public static let fileName = "sweep.sqlite"

    // MARK: Opening

    /// Opens the sweep in `directory` for its planner, and brings its tables up to date.
    ///
    /// - Throws: `SweepStoreError`, or a `DatabaseError` that SQLite reports.
    public init(runningSweepIn directory: String) throws {
        let path = try Self.existingDatabase(in: directory)
        try Self.rollBackInterruptedWrite(path)
        // A pool changes the file as it opens it: what is no sweep must be found out before.
        try SweepStore(readingSweepIn: directory).database.close()
        let patience = Patience()
        let pool = try Self.translating(path) { try Self.pool(at: path, patience) }
        self.patience = patience
        try Schema.migrator.migrate(pool)
        (database, writer) = (pool, pool)
        location = Location(path: path)
    }

    /// Opens the sweep in `directory` to be read, also while its planner runs.
    ///
    /// - Throws: `SweepStoreError`, or a `DatabaseError` that SQLite reports.
    public init(readingSweepIn directory: String) throws {
        let path = try Self.existingDatabase(in: directory)
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        let queue = try Self.translating(path) {
            do {
                let queue = try DatabaseQueue(path: path, configuration: configuration)
                try Self.checkVersion(queue, path)
                return queue
            } catch let error as DatabaseError where Self.isBeyondChange(path) {
                // SQLite keeps its bookkeeping beside the file, which cannot be here; nor can anybody change the file.
                guard let unchanging = try? DatabaseQueue(path: Self.immutable(path), configuration: configuration)
                else { throw error }
                try Self.checkVersion(unchanging, path)
                return unchanging
            }
        }
        (database, writer) = (queue, nil)
        patience = Patience()
        location = Location(path: path)
    }

    /// Creates the database of a new sweep, whole or not at all; does nothing where there is one. The caller holds the
    /// sweep's lock.
    ///
    /// - Throws: `SweepStoreError.notWritable`, or a `DatabaseError` that SQLite reports.
    public static func create(in directory: String, _ sweep: SweepRecord) throws {
        if exists(in: directory) { return }
        let path = "\(directory)/\(fileName)"
        let draft = "\(directory)/.\(fileName).draft"
        // What a planner that was killed here has left.
        func discard() { for suffix in ["", "-wal", "-shm", "-journal"] { unlink(draft + suffix) } }
        discard()
        defer { discard() }
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            let queue = try DatabaseQueue(path: draft)
            try Schema.migrator.migrate(queue)
            try queue.write { try SweepRow.insert(sweep, into: $0) }
            // The mode of the pool that will open it. To change it there would be a write that can be interrupted, and what
            // is left of one keeps readers out.
            try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
            try queue.close()
        } catch let error as DatabaseError {
            throw SweepStoreError.notWritable(path: path, detail: error.message ?? error.localizedDescription)
        } catch let error as CocoaError {
            throw SweepStoreError.notWritable(path: directory, detail: error.localizedDescription)
        }
        // The database stands under its name only when it holds the sweep: a planner killed before leaves nothing.
        guard rename(draft, path) == 0 else {
            throw SweepStoreError.notWritable(path: path, detail: String(cString: strerror(errno)))
        }
        let folder = open(directory, O_RDONLY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }

    /// Whether `directory` holds a sweep.
    public static func exists(in directory: String) -> Bool {
        access("\(directory)/\(fileName)", F_OK) == 0
    }

    private static func existingDatabase(in directory: String) throws(SweepStoreError) -> String {
        guard exists(in: directory) else { throw SweepStoreError.noSweep(directory: directory) }
        return "\(directory)/\(fileName)"
    }

    /// Undoes what a writer was killed in before the database kept a write-ahead log. A reader may not, and is refused.
    private static func rollBackInterruptedWrite(_ path: String) throws {
        guard access(path + "-journal", F_OK) == 0 else { return }
        try translating(path) {
            let queue = try DatabaseQueue(path: path)
            defer { try? queue.close() }
            try checkVersion(queue, path)
        }
    }

    /// Whether the database is on a file system that is mounted read-only, and complete in its one file.
    private static func isBeyondChange(_ path: String) -> Bool {
        var log = stat()
        let hasLog = stat(path + "-wal", &log) == 0 && log.st_size > 0
        return !hasLog && access(path, W_OK) != 0 && errno == EROFS
    }

    private static func immutable(_ path: String) -> String {
        let legal = CharacterSet.urlPathAllowed
        return "file:\(path.addingPercentEncoding(withAllowedCharacters: legal) ?? path)?immutable=1"
    }

    private static func pool(at path: String, _ patience: Patience) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.busyMode = .callback(patience.mayTryAgain)
        configuration.maximumReaderCount = 2
        let pool = try DatabasePool(path: path, configuration: configuration)
        // GRDB chooses NORMAL for a pool, which may lose the last transactions when the power fails.
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        return pool
    }

    private static func checkVersion(_ database: some DatabaseReader, _ path: String) throws {
        try database.read { database in
            let identifier = try Int.fetchOne(database, sql: "PRAGMA application_id")
            guard identifier == Schema.applicationIdentifier else {
                throw SweepStoreError.notASweep(path: path, detail: "it belongs to another program")
            }
            if try Schema.migrator.hasBeenSuperseded(database) { throw SweepStoreError.tooNew(path: path) }
        }
    }

    private static func translating<Value>(_ path: String, _ work: () throws -> Value) throws -> Value {
        do {
            return try work()
        } catch let error as DatabaseError where [.SQLITE_NOTADB, .SQLITE_CORRUPT].contains(error.resultCode) {
            throw SweepStoreError.notASweep(path: path, detail: error.message ?? "it is damaged")
        } catch let error as DatabaseError where [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode) {
            throw SweepStoreError.notWritable(path: path, detail: error.message ?? "it cannot be opened")
        }
    }

    // MARK: Writing

    /// Has `action` called when another program holds the database for longer than a few seconds.
    public func whenHeldUp(_ action: @escaping @Sendable () -> Void) {
        patience.set(action)
    }

    /// - Throws: `SweepStoreError.removed` if the database is no longer where it was opened: what is written would be
    ///   lost when this process ends.
    public func requireInPlace() throws(SweepStoreError) {
        guard Location.identifier(of: location.path) == location.identifier else {
            throw SweepStoreError.removed(path: location.path)
        }
    }

    /// Adds a planned trial with its values.
    ///
    /// - Parameters:
    ///   - queued: the entry of the queue that it takes away.
    ///   - start: when it starts, if it does so at once: that is stored with it.
    public func plan(_ trial: TrialRecord, from queued: QueuedTrial? = nil, startingAt start: Date? = nil) async throws
    {
        try await write { database in
            try TrialRow.insert(trial, into: database)
            if let queued {
                try database.execute(
                    sql: "UPDATE queue SET trial = ? WHERE id = ?", arguments: [trial.number, queued.identifier])
            }
            try EventRow.insert(
                EventRecord(.trialPlanned, at: trial.created, trial: trial.number, detail: trial.origin.rawValue),
                into: database)
            if let start { _ = try Self.start(trial.number, at: start, database) }
        }
    }

    /// Moves a waiting trial to `running`, one attempt further.
    ///
    /// - Returns: the attempt, from 1.
    /// - Throws: `SweepStoreError.staleState` if the trial is not waiting; nothing is then written.
    public func start(_ number: Int, at time: Date) async throws -> Int {
        try await write { try Self.start(number, at: time, $0) }
    }

    private static func start(_ number: Int, at time: Date, _ database: Database) throws -> Int {
        try expect(.waiting, number, database)
        let update = try database.cachedStatement(
            sql: """
                UPDATE trial SET state = 'running', reason = NULL, attempt = attempt + 1, started = ? WHERE number = ?
                """)
        try update.execute(arguments: [time.timestamp, number])
        let attempt = try attempt(of: number, database)
        try EventRow.insert(EventRecord(.trialStarted, at: time, trial: number, attempt: attempt), into: database)
        return attempt
    }

    /// Adds what trainers have reported.
    public func record(_ metrics: [MetricRecord]) async throws {
        guard !metrics.isEmpty else { return }
        try await write { try MetricRow.insert(metrics, into: $0) }
    }

    /// Ends an attempt: adds the last of its metrics, and moves the trial from `running` to the ending's state.
    ///
    /// - Throws: `SweepStoreError.staleState` if the trial is not running; nothing is then written.
    public func end(_ number: Int, _ ending: TrialEnding, metrics: [MetricRecord], at time: Date) async throws {
        try await write { database in
            try Self.expect(.running, number, database)
            try MetricRow.insert(metrics, into: database)
            let update = try database.cachedStatement(
                sql: """
                    UPDATE trial SET state = ?, reason = ?, value = ?, error_output = ?, ended = ? WHERE number = ?
                    """)
            try update.execute(arguments: [
                ending.state.rawValue, ending.reason, ending.value, ending.errorOutput,
                ending.state.isFinal ? time.timestamp : nil, number,
            ])
            let attempt = try Self.attempt(of: number, database)
            let kind =
                ending.state.isFinal ? EventRecord.Kind.trialEnded : ending.isPause ? .trialPaused : .trialRetried
            let detail = [ending.state.rawValue, ending.reason].compactMap(\.self).joined(separator: ": ")
            try EventRow.insert(
                EventRecord(kind, at: time, trial: number, attempt: attempt, detail: detail), into: database)
        }
    }

    /// Moves every running trial back to `waiting`: the planner that ran them is gone.
    ///
    /// - Returns: the numbers of these trials.
    public func recoverInterruptedTrials(at time: Date) async throws -> [Int] {
        try await write { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT number, attempt FROM trial WHERE state = 'running' ORDER BY number")
            for row in rows {
                try database.execute(
                    sql: "UPDATE trial SET state = 'waiting', reason = 'interrupted' WHERE number = ?",
                    arguments: [row["number"] as Int])
                try EventRow.insert(
                    EventRecord(.trialInterrupted, at: time, trial: row["number"], attempt: row["attempt"]),
                    into: database)
            }
            return rows.map { $0["number"] }
        }
    }

    /// Notes that the planner lives.
    ///
    /// - Parameter note: what this planner noted before; nil the first time.
    /// - Returns: the note, to be renewed later.
    public func noteAlive(at time: Date, renewing note: Int64? = nil) async throws -> Int64 {
        try await write { database in
            if let note {
                try database.execute(sql: "UPDATE event SET time = ? WHERE id = ?", arguments: [time.timestamp, note])
                return note
            }
            try EventRow.insert(EventRecord(.plannerAlive, at: time), into: database)
            return database.lastInsertedRowID
        }
    }

    /// Adds an event of the sweep as a whole.
    public func log(_ event: EventRecord) async throws {
        try await write { try EventRow.insert(event, into: $0) }
    }

    func write<Value: Sendable>(_ work: @Sendable @escaping (Database) throws -> Value) async throws -> Value {
        guard let writer else { preconditionFailure("a store that was opened to be read cannot be written") }
        do {
            return try await writer.write(work)
        } catch let error as DatabaseError where Self.meansUnwritable(error.resultCode) {
            throw SweepStoreError.unwritable(path: location.path, detail: error.message ?? "\(error)")
        }
    }

    /// A full disk, a lost permission, a file system that is gone.
    private static func meansUnwritable(_ code: ResultCode) -> Bool {
        [.SQLITE_FULL, .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM].contains(code)
    }

    static func expect(_ state: TrialState, _ number: Int, _ database: Database) throws {
        let select = try database.cachedStatement(sql: "SELECT state FROM trial WHERE number = ?")
        let actual = try String.fetchOne(select, arguments: [number])
        guard actual == state.rawValue else {
            throw SweepStoreError.staleState(
                trial: number, expected: state, actual: actual.flatMap(TrialState.init(rawValue:)))
        }
    }

    /// The attempt that a trial is at, which is there; 0 before the first.
    static func attempt(of number: Int, _ database: Database) throws -> Int {
        let select = try database.cachedStatement(sql: "SELECT attempt FROM trial WHERE number = ?")
        return try Int.fetchOne(select, arguments: [number]) ?? 0
    }
}
