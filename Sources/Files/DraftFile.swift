import Foundation

/// A file that is written piece by piece and gets its name when it is whole, so that a large one need not fit into
/// memory.
///
/// Until then it is a draft beside its place, as `AtomicFile` names them, and what is at its place stays as it is.
/// Where a device or a pipe is at its place, the pieces go there at once.
///
///     let file = try DraftFile(replacing: "trials.csv")
///     try file.append("number,state\r\n".utf8)
///     try file.publish()
public final class DraftFile {
    /// As the caller named it; for messages.
    private let path: String
    private let descriptor: Int32
    /// The path of the draft and of the file that it is to be; nil where the bytes go straight to their place.
    private let draft: (path: String, target: String)?
    private var buffer: [UInt8] = []
    private var isPublished = false
    private static let bufferSize = 1 << 18

    /// - Parameter path: behind a symbolic link its target is replaced, and the link stays. The new file has the rights
    ///   of the one that it replaces.
    /// - Throws: `FileError` if nothing can be written there.
    public init(replacing path: String) throws(FileError) {
        self.path = path
        buffer.reserveCapacity(Self.bufferSize)
        let place = try Destination(path)
        if place.isStream {
            draft = nil
            descriptor = try place.openStream()
            return
        }
        let (parent, name) = AtomicFile.split(place.path)
        let draftPath = "\(parent)/\(AtomicFile.draftName(of: name))"
        // Left by a process that had the same number.
        unlink(draftPath)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        descriptor = try checked(open(draftPath, flags, AtomicFile.newMode(place.rights)), .write, path)
        draft = (draftPath, place.path)
        try place.rights?.give(to: descriptor, path: path)
    }

    deinit {
        close(descriptor)
        if let draft, !isPublished { unlink(draft.path) }
    }

    /// - Throws: `FileError`; the file can then no longer be made whole.
    public func append(_ bytes: some Sequence<UInt8>) throws(FileError) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.bufferSize { try flush() }
    }

    private func flush() throws(FileError) {
        try writeAll(buffer, to: descriptor, path: path)
        buffer.removeAll(keepingCapacity: true)
    }

    /// Forces all of it to the disk, and gives it its name.
    ///
    /// - Throws: `FileError`; what was at its place is then still there, unless it is the folder that could not be
    ///   forced to the disk.
    public func publish() throws(FileError) {
        try flush()
        guard let draft else { return }
        try AtomicFile.publish(descriptor, from: draft.path, to: draft.target)
        isPublished = true
    }
}
