import Foundation
import SweepFile
import SweepModel
import SweepPage
import SweepReport
import SweepStore
import Synchronization

/// What happens to one sweep, for all who watch it.
///
/// It is open, and looked at, only while somebody watches. A look asks the database for a number that changes with it,
/// and reads nothing else until it has. Nothing is kept for a single client: each says where it is, by a `ChangeID`,
/// and is given what has been stored since.
///
///     await feed.enter()
///     let look = await feed.look()
///     if case .changes(let json, let id) = await feed.changes(since: seen) { … }
///     await feed.leave()
actor SweepFeed {
    nonisolated let directory: String

    /// What a look has found.
    struct Look: Sendable, Hashable {
        /// Another number than at the look before if something may have been stored.
        var version: Int
        /// Why it cannot be read at the moment.
        var problem: String?
    }

    /// What has been stored since a client was up to date.
    enum Changes: Sendable {
        case none
        case changes(json: String, ChangeID)
        /// Too much, or not to be told: the client reads everything anew.
        case reload
    }

    private struct Opened {
        var store: SweepStore
        var file: SweepFile
        var record: SweepRecord
        var stamp: FileStamp?
        var counter: Int
    }

    private let executor: QueueExecutor
    private let deadline = Deadline()
    private var watchers = 0
    private var version = 0
    private var opened: Opened?
    private var lastLook: (look: Look, time: ContinuousClock.Instant)?
    private var lastChanges: (since: ChangeID, version: Int, result: Changes)?
    private var lastEntry: (json: String, version: Int, isRun: Bool)?

    /// Looks that come sooner share one.
    private static let pause = Duration.milliseconds(30)
    /// How long another program may hold the database before that is said.
    private static let patience = Duration.seconds(1)

    init(directory: String) {
        self.directory = directory
        executor = QueueExecutor("feed")
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// To be called before anything else.
    func enter() { watchers += 1 }

    /// The last one who leaves closes the database.
    func leave() {
        watchers -= 1
        if watchers == 0 { (opened, lastChanges, lastEntry) = (nil, nil, nil) }
    }

    /// Runs `work` while the sweep is watched.
    nonisolated func watched<Value>(_ work: (SweepFeed) async throws -> Value) async rethrows -> Value {
        await enter()
        do {
            let value = try await work(self)
            await leave()
            return value
        } catch {
            await leave()
            throw error
        }
    }

    /// Whether there is anything new.
    func look() -> Look {
        if let lastLook, ContinuousClock.now - lastLook.time < Self.pause { return lastLook.look }
        var problem: String?
        do { _ = try open() } catch { problem = words(of: error) }
        let look = Look(version: version, problem: problem)
        lastLook = (look, .now)
        return look
    }

    /// The open database, in its present state.
    private func open() throws -> Opened {
        do { return try openAgain() } catch {
            opened = nil
            throw error
        }
    }

    private func openAgain() throws -> Opened {
        deadline.set(after: Self.patience)
        if var opened, isCurrent(opened) {
            let counter = try opened.store.changeCounter()
            if counter == opened.counter { return opened }
            let record = try opened.store.sweep()
            if record != opened.record { (opened.record, opened.file) = (record, try SweepFile(record)) }
            opened.counter = counter
            self.opened = opened
            version += 1
            return opened
        }
        let stamp = FileStamp(directory)
        let deadline = deadline
        let store = try SweepStore(readingSweepIn: directory, HeldUp(isGivenUp: { deadline.isOver }))
        let counter = try store.changeCounter()
        let record = try store.sweep()
        let opened = Opened(
            store: store, file: try SweepFile(record), record: record, stamp: stamp, counter: counter)
        self.opened = opened
        version += 1
        return opened
    }

    private func isCurrent(_ opened: Opened) -> Bool {
        // A folder that was removed and came back is another file.
        guard (try? opened.store.requireInPlace()) != nil else { return false }
        return !opened.store.isUnchanging || FileStamp(directory) == opened.stamp
    }

    /// Why it cannot be read.
    nonisolated func words(of error: any Error) -> String {
        SweepStore.exists(in: directory) ? "\(error)" : "its folder is no longer there"
    }

    // MARK: What is told

    /// What has been stored since.
    ///
    /// - Throws: `SweepStoreError`, and whatever else makes it unreadable.
    func changes(since id: ChangeID) throws -> Changes {
        let opened = try open()
        if let lastChanges, lastChanges.since == id, lastChanges.version == version { return lastChanges.result }
        let result: Changes
        if let (json, now) = try LiveData.changes(in: opened.store, opened.file, opened.record, since: id) {
            result = now == id ? .none : .changes(json: json, now)
        } else {
            result = .reload
        }
        lastChanges = (id, version, result)
        return result
    }

    /// Where a client is that has just read everything.
    func now() throws -> ChangeID {
        let opened = try open()
        return try ChangeID(of: opened.store, opened.record)
    }

    /// What is working on the sweep and how far it is, as JSON.
    func entry() throws -> String {
        let opened = try open()
        let holder = SweepLock.holder(ofSweepIn: directory)
        if let lastEntry, lastEntry.version == version, lastEntry.isRun == (holder != nil) { return lastEntry.json }
        let planner = try PlannerWords.of(opened.store, opened.file, in: directory)
        let json = try LiveData.sweepEntry(of: opened.store, opened.file, opened.record, planner: planner)
        lastEntry = (json, version, holder != nil)
        return json
    }

    /// A trial as it is now; nil if there is none of this number.
    func trial(_ number: Int) throws -> TrialRecord? { try open().store.trial(number) }
}

/// Until when a database is waited for that another program holds.
final class Deadline: Sendable {
    private let end = Mutex(ContinuousClock.now)

    func set(after time: Duration) { end.withLock { $0 = .now + time } }

    var isOver: Bool { end.withLock { ContinuousClock.now > $0 } }
}
