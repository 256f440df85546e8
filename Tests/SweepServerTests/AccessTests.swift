import Foundation
import SweepServer
import TestSupport
import Testing

/// Who is let in, and what the others learn.
@Suite struct AccessTests {
    private static let token = ServedFolder.token

    // MARK: Names

    @Test(arguments: [
        ("localhost", true), ("LOCALHOST:PORT", true), ("127.0.0.1:PORT", true), ("[::1]:PORT", true),
        // A tunnel may use another port on its side.
        ("localhost:1", true), ("sweeps.example", true), ("sweeps.example:443", true), ("other.example:8443", true),
        ("other.example:8444", false), ("evil.example:PORT", false), ("evil.example", false), ("localhost.evil", false),
        ("localhost:PORT.evil.example", false), ("127.0.0.1.nip.io:PORT", false), ("0.0.0.0:PORT", false),
        ("localhost@evil.example", false), ("", false), ("[::1", false), ("localhost:0", false), ("10.0.0.1", false),
        ("localhost:99999", false), ("localhost,evil.example", false), ("evil.example:80:80", false),
    ])
    func `only names that no stranger can have are answered`(host: String, isAllowed: Bool) async throws {
        let place = try ServedFolder()
        try await place.addSweep("digits")
        try await place.serve {
            $0.allowedHosts = ["Sweeps.Example", "other.example:8443"]
        } _: { (server) async throws in
            let name = host.replacing("PORT", with: "\(server.port)")
            let answer = try await server.ask("/sweep/digits/data.json", host: name)
            #expect(answer.status == (isAllowed ? 200 : 421))
            #expect(answer.text.contains("loss") == isAllowed)
        }
    }

    @Test func `a request without a name, or with two, is refused`() async throws {
        let place = try ServedFolder()
        try await place.serve { (server) async throws in
            #expect(try await server.raw("GET / HTTP/1.0\r\nConnection: close\r\n\r\n").hasPrefix("HTTP/1.1 421"))
            let two = "GET /sweeps.json HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n"
            #expect(try await server.raw(two).hasPrefix("HTTP/1.1 400"))
        }
    }

    // MARK: Tokens

    @Test func `without the token nothing is told`() async throws {
        let place = try ServedFolder()
        try await place.addSweep("digits")
        try await place.serve {
            $0.token = try AccessToken(Self.token)
        } _: { (server) async throws in
            #expect(server.address.hasSuffix("/?token=\(Self.token)"))
            let paths = [
                "/", "/sweeps", "/sweeps.json", "/events", "/sweep/digits/", "/sweep/digits/data.json",
                "/sweep/digits/events", "/sweep/digits/log/0/stdout.txt", "/page/report.js", "/sweep/none/", "/none",
            ]
            var texts = Set<String>()
            for path in paths {
                for headers in [
                    [], ["Authorization: Bearer wrong-\(Self.token)"], ["Cookie: revsweep-\(server.port)=wrong"],
                    ["Authorization: Basic \(Self.token)"], ["Cookie: revsweep-1=\(Self.token)"],
                ] {
                    let answer = try await server.ask(path, headers: headers)
                    #expect(answer.status == 401)
                    #expect(answer.headers["www-authenticate"]?.hasPrefix("Bearer") == true)
                    texts.insert(answer.text)
                }
                let wrong = try await server.ask(path + "?token=\(Self.token.dropLast())")
                #expect(wrong.status == 401 && wrong.headers["set-cookie"] == nil)
            }
            // Only whether there was a token and not which address: what is there and what is not look alike.
            #expect(texts.count == 2)
            #expect(!texts.contains { $0.contains("digits") || $0.contains(Self.token) })
        }
    }

