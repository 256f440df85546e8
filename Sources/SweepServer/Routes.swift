import JSONWriting
import SweepModel
import SweepPage
import SweepStore
import TrialProtocol

/// Answers what the rules have let through.
struct Routes: Sendable {
    let table: SweepTable
    let index: SweepIndex
    let documents: DocumentCache
    let logs = TrialLogs()
    let pages: ServedPages

    func answer(to call: Call) async -> Answer {
        guard let route = Route(path: call.path) else {
            return ErrorPage.notFound("there is nothing at this address").answer(asText: !call.wantsPage)
        }
        switch route {
        case .home: return .redirect(to: table.single.map { "/sweep/\(EncodedText.encoded($0))/" } ?? "/sweeps")
        case .list: return pages.list
        case .listData: return await listData(call)
        case .listEvents: return listEvents(call)
        case .pageStyle: return pages.file(.pageStyle, call)
        case .pageScript: return pages.file(.pageScript, call)
        case .listStyle: return pages.file(.listStyle, call)
        case .listScript: return pages.file(.listScript, call)
        case .sweep(let name, let part):
            guard let feed = table[name] else {
                return ErrorPage.notFound("there is no sweep '\(name)'").answer(asText: !call.wantsPage)
            }
            return await answer(to: call, part, of: feed, name: name)
        }
    }

    private func answer(to call: Call, _ part: Route.Part, of feed: SweepFeed, name: String) async -> Answer {
        let address = "/sweep/\(EncodedText.encoded(name))/"
        switch part {
        case .page: return pages.sweep(name)
        case .pageWithoutSlash: return .redirect(to: address)
        case .data: return await data(of: feed, call)
        case .events: return SweepEvents(feed: feed, documents: documents, call: call).answer
        case .trial(let number): return await trial(number, of: feed, at: address, call)
        case .log(let number, let log): return await text(of: log, ofTrial: number, feed, call)
        case .logEvents(let number):
            // While the database cannot be read, nothing is known, and the stream waits.
            if (try? await hasTrial(number, feed)) == false { return noTrial(number, call) }
            let log = call.query["stream"].flatMap(TrialLog.init(rawValue:)) ?? .output
            return LogEvents(feed: feed, logs: logs, trial: number, log: log, call: call).answer
        }
    }

    // MARK: The list

    private func listData(_ call: Call) async -> Answer {
        .json(await index.list(since: nil).json + "\n").compressed(for: call)
    }

    private func listEvents(_ call: Call) -> Answer {
        let index = index
        return .events { events in
            var id = call.lastEventID ?? call.query["since"]
            var heartbeat = Heartbeat()
            while true {
                let list = await index.list(since: id)
                if !list.isEmpty || list.isWhole {
                    let data = "{\"whole\": \(list.isWhole), \"sweeps\": \(list.json), \"gone\": \(list.gone)}"
                    try await events.send("sweeps", id: list.id, data: data)
                    heartbeat.reset()
                }
                id = list.id
                if heartbeat.isDue() { try await events.sendHeartbeat() }
                try await Task.sleep(for: .milliseconds(500))
            }
        }
    }

    // MARK: A sweep

    private func data(of feed: SweepFeed, _ call: Call) async -> Answer {
        do {
            let document = try await documents.document(of: feed.directory)
            var answer = Answer.json("")
            answer.body = .bytes(document.json)
            answer.headers.append(("Vary", "Accept-Encoding"))
            if call.acceptsGzip, let gzip = document.gzip {
                answer.body = .bytes(gzip)
                answer.headers.append(("Content-Encoding", "gzip"))
            }
            return answer
        } catch {
            return ErrorPage.unavailable(feed.words(of: error)).answer(asText: true)
        }
    }

    private func trial(_ number: Int, of feed: SweepFeed, at address: String, _ call: Call) async -> Answer {
        do {
            return try await hasTrial(number, feed)
                ? .redirect(to: "\(address)#trial=\(number)") : noTrial(number, call)
        } catch {
            return ErrorPage.unavailable(feed.words(of: error)).answer(asText: !call.wantsPage)
        }
    }

    /// - Throws: `SweepStoreError`, and whatever else makes the sweep unreadable.
    private func hasTrial(_ number: Int, _ feed: SweepFeed) async throws -> Bool {
        try await feed.watched { try await $0.trial(number) } != nil
    }

    private func noTrial(_ number: Int, _ call: Call) -> Answer {
        ErrorPage.notFound("there is no trial \(number)", help: "the page of the sweep lists its trials")
            .answer(asText: !call.wantsPage)
    }

    private func text(of log: TrialLog, ofTrial trial: Int, _ feed: SweepFeed, _ call: Call) async -> Answer {
        guard let size = await logs.size(of: log, ofTrial: trial, in: feed.directory) else {
            return ErrorPage.notFound(
                "trial \(trial) has no \(log.rawValue)", help: "a trial has one once it has been started"
            ).answer(asText: !call.wantsPage)
        }
        let start = call.query["offset"].flatMap { Int($0) }.map { min(max(0, $0), size) } ?? 0
        let (logs, directory) = (logs, feed.directory)
        var answer = Answer.text("")
        answer.body = .pieces(count: size - start) { position in
            await logs.bytes(of: log, ofTrial: trial, in: directory, from: start + position)
        }
        return answer
    }
}

extension Answer {
    /// The answer as gzip where the client takes it.
    func compressed(for call: Call) -> Answer {
        var answer = self
        answer.headers.append(("Vary", "Accept-Encoding"))
        guard call.acceptsGzip, case .bytes(let bytes) = body, let small = GzipData.compressed(bytes) else {
            return answer
        }
        answer.body = .bytes(small)
        answer.headers.append(("Content-Encoding", "gzip"))
        return answer
    }
}

/// When it is time to say that this side is still there.
struct Heartbeat {
    private var last = ContinuousClock.now
    private static let pause = Duration.seconds(10)

    mutating func reset() { last = .now }

    /// Whether nothing has been said for a while; a yes counts as having said something.
    mutating func isDue() -> Bool {
        guard ContinuousClock.now - last > Self.pause else { return false }
        reset()
        return true
    }
}
