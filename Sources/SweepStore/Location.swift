import Foundation
import Synchronization

/// Where a sweep's database is, and which files those were when it was opened.
///
/// Paths do not tell whether a file was replaced by another of the same name; the numbers that the file system gives
/// to files do.
final class Location: Sendable {
    let path: String
    private let file: UInt64
    /// The number of the write-ahead log that SQLite keeps beside the database, once it has been created.
    private let log = Mutex<UInt64?>(nil)

    init(path: String) {
        self.path = path
        file = Self.identifier(of: path) ?? 0
    }

    /// Checks that both files are still those that were opened.
    ///
    /// - Throws: `SweepStoreError.removed` with the file that is no longer there, or was replaced.
    func check() throws(SweepStoreError) {
        guard Self.identifier(of: path) == file else { throw SweepStoreError.removed(path: path) }
        let now = Self.identifier(of: path + "-wal")
        let isThere = log.withLock { log in
            if log == nil { log = now }
            return log == now
        }
        if !isThere { throw SweepStoreError.removed(path: path + "-wal") }
    }

    /// The file's inode; nil if there is no such file.
    private static func identifier(of path: String) -> UInt64? {
        var status = stat()
        return stat(path, &status) == 0 ? UInt64(status.st_ino) : nil
    }
}
