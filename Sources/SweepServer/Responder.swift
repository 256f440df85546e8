import Hummingbird

/// Takes each request from the library, and gives it back as an answer: the rules first, then the routes.
struct Responder: HTTPResponder {
    let rules: AccessRules
    let routes: Routes
    let limits: ServerLimits
    let streams: StreamCount

    func respond(to request: Request, context: ConnectionContext) async throws -> Response {
        let call = Call(request.head)
        let isHead = call.method == "HEAD"
        var answer = await answer(to: call)
        var slot: StreamCount.Slot?
        if case .events = answer.body, !isHead {
            slot = streams.slot()
            if slot == nil { answer = Self.tooMany.answer(asText: !call.wantsPage) }
        }
        // Without this, the library would go on reading a body that nobody wants.
        let isLast = call.hasBody || call.hosts > 1
        if isLast { answer.headers.append(("Connection", "close")) }
        let body = isHead ? .bytes([]) : answer.body
        return answer.response(
            isHead: isHead,
            sending: ResponseBody { [slot] writer in
                let watchdog = Watchdog(patience: limits.patience, cut: context.close)
                // It is cancelled where this ends.
                async let _ = watchdog.watch()
                try await send(body, for: request, to: &writer, watchdog)
                withExtendedLifetime(slot) {}
                if isLast { throw ConnectionIsOver() }
            })
    }

    private static let tooMany = ErrorPage(
        status: 503, message: "too many pages follow this server", help: "close some of them, and load this one again")

    private func answer(to call: Call) async -> Answer {
        switch rules.judge(call) {
        case .refused(let refusal): return refusal.answer(asText: !call.wantsPage, port: rules.port.number)
        case .admitted(let address, let cookie):
            var answer = Answer.redirect(to: address)
            answer.headers.append(("Set-Cookie", cookie))
            return answer
        case .allowed: return await routes.answer(to: call)
        }
    }

    private func send(
        _ body: Answer.Body, for request: Request, to writer: inout any ResponseBodyWriter, _ watchdog: Watchdog
    ) async throws {
        switch body {
        case .bytes(let bytes):
            for piece in BodyPieces.of(bytes) {
                watchdog.begin()
                try await writer.write(piece)
                watchdog.end()
            }
        case .pieces(let count, let next):
            var position = 0
            while position < count {
                // A file that has become shorter cannot fill the answer that was promised.
                guard let bytes = await next(position), !bytes.isEmpty else { throw ConnectionIsOver() }
                let piece = bytes.prefix(count - position)
                watchdog.begin()
                try await writer.write(ByteBuffer(bytes: piece))
                watchdog.end()
                position += piece.count
            }
        case .events(let send):
            try await request.body.consumeWithCancellationOnInboundClose { _ in
                var events = EventWriter(writer, watchdog)
                try await events.sendRetry()
                try await send(&events)
            }
        }
        try await writer.finish(nil)
    }
}

/// Ends a connection after its last answer.
private struct ConnectionIsOver: Error {}

/// What the library keeps of a connection for one request.
struct ConnectionContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Closes the connection at once.
    let close: @Sendable () -> Void

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        let channel = source.channel
        close = { channel.close(promise: nil) }
    }
}
