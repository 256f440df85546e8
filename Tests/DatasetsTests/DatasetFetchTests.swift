import Datasets
import Foundation
import TestSupport
import Testing

@Suite struct MD5Tests {
    /// RFC 1321, A.5.
    @Test(arguments: [
        ("", "d41d8cd98f00b204e9800998ecf8427e"), ("a", "0cc175b9c0f1b6a831c399e269772661"),
        ("abc", "900150983cd24fb0d6963f7d28e17f72"), ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
        ("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"),
        (
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
            "d174ab98d277d9f5a5611c2c9f419d9f"
        ),
        (String(repeating: "1234567890", count: 8), "57edf4a22be3c955ac49da2e2107b67a"),
    ])
    func `the sums are those of the standard, in however many pieces the text comes`(text: String, sum: String) {
        let bytes = Array(text.utf8)
        for size in [1, 7, 64, 100] {
            var digest = MD5()
            for start in stride(from: 0, to: bytes.count, by: size) {
                digest.update(bytes[start..<min(start + size, bytes.count)])
            }
            #expect(digest.finish() == sum, "in pieces of \(size)")
        }
    }
}

/// 300,000 bytes that look like nothing.
private let content: [UInt8] = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }

private let md5: String = {
    var digest = MD5()
    digest.update(content[...])
    return digest.finish()
}()

private let file = PublishedFile(name: "images.gz", md5: md5)

