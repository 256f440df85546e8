import Dispatch
import Foundation
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// One GET request, told as a sequence of events: the only place that knows the network.
///
///     let transfer = HTTPTransfer(url, offset: 0)
///     transfer.events(within: .seconds(30))       // [.answered(status: 200, length: 1000, start: nil), .received(…)]
///     transfer.events(within: .seconds(30))       // [.received(…), .ended(nil)]
///
/// URLSession calls its delegate on a queue of its own; here the caller asks for events when it is ready for them.
/// Redirections are followed, ten at most. The connection is given up when this goes away.
final class HTTPTransfer {
    enum Event: Sendable {
        /// `length` of what is still to come; `start` of it in the whole file, where the server sends a part.
        case answered(status: Int, length: Int?, start: Int?)
        /// The next bytes of the body.
        case received(Data)
        /// The server declares the body to be compressed on its way, and what would be received is unpacked.
        case encoded
        /// The body is at its end, or the connection was lost for a reason.
        case ended(String?)
    }

    private let listener = Listener()
    private let session: URLSession
    private let task: URLSessionDataTask

    /// - Parameter offset: the first byte that is wanted; a server may send everything all the same.
    init(_ url: URL, offset: Int) {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
        // How long to wait is decided by the caller of `events(within:)`.
        configuration.timeoutIntervalForRequest = 24 * 3600
        session = URLSession(configuration: configuration, delegate: listener, delegateQueue: nil)
        var request = URLRequest(url: url)
        request.timeoutInterval = 24 * 3600
        request.demand(offset)
        listener.state.withLock { $0.offset = offset }
        task = session.dataTask(with: request)
        task.resume()
    }

    deinit {
        task.cancel()
        session.invalidateAndCancel()
    }

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

extension URLRequest {
    /// Asks for the bytes from `offset` on, and for the file as it is. A redirected request needs both again.
    fileprivate mutating func demand(_ offset: Int) {
        if offset > 0 { setValue("bytes=\(offset)-", forHTTPHeaderField: "Range") }
        // The check sums are those of the compressed files.
        setValue("identity", forHTTPHeaderField: "Accept-Encoding")
    }
}

/// Called on a queue of the session's.
private final class Listener: NSObject, URLSessionDataDelegate, Sendable {
    /// What the session's queue and the caller share.
    struct State {
        var events: [HTTPTransfer.Event] = []
        var offset = 0
        var redirections = 0
        var isLost = false
    }

    let state = Mutex(State())
    let arrival = DispatchSemaphore(value: 0)

    /// Hands an event to the caller, and wakes it if it waits.
    private func add(_ event: HTTPTransfer.Event) {
        state.withLock { $0.events.append(event) }
        arrival.signal()
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        var request = request
        let isHTTP = ["http", "https"].contains(request.url?.scheme?.lowercased() ?? "")
        let (isAllowed, offset) = state.withLock { state in
            state.redirections += 1
            state.isLost = !isHTTP || state.redirections > 10
            return (!state.isLost, state.offset)
        }
        request.demand(offset)
        completionHandler(isAllowed ? request : nil)
        if !isAllowed { add(.ended("redirected")) }
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
        let answer = response as? HTTPURLResponse
        if let encoding = answer?.value(forHTTPHeaderField: "Content-Encoding"), encoding.lowercased() != "identity" {
            add(.encoded)
        }
        // "bytes 500-999/1000"
        let range = answer?.value(forHTTPHeaderField: "Content-Range")?.split { " -/".contains($0) }
        let length = response.expectedContentLength
        add(
            .answered(
                status: answer?.statusCode ?? 0, length: length < 0 ? nil : Int(length),
                start: range.flatMap { $0.count > 1 ? Int($0[1]) : nil }))
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        add(.received(data))
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        add(.ended(error.map { $0.localizedDescription }))
    }
}
