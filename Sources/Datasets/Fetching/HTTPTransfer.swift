import CCurl
import Dispatch
import Foundation
import Synchronization

/// One GET request, told as a sequence of events: the only place that knows the network.
///
///     let transfer = HTTPTransfer(url, offset: 0)
///     transfer.events(within: .seconds(30))       // [.answered(status: 200, length: 1000, start: nil), .received(…)]
///     transfer.events(within: .seconds(30))       // [.received(…), .ended(nil)]
///
/// libcurl calls functions on a thread of its own; here the caller asks for events when it is ready for them.
/// Redirections are followed, ten at most. The connection is given up when this goes away.
final class HTTPTransfer {
    enum Event: Sendable {
        /// `length` of what is still to come; `start` of it in the whole file, where the server sends a part.
        case answered(status: Int, length: Int?, start: Int?)
        /// The next bytes of the body.
        case received(Data)
        /// The body is at its end, or the connection was lost for a reason.
        case ended(String?)
    }

    private let listener = Listener()

    /// - Parameter offset: the first byte that is wanted; a server may send everything all the same.
    init(_ url: URL, offset: Int) {
        let listener = listener
        let address = url.absoluteString
        Thread.detachNewThread { listener.fetch(address, from: offset) }
    }

    deinit { listener.state.withLock { $0.isGivenUp = true } }

    /// Whether the server redirected too often, or to something that is not HTTP.
    var isLost: Bool { listener.state.withLock { $0.isLost } }

    /// The events since the last call; waits for the first one, but no longer than this.
    ///
    /// - Returns: an empty list if nothing happened in that time.
    func events(within patience: Duration) -> [Event] {
        let deadline = DispatchTime.now() + .microseconds(Int(patience / .microseconds(1)))
        while true {
            // A signal may be left over from an event that came with the one before.
            let isInTime = listener.arrival.wait(timeout: deadline) == .success
            let events = listener.state.withLock { state in
                defer { state.events = [] }
                return state.events
            }
            if !events.isEmpty || !isInTime { return events }
        }
    }
}

/// What the thread of a request and its reader share.
private final class Listener: Sendable {
    struct State {
        var events: [HTTPTransfer.Event] = []
        var head = AnswerHead()
        var isLost = false
        var isGivenUp = false
    }

    let state = Mutex(State())
    let arrival = DispatchSemaphore(value: 0)

    private static let maxRedirections = 10

    /// Makes the request, and returns at its end. Only to be called once, on a thread of its own.
    func fetch(_ address: String, from offset: Int) {
        // libcurl hands the pointer back to the three functions, and only before `get` returns.
        let data = Unmanaged.passUnretained(self).toOpaque()
        do {
            try withExtendedLifetime(self) {
                try CurlLibrary().get(
                    address, from: offset, maxRedirections: Self.maxRedirections, data: data,
                    header: { bytes, size, count, data in Listener.at(data).heard(bytes, size * count) },
                    body: { bytes, size, count, data in Listener.at(data).received(bytes, size * count) },
                    progress: { data, _, _, _, _ in Listener.at(data).isGivenUp ? 1 : 0 })
            }
            add(.ended(nil))
        } catch let ending as CurlLibrary.Ending {
            state.withLock { state in
                state.isLost =
                    ending.code == ccurl_error_too_many_redirections
                    || ending.code == ccurl_error_unsupported_protocol && state.head.isRedirection
            }
            add(.ended(ending.reason))
        } catch {
            add(.ended("\(error)"))
        }
    }

    private static func at(_ data: UnsafeMutableRawPointer?) -> Listener {
        guard let data else { preconditionFailure("libcurl has lost the pointer it was given") }
        return Unmanaged<Listener>.fromOpaque(data).takeUnretainedValue()
    }

    private var isGivenUp: Bool { state.withLock { $0.isGivenUp } }

    /// Hands an event to the caller, and wakes it if it waits.
    private func add(_ event: HTTPTransfer.Event) {
        state.withLock { $0.events.append(event) }
        arrival.signal()
    }

    /// Takes in a line of an answer's head.
    ///
    /// - Returns: how many bytes were taken, which is all of them.
    private func heard(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        let line = String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
        if let answer = state.withLock({ $0.head.take(line) }) { add(answer) }
        return count
    }

    /// - Returns: how many bytes were taken; none gives the request up.
    private func received(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        if isGivenUp { return 0 }
        if let bytes { add(.received(Data(bytes: bytes, count: count))) }
        return count
    }
}

/// The head of an answer, line by line.
///
///     HTTP/1.1 206 Partial Content
///     Content-Length: 500
///     Content-Range: bytes 500-999/1000
private struct AnswerHead {
    private var status = 0
    private var length: Int?
    private var start: Int?
    private var hasLocation = false

    /// Whether the answer names another place, which is asked next.
    var isRedirection: Bool { (300..<400).contains(status) && hasLocation }

    /// Takes in the next line.
    ///
    /// - Returns: the answer, when the head is at its end and is the one that is wanted: not one that redirects, or
    ///   announces another.
    mutating func take(_ line: String) -> HTTPTransfer.Event? {
        let line = line.trimmingCharacters(in: .whitespacesAndNewlines)
        if line.hasPrefix("HTTP/") {
            self = AnswerHead()
            status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        } else if line.isEmpty {
            // What follows the body, if anything does, has no status.
            guard status >= 200, !isRedirection else { return nil }
            defer { status = 0 }
            return .answered(status: status, length: length, start: start)
        } else if let colon = line.firstIndex(of: ":") {
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            switch line[..<colon].lowercased() {
            case "content-length": length = Int(value).flatMap { $0 < 0 ? nil : $0 }
            case "content-range": start = value.split { " -/".contains($0) }.dropFirst().first.flatMap { Int($0) }
            case "location": hasLocation = true
            default: break
            }
        }
        return nil
    }
}
