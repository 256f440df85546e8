import Foundation
import Synchronization

/// Where a sweep's database is, and which files that were when it was opened.
final class Location: Sendable {
    let path: String
    private let file: UInt64
    /// The file that SQLite keeps beside it, once it is there.
    private let log = Mutex<UInt64?>(nil)

    init(path: String) {
        self.path = path
        file = Self.identifier(of: path) ?? 0
    }

    /// - Throws: `SweepStoreError.removed` with the file that is there no longer, or is another.
    func check() throws(SweepStoreError) {
        guard Self.identifier(of: path) == file else { throw SweepStoreError.removed(path: path) }
        let now = Self.identifier(of: path + "-wal")
        let isThere = log.withLock { log in
            if log == nil { log = now }
            return log == now
        }
        if !isThere { throw SweepStoreError.removed(path: path + "-wal") }
    }

    private static func identifier(of path: String) -> UInt64? {
        var status = stat()
        return stat(path, &status) == 0 ? UInt64(status.st_ino) : nil
    }
}
