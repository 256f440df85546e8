import Foundation
import GRDB
import SweepModel
import TrialProtocol

/// The memory of one sweep: the SQLite database in its folder. One method is one transaction.
///
/// All that a sweep must not forget is here, so that a planner can be killed at any moment. What a method has written
/// survives `kill -9` and power loss once the method returns. Readers in other processes see whole transactions only,
/// and never keep the planner waiting.
///
/// Methods throw `SweepStoreError`. Only a broken constraint of the schema, which is a fault of the planner's own, is
/// passed on as GRDB's `DatabaseError`.
///
///     let store = try SweepStore(readingSweepIn: "results/digits")
///     try store.counts()                // [.complete: 41, .failed: 1]
///     try store.bestTrial()?.value      // 0.0412
public struct SweepStore: Sendable {
    let database: any DatabaseReader
    private let writer: (any DatabaseWriter)?
    let location: Location
    private let patience: Patience
    private let mark: StoredMark?
    /// Whether the database was opened as a file that cannot change: what another program stores later is not seen.
    public let isUnchanging: Bool
    /// Whether this is the store of `inOneState`, which reads in a transaction that has begun.
    private var isInTransaction = false

    /// The database's name in the sweep's folder.
    public static let fileName = "sweep.sqlite"

    // MARK: Opening

    /// Opens the sweep in `directory` for its planner, and brings the tables of an earlier release up to date.
    ///
    /// The caller holds the sweep's `SweepLock`: two planners would both run the waiting trials.
    ///
    /// - Parameter heldUp: what to do while another program holds the database.
    /// - Throws: `SweepStoreError` if there is no sweep, or its database cannot be opened, is damaged or is too new;
    ///   nothing has then been changed.
    public init(runningSweepIn directory: String, _ heldUp: HeldUp = HeldUp()) throws {
        let path = try Self.existingDatabase(in: directory)
        try Self.rollBackInterruptedWrite(path)
        // A pool changes the file as it opens it, so a file that is not a sweep has to be recognized before.
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
        isUnchanging = false
    }

    /// Opens the sweep in `directory` to be read, also while its planner runs. Tables of an earlier release are read
    /// as they are, since a reader must not change them.
    ///
    /// - Parameter heldUp: what to do while another program holds the database.
    /// - Throws: `SweepStoreError` if there is no sweep, or its database cannot be opened, is damaged, incomplete or
    ///   too new.
    public init(readingSweepIn directory: String, _ heldUp: HeldUp = HeldUp()) throws {
        let path = try Self.existingDatabase(in: directory)
        // The mark is written after each transaction. Read before the database, it can never be ahead of it.
        let events = StoredMark.events(in: directory)
        var configuration = Configuration()
        configuration.readonly = true
        // A reader of all metrics jumps between them: with the 2 MB that SQLite keeps by itself, it would ask the
        // system for most pages several times.
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA cache_size = -16384") }
        let patience = Patience(heldUp, maxWait: .seconds(10))
        configuration.busyMode = .callback(patience.mayTryAgain)
        let (queue, isUnchanging) = try Self.translating(path) {
            do {
                let queue = try DatabaseQueue(path: path, configuration: configuration)
                try Self.checkVersion(queue, path)
                return (queue, false)
            } catch let error as DatabaseError where Self.isBeyondReach(path) {
                // SQLite keeps its bookkeeping in a file beside the database, which cannot be created here. Where no
                // program has the database open it is not needed either.
                guard let unchanging = try? DatabaseQueue(path: Self.immutable(path), configuration: configuration)
                else { throw error }
                try Self.checkVersion(unchanging, path)
                return (unchanging, true)
            }
        }
        (database, writer) = (queue, nil)
        self.isUnchanging = isUnchanging
        self.patience = patience
        location = Location(path: path)
        mark = nil
        try requireWhole(events: events, directory)
    }

    /// Checks that the database holds at least what is known to have been stored.
    ///
    /// - Parameter events: how many events were stored, if that is known.
    /// - Throws: `SweepStoreError.incomplete` if events or trials are missing.
    private func requireWhole(events: Int64?, _ directory: String) throws {
        let (known, trials) = try read { database in
            let events = try Int64.fetchOne(database, sql: "SELECT max(id) FROM event")
            return (events ?? 0, try Int.fetchOne(database, sql: "SELECT count(*) FROM trial") ?? 0)
        }
        if let events, events > known {
            throw SweepStoreError.incomplete(
                path: location.path, detail: "its last \(events - known) events are missing")
        }
        // A trial's log is opened only after the trial was stored. The folder alone proves nothing: a trainer may have
        // made it.
        let next = TrialRecord.folder(of: trials)
        guard access("\(directory)/\(next)/\(TrialLog.output.fileName)", F_OK) == 0 else { return }
        // A planner may have stored and started the trial since the trials were counted.
        let again = try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM trial") ?? 0 }
        if again == trials {
            throw SweepStoreError.incomplete(
                path: location.path, detail: "it knows \(trials) trials, and there is a folder \(next)")
        }
    }

    /// Runs `work` and turns the errors of SQLite and GRDB into what they mean for a sweep.
    ///
    /// - Throws: `SweepStoreError` in their place, and any other error as it is.
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

    /// Runs `work` in a transaction that sees one state of the database.
    ///
    /// - Throws: `SweepStoreError`, also for a row that no planner can have stored.
    func read<Value>(_ work: (Database) throws -> Value) throws -> Value {
        try Self.translating(location.path) {
            try isInTransaction ? database.unsafeReentrantRead(work) : database.read(work)
        }
    }

