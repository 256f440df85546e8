import Hummingbird

/// Server-sent events, as a browser's `EventSource` takes them.
///
///     try await writer.send("changes", id: "7f3a-12.40.90.3", data: "{\"trials\": []}")
struct EventWriter {
    private var writer: any ResponseBodyWriter
    private let watchdog: Watchdog

    /// A browser that has lost the connection comes back after this time.
    private static let retryMilliseconds = 1000

    init(_ writer: any ResponseBodyWriter, _ watchdog: Watchdog) {
        self.writer = writer
        self.watchdog = watchdog
    }

    /// - Parameters:
    ///   - id: where the browser says it is when it comes back; nil leaves it where it was.
    ///   - data: JSON; a line break in it begins another line of the event.
    mutating func send(_ event: String, id: String? = nil, data: String) async throws {
        var text = "event: \(event)\n"
        if let id { text += "id: \(id)\n" }
        for line in data.split(separator: "\n", omittingEmptySubsequences: false) { text += "data: \(line)\n" }
        try await write(text + "\n")
    }

    /// The beginning of a stream: how soon the browser is to come back when the connection is lost.
    mutating func sendRetry() async throws { try await write("retry: \(Self.retryMilliseconds)\n\n") }

    /// A comment, by which both sides notice that the other one is gone.
    mutating func sendHeartbeat() async throws { try await write(":\n\n") }

    private mutating func write(_ text: String) async throws {
        for piece in BodyPieces.of(Array(text.utf8)) {
            watchdog.begin()
            try await writer.write(piece)
            watchdog.end()
        }
    }
}

/// A body in pieces that are small enough to see whether the client still reads.
enum BodyPieces {
    static let size = 1 << 16

    static func of(_ bytes: [UInt8]) -> some Sequence<ByteBuffer> {
        stride(from: 0, to: bytes.count, by: size).lazy.map { start in
            ByteBuffer(bytes: bytes[start..<min(start + size, bytes.count)])
        }
    }
}
