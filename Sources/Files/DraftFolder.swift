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
    private let isOwn: (String) -> Bool
    /// Those of the folder that is replaced, which the new one gets when it is whole; nil if there is none.
    private let rights: FileRights?
    private var isPublished = false

    /// - Parameter isOwn: whether something in the folder, by its name, is of the kind that is written here. A folder
    ///   that holds anything else is not replaced.
    /// - Throws: `Occupied`, or `FileError` if nothing can be written there.
    public init(replacing path: String, isOwn: @escaping (String) -> Bool) throws {
        self.path = path
        self.isOwn = isOwn
        let url = URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath()
        target = url.path
        draft =
            url.deletingLastPathComponent()
            .appendingPathComponent(AtomicFile.draftName(of: url.lastPathComponent)).path
        rights = try Self.rights(of: target, path)
        if rights != nil { try Self.check(target, path, isOwn) }
        // Left by a process that had the same number.
        try? FileManager.default.removeItem(atPath: draft)
        try checked(mkdir(draft, rights == nil ? 0o755 : 0o700), .write, path)
    }

    /// The rights of a folder; nil if there is nothing at its path.
    private static func rights(of folder: String, _ path: String) throws -> FileRights? {
        var status = stat()
        guard stat(folder, &status) == 0 else { return nil }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw Occupied(path: path) }
        return FileRights(status)
    }

    /// - Throws: `Occupied` if something is in the folder that is not of the kind that is written here.
    private static func check(_ folder: String, _ path: String, _ isOwn: (String) -> Bool) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        if let other = names.sorted().first(where: { !isOwn($0) }) { throw Occupied(path: path, found: other) }
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
    /// A process that is killed in between the two renamings leaves what was there beside its place, under the name of
    /// the draft with `.former` behind it.
    ///
    /// - Throws: `FileError`, or `Occupied` if something else has come into the folder meanwhile; what was there is
    ///   then still there.
    public func publish() throws {
        if let rights {
            let folder = try checked(open(draft, O_RDONLY | O_DIRECTORY | O_CLOEXEC), .write, path)
            defer { close(folder) }
            try rights.give(to: folder, path: path)
        }
        // One call for all files, of which there may be thousands.
        sync()
        guard access(target, F_OK) == 0 else {
            try checked(rename(draft, target), .write, path)
            isPublished = true
            return
        }
        try Self.check(target, path, isOwn)
        let former = "\(draft).former"
        try? FileManager.default.removeItem(atPath: former)
        try checked(rename(target, former), .write, path)
        guard rename(draft, target) == 0 else {
            let code = errno
            rename(former, target)
            throw FileError(.write, path: path, code: code)
        }
        isPublished = true
        try? FileManager.default.removeItem(atPath: former)
    }
}
