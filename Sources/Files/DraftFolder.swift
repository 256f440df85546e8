import Foundation

/// A folder that is filled under another name and gets its own when it is whole.
///
///     let folder = try DraftFolder(replacing: "runs") { $0.hasPrefix("trial-") }
///     try folder.write(bytes, to: "trial-00000/events")
///     try folder.publish()
public final class DraftFolder {
    /// Why the folder cannot be replaced.
    public struct Occupied: Error, Hashable, Sendable, CustomStringConvertible {
        public var path: String
        /// The name of what is in it.
        public var found: String?

        public var description: String {
            guard let found else { return "\(path): there is a file of this name" }
            return "\(path): the folder has something else in it, such as '\(found)', and is not replaced"
        }
    }

    private let path: String
    private let draft: String
    private let target: String
    private var isPublished = false

    /// - Parameter isOwn: whether something in the folder, by its name, is of the kind that is written here. A folder
    ///   that holds anything else is not replaced.
    /// - Throws: `Occupied`, or `FileError` if nothing can be written there.
    public init(replacing path: String, isOwn: (String) -> Bool) throws {
        self.path = path
        let url = URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath()
        target = url.path
        draft =
            url.deletingLastPathComponent()
            .appendingPathComponent(AtomicFile.draftName(of: url.lastPathComponent)).path
        var status = stat()
        if stat(target, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFDIR else { throw Occupied(path: path) }
            let names = try FileManager.default.contentsOfDirectory(atPath: target)
            if let other = names.sorted().first(where: { !isOwn($0) }) { throw Occupied(path: path, found: other) }
        }
        // Left by a process that had the same number.
        try? FileManager.default.removeItem(atPath: draft)
        try checked(mkdir(draft, 0o755), .write, path)
    }

    deinit {
        if !isPublished { try? FileManager.default.removeItem(atPath: draft) }
    }

    /// Writes a file in the folder, or in one of its folders.
    ///
    /// - Throws: `FileError`.
    public func write(_ bytes: some Sequence<UInt8>, to name: String) throws(FileError) {
        let file = "\(draft)/\(name)"
        if let slash = name.lastIndex(of: "/") {
            let folder = "\(draft)/\(name[..<slash])"
            if mkdir(folder, 0o755) != 0, errno != EEXIST { throw FileError(.write, path: path, code: errno) }
        }
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let descriptor = try checked(open(file, flags, 0o644), .write, path)
        defer { close(descriptor) }
        try writeAll(bytes, to: descriptor, path: path)
    }

    /// Forces all of it to the disk, and puts it in the place of what was there.
    ///
    /// - Throws: `FileError`; what was there is then still there.
    public func publish() throws(FileError) {
        // One call for all files, of which there may be thousands.
        sync()
        let former = "\(draft).former"
        try? FileManager.default.removeItem(atPath: former)
        let isReplacing = access(target, F_OK) == 0
        if isReplacing { try checked(rename(target, former), .write, path) }
        guard rename(draft, target) == 0 else {
            let code = errno
            if isReplacing { rename(former, target) }
            throw FileError(.write, path: path, code: code)
        }
        isPublished = true
        if isReplacing { try? FileManager.default.removeItem(atPath: former) }
    }
}
