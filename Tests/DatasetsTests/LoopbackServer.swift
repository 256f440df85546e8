import Foundation
import Synchronization

/// An HTTP server on 127.0.0.1 for one file, which can also do what servers should not.
///
/// One thread for each connection, one request for each connection.
final class LoopbackServer: Sendable {
    enum Conduct: Sendable {
        /// Sends what is asked for, parts too.
        case proper
        /// Sends everything, whatever is asked for.
        case ignoresRange
        /// Closes the connection after so many bytes of the body.
        case truncates(after: Int)
        /// As before, without having said how long the body is.
        case truncatesUnsaid(after: Int)
        /// Falls silent after so many bytes of the body; nil: before the answer.
        case stalls(after: Int?)
        /// Sends another file.
        case corrupts
        case answers(status: Int)
        /// Redirects so many times, each time to another path, and then is proper.
        case redirects(times: Int)
        case redirectsTo(String)
        /// Says that a part begins where it does not.
        case wrongPart
        /// Declares that the file is compressed for the transfer only, as some servers do with every `.gz`.
        case declaresEncoding
    }

    struct Request: Hashable, Sendable {
        var path: String
        var range: String?
    }

    let port: UInt16
    private let content: [UInt8]
    private let state: Mutex<(conduct: Conduct, requests: [Request])>
    private let descriptor: Int32

    /// The address of the folder that has the file.
    var address: String { "http://127.0.0.1:\(port)/data" }

    /// What was asked for so far.
    var requests: [Request] { state.withLock { $0.requests } }

    func behave(_ conduct: Conduct) { state.withLock { $0.conduct = conduct } }

    init(serving content: [UInt8], _ conduct: Conduct) throws {
        // A proxy would not find this host.
        setenv("no_proxy", "127.0.0.1", 1)
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &place) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, size) == 0 && listen(listener, 16) == 0
                    && getsockname(listener, address, &size) == 0
            }
        }
        guard isBound else { throw CocoaError(.fileReadUnknown) }
        port = UInt16(bigEndian: place.sin_port)
        descriptor = listener
        self.content = content
        state = Mutex((conduct, []))
        // The thread keeps the server to the end of the process. A test that has read its address uses it no more, and
        // could otherwise let go of it while the address is being asked.
        Thread.detachNewThread { [self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                Thread.detachNewThread { [self] in
                    serve(connection)
                    close(connection)
                }
            }
        }
    }

    /// From now on nothing is at the address.
    func stop() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    private func serve(_ connection: Int32) {
        var head: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !String(decoding: head, as: UTF8.self).contains("\r\n\r\n") {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            head += buffer[..<count]
        }
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n").map(String.init)
        let path = lines[0].split(separator: " ").dropFirst().first.map(String.init) ?? ""
        let range = lines.first { $0.lowercased().hasPrefix("range: ") }.map { String($0.dropFirst(7)) }
        let conduct = state.withLock { state in
            state.requests.append(Request(path: path, range: range))
            return state.conduct
        }
        let start = range.flatMap { Int($0.dropFirst("bytes=".count).dropLast()) } ?? 0
        respond(connection, conduct, path: path, start: start)
        // Wait for the other side to have read everything, or to have given up.
        shutdown(connection, Int32(SHUT_WR))
        while recv(connection, &buffer, buffer.count, 0) > 0 {}
    }

    private func respond(_ connection: Int32, _ conduct: Conduct, path: String, start: Int) {
        switch conduct {
        case .proper:
            if start > 0 && start >= content.count {
                send(connection, status: "416 Range Not Satisfiable", ["Content-Range: bytes */\(content.count)"], [])
            } else if start > 0 {
                let range = "Content-Range: bytes \(start)-\(content.count - 1)/\(content.count)"
                send(connection, status: "206 Partial Content", [range], content[start...])
            } else {
                send(connection, status: "200 OK", [], content[...])
            }
        case .ignoresRange: send(connection, status: "200 OK", [], content[...])
        case .truncates(let count): send(connection, status: "200 OK", [], content[...], count)
        case .truncatesUnsaid(let count):
            write(connection, Array("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".utf8)[...])
            write(connection, content[..<count])
        case .stalls(let count):
            if let count { send(connection, status: "200 OK", [], content[...], count) }
            var byte: UInt8 = 0
            while recv(connection, &byte, 1, 0) > 0 {}
        case .corrupts:
            send(connection, status: "200 OK", [], content.map { $0 ^ 1 }[...])
        case .answers(let status): send(connection, status: "\(status) Sorry", [], Array("not here".utf8)[...])
        case .redirects(let times):
            let done = path.split(separator: "/").first.flatMap { Int($0) } ?? 0
            if done < times {
                let name = path.split(separator: "/").last ?? ""
                send(connection, status: "302 Found", ["Location: /\(done + 1)/\(name)"], [])
            } else {
                respond(connection, .proper, path: path, start: start)
            }
        case .redirectsTo(let place): send(connection, status: "302 Found", ["Location: \(place)"], [])
        case .wrongPart:
            send(
                connection, status: "206 Partial Content",
                ["Content-Range: bytes \(start + 1)-\(content.count - 1)/\(content.count)"], content[(start + 1)...])
        case .declaresEncoding: send(connection, status: "200 OK", ["Content-Encoding: gzip"], content[...])
        }
    }

    private func send(
        _ connection: Int32, status: String, _ headers: [String], _ body: ArraySlice<UInt8>, _ count: Int? = nil
    ) {
        let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.count)", "Connection: close"] + headers
        write(connection, Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)[...])
        write(connection, body.prefix(count ?? body.count))
    }

    private func write(_ connection: Int32, _ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
