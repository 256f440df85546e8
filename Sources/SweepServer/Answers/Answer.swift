import Hummingbird
import SweepPage

/// An answer before it is sent: what it is, and what it says.
struct Answer: Sendable {
    var status: Int
    var headers: [(name: String, value: String)] = []
    var body: Body

    enum Body: Sendable {
        case bytes([UInt8])
        /// Pieces that are read while they are sent; `count` bytes in all.
        case pieces(count: Int, next: @Sendable (_ position: Int) async -> [UInt8]?)
        /// Events, until the client goes away.
        case events(@Sendable (inout EventWriter) async throws -> Void)
    }

    static func html(_ text: String, status: Int = 200) -> Answer {
        Answer(status: status, headers: [("Content-Type", "text/html; charset=utf-8")], body: .bytes(Array(text.utf8)))
    }

    static func text(_ text: String, status: Int = 200) -> Answer {
        Answer(
            status: status, headers: [("Content-Type", "text/plain; charset=utf-8")],
            body: .bytes(Array((text + "\n").utf8)))
    }

    static func json(_ text: String, status: Int = 200) -> Answer {
        Answer(
            status: status, headers: [("Content-Type", "application/json; charset=utf-8")],
            body: .bytes(Array(text.utf8)))
    }

    /// The browser goes on at another address of this server.
    static func redirect(to address: String) -> Answer {
        Answer(status: 303, headers: [("Location", address)], body: .bytes([]))
    }

    static func events(_ send: @escaping @Sendable (inout EventWriter) async throws -> Void) -> Answer {
        Answer(
            status: 200,
            headers: [
                ("Content-Type", "text/event-stream; charset=utf-8"),
                // A proxy is to pass each event on at once; nginx listens to this.
                ("X-Accel-Buffering", "no"),
            ], body: .events(send))
    }

    /// What every answer carries. Nothing is run but our own script, nothing is asked of another server, nothing is
    /// shown inside of another page, and nothing is kept by a browser or a proxy unless it says so itself.
    private static let security: [(name: String, value: String)] = [
        ("Content-Security-Policy", LivePage.policy),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ]

    /// All headers that are sent.
    var allHeaders: [(name: String, value: String)] {
        let cache = headers.contains { $0.name == "Cache-Control" } ? [] : [("Cache-Control", "no-store")]
        return Self.security + cache + headers
    }

    /// The answer in the library's terms.
    ///
    /// - Parameter isHead: whether only the head is wanted.
    func response(isHead: Bool, sending body: @autoclosure () -> ResponseBody) -> Response {
        var response = Response(status: .init(code: status), body: isHead ? ResponseBody() : body())
        for header in allHeaders {
            guard let name = Self.name(header.name, like: response.headers.first?.name) else { continue }
            response.headers.append(.init(name: name, value: header.value))
        }
        switch self.body {
        case .bytes(let bytes): response.headers[.contentLength] = "\(bytes.count)"
        case .pieces(let count, _): response.headers[.contentLength] = "\(count)"
        // A head without a length would be followed by the end of a body that is not there.
        case .events: response.headers[.contentLength] = isHead ? "0" : nil
        }
        return response
    }

    /// A name in the type that the library has for names, which it does not let us call by its own.
    private static func name<Name: LosslessStringConvertible>(_ text: String, like _: Name?) -> Name? { Name(text) }
}
