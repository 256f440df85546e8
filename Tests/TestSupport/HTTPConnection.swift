import Foundation

/// A connection to a server on this machine, over which a test sends any bytes it likes.
///
///     let connection = try HTTPConnection(port: port)
///     try await connection.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
///     let answer = try await connection.answer()
public final class HTTPConnection {
    public struct Answer: Sendable {
        public var status: Int
        /// Names in small letters.
        public var headers: [String: String]
        public var body: [UInt8]

        public var text: String { String(decoding: body, as: UTF8.self) }
    }

    /// What a server did that no server may do.
    public struct Failure: Error, CustomStringConvertible {
        public var description: String
    }

    private let descriptor: Int32
    private var received: [UInt8] = []
    private var isEnded = false

    /// - Parameter receiving: how many bytes the system may keep for a reader that does not read; nil for the usual.
    /// - Throws: `POSIXError` if nothing listens there.
    public init(port: Int, receiving size: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        if var size { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size)) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            let code = errno
            Foundation.close(descriptor)
            throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO)
        }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    deinit { Foundation.close(descriptor) }

    /// Sends all of it, however slowly the server takes it.
    ///
    /// - Returns: false if the server has closed the connection.
    @discardableResult
    public func send(_ text: String) async throws -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                try await Task.sleep(for: .milliseconds(1))
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }

    /// Takes what has come; does not wait.
    private func take() {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count > 0 {
                received += buffer[..<count]
            } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
                isEnded = true
                return
            } else if errno == EAGAIN {
                return
            }
        }
    }

    /// Waits until `find` finds something in what has come.
    private func wait<Value>(for what: String, _ find: () throws -> Value?) async throws -> Value {
        let end = ContinuousClock.now + .seconds(120)
        while true {
            take()
            if let value = try find() { return value }
            if isEnded || ContinuousClock.now > end {
                let shown = String(decoding: received.prefix(2000), as: UTF8.self)
                throw Failure(description: "\(isEnded ? "closed" : "nothing more") before \(what); there was: \(shown)")
            }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    /// Waits until the server closes the connection.
    ///
    /// - Returns: what came before.
    @discardableResult
    public func untilClosed() async throws -> String {
        try await wait(for: "the end") { isEnded ? String(decoding: received, as: UTF8.self) : nil }
    }

    /// The head of the next answer, without its body.
    public func head() async throws -> Answer {
        let length = try await wait(for: "a head") { received.firstRange(of: Array("\r\n\r\n".utf8)).map(\.upperBound) }
        let lines = String(decoding: received[..<length], as: UTF8.self).components(separatedBy: "\r\n")
        received.removeFirst(length)
        let words = lines[0].split(separator: " ")
        guard words.count >= 2, let status = Int(words[1]) else { throw Failure(description: "no answer: \(lines[0])") }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() where !line.isEmpty {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.count < 2 ? "" : String(parts[1].drop { $0 == " " })
        }
        return Answer(status: status, headers: headers, body: [])
    }

    /// The next answer as a whole.
    ///
    /// - Parameter hasBody: false after HEAD.
    public func answer(hasBody: Bool = true) async throws -> Answer {
        var answer = try await head()
        guard hasBody, answer.status != 304 else { return answer }
        if let length = answer.headers["content-length"].flatMap({ Int($0) }) {
            answer.body = try await wait(for: "\(length) bytes") {
                received.count >= length ? Array(received.prefix(length)) : nil
            }
            received.removeFirst(length)
        } else {
            while let piece = try await chunk() { answer.body += piece }
        }
        return answer
    }

    /// The next piece of a body that comes in pieces; nil at its end.
    public func chunk() async throws -> [UInt8]? {
        let (length, start) = try await wait(for: "a piece") { () -> (Int, Int)? in
            guard let end = received.firstRange(of: [13, 10]) else { return nil }
            guard let length = Int(String(decoding: received[..<end.lowerBound], as: UTF8.self), radix: 16) else {
                throw Failure(description: "no length of a piece")
            }
            return received.count >= end.upperBound + length + 2 ? (length, end.upperBound) : nil
        }
        let piece = Array(received[start..<(start + length)])
        received.removeFirst(start + length + 2)
        return length == 0 ? nil : piece
    }
}

/// Events from a server, one after the other.
///
///     let events = try await EventReader(port: port, path: "/sweep/digits/events")
///     let event = try await events.next { $0.name == "changes" }
public final class EventReader {
    public struct Event: Sendable {
        public var name: String
        public var id: String?
        public var data: String
    }

    private let connection: HTTPConnection
    private var text = ""

    /// - Throws: `HTTPConnection.Failure` if the answer is no stream of events.
    public init(port: Int, path: String, headers: [String] = []) async throws {
        connection = try HTTPConnection(port: port)
        let lines = ["GET \(path) HTTP/1.1", "Host: localhost:\(port)"] + headers
        try await connection.send(lines.joined(separator: "\r\n") + "\r\n\r\n")
        let head = try await connection.head()
        guard head.status == 200, head.headers["content-type"]?.hasPrefix("text/event-stream") == true else {
            throw HTTPConnection.Failure(description: "no events: \(head)")
        }
    }

    /// Waits for the next event of which `isWanted` is true; others before it are left out.
    public func next(where isWanted: (Event) -> Bool = { _ in true }) async throws -> Event {
        let end = ContinuousClock.now + .seconds(120)
        var seen: [Event] = []
        while true {
            if ContinuousClock.now > end {
                throw HTTPConnection.Failure(description: "the event does not come; there were: \(seen)")
            }
            while let end = text.range(of: "\n\n") {
                let block = text[..<end.lowerBound]
                text.removeSubrange(..<end.upperBound)
                var event = Event(name: "", id: nil, data: "")
                var lines: [Substring] = []
                for line in block.split(separator: "\n") {
                    if line.hasPrefix("event: ") { event.name = String(line.dropFirst(7)) }
                    if line.hasPrefix("id: ") { event.id = String(line.dropFirst(4)) }
                    if line.hasPrefix("data: ") { lines.append(line.dropFirst(6)) }
                }
                event.data = lines.joined(separator: "\n")
                if !event.name.isEmpty, isWanted(event) { return event }
                if !event.name.isEmpty, seen.count < 20 { seen.append(event) }
            }
            guard let piece = try await connection.chunk() else {
                throw HTTPConnection.Failure(description: "the stream has ended")
            }
            text += String(decoding: piece, as: UTF8.self)
        }
    }
}
