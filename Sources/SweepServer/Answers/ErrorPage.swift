import Foundation
import Plots

/// Answers that say what is wrong and what would be right: a short page for a browser, and lines for a program.
struct ErrorPage: Sendable {
    var status: Int
    /// Lower case and without a full stop, as all of the program's messages.
    var message: String
    var help: String?

    /// The page, or as text if a program asks.
    func answer(asText: Bool) -> Answer {
        let lines = [message] + (help.map { ["  = help: \($0)"] } ?? [])
        if asText { return .text(lines.joined(separator: "\n"), status: status) }
        let help = help.map { "<p>\(MarkupText.escaped($0))</p>" } ?? ""
        return .html(
            Markup.page(title: message, body: "<main><h1>\(MarkupText.escaped(message))</h1>\(help)</main>"),
            status: status)
    }
}

extension ErrorPage {
    static func notFound(_ message: String, help: String? = "/sweeps lists the sweeps that there are") -> ErrorPage {
        ErrorPage(status: 404, message: message, help: help)
    }

    static func unavailable(_ message: String) -> ErrorPage {
        ErrorPage(status: 503, message: message, help: "the page looks again by itself when it can be read")
    }
}

extension Refusal {
    /// - Parameter asText: whether a program asks and not a browser.
    func answer(asText: Bool, port: Int) -> Answer {
        var answer = said(asText: asText, port: port)
        answer.headers += headers
        return answer
    }

    private func said(asText: Bool, port: Int) -> Answer {
        func page(_ status: Int, _ message: String, help: String? = nil) -> Answer {
            ErrorPage(status: status, message: message, help: help).answer(asText: asText)
        }
        return switch self {
        case .host(let host):
            page(
                421, "this server is not called \(host.map { "'\($0)'" } ?? "without a name")",
                help: "call it localhost:\(port), or allow the name: revsweep serve --allow-host NAME")
        case .method: page(405, "this server only shows things", help: "GET and HEAD are answered")
        case .body: page(413, "a request with a body", help: "nothing here takes one")
        case .malformed(let message): page(400, message)
        case .noToken:
            page(
                401, "this server asks for a token",
                help: "open the address that revsweep serve has printed, which has it; "
                    + "a program sends it as the header 'Authorization: Bearer TOKEN'")
        case .wrongToken:
            page(401, "the token is another one", help: "open the address that revsweep serve has printed")
        case .foreign: page(403, "a page of another site asks for this", help: "it may only link to it")
        case .again(let address): Self.again(address)
        }
    }

    private var headers: [(name: String, value: String)] {
        switch self {
        case .method: [("Allow", "GET, HEAD")]
        case .noToken, .again: [("WWW-Authenticate", "Bearer realm=\"revsweep\"")]
        case .wrongToken: [("WWW-Authenticate", "Bearer realm=\"revsweep\", error=\"invalid_token\"")]
        case .host, .body, .malformed, .foreign: []
        }
    }

    /// A page that leads to the address once more.
    private static func again(_ address: String) -> Answer {
        let local = MarkupText.escaped(EncodedText.local(address))
        return .html(
            Markup.page(
                title: "one moment", body: "<main><p>One moment …</p></main>",
                head: "<meta http-equiv=\"refresh\" content=\"0;url=\(local)\">"),
            status: 401)
    }
}

/// Pieces of HTML that are written here.
enum Markup {
    static func page(title: String, body: String, head: String = "") -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(MarkupText.escaped(title)) · revsweep</title>
        <link rel="icon" href="data:,">
        \(head)
        </head>
        <body>
        \(body)
        </body>
        </html>

        """
    }
}