    @Test func `the token is taken from the address once, and then from a cookie or a header`() async throws {
        let place = try ServedFolder()
        try await place.addSweep("digits")
        try await place.serve {
            $0.token = try AccessToken(Self.token)
        } _: { (server) async throws in
            let first = try await server.ask("/sweep/digits/?a=1&token=\(Self.token)&b=2")
            #expect(first.status == 303 && first.headers["location"] == "/sweep/digits/?a=1&b=2")
            let cookie = try #require(first.headers["set-cookie"])
            #expect(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Strict"))
            let pair = try #require(cookie.split(separator: ";").first)
            #expect(try await server.ask("/sweep/digits/data.json", headers: ["Cookie: x=1; \(pair)"]).status == 200)
            // Another server of this host may have a cookie of the same name, for another path.
            let two = ["Cookie: revsweep-\(server.port)=other; \(pair)"]
            #expect(try await server.ask("/sweep/digits/data.json", headers: two).status == 200)
            let bearer = ["Authorization: Bearer \(Self.token)"]
            #expect(try await server.ask("/sweep/digits/data.json", headers: bearer).status == 200)
            // The browser stays on this server whatever the address was.
            for path in ["//evil.example/", "/\\evil.example/", "///evil.example"] {
                let answer = try await server.ask("\(path)?token=\(Self.token)")
                #expect(answer.headers["location"] == "/" + path.drop { $0 == "/" || $0 == "\\" })
            }
            // A browser that comes by a link leaves the cookie out, and is sent once more from a page of our own.
            let link = ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate"]
            let again = try await server.ask("/sweep/digits/?x=\"><script>", headers: link)
            #expect(again.status == 401 && again.text.contains("content=\"0;url=/sweep/digits/?x=&quot;&gt;&lt;script"))
        }
    }

    @Test func `others on the network are let in with a token only`() throws {
        let place = try ServedFolder()
        for address in ["0.0.0.0", "::", "[::]", "192.0.2.7", "sweeps.example", "127.0.0.1.example"] {
            var options = place.options
            options.address = address
            #expect(throws: ServerError.needsToken(address: address)) { try SweepServer(options) }
            options.token = try AccessToken(Self.token)
            _ = try SweepServer(options)
        }
        for address in ["127.0.0.1", "localhost", "::1", "127.1.2.3"] {
            var options = place.options
            options.address = address
            _ = try SweepServer(options)
        }
    }

    @Test(arguments: ["short", "", "with space in the middle", "sixteen-letters;", "0123456789abcdefü"])
    func `a token that is weak or cannot be sent is refused`(text: String) {
        #expect(throws: AccessTokenError.self) { try AccessToken(text) }
    }

    @Test func `a file with a token is made for its owner alone, and used again`() throws {
        let folder = try TemporaryDirectory()
        let path = "\(folder.path)/token"
        let token = try AccessToken.stored(in: path)
        #expect(token.text.count == 32)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try AccessToken.stored(in: path) == token)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        #expect(throws: AccessTokenError.readable(path: path)) { try AccessToken.stored(in: path) }
        #expect(AccessTokenError.readable(path: "/my runs/token").description.hasSuffix(": chmod 600 '/my runs/token'"))
    }

    // MARK: Other sites

    @Test(arguments: [
        (["Origin: http://evil.example"], 403), (["Origin: null"], 403),
        (["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: cors"], 403),
        (["Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: no-cors"], 403),
        (["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate"], 200),
        (["Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: cors"], 200), (["Sec-Fetch-Site: none"], 200),
        (["Origin: http://localhost:PORT"], 200),
    ])
    func `a page of another site may link to pages and read nothing`(headers: [String], status: Int) async throws {
        let place = try ServedFolder()
        try await place.addSweep("digits")
        try await place.serve { (server) async throws in
            let headers = headers.map { $0.replacing("PORT", with: "\(server.port)") }
            let answer = try await server.ask("/sweep/digits/data.json", headers: headers)
            #expect(answer.status == status)
            #expect(answer.headers["access-control-allow-origin"] == nil)
        }
    }
}
