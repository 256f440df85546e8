import Foundation

/// A place in a text: line and column count from 1, columns in Unicode scalars.
public struct SourceLocation: Sendable, Hashable, Comparable {
    public var line: Int
    public var column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    public static func < (left: Self, right: Self) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// A text and the path it is known by in messages: the path as the user wrote it.
public struct SourceFile: Sendable, Hashable {
    public let path: String
    public let text: String

    /// A file larger than this is refused unread: it is not a configuration.
    public static let largestSize = 1 << 20

    public init(path: String, text: String) {
        self.path = path
        self.text = text
    }

    /// Reads the file at `path`.
    ///
    /// - Throws: `DiagnosticsError` if it is missing, unreadable, not UTF-8, or larger than `largestSize` bytes.
    public init(readingFrom path: String) throws(DiagnosticsError) {
        func refuse(_ message: String, help: String? = nil) -> DiagnosticsError {
            DiagnosticsError([Diagnostic(path: path, message: message, help: help)])
        }
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw refuse("there is no such file", help: Self.neighbour(of: path).map { "did you mean '\($0)'?" })
        }
        guard !isDirectory.boolValue else { throw refuse("this is a directory, not a file") }
        guard let file = FileHandle(forReadingAtPath: path) else { throw refuse("the file cannot be read") }
        defer { try? file.close() }
        // One byte more than is allowed tells a file that is too large, also where its size is not known beforehand.
        guard let data = try? file.read(upToCount: Self.largestSize + 1) else { throw refuse("the file cannot be read") }
        guard data.count <= Self.largestSize else {
            throw refuse("the file is larger than 1 MiB, the most that a configuration may have")
        }
        guard let text = String(validating: data, as: UTF8.self) else { throw refuse("the file is not UTF-8 text") }
        self.init(path: path, text: text)
    }

    /// The line numbered from 1, without its line end; empty where there is none.
    func line(_ number: Int) -> String {
        var current = 1
        for line in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
            if current == number { return String(line.last == "\r" ? line.dropLast() : line) }
            current += 1
        }
        return ""
    }

    private static func neighbour(of path: String) -> String? {
        let url = URL(fileURLWithPath: path)
        let folder = url.deletingLastPathComponent().path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        guard let name = nearestName(to: url.lastPathComponent, among: names) else { return nil }
        guard let slash = path.lastIndex(of: "/") else { return name }
        return path[...slash] + name
    }
}
