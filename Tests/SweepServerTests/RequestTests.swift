import Foundation
import SweepServer
import TestSupport
import Testing

/// Requests that are wrong, large or hostile, and what every answer carries.
@Suite struct RequestTests {
    @Test(arguments: ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
    func `only reading is possible`(method: String) async throws {
        let place = try ServedFolder()
        try await place.addSweep("digits")
        try await place.serve { (server) async throws in
            let answer = try await server.ask("/sweep/digits/", method: method)
            #expect(answer.status == 405 && answer.headers["allow"] == "GET, HEAD")
        }
    }

    @Test(arguments: ["Content-Length: 1000000000", "Transfer-Encoding: chunked"])
    func `a body is refused, and not waited for`(header: String) async throws {
        let place = try ServedFolder()
        try await place.serve { (server) async throws in
            let text = try await server.raw("GET /sweeps.json HTTP/1.1\r\nHost: localhost\r\n\(header)\r\n\r\n")
            #expect(text.hasPrefix("HTTP/1.1 413"))
        }
    }

    @Test(arguments: [
        "/sweep/digits/../../secret.txt", "/sweep/../secret.txt", "/../secret.txt", "/sweep/%2e%2e/secret.txt",
        "/sweep/..%2fsecret.txt/", "/sweep/..%2Fsecret.txt", "/sweep/digits%2f..%2f../data.json", "/sweep/%2e%2e/",
        "/sweep/%252e%252e%252fsecret.txt/", "/sweep/..%5csecret.txt/", "/sweep/..\\secret.txt/",
        "/%2e%2e%2fsecret.txt",
        "/sweep/digits/log/../../../secret.txt", "/sweep/digits/log/0/..%2f..%2fsweep.sqlite",
        "/sweep/digits/log/0/sweep.sqlite", "/sweep/digits/sweep.sqlite", "/page/../secret.txt",
        "/page/%2e%2e/secret.txt",
        "/secret.txt", "/sweep//digits/", "/sweep/digits//", "/sweep/digits/%00", "/sweep/digits%00/", "/sweep/%ff/",
        "/sweep/%/", "/sweep/%4/", "/sweep/%zz/", "/sweep/%c0%ae%c0%ae/secret.txt", "/sweep/./digits/", "/sweep/",
        "/sweep/.", "/sweep/..", "/sweep/PATH/", "/sweep/digits/log/-1/stdout.txt", "/sweep/digits/log/1e3/stdout.txt",
        "/sweep/digits/log/99999999999999999999/stdout.txt", "/sweep/digits/log/%30%2f/stdout.txt",
        "/sweep/digits/log/+1/stdout.txt", "/sweep/digits/trial/7", "/sweep/digits/trial/a", "/sweep/digits/log/9",
        "/sweep/linked/log/0/stdout.txt",
    ])
    func `no address leads out of the table of sweeps`(path: String) async throws {
        let place = try ServedFolder()
        try await place.addSweep("digits")
        try place.folder.write("SECRET", to: "secret.txt")
        try await place.serve { (server) async throws in
            let encoded = place.path.replacing("/", with: "%2f")
            let answer = try await server.ask(path.replacing("PATH", with: encoded + "%2fdigits"))
            #expect(answer.status == 404, "\(answer)")
            #expect(!answer.text.contains("SECRET") && !answer.text.contains("SQLite"))
        }
    }

    @Test func `a log that is a link, a pipe or a folder is not followed`() async throws {
        let place = try ServedFolder()
        try await place.addSweep("digits", trials: 5)
        try place.folder.write("SECRET", to: "secret.txt")
        try place.log([65], of: 0, in: "digits")
        let trials = "\(place.path)/digits/trials"
        let files = FileManager.default
        for number in 1...3 {
            try files.createDirectory(atPath: "\(trials)/00000\(number)", withIntermediateDirectories: true)
        }
        try files.createSymbolicLink(
            atPath: "\(trials)/000001/stdout.log", withDestinationPath: "\(place.path)/secret.txt")
        #expect(mkfifo("\(trials)/000002/stdout.log", 0o600) == 0)
        try files.createDirectory(atPath: "\(trials)/000003/stdout.log", withIntermediateDirectories: true)
        try files.createDirectory(atPath: "\(place.path)/elsewhere", withIntermediateDirectories: true)
        try place.folder.write("SECRET", to: "elsewhere/stdout.log")
        try files.createSymbolicLink(atPath: "\(trials)/000004", withDestinationPath: "\(place.path)/elsewhere")
        try await place.serve { (server) async throws in
            #expect(try await server.ask("/sweep/digits/log/0/stdout.txt").text == "A")
            for number in 1...4 {
                let answer = try await server.ask("/sweep/digits/log/\(number)/stdout.txt")
                #expect(answer.status == 404 && !answer.text.contains("SECRET"), "\(number)")
            }
        }
    }

    @Test(arguments: [
        ("*", 400), ("sweeps.json", 400), ("evil.example:80", 400), ("file:///etc/passwd", 404),
        ("http://evil.example/none", 404), ("ftp://evil.example/sweep/../../etc/passwd", 404),
        // As the standard asks, the path of an address with a host is what counts, and no host is ever called.
        ("http://evil.example/sweeps.json", 200),
    ])
    func `this is no proxy`(target: String, status: Int) async throws {
        let place = try ServedFolder()
        try await place.addSweep("digits")
        try await place.serve { (server) async throws in
            // Some are refused by the library, with an empty answer and the end of the connection.
            let text = try await server.raw("GET \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            #expect(text.hasPrefix("HTTP/1.1 \(status)"), "\(text)")
            #expect(!text.contains("root:"))
        }
    }

    @Test func `what is too long is refused, and the server goes on`() async throws {
        let place = try ServedFolder()
        try await place.serve { (server) async throws in
            let long = String(repeating: "x", count: 9000)
            let many = (0..<200).map { "X-\($0): 1\r\n" }.joined()
            let large = (0..<10).map { "X-\($0): \(long.prefix(4000))\r\n" }.joined()
            for request in [
                "GET /\(long) HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nX: \(long)\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\n\(long): x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\n\(many)\r\n", "GET / HTTP/1.1\r\nHost: localhost\r\n\(large)\r\n",
                "\(long)", "\0\0\0\0", "GET / HTTP/9.9\r\n\r\n", "\r\n\r\n\r\nGARBAGE\r\n\r\n",
                "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}",
            ] {
                // Nothing, or a refusal.
                let text = try await server.raw(request)
                #expect(text.isEmpty || text.hasPrefix("HTTP/1.1 400"), "\(text)")
            }
            #expect(try await server.ask("/sweeps.json").status == 200)
        }
    }

    @Test func `every answer forbids the browser all that it need not do`() async throws {
        let place = try ServedFolder()
        try await place.addSweep("digits")
        try place.log(Array("<script>alert(1)</script>".utf8), of: 0, in: "digits")
        try await place.serve { (server) async throws in
            let asked: [(path: String, method: String, headers: [String], status: Int)] = [
                ("/", "GET", [], 303), ("/sweeps", "GET", [], 200), ("/sweeps.json", "GET", [], 200),
                ("/sweep/digits/", "GET", [], 200), ("/sweep/digits", "GET", [], 303),
                ("/sweep/digits/data.json", "GET", [], 200), ("/sweep/digits/log/0/stdout.txt", "GET", [], 200),
                ("/page/report.js", "GET", [], 200), ("/page/report.css", "GET", [], 200),
                ("/page/index.js", "GET", [], 200), ("/page/index.css", "GET", [], 200), ("/none", "GET", [], 404),
                ("/sweep/<script>alert(1)</script>/", "GET", ["Accept: text/html"], 404), ("/", "POST", [], 405),
                ("/", "GET", ["Content-Length: 5"], 413), ("/", "GET", ["Host: evil"], 400),
                ("/", "GET", ["Origin: http://evil.example"], 403), ("/sweep/digits/trial/1", "GET", [], 303),
                ("/sweep/digits/trial/9", "GET", [], 404), ("/sweeps", "HEAD", [], 200), ("/events", "HEAD", [], 200),
            ]
            for (path, method, headers, status) in asked {
                let answer = try await server.ask(path, method: method, headers: headers)
                #expect(answer.status == status, "\(method) \(path)")
                let policy = answer.headers["content-security-policy"] ?? ""
                #expect(
                    policy.hasPrefix(
                        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
                            + "img-src 'self' data:"), "\(path)")
                #expect(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"))
                #expect(answer.headers["x-content-type-options"] == "nosniff", "\(path)")
                #expect(answer.headers["x-frame-options"] == "DENY")
                #expect(answer.headers["referrer-policy"] == "no-referrer")
                #expect(answer.headers["cross-origin-resource-policy"] == "same-origin")
                #expect(["no-store", "no-cache"].contains(answer.headers["cache-control"]))
                #expect(answer.headers["server"] == nil)
                // A page of ours has neither scripts nor styles inside, and nothing of the request but as text.
                guard answer.headers["content-type"]?.hasPrefix("text/html") == true else { continue }
                #expect(!answer.text.contains("alert(1)</script>") && !answer.text.contains("<style"), "\(path)")
                #expect(!answer.text.contains(/<script(?![^>]*(src=|type="application\/json"))/), "\(path)")
            }
            let events = try await EventReader(port: server.port, path: "/events")
            _ = try await events.next()
            let connection = try HTTPConnection(port: server.port)
            try await connection.send("GET /sweep/digits/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(try await connection.head().headers["content-security-policy"]?.hasPrefix("default-src") == true)
        }
    }

    @Test func `a head says how long the body would be, and has none`() async throws {
        let place = try ServedFolder()
        try await place.addSweep("digits")
        try await place.serve { (server) async throws in
            let connection = try HTTPConnection(port: server.port)
            for path in ["/sweeps", "/page/report.js", "/sweep/digits/data.json", "/events", "/none"] {
                try await connection.send("HEAD \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
                let head = try await connection.answer(hasBody: false)
                #expect(head.headers["content-length"] != nil)
                if path == "/events" { continue }
                // Over the same connection: a body behind the head would be taken for the next answer.
                try await connection.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
                let answer = try await connection.answer()
                #expect(answer.status == head.status && "\(answer.body.count)" == head.headers["content-length"])
            }
        }
    }

    @Test func `several requests at once are answered in order`() async throws {
        let place = try ServedFolder()
        try await place.serve { (server) async throws in
            let connection = try HTTPConnection(port: server.port)
            let paths = ["/sweeps.json", "/none", "/page/index.js"]
            try await connection.send(paths.map { "GET \($0) HTTP/1.1\r\nHost: localhost\r\n\r\n" }.joined())
            #expect(try await connection.answer().status == 200)
            #expect(try await connection.answer().status == 404)
            #expect(try await connection.answer().headers["content-type"]?.hasPrefix("text/javascript") == true)
        }
    }
}
