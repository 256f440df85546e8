import Foundation

/// A file that is open at its end, for logs that are added to for hours.
///
///     let log = try AppendedFile("runs/a/epochs.csv", keeping: 120)
///     try log.append("3,0.25\n".utf8)
///     try log.sync()
public final class AppendedFile: Sendable {
    public let path: String
    private let descriptor: Int32

    /// Opens a file, which is made where it is not there.
    ///
    /// - Parameter length: how many bytes of what is there stay; the rest is cut off.
    public init(_ path: String, keeping length: Int) throws(FileError) {
        self.path = path
        descriptor = try checked(open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644), .write, path)
        try checked(ftruncate(descriptor, off_t(length)), .write, path)
    }

    deinit { close(descriptor) }

    /// - Throws: `FileError`; some of the bytes may then have been added.
    public func append(_ bytes: some Sequence<UInt8>) throws(FileError) {
        try writeAll(bytes, to: descriptor, path: path)
    }

    /// Forces everything that was added to the disk.
    public func sync() throws(FileError) {
        try checked(fsync(descriptor), .write, path)
    }
}
