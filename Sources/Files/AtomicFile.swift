import Foundation

/// Files that are replaced whole or not at all, whatever happens meanwhile: a crash, a full disk, a power failure.
///
/// The new content is written to a draft beside the file, forced to the disk, and renamed; a reader sees the old file
/// or the new one, never a part. A draft is named `.NAME.PROCESS.tmp` after the file and the process that writes it, so
/// that two writers do not meet, and one that was killed leaves something that can be told from everything else.
///
///     try AtomicFile.replace("runs/a/checkpoint", with: bytes)
public enum AtomicFile {
    /// Replaces the file at a path, which need not exist. A symbolic link there is replaced, not followed.
    ///
    /// - Throws: `FileError`; the file is then as it was, unless it is the folder that could not be forced to the disk.
    public static func replace(_ path: String, with bytes: some Sequence<UInt8>) throws(FileError) {
        let (parent, name) = split(path)
        let folder = try checked(open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC), .write, path)
        defer { close(folder) }
        try replace(name, in: folder, path: path, with: bytes)
    }

    /// Replaces a file in a folder that is open, which is the same folder even if its path leads elsewhere by now.
    ///
    /// - Parameters:
    ///   - folder: the descriptor of the folder.
    ///   - path: what the file is called in the error.
    ///   - isDurable: whether the new content is to survive a power failure after this returns. Without it, the file
    ///     may come back as it was, which saves waiting twice for the disk.
    ///   - rights: whose the new file is, and who may read and write it; nil for those of any new file.
    /// - Throws: `FileError`; the file is then as it was, unless it is the folder that could not be forced to the disk.
    public static func replace(
        _ name: String, in folder: Int32, path: String, with bytes: some Sequence<UInt8>, isDurable: Bool = true,
        rights: FileRights? = nil
    ) throws(FileError) {
        let draft = draftName(of: name)
        // Left by a process that had the same number, or put there so that another file is overwritten.
        unlinkat(folder, draft, 0)
        do {
            let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
            let descriptor = try checked(openat(folder, draft, flags, newMode(rights)), .write, path)
            defer { close(descriptor) }
            try rights?.give(to: descriptor, path: path)
            try writeAll(bytes, to: descriptor, path: path)
            if isDurable { try checked(fsync(descriptor), .write, path) }
            try checked(renameat(folder, draft, folder, name), .write, path)
        } catch {
            unlinkat(folder, draft, 0)
            throw error
        }
        if isDurable { try sync(folder: folder, path) }
    }

    /// Writes a file that a person has named, as by `--output`.
    ///
    /// Behind a symbolic link its target is replaced, and the link stays. The new file has the rights of the one that
    /// it replaces. A device or a pipe is written to.
    ///
    /// - Throws: `FileError`.
    public static func write(_ bytes: some Sequence<UInt8>, to path: String) throws(FileError) {
        let place = try Destination(path)
        if place.isStream {
            let descriptor = try place.openStream()
            defer { close(descriptor) }
            return try writeAll(bytes, to: descriptor, path: path)
        }
        let (parent, name) = split(place.path)
        let folder = try checked(open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC), .write, path)
        defer { close(folder) }
        try replace(name, in: folder, path: path, with: bytes, rights: place.rights)
    }

    /// As above, for a text.
    public static func write(_ text: String, to path: String) throws(FileError) { try write(text.utf8, to: path) }

    /// Gives an open file, which was written piece by piece under another name, its own name in the same folder.
    ///
    /// - Throws: `FileError`; the file then has one of the two names.
    public static func publish(_ descriptor: Int32, from draft: String, to path: String) throws(FileError) {
        try checked(fsync(descriptor), .write, draft)
        try checked(rename(draft, path), .write, path)
        let parent = split(path).parent
        let folder = try checked(open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC), .write, parent)
        defer { close(folder) }
        try sync(folder: folder, parent)
    }

    /// Forces the names in a folder to the disk, where the file system can: some network ones know no such thing.
    private static func sync(folder: Int32, _ path: String) throws(FileError) {
        guard fsync(folder) != 0, ![EINVAL, ENOTSUP, ENOSYS].contains(errno) else { return }
        throw FileError(.write, path: path, code: errno)
    }

    // MARK: Drafts

    /// The mode to make a file with that is then given rights: no one else may open it before.
    static func newMode(_ rights: FileRights?) -> mode_t { rights == nil ? 0o644 : 0o600 }

    /// What the draft of a file is called. One whose own name leaves no room for more in the 255 bytes of a name loses
    /// the end of it.
    public static func draftName(of name: String) -> String {
        let end = ".\(getpid()).tmp"
        var name = name
        while 1 + name.utf8.count + end.utf8.count > 255 { name.unicodeScalars.removeLast() }
        return ".\(name)\(end)"
    }

    /// The name of the file that a draft was to become; nil if `name` is no draft's.
    ///
    ///     AtomicFile.target(ofDraft: ".checkpoint.4711.tmp")     // "checkpoint"
    public static func target(ofDraft name: String) -> String? {
        guard name.hasPrefix("."), name.hasSuffix(".tmp") else { return nil }
        let words = name.dropFirst().dropLast(4)
        guard let dot = words.lastIndex(of: "."), dot != words.startIndex,
            !words[dot...].dropFirst().isEmpty, words[dot...].dropFirst().utf8.allSatisfy({ (48...57).contains($0) })
        else { return nil }
        return String(words[..<dot])
    }

    /// The folder that a path leads to, and the name in it; by code points, as the kernel reads them.
    static func split(_ path: String) -> (parent: String, name: String) {
        let scalars = path.unicodeScalars
        guard let slash = scalars.lastIndex(of: "/") else { return (".", path) }
        let parent = scalars[..<slash]
        return (parent.isEmpty ? "/" : String(parent), String(scalars[scalars.index(after: slash)...]))
    }
}
