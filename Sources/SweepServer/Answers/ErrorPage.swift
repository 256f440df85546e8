import Foundation

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
        let help = help.map { "<p>\(Markup.escaped($0))</p>" } ?? ""
        return .html(
            Markup.page(title: message, body: "<main><h1>\(Markup.escaped(message))</h1>\(help)</main>"),
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
        switch self {
        case .host(let host):
            let name = host.map { "'\($0)'" } ?? "without a name"
            return ErrorPage(
                status: 421, message: "this server is not called \(name)",
                help: "call it localhost:\(port), or allow the name: revsweep serve --allow-host NAME"
            ).answer(asText: asText)
        case .method:
            var answer = ErrorPage(
                status: 405, message: "this server only shows things", help: "GET and HEAD are answered"
            ).answer(asText: asText)
            answer.headers.append(("Allow", "GET, HEAD"))
            return answer
        case .body:
            return ErrorPage(
                status: 413, message: "a request with a body", help: "nothing here takes one"
            ).answer(asText: asText)
        case .malformed(let message):
            return ErrorPage(status: 400, message: message).answer(asText: asText)
        case .noToken:
            var answer = ErrorPage(
                status: 401, message: "this server asks for a token",
                help: "open the address that revsweep serve has printed, which has it; "
                    + "a program sends it as the header 'Authorization: Bearer TOKEN'"
            ).answer(asText: asText)
            answer.headers.append(("WWW-Authenticate", "Bearer realm=\"revsweep\""))
            return answer
        case .wrongToken:
            var answer = ErrorPage(
                status: 401, message: "the token is another one",
                help: "open the address that revsweep serve has printed"
            ).answer(asText: asText)
            answer.headers.append(("WWW-Authenticate", "Bearer realm=\"revsweep\", error=\"invalid_token\""))
            return answer
        case .foreign:
            return ErrorPage(
                status: 403, message: "a page of another site asks for this", help: "it may only link to it"
            ).answer(asText: asText)
        case .again(let address):
            var answer = Answer.html(
                Markup.page(
                    title: "one moment", body: "<main><p>One moment …</p></main>",
                    head: "<meta http-equiv=\"refresh\" content=\"0;url=\(Markup.escaped(Markup.local(address)))\">"),
                status: 401)
            answer.headers.append(("WWW-Authenticate", "Bearer realm=\"revsweep\""))
            return answer
        }
    }
}

/// Pieces of HTML that are written here.
enum Markup {
    /// Text that is nothing but text, between tags and in attributes with quotes.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// The address of a page of this server, even if it looks like one on another machine.
    static func local(_ address: String) -> String { "/" + address.drop { $0 == "/" || $0 == "\\" } }

    static func page(title: String, body: String, head: String = "") -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(escaped(title)) · revsweep</title>
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
