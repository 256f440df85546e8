import Foundation
import SweepServer
import TestSupport
import Testing

/// Clients that are slow, many or gone take nothing from the others. The waits of the server are short here, and no
/// test says how long anything may take.
@Suite struct LimitTests {
    @Test(arguments: ["", "GET /swee", "GET / HTTP/1.1\r\nHost: localhost\r\nX: 1", "GET / HTTP/1.1\r\nHost: loc"])
    func `a request that does not come to its end is given up`(beginning: String) async throws {
        let place = try ServedFolder()
        try await place.serve {
            $0.limits.idle = .milliseconds(200)
        } _: { (server) async throws in
            let connection = try HTTPConnection(port: server.port)
            try await connection.send(beginning)
            // One byte now and then does not help.
            var sent = 0
            while try await connection.send("x"), sent < 100_000 {
                sent += 1
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(sent < 100_000)
        }
    }

    @Test func `a client that reads nothing is cut, and the others are served`() async throws {
        let place = try ServedFolder()
        try await place.addSweep("digits")
        try place.log([UInt8](repeating: 65, count: 64 << 20), of: 0, in: "digits")
        try await place.serve {
            $0.limits.patience = .milliseconds(300)
            $0.limits.connections = 2
        } _: { (server) async throws in
            var slow: [HTTPConnection] = []
            for _ in 0..<2 {
                let connection = try HTTPConnection(port: server.port, receiving: 4096)
                try await connection.send("GET /sweep/digits/log/0/stdout.txt HTTP/1.1\r\nHost: localhost\r\n\r\n")
                #expect(try await connection.head().headers["content-length"] == "\(64 << 20)")
                slow.append(connection)
            }
            // They hold both places, so that this is answered when one of them has been cut.
            #expect(try await server.ask("/sweep/digits/data.json").status == 200)
            #expect(try await server.ask("/sweeps.json").status == 200)
            var lengths: [Int] = []
            for connection in slow { lengths.append(try await connection.untilClosed().utf8.count) }
            #expect(lengths.contains { $0 < 64 << 20 })
        }
    }

    @Test func `more clients than there may be wait for a place`() async throws {
        let place = try ServedFolder()
        try await place.serve {
            $0.limits.connections = 4
        } _: { (server) async throws in
            var held: [HTTPConnection] = []
            for _ in 0..<4 {
                let connection = try HTTPConnection(port: server.port)
                try await connection.send("GET /sweeps.json HTTP/1.1\r\nHost: localhost\r\n\r\n")
                #expect(try await connection.answer().status == 200)
                held.append(connection)
            }
            let waiting = try HTTPConnection(port: server.port)
            try await waiting.send("GET /sweeps.json HTTP/1.1\r\nHost: localhost\r\n\r\n")
            held.removeFirst()
            #expect(try await waiting.answer().status == 200)
        }
    }

    @Test func `more streams than there may be are refused, until one is closed`() async throws {
        let place = try ServedFolder()
        try await place.addSweep("digits")
        try await place.serve {
            $0.limits.streams = 3
        } _: { (server) async throws in
            var readers: [EventReader] = []
            for path in ["/events", "/sweep/digits/events", "/sweep/digits/log/0"] {
                readers.append(try await EventReader(port: server.port, path: path))
            }
            let refused = try await server.ask("/events")
            #expect(refused.status == 503 && refused.headers["content-security-policy"] != nil)
            #expect(try await server.ask("/events", method: "HEAD").status == 200)
            #expect(try await server.ask("/sweeps.json").status == 200)
            readers.removeFirst()
            let isFree = try await eventually(within: .seconds(60)) {
                (try? await EventReader(port: server.port, path: "/events")) != nil
            }
            #expect(isFree)
        }
    }

    @Test func `clients that go away leave nothing behind`() async throws {
        let place = try ServedFolder()
        let store = try await place.addSweep("digits")
        try await place.serve { (server) async throws in
            for _ in 0..<30 {
                for path in ["/sweep/digits/events", "/events", "/sweep/digits/data.json"] {
                    let connection = try HTTPConnection(port: server.port)
                    try await connection.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
                }
            }
            // All of them have been seen to be gone: there are 64 places for streams.
            let events = try await EventReader(port: server.port, path: "/sweep/digits/events")
            _ = try await events.next { $0.name == "sweep" }
            try await ServedFolder.addTrial(to: store)
            let added = try await events.next { $0.name == "changes" }
            #expect(added.id != nil)
        }
    }
}
