import Foundation
import GRDB
import SweepModel

/// The memory of one sweep: the SQLite database in its folder. One method is one transaction.
///
/// What a method has written survives `kill -9` and power loss once it returns. Readers in other processes see whole
/// transactions and hold up nobody.
public struct SweepStore: Sendable {
    let database: any DatabaseReader
    private let writer: (any DatabaseWriter)?
    let location: Location
    private let patience: Patience
    private let mark: StoredMark?

    public static let fileName = "sweep.sqlite"

    // MARK: Opening

    /// Opens the sweep in `directory` for its planner, and brings its tables up to date. The caller holds the sweep's
    /// lock.
    ///
    /// - Throws: `SweepStoreError`.
    public init(runningSweepIn directory: String, _ heldUp: HeldUp = HeldUp()) throws {
        let path = try Self.existingDatabase(in: directory)
        try Self.rollBackInterruptedWrite(path)
        // A pool changes the file as it opens it: what is no sweep must be found out before.
        try SweepStore(readingSweepIn: directory, heldUp).database.close()
        let patience = Patience(heldUp)
        let pool = try Self.translating(path) {
            let pool = try Self.pool(at: path, patience)
            try Schema.migrator.migrate(pool)
            return pool
        }
        self.patience = patience
        (database, writer) = (pool, pool)
        location = Location(path: path)
        mark = StoredMark(directory: directory)
    }

    /// Opens the sweep in `directory` to be read, also while its planner runs.
    ///
    /// - Throws: `SweepStoreError`.
    public init(readingSweepIn directory: String, _ heldUp: HeldUp = HeldUp()) throws {
        let path = try Self.existingDatabase(in: directory)
        // Before the database: it is written after it.
        let events = StoredMark.events(in: directory)
        var configuration = Configuration()
        configuration.readonly = true
        let patience = Patience(heldUp, most: .seconds(10))
        configuration.busyMode = .callback(patience.mayTryAgain)
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
        self.patience = patience
        location = Location(path: path)
        mark = nil
        try requireWhole(events: events, directory)
    }

    /// - Parameter events: how many were stored, if that is known.
    private func requireWhole(events: Int64?, _ directory: String) throws {
        let (known, trials) = try read { database in
            let events = try Int64.fetchOne(database, sql: "SELECT max(id) FROM event")
            return (events ?? 0, try Int.fetchOne(database, sql: "SELECT count(*) FROM trial") ?? 0)
        }
        if let events, events > known {
            throw SweepStoreError.incomplete(
                path: location.path, detail: "its last \(events - known) events are missing")
        }
        // A trial's folder is made, and its log opened, when the trial is stored, not before. An empty folder of that
        // name may be a trainer's.
        let next = TrialRecord.folder(of: trials)
        if access("\(directory)/\(next)/stdout.log", F_OK) == 0 {
            throw SweepStoreError.incomplete(
                path: location.path, detail: "it knows \(trials) trials, and there is a folder \(next)")
        }
    }