@Suite(.serialized, .enabled("there is no libcurl") { Machine.hasLibrary("libcurl.so.4") })
struct DatasetFetchTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    /// Fetches the file into the folder; the events but for progress.
    @discardableResult
    private func fetch(_ server: LoopbackServer, patience: Duration = .seconds(20)) throws -> [FetchEvent] {
        try fetch(from: server.address, patience: patience)
    }

    private func fetch(from address: String, patience: Duration = .seconds(20)) throws -> [FetchEvent] {
        var events: [FetchEvent] = []
        try DatasetFetch([file], from: address, to: folder.path, patience: patience).run { event in
            if case .progress = event { return }
            events.append(event)
        }
        return events
    }

    private var path: String { "\(folder.path)/\(file.name)" }
    private let part = ".images.gz.part"

    private func isComplete() throws -> Bool {
        try folder.names == [file.name] && folder.bytes(of: file.name) == content
    }

    @Test func `a file is fetched once, with its progress`() throws {
        let server = try LoopbackServer(serving: content, .proper)
        var progress: [Int] = []
        try DatasetFetch([file], from: server.address + "/", to: "\(folder.path)/a/b").run { event in
            guard case .progress(file.name, let bytes, of: let total) = event else { return }
            #expect(total == content.count)
            progress.append(bytes)
        }
        #expect(progress.last == content.count && progress == progress.sorted())
        #expect(try folder.bytes(of: "a/b/images.gz") == content)
        #expect(server.requests == [.init(path: "/data/images.gz", range: nil)])

        #expect(try fetch(server) == [.fetched(path: path, bytes: content.count)])
        #expect(try fetch(server) == [.alreadyThere(path: path)])
        #expect(try folder.bytes(of: file.name) == content && server.requests.count == 2)
    }

    @Test(arguments: [true, false])
    func `a connection that is lost is told, and the next attempt goes on`(isLengthSaid: Bool) throws {
        let server = try LoopbackServer(serving: content, .truncates(after: 100_000))
        if !isLengthSaid { server.behave(.truncatesUnsaid(after: 100_000)) }
        let message = failure { try fetch(server) }
        #expect(folder.names == [part] || !isLengthSaid)
        if isLengthSaid {
            #expect(
                message == """
                    \(server.address)/images.gz: the connection ended after 100000 of 300000 bytes
                      = help: the same command goes on from there
                    """)
            server.behave(.proper)
            #expect(
                try fetch(server) == [
                    .resumes(name: file.name, at: 100_000), .fetched(path: path, bytes: content.count),
                ])
            #expect(server.requests.last?.range == "bytes=100000-")
        } else {
            // A server that does not say how long its file is can only be caught by the check sum.
            #expect(message?.contains("this is not the published file") == true, "\(message ?? "fetched")")
            server.behave(.proper)
            try fetch(server)
        }
        #expect(try isComplete())
    }

    @Test func `a server that does not send parts sends everything`() throws {
        try folder.write(Array(content[..<1000]), to: part)
        let server = try LoopbackServer(serving: content, .ignoresRange)
        try fetch(server)
        #expect(try isComplete())
        #expect(server.requests == [.init(path: "/data/images.gz", range: "bytes=1000-")])
    }

    @Test(arguments: [1000, 300_000, 400_000])
    func `a wrong beginning is thrown away`(size: Int) throws {
        try folder.write([UInt8](repeating: 7, count: size), to: part)
        let server = try LoopbackServer(serving: content, .proper)
        try fetch(server)
        #expect(try isComplete())
        #expect(server.requests.map(\.range) == ["bytes=\(size)-", nil])
    }

    @Test func `a part that is whole only needs its name`() throws {
        try folder.write(content, to: part)
        let server = try LoopbackServer(serving: content, .proper)
        try fetch(server)
        #expect(try isComplete() && server.requests.count == 1)
    }

    @Test func `another file is not taken for the published one, and leaves nothing behind`() throws {
        let server = try LoopbackServer(serving: content, .corrupts)
        let message = failure { try fetch(server) }
        #expect(message?.hasPrefix("\(server.address)/images.gz: this is not the published file: its md5 is ") == true)
        #expect(message?.contains("instead of \(md5)\n  = help: --mirror URL") == true)
        #expect(folder.names.isEmpty)
    }

    @Test func `another file of that name stays until the published one is complete`() throws {
        try folder.write([1, 2, 3], to: file.name)
        let server = try LoopbackServer(serving: content, .truncates(after: 10))
        #expect(failure { try fetch(server) } != nil)
        #expect(try folder.bytes(of: file.name) == [1, 2, 3])
        server.behave(.proper)
        #expect(try fetch(server).first == .differs(path: path))
        #expect(try isComplete())
    }

    @Test(arguments: [(404, ", not found"), (403, ", forbidden"), (500, ", an error of its own"), (204, "")])
    func `a refusal is told with its status`(status: Int, meaning: String) throws {
        let server = try LoopbackServer(serving: content, .answers(status: status))
        #expect(
            failure { try fetch(server) } == """
                \(server.address)/images.gz: the server answers with status \(status)\(meaning)
                  = help: --mirror URL fetches the files from elsewhere
                """)
    }

    @Test func `a server that is not there is told`() throws {
        let server = try LoopbackServer(serving: content, .proper)
        let address = server.address
        server.stop()
        let message = failure { _ = try fetch(from: address) }
        #expect(message?.hasPrefix("\(address)/images.gz: the server cannot be reached: ") == true, "\(message ?? "")")
    }

    @Test(arguments: ["ftp://127.0.0.1/x", "mnist", "", "http://", "file:///etc"])
    func `only addresses of HTTP are asked`(address: String) {
        #expect(failure { _ = try fetch(from: address) } == "\(FetchError.notAnAddress(address))")
    }

    @Test func `redirections are followed with the part that is wanted`() throws {
        try folder.write(Array(content[..<1000]), to: part)
        let server = try LoopbackServer(serving: content, .redirects(times: 3))
        try fetch(server)
        #expect(try isComplete())
        #expect(server.requests.map(\.path) == ["/data/images.gz", "/1/images.gz", "/2/images.gz", "/3/images.gz"])
        #expect(server.requests.last?.range == "bytes=1000-")
    }

    @Test func `a circle of redirections ends, and none leads to a file of this machine`() throws {
        let server = try LoopbackServer(serving: content, .redirects(times: 1000))
        #expect(failure { try fetch(server) }?.contains("redirects again and again") == true)
        #expect(server.requests.count <= 12)
        server.behave(.redirectsTo("file:///etc/hostname"))
        #expect(failure { try fetch(server) } != nil)
        #expect(!folder.names.contains(file.name))
    }

    @Test(arguments: [nil, 50_000])
    func `a server that falls silent is given up, and what came is kept`(bytes: Int?) throws {
        let server = try LoopbackServer(serving: content, .stalls(after: bytes))
        let message = failure { try fetch(server, patience: .seconds(2)) }
        #expect(
            message == """
                \(server.address)/images.gz: nothing came for 2.0 seconds, after \(bytes ?? 0) bytes
                  = help: the same command goes on from there
                """)
        server.behave(.proper)
        try fetch(server)
        #expect(try isComplete())
        #expect(server.requests.last?.range == bytes.map { "bytes=\($0)-" })
    }

    @Test func `a part from the wrong place is not used`() throws {
        try folder.write(Array(content[..<1000]), to: part)
        let server = try LoopbackServer(serving: content, .wrongPart)
        #expect(failure { try fetch(server) } != nil)
        #expect(try folder.bytes(of: part) == Array(content[..<1000]))
    }

    @Test func `a file is fetched by one process at a time`() throws {
        let server = try LoopbackServer(serving: content, .proper)
        let path = try folder.write([], to: part)
        let descriptor = open(path, O_RDWR)
        #expect(flock(descriptor, LOCK_EX) == 0)
        #expect(failure { try fetch(server) } == "\(path): another process is fetching this file")
        close(descriptor)
        try fetch(server)
        #expect(try isComplete())
    }

    @Test func `a folder that cannot be written to is named`() throws {
        try folder.write([], to: "file")
        let server = try LoopbackServer(serving: content, .proper)
        let message = failure {
            try DatasetFetch([file], from: server.address, to: "\(folder.path)/file/below").run { _ in }
        }
        #expect(message?.hasPrefix("\(folder.path)/file/below: cannot be written: ") == true)
    }

    @Test func `a file that is said to be compressed for its way stays as it is`() throws {
        let server = try LoopbackServer(serving: content, .declaresEncoding)
        try fetch(server)
        #expect(try isComplete())
    }
}
