import Dispatch
import Files
import Foundation
import TestSupport
import Testing

@Suite struct AtomicFileTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    }

    @Test func `a file is made, and replaced, and nothing is left beside it`() throws {
        for text in ["first", "", "third"] {
            try AtomicFile.replace("\(folder.path)/file", with: text.utf8)
            #expect(try folder.text(of: "file") == text)
        }
        #expect(names == ["file"])
    }

    @Test func `where it cannot be replaced, everything stays as it was`() throws {
        try folder.write("inside", to: "file/inside")
        #expect(throws: FileError(.write, path: "\(folder.path)/file", code: EISDIR)) {
            try AtomicFile.replace("\(folder.path)/file", with: "new".utf8)
        }
        #expect(try folder.text(of: "file/inside") == "inside" && names == ["file"])
        let below = "\(folder.path)/nothing/file"
        #expect(throws: FileError(.write, path: below, code: ENOENT)) {
            try AtomicFile.replace(below, with: "new".utf8)
        }
    }

    @Test func `a draft that something else was put in the place of does not lead elsewhere`() throws {
        try folder.write("precious", to: "elsewhere")
        let draft = "\(folder.path)/.file.\(getpid()).tmp"
        try FileManager.default.createSymbolicLink(atPath: draft, withDestinationPath: "\(folder.path)/elsewhere")
        try AtomicFile.replace("\(folder.path)/file", with: "new".utf8)
        #expect(try folder.text(of: "elsewhere") == "precious" && folder.text(of: "file") == "new")
    }

    @Test func `a file that a person names is written behind links, and a pipe is not replaced`() throws {
        try folder.write("old", to: "target")
        let (link, pipe) = ("\(folder.path)/link", "\(folder.path)/pipe")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "\(folder.path)/target")
        try AtomicFile.write("new", to: link)
        #expect(try folder.text(of: "target") == "new")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "\(folder.path)/target")

        mkfifo(pipe, 0o644)
        let reader = open(pipe, O_RDONLY | O_NONBLOCK)
        defer { close(reader) }
        try AtomicFile.write("through", to: pipe)
        var bytes = [UInt8](repeating: 0, count: 10)
        #expect(read(reader, &bytes, 10) == 7 && String(decoding: bytes.prefix(7), as: UTF8.self) == "through")
        #expect(names == ["link", "pipe", "target"])
    }

    /// As `AtomicFile.write` and as `DraftFile` do it.
    private static let writers: [@Sendable (String, String) throws -> Void] = [
        { try AtomicFile.write($0, to: $1) },
        { text, path in
            let draft = try DraftFile(replacing: path)
            try draft.append(text.utf8)
            try draft.publish()
        },
    ]

    @Test(arguments: writers.indices)
    func `a file that a person names keeps its rights, and links stay though there is nothing behind them`(
        writer: Int
    ) throws {
        let write = Self.writers[writer]
        func rights(_ name: String) throws -> mode_t {
            var status = stat()
            try #require(stat("\(folder.path)/\(name)", &status) == 0)
            return status.st_mode & 0o777
        }
        try folder.write("private", to: "file")
        for mode: mode_t in [0o600, 0o640, 0o664] {
            chmod("\(folder.path)/file", mode)
            try write("new", "\(folder.path)/file")
            #expect(try rights("file") == mode && folder.text(of: "file") == "new")
        }
        // A name that has no room for that of a draft, of letters that are two bytes long.
        let long = String(repeating: "é", count: 127)
        try write("long", "\(folder.path)/\(long)")
        #expect(try folder.text(of: long) == "long")
        unlink("\(folder.path)/\(long)")
        // A relative link to a relative link, and nothing behind both.
        try folder.write("", to: "below/other")
        let manager = FileManager.default
        try manager.createSymbolicLink(atPath: "\(folder.path)/first", withDestinationPath: "below/second")
        try manager.createSymbolicLink(atPath: "\(folder.path)/below/second", withDestinationPath: "../target")
        try write("text", "\(folder.path)/first")
        #expect(try folder.text(of: "target") == "text")
        #expect(try manager.destinationOfSymbolicLink(atPath: "\(folder.path)/first") == "below/second")
        #expect(try manager.destinationOfSymbolicLink(atPath: "\(folder.path)/below/second") == "../target")
        // A circle.
        try manager.createSymbolicLink(atPath: "\(folder.path)/circle", withDestinationPath: "circle")
        #expect(throws: FileError(.write, path: "\(folder.path)/circle", code: ELOOP)) {
            try write("text", "\(folder.path)/circle")
        }
        #expect(names == ["below", "circle", "file", "first", "target"])
    }

    /// As a shell names the pipe of `-o >(gzip > file)`, and a program its own standard output.
    @Test(arguments: writers.indices)
    func `a pipe is written to by the name that the system has for it`(writer: Int) throws {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        for (index, path) in ["/dev/fd/\(ends[1])", "/proc/self/fd/\(ends[1])"].enumerated() {
            try Self.writers[writer]("text \(index)", path)
            var bytes = [UInt8](repeating: 0, count: 10)
            #expect(
                read(ends[0], &bytes, 10) == 6 && String(decoding: bytes.prefix(6), as: UTF8.self) == "text \(index)")
        }
    }

    /// To Swift a slash and an accent are one character, and to the kernel a slash ends a name.
    @Test(arguments: writers.indices)
    func `a slash before an accent ends the name of a folder`(writer: Int) throws {
        try folder.write("", to: "below/other")
        let path = "\(folder.path)/below/\u{301}name"
        try Self.writers[writer]("text", path)
        #expect(try readAll(path) == Array("text".utf8))
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/below").count == 2)
    }

    @Test(arguments: [
        (".checkpoint.4711.tmp", "checkpoint"), (".a.b.1.tmp", "a.b"), ("checkpoint.4711.tmp", nil), (".4711.tmp", nil),
        (".notes.tmp", nil), (".notes.x1.tmp", nil), (".notes..tmp", nil), (".checkpoint.4711", nil),
    ])
    func `a draft is known by its name`(name: String, target: String?) {
        #expect(AtomicFile.target(ofDraft: name) == target, "\(name)")
    }
}

