import Foundation
import SweepStore

/// When the files of a database were last written, as the file system tells.
public struct FileStamp: Hashable, Sendable {
    private struct File: Hashable {
        var inode: UInt64
        var size: Int64
        var seconds: Int
        var nanoseconds: Int
    }

    private let files: [File?]
    /// Whether all was written so long ago that a further write would give another stamp.
    public let isSettled: Bool

    /// Nil if there is no database.
    public init?(_ directory: String) {
        let path = "\(directory)/\(SweepStore.fileName)"
        files = [path, path + "-wal"].map { path in
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            return File(
                inode: UInt64(status.st_ino), size: Int64(status.st_size), seconds: status.st_mtim.tv_sec,
                nanoseconds: status.st_mtim.tv_nsec)
        }
        guard files[0] != nil else { return nil }
        let newest = files.compactMap { $0?.seconds }.max() ?? 0
        isSettled = newest < time(nil) - 2
    }

    public static func == (left: Self, right: Self) -> Bool { left.files == right.files }

    public func hash(into hasher: inout Hasher) { hasher.combine(files) }
}
