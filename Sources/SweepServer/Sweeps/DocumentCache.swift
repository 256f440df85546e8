import SweepFile
import SweepModel
import SweepPage
import SweepReport
import SweepStore

/// Builds what a page reads first, all of a sweep, and keeps what was asked for last.
///
/// One is built at a time, however many are asked for: it takes a processor and memory, which belong to the trainers.
actor DocumentCache {
    struct Document: Sendable {
        let json: [UInt8]
        let gzip: [UInt8]?
        let id: ChangeID
        fileprivate let began: ContinuousClock.Instant
        fileprivate let cost: Duration
    }

    private let executor = QueueExecutor("documents")
    private let program: String
    private let deadline = Deadline()
    private var kept: [(directory: String, document: Document)] = []
    private var rankings: [(directory: String, ranking: Ranking)] = []

    /// Which parameters matter, for an event `sweep`.
    struct Ranking: Sendable {
        let json: String
        let id: ChangeID
        fileprivate let began: ContinuousClock.Instant
        fileprivate let cost: Duration
    }

    private static let maxKept = 8
    private static let patience = Duration.seconds(3)
    /// How many times as long as it took to be built a document is handed out after the sweep has changed. The events
    /// bring a page up to date that has read an older one.
    private static let ageLimit = 20

    init(program: String) { self.program = program }

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// - Throws: `SweepStoreError`, and whatever else makes a sweep unreadable.
    func document(of directory: String) throws -> Document {
        let (store, file, record) = try open(directory)
        if let place = kept.firstIndex(where: { $0.directory == directory }) {
            let entry = kept.remove(at: place)
            if try isGood(entry.document, store, file, record) {
                kept.append(entry)
                return entry.document
            }
        }
        let began = ContinuousClock.now
        let planner = try PlannerWords.of(store, file, in: directory)
        let (json, id) = try LiveData.document(
            of: store, file, record, program: program, planner: planner, addresses: .ofServer,
            confirmed: ConfirmedBest(inSweepAt: directory))
        let bytes = Array(json.utf8)
        let document = Document(
            json: bytes, gzip: GzipData.compressed(bytes), id: id, began: began, cost: .now - began)
        kept.append((directory, document))
        if kept.count > Self.maxKept { kept.removeFirst() }
        return document
    }

    /// Which parameters matter now, or did a moment ago: it takes long where there are many trials.
    ///
    /// - Parameter id: where a client is that knows the answer.
    /// - Returns: nil if it would be that client's own.
    /// - Throws: `SweepStoreError`, and whatever else makes a sweep unreadable.
    func ranking(of directory: String, since id: ChangeID) throws -> Ranking? {
        let place = rankings.firstIndex { $0.directory == directory }
        if let former = place.map({ rankings[$0].ranking }), former.isYoung { return former.id == id ? nil : former }
        let (store, file, record) = try open(directory)
        let now = try ChangeID(of: store, record)
        if now == id { return nil }
        if let former = place.map({ rankings[$0].ranking }), former.id == now { return former }
        let began = ContinuousClock.now
        let planner = try PlannerWords.of(store, file, in: directory)
        let json = try LiveData.sweepEntry(
            of: store, file, record, planner: planner, confirmed: ConfirmedBest(inSweepAt: directory),
            withImportance: true)
        let ranking = Ranking(json: json, id: now, began: began, cost: .now - began)
        if let place { rankings.remove(at: place) }
        rankings.append((directory, ranking))
        if rankings.count > Self.maxKept { rankings.removeFirst() }
        return ranking
    }

    private func open(_ directory: String) throws -> (SweepStore, SweepFile, SweepRecord) {
        deadline.set(after: Self.patience)
        let deadline = deadline
        let store = try SweepStore(readingSweepIn: directory, HeldUp(isGivenUp: { deadline.isOver }))
        let record = try store.sweep()
        return (store, try SweepFile(record), record)
    }

    private func isGood(
        _ document: Document, _ store: SweepStore, _ file: SweepFile, _ record: SweepRecord
    ) throws -> Bool {
        if try ChangeID(of: store, record) == document.id { return true }
        guard ContinuousClock.now - document.began < document.cost * Self.ageLimit else { return false }
        return try LiveData.changes(in: store, file, record, since: document.id) != nil
    }
}

extension DocumentCache.Ranking {
    /// Whether it is too early for another one: not more than a twentieth of a processor is for this.
    fileprivate var isYoung: Bool { ContinuousClock.now - began < max(.seconds(3), cost * 20) }
}

extension LiveAddresses {
    /// Seen from the page of a sweep.
    static let ofServer = LiveAddresses(events: "events", data: "data.json", log: "log/{number}")
}