@Suite struct WholeFileTests {
    @Test func `what is longer than a buffer is read back as it was written`() throws {
        let folder = try TemporaryDirectory()
        let bytes = (0..<3_000_001).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 5) }
        let path = "\(folder.path)/file"
        try AtomicFile.replace(path, with: bytes)
        #expect(try readAll(path) == bytes)
        var pieces = 0
        try readPieces(of: path) { _ in pieces += 1 }
        #expect(pieces == 3)
        #expect(try readAll("\(folder.path)/nothing") == nil)
        #expect(throws: FileError(.read, path: folder.path, code: EISDIR)) { try readAll(folder.path) }
    }

    @Test func `a file that was opened at its end keeps what it was told to keep`() throws {
        let folder = try TemporaryDirectory()
        let path = "\(folder.path)/log"
        try appendAll("one\ntwo\nth".utf8, to: path)
        let log = try AppendedFile(path, keeping: 8)
        try log.append("three\n".utf8)
        try log.sync()
        #expect(try folder.text(of: "log") == "one\ntwo\nthree\n")
    }

    /// More than a pipe holds, into a pipe that does not wait, which is read only after a while.
    @Test func `all is written to a pipe that is full for now`() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let (reader, writer) = (ends[0], ends[1])
        _ = fcntl(writer, F_SETFL, O_NONBLOCK)
        let bytes = (0..<500_000).map { UInt8(truncatingIfNeeded: $0) }
        DispatchQueue.global().async {
            try? writeAll(bytes, to: writer, path: "pipe")
            close(writer)
        }
        usleep(20_000)
        let received = try FileHandle(fileDescriptor: reader, closeOnDealloc: true).readToEnd()
        #expect(received.map { Array($0) } == bytes)
    }

    @Test func `an error names the file and the system's reason`() {
        let error = FileError(.write, path: "runs/a/checkpoint", code: ENOSPC)
        #expect("\(error)" == "runs/a/checkpoint: cannot be written: No space left on device")
    }
}
