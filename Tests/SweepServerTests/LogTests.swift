import Foundation
import SweepModel
import SweepServer
import SweepStore
import TestSupport
import Testing

/// What trainers print, as a file and as it grows.
@Suite struct LogTests {
    private static func text(_ event: EventReader.Event) throws -> String {
        try JSONDecoder().decode(String.self, from: Data(event.data.utf8))
    }

    @Test func `the whole log is given byte for byte, and as nothing but text`() async throws {
        let place = try ServedFolder()
        try await place.addSweep("digits")
        let hostile =
            Array("<script>alert(1)</script>\u{1B}[2J\u{1B}]0;owned\u{7}\u{202E}\"><img src=x onerror=alert(2)>\n".utf8)
            + [0xFF, 0xC3, 0x28, 0x00, 0xED, 0xA0, 0x80] + [UInt8](repeating: 65, count: 1 << 20)
        try place.log(hostile, of: 1, in: "digits")
        try place.log(Array("error\n".utf8), of: 1, in: "digits", name: "stderr.log")
        try await place.serve { (server) async throws in
            let answer = try await server.ask("/sweep/digits/log/1/stdout.txt")
            #expect(answer.body == hostile)
            #expect(answer.headers["content-type"] == "text/plain; charset=utf-8")
            #expect(answer.headers["x-content-type-options"] == "nosniff")
            #expect(try await server.ask("/sweep/digits/log/1/stdout.txt?offset=10").body == Array(hostile[10...]))
            for offset in ["99999999999", "-5", "x", "9223372036854775807"] {
                let answer = try await server.ask("/sweep/digits/log/1/stdout.txt?offset=\(offset)")
                #expect(answer.status == 200 && [0, hostile.count].contains(answer.body.count), "\(offset)")
            }
            #expect(try await server.ask("/sweep/digits/log/1/stderr.txt").text == "error\n")
            let reader = try await EventReader(port: server.port, path: "/sweep/digits/log/1?stream=stdout")
            let event = try await reader.next { $0.name == "log" }
            // The event is one line of JSON, without anything that a terminal would act on.
            #expect(event.data.utf8.allSatisfy { (0x20..<0x7F).contains($0) || $0 >= 0x80 })
            #expect(!event.data.contains("\u{202E}") && !event.data.contains("\n"))
        }
    }

    @Test func `a log is told as it grows, until its trial has ended`() async throws {
        let place = try ServedFolder()
        let store = try await place.addSweep("digits", trials: 1)
        try await ServedFolder.addTrial(to: store, running: true)
        try await place.serve { (server) async throws in
            let events = try await EventReader(port: server.port, path: "/sweep/digits/log/1?stream=stdout")
            // An umlaut that comes in two pieces.
            try place.log(Array("one \u{FC}".utf8.dropLast()), of: 1, in: "digits")
            var text = ""
            var last: String?
            func read(until end: String) async throws {
                while !text.hasSuffix(end) {
                    let event = try await events.next { $0.name == "log" }
                    text += try Self.text(event)
                    last = event.id
                }
            }
            try await read(until: "one ")
            #expect(last == "4")
            try place.log([0xBC] + Array("\ntwo\n".utf8), of: 1, in: "digits")
            try await read(until: "two\n")
            #expect(text == "one ü\ntwo\n" && last == "11")
            // The browser comes back and goes on behind what it has.
            let again = try await EventReader(
                port: server.port, path: "/sweep/digits/log/1?stream=stdout", headers: ["Last-Event-ID: 7"])
            let behind = try await again.next { $0.name == "log" }
            #expect(try Self.text(behind) == "two\n")
            try place.log(Array("three\n".utf8), of: 1, in: "digits")
            try await store.end(1, .complete(0.5), metrics: [], at: ServedFolder.time)
            try await read(until: "three\n")
            let end = try await events.next { $0.name == "end" }
            #expect(end.data == "{}")
        }
    }

    @Test func `a log that is replaced by a shorter one is told from its beginning`() async throws {
        let place = try ServedFolder()
        let store = try await place.addSweep("digits", trials: 1)
        try await ServedFolder.addTrial(to: store, running: true)
        try place.log(Array("a long first line\n".utf8), of: 1, in: "digits", name: "stderr.log")
        try await place.serve { (server) async throws in
            let events = try await EventReader(port: server.port, path: "/sweep/digits/log/1?stream=stderr")
            let long = try await events.next { $0.name == "log" }
            #expect(try Self.text(long) == "a long first line\n")
            try place.folder.write("short\n", to: "digits/trials/000001/stderr.log")
            _ = try await events.next { $0.name == "cut" }
            let short = try await events.next { $0.name == "log" }
            #expect(try Self.text(short) == "short\n")
        }
    }

    @Test func `of a long log the stream begins near its end`() async throws {
        let place = try ServedFolder()
        try await place.addSweep("digits", trials: 1)
        let lines = (0..<300_000).map { "line \($0)\n" }.joined()
        try place.log(Array(lines.utf8), of: 0, in: "digits")
        try await place.serve { (server) async throws in
            let events = try await EventReader(port: server.port, path: "/sweep/digits/log/0")
            var text = ""
            while true {
                let event = try await events.next()
                if event.name == "end" { break }
                text += try Self.text(event)
            }
            #expect(text.utf8.count == 1 << 20 && lines.hasSuffix(text))
        }
    }
}
