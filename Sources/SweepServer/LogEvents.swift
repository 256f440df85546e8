import JSONWriting
import TrialProtocol

/// The log of a trial as events while it grows: `log` with text, whose id is the place behind it in bytes; `cut` if the
/// file has become shorter and is read from its beginning; and `end` when nothing will be added.
struct LogEvents: Sendable {
    let feed: SweepFeed
    let logs: TrialLogs
    let trial: Int
    let log: TrialLog
    let call: Call

    private static let pause = Duration.milliseconds(100)
    /// A client that has seen nothing begins so far before the end: the whole log is a file of its own.
    private static let tail = 1 << 20
    /// Whether the trial has ended is asked less often than the log.
    private static let looksBetweenStates = 5

    var answer: Answer {
        .events { events in
            try await feed.watched { _ in
                var place = await start()
                var text = PiecedText()
                var heartbeat = Heartbeat()
                var looks = 0
                while true {
                    // First whether it has ended, then what it has printed: nothing is added after its end.
                    let isOver = looks.isMultiple(of: Self.looksBetweenStates) ? await hasEnded() : false
                    looks += 1
                    if let size = await logs.size(of: log, ofTrial: trial, in: feed.directory), size < place {
                        (place, text) = (0, PiecedText())
                        try await events.send("cut", id: "0", data: "{}")
                    }
                    while let bytes = await logs.bytes(of: log, ofTrial: trial, in: feed.directory, from: place),
                        !bytes.isEmpty
                    {
                        place += bytes.count
                        let piece = text.take(bytes)
                        if piece.isEmpty { continue }
                        try await events.send(
                            "log", id: "\(place - text.rest.count)", data: JSONText.quoted(piece))
                        heartbeat.reset()
                    }
                    if isOver { return try await events.send("end", data: "{}") }
                    if heartbeat.isDue() { try await events.sendHeartbeat() }
                    try await Task.sleep(for: Self.pause)
                }
            }
        }
    }

    /// Where the client is, or has to begin.
    private func start() async -> Int {
        let size = await logs.size(of: log, ofTrial: trial, in: feed.directory) ?? 0
        if let given = (call.lastEventID ?? call.query["offset"]).flatMap({ Int($0) }), 0...size ~= given {
            return given
        }
        return max(0, size - Self.tail)
    }

    private func hasEnded() async -> Bool {
        // While the database cannot be read, nothing is known.
        guard let record = try? await feed.trial(trial) else { return false }
        return record.state.isFinal
    }
}