    /// Runs `work` with this store, but so that all that is read from it is of one state of the database, whatever a
    /// planner stores meanwhile.
    ///
    ///     let (trials, decisions) = try store.inOneState { (try $0.trials(), try $0.decisions()) }
    ///
    /// - Parameter work: what is to be read. The store it is given is not to be used after it.
    /// - Throws: whatever `work` throws.
    public func inOneState<Value>(_ work: (SweepStore) throws -> Value) throws -> Value {
        var store = self
        store.isInTransaction = true
        return try read { _ in try work(store) }
    }

    // MARK: Closing

    /// Moves everything from SQLite's write-ahead log into the one file, and closes the database. The sweep's folder
    /// can then be copied file by file; the store cannot be used any more.
    ///
    /// - Throws: `SweepStoreError.notMerged` if another program is reading: nothing is lost, but part of the sweep is
    ///   still in the file beside the database.
    public func close() async throws {
        defer { try? database.close() }
        guard let writer else { return }
        patience.end()
        do {
            let isBusy = try await writer.writeWithoutTransaction { database in
                // The first column is 1 if a reader or writer was in the way.
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

    /// Sets what is called when another program has held the database for more than a few seconds.
    public func whenHeldUp(_ action: @escaping @Sendable () -> Void) {
        patience.set(notice: action)
    }

    /// Checks that the database is still where it was opened.
    ///
    /// A process goes on writing to a file that was deleted, and all of that is gone when it ends; the planner asks
    /// regularly, so that a user who removes the wrong folder loses seconds, not a night.
    ///
    /// - Throws: `SweepStoreError.removed` if the database, or the log that SQLite keeps beside it, was moved, deleted
    ///   or replaced.
    public func requireInPlace() throws(SweepStoreError) { try location.check() }

    /// Adds a planned trial with its values.
    ///
    /// - Parameters:
    ///   - proposal: who proposed the values, if a sampler did.
    ///   - queued: the entry of the queue that the trial uses up.
    ///   - start: the time at which it starts, if it starts at once. Both are then one transaction, and one wait for
    ///     the disk.
    /// - Throws: `SweepStoreError`; nothing is then written.
    public func plan(
        _ trial: TrialRecord, proposal: TrialProposal? = nil, from queued: QueuedTrial? = nil,
        startingAt start: Date? = nil
    ) async throws {
        try await write { database in
            try TrialRow.insert(trial, into: database)
            if let proposal { try ProposalRow.insert(proposal, into: database) }
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

    /// Moves a waiting trial to `running` and counts one more attempt. To be called before its process is started: a
    /// trial that runs without being stored could run twice.
    ///
    /// - Parameter kind: whether a planner starts the trial or `revsweep ask` hands it out.
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

    /// Adds what trainers have reported together with the decisions that rest on it, so that neither is ever stored
    /// without the other.
    ///
    /// - Throws: `SweepStoreError`; nothing is then written.
    public func record(_ metrics: [MetricRecord], _ decisions: [TrialDecision] = []) async throws {
        guard !metrics.isEmpty || !decisions.isEmpty else { return }
        try await write { database in
            try MetricRow.insert(metrics, into: database)
            for decision in decisions { try DecisionRow.insert(decision, into: database) }
        }
    }

    /// Ends an attempt: adds the last of its metrics and decisions, and moves the trial from `running` to the state of
    /// the ending.
    ///
    /// - Parameter lasted: how many seconds the attempt took, if that was measured.
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
                    UPDATE trial SET state = ?, \(ReasonColumns.assignments), value = ?, further_values = ?,
                        error_output = ?, ended = ?, seconds = ?
                    WHERE number = ?
                    """)
            try update.execute(
                arguments: [ending.state.rawValue] + StatementArguments(ReasonColumns.values(ending.reason)) + [
                    ending.value, try FurtherValues.text(ending.further), ending.errorOutput,
                    ending.state.isFinal ? time.timestamp : nil, lasted, number,
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

    /// Moves every running trial back to `waiting`: the planner that ran them is gone, and so are their processes.
    ///
    /// - Returns: the numbers of these trials.
    /// - Throws: `SweepStoreError`; nothing is then written.
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

    /// Stores that the planner is alive, by renewing one event instead of adding many.
    ///
    /// - Parameters:
    ///   - worked: for how many seconds the planner has worked so far, by a clock that does not jump.
    ///   - note: the result of this planner's last call; nil in its first.
    /// - Returns: the row of the event, for the next call.
    /// - Throws: `SweepStoreError`.
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
    ///
    /// - Throws: `SweepStoreError`.
    public func log(_ event: EventRecord) async throws {
        try await write { try EventRow.insert(event, into: $0) }
    }

    /// Runs `work` as one transaction, and then updates the mark beside the database.
    ///
    /// A constraint that fails is passed on as it is: it is a fault of the planner, not of the file.
    ///
    /// - Throws: `SweepStoreError` if the database cannot be written or a row is damaged; nothing is then written.
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

    /// - Throws: `SweepStoreError.staleState` if the trial is in another state, or there is no such trial.
    static func expect(_ state: TrialState, _ number: Int, _ database: Database) throws {
        let select = try database.cachedStatement(sql: "SELECT state FROM trial WHERE number = ?")
        let actual = try String.fetchOne(select, arguments: [number])
        guard actual == state.rawValue else {
            throw SweepStoreError.staleState(
                trial: number, expected: state, actual: actual.flatMap(TrialState.init(rawValue:)))
        }
    }

    /// How often a trial has been started; 0 before the first time.
    static func attempt(of number: Int, _ database: Database) throws -> Int {
        let select = try database.cachedStatement(sql: "SELECT attempt FROM trial WHERE number = ?")
        return try Int.fetchOne(select, arguments: [number]) ?? 0
    }
}