    private static func existingDatabase(in directory: String) throws(SweepStoreError) -> String {
        guard exists(in: directory) else { throw SweepStoreError.noSweep(directory: directory) }
        let path = "\(directory)/\(fileName)"
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw SweepStoreError.notWritable(path: path, detail: String(cString: strerror(errno)))
        }
        // To open a pipe would wait for whoever fills it.
        if status.st_mode & S_IFMT != S_IFREG { throw SweepStoreError.notASweep(path: path, detail: "it is no file") }
        if status.st_size == 0 { throw SweepStoreError.notASweep(path: path, detail: "it is empty") }
        return path
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
                throw SweepStoreError.notASweep(path: path, detail: "it is the database of another program")
            }
            if try Schema.migrator.hasBeenSuperseded(database) { throw SweepStoreError.tooNew(path: path) }
        }
    }

    /// Runs `work` and turns what SQLite reports into what it means for a sweep.
    static func translating<Value>(_ path: String, _ work: () throws -> Value) throws -> Value {
        do {
            return try work()
        } catch let error as DatabaseError {
            throw SweepStoreError(error, path: path)
        } catch let error as RowDecodingError {
            throw SweepStoreError.damaged(
                path: path, detail: "\(error)".split(separator: "\n").first.map(String.init) ?? "")
        } catch let error as DamagedRow {
            throw SweepStoreError.damaged(path: path, detail: "\(error)")
        }
    }

    /// - Throws: `SweepStoreError`, also for a row that is not what a planner has stored.
    func read<Value>(_ work: (Database) throws -> Value) throws -> Value {
        try Self.translating(location.path) { try database.read(work) }
    }

    // MARK: Closing

    /// Moves all that was stored into the one file, and closes it. The store cannot be used after that.
    ///
    /// - Throws: `SweepStoreError.notMerged` if another program's reading prevents it: nothing is lost, but part of the
    ///   sweep is in the file beside it.
    public func close() async throws {
        defer { try? database.close() }
        guard let writer else { return }
        patience.end()
        do {
            let isBusy = try await writer.writeWithoutTransaction { database in
                // The first column says whether somebody was in the way.
                try Int.fetchOne(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)") ?? 1
            }
            if isBusy == 0 {
                mark?.remove()
                return
            }
        } catch let error as DatabaseError where error.resultCode != .SQLITE_BUSY {
            throw SweepStoreError(error, path: location.path)
        } catch is DatabaseError {}
        throw SweepStoreError.notMerged(path: location.path)
    }

    // MARK: Writing

    /// Has `action` called when another program holds the database for longer than a few seconds.
    public func whenHeldUp(_ action: @escaping @Sendable () -> Void) {
        patience.set(notice: action)
    }

    /// - Throws: `SweepStoreError.removed` if the database, or what SQLite keeps beside it, is no longer where it was
    ///   opened: what is written would be lost when this process ends.
    public func requireInPlace() throws(SweepStoreError) { try location.check() }

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
    /// - Parameter kind: whether a planner starts it or somebody has asked for it.
    /// - Returns: the attempt, from 1.
    /// - Throws: `SweepStoreError.staleState` if the trial is not waiting; nothing is then written.
    public func start(_ number: Int, as kind: EventRecord.Kind = .trialStarted, at time: Date) async throws -> Int {
        try await write { try Self.start(number, as: kind, at: time, $0) }
    }

    private static func start(
        _ number: Int, as kind: EventRecord.Kind = .trialStarted, at time: Date, _ database: Database
    ) throws -> Int {
        try expect(.waiting, number, database)
        let update = try database.cachedStatement(
            sql: """
                UPDATE trial SET state = 'running', \(ReasonColumns.assignments), seconds = NULL, attempt = attempt + 1,
                    started = ?
                WHERE number = ?
                """)
        try update.execute(arguments: StatementArguments(ReasonColumns.values(nil)) + [time.timestamp, number])
        let attempt = try attempt(of: number, database)
        try EventRow.insert(EventRecord(kind, at: time, trial: number, attempt: attempt), into: database)
        return attempt
    }

    /// Adds what trainers have reported, together with the decisions that rest on it, so that neither is ever there
    /// without the other.
    public func record(_ metrics: [MetricRecord], _ decisions: [TrialDecision] = []) async throws {
        guard !metrics.isEmpty || !decisions.isEmpty else { return }
        try await write { database in
            try MetricRow.insert(metrics, into: database)
            for decision in decisions { try DecisionRow.insert(decision, into: database) }
        }
    }

    /// Ends an attempt: adds the last of its metrics and decisions, and moves the trial from `running` to the
    /// ending's state.
    ///
    /// - Parameter lasted: how long the attempt took, if that was measured.
    /// - Throws: `SweepStoreError.staleState` if the trial is not running; nothing is then written.
    public func end(
        _ number: Int, _ ending: TrialEnding, metrics: [MetricRecord], decisions: [TrialDecision] = [], at time: Date,
        lasted: Double? = nil
    ) async throws {
        try await write { database in
            try Self.expect(.running, number, database)
            try MetricRow.insert(metrics, into: database)
            for decision in decisions { try DecisionRow.insert(decision, into: database) }
            let update = try database.cachedStatement(
                sql: """
                    UPDATE trial SET state = ?, \(ReasonColumns.assignments), value = ?, error_output = ?, ended = ?,
                        seconds = ?
                    WHERE number = ?
                    """)
            try update.execute(
                arguments: [ending.state.rawValue] + StatementArguments(ReasonColumns.values(ending.reason)) + [
                    ending.value, ending.errorOutput, ending.state.isFinal ? time.timestamp : nil, lasted, number,
                ])
            let attempt = try Self.attempt(of: number, database)
            let kind =
                ending.state.isFinal ? EventRecord.Kind.trialEnded : ending.isPause ? .trialPaused : .trialRetried
            let detail = [ending.state.rawValue, ending.reason?.description].compactMap(\.self).joined(separator: ": ")
            try EventRow.insert(
                EventRecord(
                    kind, at: time, trial: number, attempt: attempt, detail: detail, cause: ending.reason?.kind,
                    seconds: lasted),
                into: database)
        }
    }

    /// Moves every running trial back to `waiting`: the planner that ran them is gone.
    ///
    /// - Returns: the numbers of these trials.
    public func recoverInterruptedTrials(at time: Date) async throws -> [Int] {
        try await write { database in
            var running: [(number: Int, attempt: Int)] = []
            try StoredRow.forEach(
                database, "trial", sql: "SELECT number, attempt FROM trial WHERE state = 'running' ORDER BY number"
            ) { running.append((try $0.integer("number"), try $0.integer("attempt"))) }
            for trial in running {
                try database.execute(
                    sql: "UPDATE trial SET state = 'waiting', \(ReasonColumns.assignments) WHERE number = ?",
                    arguments: StatementArguments(ReasonColumns.values(.interrupted)) + [trial.number])
                try EventRow.insert(
                    EventRecord(
                        .trialInterrupted, at: time, trial: trial.number, attempt: trial.attempt, cause: .interrupted),
                    into: database)
            }
            return running.map(\.number)
        }
    }

    /// Notes that the planner lives.
    ///
    /// - Parameters:
    ///   - worked: seconds that it has worked so far, by a clock that does not jump.
    ///   - note: what this planner noted before; nil the first time.
    /// - Returns: the note, to be renewed later.
    public func noteAlive(at time: Date, worked: Double, renewing note: Int64? = nil) async throws -> Int64 {
        try await write { database in
            if let note {
                try database.execute(
                    sql: "UPDATE event SET time = ?, seconds = ? WHERE id = ?",
                    arguments: [time.timestamp, worked, note])
                return note
            }
            try EventRow.insert(EventRecord(.plannerAlive, at: time, seconds: worked), into: database)
            return database.lastInsertedRowID
        }
    }

    /// Adds an event of the sweep as a whole.
    public func log(_ event: EventRecord) async throws {
        try await write { try EventRow.insert(event, into: $0) }
    }

    func write<Value: Sendable>(_ work: @Sendable @escaping (Database) throws -> Value) async throws -> Value {
        guard let writer else {
            throw SweepStoreError.unwritable(path: location.path, detail: "it was opened to be read")
        }
        do {
            let (value, events) = try await writer.write { database in
                let value = try work(database)
                return (value, try Int64.fetchOne(database.cachedStatement(sql: "SELECT max(id) FROM event")) ?? 0)
            }
            mark?.set(events: events)
            return value
        } catch let error as DatabaseError where error.resultCode != .SQLITE_CONSTRAINT {
            throw SweepStoreError(error, path: location.path)
        } catch let error as DamagedRow {
            throw SweepStoreError.damaged(path: location.path, detail: "\(error)")
        }
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
