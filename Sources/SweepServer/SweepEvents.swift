import JSONWriting
import SweepPage
import Synchronization

/// What happens to one sweep, as events.
///
/// | event | data |
/// |---|---|
/// | `changes` | what has been stored since; its id is where the client is then |
/// | `sweep` | what is working on the sweep, and how far it is |
/// | `reload` | the client has to read everything anew |
/// | `problem` | why the sweep cannot be read at the moment |
/// | `well` | it can be read again |
struct SweepEvents: Sendable {
    let feed: SweepFeed
    let documents: DocumentCache
    let call: Call

    private static let pause = Duration.milliseconds(40)
    /// The words about the planner also change without anything being stored: when it is killed.
    private static let timeBetweenEntries = Duration.seconds(1)
    /// Which parameters matter changes slowly.
    private static let timeBetweenRankings = Duration.seconds(5)

    var answer: Answer {
        .events { events in
            try await feed.watched { _ in
                var state = State()
                while true {
                    try await step(&state, &events)
                    try await Task.sleep(for: Self.pause)
                }
            }
        }
    }

    private struct State {
        var hasBegun = false
        /// Where the client is; nil until that is known.
        var id: ChangeID?
        var version = -1
        var problem: String?
        var entry = ""
        /// Of which state the client knows which parameters matter.
        var ranked: ChangeID?
        /// Asked for, and not there yet.
        var ranking: PendingRanking?
        /// When the words about the planner, and the parameters that matter, are next looked at.
        var nextEntry = ContinuousClock.now
        var nextRanking = ContinuousClock.now
        var heartbeat = Heartbeat()
    }

    private func step(_ state: inout State, _ events: inout EventWriter) async throws {
        if state.heartbeat.isDue() { try await events.sendHeartbeat() }
        let look = await feed.look()
        var problem = look.problem
        if problem == nil {
            do { try await tell(look, &state, &events) } catch let error as Unreadable { problem = error.words }
        }
        if problem != state.problem {
            if let problem {
                try await events.send("problem", data: JSONText.quoted(problem))
                state.version = -1
            } else {
                try await events.send("well", data: "{}")
            }
            state.problem = problem
        }
    }

    /// - Throws: `Unreadable` if the sweep cannot be read, and the library's errors if the client is gone.
    private func tell(_ look: SweepFeed.Look, _ state: inout State, _ events: inout EventWriter) async throws {
        if !state.hasBegun {
            state.hasBegun = true
            if let text = call.lastEventID ?? call.query["since"] {
                state.id = ChangeID(text)
                if state.id == nil { try await events.send("reload", data: "{}") }
            }
        }
        if state.id == nil { state.id = try await reading { try await feed.now() } }
        let isNew = look.version != state.version
        if isNew, let id = state.id {
            switch try await reading({ try await feed.changes(since: id) }) {
            case .none: break
            case .changes(let json, let now):
                try await events.send("changes", id: now.description, data: json)
                state.id = now
                state.heartbeat.reset()
            case .reload:
                try await events.send("reload", data: "{}")
                state.id = nil
                return
            }
            state.version = look.version
        }
        let time = ContinuousClock.now
        if time >= state.nextEntry || state.entry.isEmpty {
            state.nextEntry = time + Self.timeBetweenEntries
            let entry = try await reading { try await feed.entry() }
            if entry != state.entry { try await events.send("sweep", data: entry) }
            state.entry = entry
        }
        if state.ranked == nil { state.ranked = state.id }
        if let result = state.ranking?.result {
            state.ranking = nil
            if let ranking = try await reading(result.get) {
                try await events.send("sweep", data: ranking.json)
                state.ranked = ranking.id
            }
        } else if state.ranking == nil, time >= state.nextRanking, let ranked = state.ranked, ranked != state.id {
            state.nextRanking = time + Self.timeBetweenRankings
            state.ranking = PendingRanking(in: documents, of: feed.directory, since: ranked)
        }
    }

    private struct Unreadable: Error {
        var words: String
    }

    private func reading<Value>(_ work: () async throws -> Value) async throws -> Value {
        do { return try await work() } catch { throw Unreadable(words: feed.words(of: error)) }
    }
}

/// Which parameters matter takes seconds where there are many trials: it is computed beside the events, which go on.
private final class PendingRanking: Sendable {
    private let state = Mutex<Result<DocumentCache.Ranking?, any Error>?>(nil)

    init(in documents: DocumentCache, of directory: String, since id: ChangeID) {
        Task {
            let result: Result<DocumentCache.Ranking?, any Error>
            do {
                result = .success(try await documents.ranking(of: directory, since: id))
            } catch {
                result = .failure(error)
            }
            state.withLock { $0 = result }
        }
    }

    /// Nil as long as it is being computed.
    var result: Result<DocumentCache.Ranking?, any Error>? { state.withLock { $0 } }
}
