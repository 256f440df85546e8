import Foundation
import SweepModel
import SweepServer
import SweepStore
import TestSupport
import Testing

/// What those who watch are told.
@Suite struct FollowingTests {
    private struct Changes: Decodable {
        struct Trial: Decodable { var number: Int }
        var trials: [Trial]
    }

    private static func numbers(_ event: EventReader.Event) throws -> [Int] {
        try JSONDecoder().decode(Changes.self, from: Data(event.data.utf8)).trials.map(\.number)
    }

    /// Where a page is that has just read everything.
    private static func identifier(_ server: TestServer, _ sweep: String = "digits") async throws -> String {
        struct Document: Decodable {
            struct Live: Decodable { var events: String }
            var live: Live
        }
        let answer = try await server.ask("/sweep/\(sweep)/data.json")
        #expect(answer.status == 200)
        let events = try JSONDecoder().decode(Document.self, from: Data(answer.body)).live.events
        return String(try #require(events.split(separator: "=").last))
    }

    @Test func `a trial that another process adds is told to everybody`() async throws {
        let place = try ServedFolder()
        let store = try await place.addSweep("digits")
        try await place.serve { (server) async throws in
            let seen = try await Self.identifier(server)
            let first = try await EventReader(port: server.port, path: "/sweep/digits/events?since=\(seen)")
            let second = try await EventReader(port: server.port, path: "/sweep/digits/events")
            let entry = try await second.next { $0.name == "sweep" }
            #expect(entry.data.contains("not running"))
            try await ServedFolder.addTrial(to: store)
            var numbers = Set<Int>()
            var last: String?
            while !numbers.contains(3) {
                let event = try await first.next { $0.name == "changes" }
                numbers.formUnion(try Self.numbers(event))
                last = event.id
            }
            // The trials that were there before are not told again.
            #expect(numbers == [3] && last != nil)
            while try Self.numbers(await second.next { $0.name == "changes" }) != [3] {}
        }
    }

    @Test func `a page that is read anew shows what fresh seeds have shown`() async throws {
        let place = try ServedFolder()
        try await place.addSweep("digits")
        let text = """
            {"best": 1, "configurations": [
                {"trial": 1, "trials": [1], "count": 3, "mean": 0.4},
                {"trial": 2, "trials": [2], "count": 3, "mean": 0.6}
            ]}
            """
        try place.folder.write(text, to: "digits/confirmed.json")
        try await place.serve { (server) async throws in
            let answer = try await server.ask("/sweep/digits/data.json")
            #expect(answer.status == 200)
            #expect(String(decoding: answer.body, as: UTF8.self).contains("0.4 with 3 fresh seeds"))
        }
    }

    @Test func `a page goes on where it was, also with a server that was started anew`() async throws {
        let place = try ServedFolder()
        let store = try await place.addSweep("digits")
        let seen = try await place.serve { try await Self.identifier($0) }
        try await ServedFolder.addTrial(to: store)
        try await ServedFolder.addTrial(to: store)
        try await place.serve { (server) async throws in
            // What the browser says it has seen last is newer than the address of the stream.
            for (path, headers) in [
                ("/sweep/digits/events?since=\(seen)", []), ("/sweep/digits/events", ["Last-Event-ID: \(seen)"]),
                ("/sweep/digits/events?since=none", ["Last-Event-ID: \(seen)"]),
            ] {
                let events = try await EventReader(port: server.port, path: path, headers: headers)
                let event = try await events.next { $0.name != "sweep" }
                #expect(event.name == "changes")
                #expect(try Self.numbers(event) == [3, 4])
                #expect(event.id != seen)
            }
        }
    }

    @Test func `which parameters matter is told anew while trials end`() async throws {
        let place = try ServedFolder()
        let store = try await place.addSweep("digits", trials: 20)
        try await place.serve { (server) async throws in
            let seen = try await Self.identifier(server)
            let events = try await EventReader(port: server.port, path: "/sweep/digits/events?since=\(seen)")
            _ = try await events.next { $0.name == "sweep" }
            try await ServedFolder.addTrial(to: store)
            let ranking = try await events.next { $0.name == "sweep" && $0.data.contains("\"importance\"") }
            #expect(ranking.data.contains("PED-ANOVA"))
        }
    }

    @Test(arguments: [
        "none", "", "-1", "0-0.0.0.0-0", "'; DROP TABLE trial", "<script>", String(repeating: "9", count: 4000),
        "ffffffffffffffff-3.9.3.0-ffffffffffffffff", "9223372036854775807-1.1.1.1-0",
    ])
    func `who names a place that never was reads everything anew`(identifier: String) async throws {
        let place = try ServedFolder()
        let store = try await place.addSweep("digits")
        try await place.serve { (server) async throws in
            let events = try await EventReader(
                port: server.port, path: "/sweep/digits/events", headers: ["Last-Event-ID: \(identifier)"])
            let first = try await events.next { $0.name != "sweep" }
            #expect(first.name == "reload")
            // And is told what comes after it knows where it is.
            _ = try await events.next { $0.name == "sweep" }
            try await ServedFolder.addTrial(to: store)
            let added = try await events.next { $0.name == "changes" }
            #expect(added.data.contains("3"))
        }
    }

    @Test func `a folder that goes away, and comes back`() async throws {
        let place = try ServedFolder()
        let store = try await place.addSweep("digits")
        try await place.serve { (server) async throws in
            let events = try await EventReader(port: server.port, path: "/sweep/digits/events")
            _ = try await events.next { $0.name == "sweep" }
            let (path, away) = ("\(place.path)/digits", "\(place.path)/.away")
            try FileManager.default.moveItem(atPath: path, toPath: away)
            let gone = try await events.next { $0.name == "problem" }
            #expect(gone.data == "\"its folder is no longer there\"")
            #expect(try await server.ask("/sweep/digits/data.json").status == 503)
            try FileManager.default.moveItem(atPath: away, toPath: path)
            _ = try await events.next { $0.name == "well" }
            try await ServedFolder.addTrial(to: store)
            let added = try await events.next { $0.name == "changes" }
            #expect(try Self.numbers(added) == [3])
            // Another sweep in its place is another story.
            try FileManager.default.removeItem(atPath: path)
            try await place.addSweep("digits", trials: 1)
            let replaced = try await events.next { ["reload", "changes"].contains($0.name) }
            #expect(replaced.name == "reload")
        }
    }

    @Test func `the list follows sweeps that come and go`() async throws {
        let place = try ServedFolder()
        try await place.serve { (server) async throws in
            let events = try await EventReader(port: server.port, path: "/events")
            let first = try await events.next()
            #expect(first.data.contains("\"whole\": true") && first.data.contains("\"sweeps\": []"))
            let store = try await place.addSweep("digits")
            let added = try await events.next { $0.data.contains("\"ended\":3") || $0.data.contains("\"ended\": 3") }
            #expect(added.data.contains("sweep/digits/") && added.data.contains("\"whole\": false"))
            try await ServedFolder.addTrial(to: store)
            _ = try await events.next { $0.data.contains("\"ended\":4") || $0.data.contains("\"ended\": 4") }
            try FileManager.default.removeItem(atPath: "\(place.path)/digits")
            _ = try await events.next { $0.data.contains("\"gone\": [\"sweep/digits/\"]") }
        }
    }

    private struct Entry: Decodable {
        var address: String
        var folder: String
    }

    private static func list(_ server: TestServer) async throws -> [Entry] {
        try JSONDecoder().decode([Entry].self, from: Data(try await server.ask("/sweeps.json").body))
    }

    @Test func `sweeps are found by any name that a folder can have`() async throws {
        let place = try ServedFolder()
        let names = [
            "with space", "50%", "a#b", "a?b", "%2e%2e", "<img src=x onerror=alert(1)>", "\"quoted\"", "ünïcødé 試験",
            "a&b;c", "back\\slash", "...", "a+b", "new\nline", "-rf", "%00", "\u{202E}reversed",
        ]
        for name in names { try await place.addSweep(name, trials: 1) }
        try await place.serve { (server) async throws in
            let list = try await Self.list(server)
            #expect(Set(list.map(\.folder)) == Set(names.map { "\(place.path)/\($0)" }))
            for entry in list {
                #expect(entry.address.utf8.allSatisfy { (33...126).contains($0) && $0 != 34 && $0 != 60 })
                let page = try await server.ask("/\(entry.address)")
                #expect(page.status == 200 && !page.text.contains("<img") && !page.text.contains("\n<title>\"quoted\""))
                #expect(try await server.ask("/\(entry.address)data.json").text.contains("loss"))
            }
        }
    }

    @Test func `a folder with many sweeps is listed, and only read where something has changed`() async throws {
        let place = try ServedFolder()
        let store = try await place.addSweep("000", trials: 1)
        for number in 1..<200 {
            let name = "\(place.path)/\(String(format: "%03d", number))"
            try FileManager.default.copyItem(atPath: "\(place.path)/000", toPath: name)
        }
        try await place.serve { (server) async throws in
            #expect(try await Self.list(server).count == 200)
            let events = try await EventReader(port: server.port, path: "/events")
            _ = try await events.next()
            try await ServedFolder.addTrial(to: store)
            let event = try await events.next { $0.data.contains("\"ended\":2") || $0.data.contains("\"ended\": 2") }
            #expect(event.data.contains("sweep/000/") && !event.data.contains("sweep/001/"))
        }
    }

    @Test func `one sweep alone is the first page`() async throws {
        let place = try ServedFolder()
        try await place.addSweep("a b")
        try await place.serve {
            $0.sweeps = .named(["\(place.path)/a b"])
        } _: { (server) async throws in
            #expect(try await server.ask("/").headers["location"] == "/sweep/a%20b/")
            #expect(try await Self.list(server).count == 1)
            #expect(try await server.ask("/sweep/a%20b/trial/2").headers["location"] == "/sweep/a%20b/#trial=2")
        }
    }

    @Test(.enabled(if: Machine.has("gzip"))) func `what is large comes compressed to those who take it`() async throws {
        let place = try ServedFolder()
        try await place.addSweep("digits", trials: 20)
        try await place.serve { (server) async throws in
            for path in ["/sweep/digits/data.json", "/page/report.js", "/sweeps.json"] {
                let plain = try await server.ask(path)
                #expect(plain.headers["content-encoding"] == nil && plain.headers["vary"] == "Accept-Encoding")
                let refused = try await server.ask(path, headers: ["Accept-Encoding: gzip;q=0, br"])
                #expect(refused.headers["content-encoding"] == nil)
                let small = try await server.ask(path, headers: ["Accept-Encoding: br, gzip"])
                #expect(small.headers["content-encoding"] == "gzip" && small.body.count < plain.body.count)
                let gzip = try #require(Program(onPath: "gzip"))
                let result = try await gzip.run(["-dc"], in: place.path, input: Data(small.body))
                #expect(result.output == plain.text)
            }
            let script = try await server.ask("/page/report.js")
            let mark = try #require(script.headers["etag"])
            #expect(try await server.ask("/page/report.js", headers: ["If-None-Match: \(mark)"]).status == 304)
        }
    }
}
