import Foundation

/// A place in a text: line and column, both from 1; columns count Unicode scalars.
public struct SourceLocation: Sendable, Hashable, Comparable {
    /// From 1, counted as libyaml counts lines.
    public var line: Int
    /// From 1, in Unicode scalars; a tab is one.
    public var column: Int
    /// Which text it is in: 0 for the file, 1 for the first `ConfigSetting`, and so on.
    public var text = 0

    /// - Parameters: both from 1.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// Whether the value was given as a `ConfigSetting` and does not come from the file.
    public var isInSetting: Bool { text > 0 }

    /// Whether `left` comes before `right`: in the text, or in an earlier text.
    public static func < (left: Self, right: Self) -> Bool {
        (left.text, left.line, left.column) < (right.text, right.line, right.column)
    }
}

/// The text of a file, together with its path.
public struct SourceFile: Sendable, Hashable {
    /// The path as the user wrote it, for messages.
    public let path: String
    /// The content without a byte order mark.
    public let text: String
    /// Whether the file begins with a byte order mark, as some editors on Windows write. It is not part of `text`.
    public let hasByteOrderMark: Bool
    /// Whether the text is one argument of a command. Messages then name no line and column.
    public var isArgument = false

    /// The whole content of the file, including the byte order mark.
    public var wholeText: String { hasByteOrderMark ? "\u{FEFF}" + text : text }

    /// In bytes. A larger file is refused without being read: it is not a configuration.
    public static let largestSize = 1 << 20

    /// A file with this content, which need not exist.
    public init(path: String, text: String) {
        self.path = path
        hasByteOrderMark = text.unicodeScalars.first == "\u{FEFF}"
        self.text = hasByteOrderMark ? String(text.unicodeScalars.dropFirst()) : text
    }

    /// Reads the file at `path`.
    ///
    ///     let file = try SourceFile(readingFrom: "sweeps/digits.yaml")
    ///     try SourceFile(readingFrom: "sweeps/digit.yaml")    // did you mean 'sweeps/digits.yaml'?
    ///
    /// The errors of this function call the file by `name`. The file that it makes has `path` itself as its path.
    ///
    /// - Parameter name: the path as the user wrote it, if that differs from `path`.
    /// - Throws: `DiagnosticsError` if it is missing, unreadable, not UTF-8, or larger than `largestSize` bytes.
    public init(readingFrom path: String, writtenAs name: String? = nil) throws(DiagnosticsError) {
        func refuse(_ message: String, help: String? = nil) -> DiagnosticsError {
            DiagnosticsError([Diagnostic(path: name ?? path, message: message, help: help)])
        }
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            let near = Self.neighbour(of: path).map { Self.path(name ?? path, withLast: $0) }
            throw refuse("there is no such file", help: near.map { "did you mean '\($0)'?" })
        }
        guard !isDirectory.boolValue else { throw refuse("this is a directory, not a file") }
        guard let file = FileHandle(forReadingAtPath: path) else { throw refuse("the file cannot be read") }
        defer { try? file.close() }
        // Reading one byte more than allowed shows that a file is too large, even if its size is not known beforehand,
        // as for a pipe.
        let data: Data
        do {
            // `read` returns nil for an empty file.
            data = try file.read(upToCount: Self.largestSize + 1) ?? Data()
        } catch {
            throw refuse("the file cannot be read")
        }
        guard data.count <= Self.largestSize else {
            throw refuse("the file is larger than 1 MiB, the most that a configuration may have")
        }
        if data.starts(with: "SQLite format 3\0".utf8) { throw refuse("the file is a SQLite database, not text") }
        guard let text = String(validating: data, as: UTF8.self) else { throw refuse("the file is not UTF-8 text") }
        self.init(path: path, text: path.hasSuffix(".json") ? Self.joiningSurrogates(text) : text)
    }

    /// The YAML documents of the file, each as a file of its own in which lines keep their numbers.
    ///
    /// A line that begins with `---` begins a document; in YAML no text of a value can stand there.
    public var documents: [SourceFile] {
        var starts = [0]
        let lines = text.unicodeScalars.lines.map(String.init)
        for (number, line) in lines.enumerated() where number > 0 {
            if line == "---" || line.hasPrefix("--- ") || line.hasPrefix("---\t") { starts.append(number) }
        }
        guard starts.count > 1 else { return [self] }
        return zip(starts, starts.dropFirst() + [lines.count]).compactMap { start, end in
            let own = lines[start..<end]
            let hasContent = own.contains { line in
                let text = line.drop { $0 == " " || $0 == "\t" }
                return !(text.isEmpty || text.hasPrefix("#") || text == "---" || text == "...")
            }
            if !hasContent { return nil }
            let blank = Array(repeating: "", count: start)
            return SourceFile(path: path, text: (blank + own).joined(separator: "\n"))
        }
    }

    /// The place of the byte at `offset` from the start of the text; the end of the text for an offset beyond it.
    func location(ofByte offset: Int) -> SourceLocation? {
        let end = text.utf8.index(text.startIndex, offsetBy: max(0, offset), limitedBy: text.endIndex) ?? text.endIndex
        let lines = text.unicodeScalars[..<end].lines
        return SourceLocation(line: lines.count, column: (lines.last?.count ?? 0) + 1)
    }

    /// A file in the same folder that the user may have meant: one that differs only in its extension, or whose name is
    /// similar.
    private static func neighbour(of path: String) -> String? {
        let wanted = URL(fileURLWithPath: path)
        let folder = wanted.deletingLastPathComponent().path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted() ?? []
        func stem(_ name: String) -> String { URL(fileURLWithPath: name).deletingPathExtension().lastPathComponent }
        let wantedStem = stem(wanted.lastPathComponent)
        let siblings = names.filter { stem($0) == wantedStem }
        let readable = siblings.first { ["json", "yaml", "yml"].contains(URL(fileURLWithPath: $0).pathExtension) }
        if let sibling = readable ?? siblings.first { return sibling }
        let alike = names.filter { URL(fileURLWithPath: $0).pathExtension == wanted.pathExtension }
        let near = nearestName(to: wantedStem, among: alike.map(stem))
        return alike.first { stem($0) == near }
    }

    /// The path with another last component: `sweeps/a.yaml` with `b.yaml` is `sweeps/b.yaml`.
    private static func path(_ path: String, withLast name: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return name }
        return path[...slash] + name
    }
}

extension BidirectionalCollection<Unicode.Scalar> {
    /// The lines without their line ends. Lines are counted as libyaml does, which also ends one at a single carriage
    /// return, at U+0085, U+2028 and U+2029.
    ///
    ///     "a\r\nb\n".unicodeScalars.lines.map(String.init)     // ["a", "b", ""]
    var lines: [SubSequence] {
        var lines: [SubSequence] = []
        var start = startIndex
        var index = startIndex
        while index < endIndex {
            let scalar = self[index]
            let next = self.index(after: index)
            switch scalar {
            case "\r" where next < endIndex && self[next] == "\n":
                lines.append(self[start..<index])
                start = self.index(after: next)
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}":
                lines.append(self[start..<index])
                start = next
            default: break
            }
            index = Swift.max(start, next)
        }
        lines.append(self[start...])
        return lines
    }
}
