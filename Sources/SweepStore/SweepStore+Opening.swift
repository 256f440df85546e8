import Foundation
import GRDB

/// What has to be seen to before a database is opened, and how it is opened.
extension SweepStore {
    /// The path of the database, after checks that do not need SQLite.
    ///
    /// - Throws: `SweepStoreError` if there is none, or it is not a file, or is empty.
    static func existingDatabase(in directory: String) throws(SweepStoreError) -> String {
        guard exists(in: directory) else { throw SweepStoreError.noSweep(directory: directory) }
        let path = "\(directory)/\(fileName)"
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw SweepStoreError.notWritable(path: path, detail: String(cString: strerror(errno)))
        }
        // Opening a pipe would block until another process writes to it.
        if status.st_mode & S_IFMT != S_IFREG { throw SweepStoreError.notASweep(path: path, detail: "it is no file") }
        if status.st_size == 0 { throw SweepStoreError.notASweep(path: path, detail: "it is empty") }
        return path
    }

    /// Finishes what SQLite does after a crash: undoes a transaction that was cut short before the database had a
    /// write-ahead log. It needs a writer; a reader is refused until a planner has done this.
    static func rollBackInterruptedWrite(_ path: String) throws {
        guard access(path + "-journal", F_OK) == 0 else { return }
        try translating(path) {
            let queue = try DatabaseQueue(path: path)
            defer { try? queue.close() }
            try checkVersion(queue, path)
        }
    }

    /// Whether this process can neither change the database nor make a file beside it, and the database is complete in
    /// its one file: a copy of a sweep on a file system that is mounted read-only, or in a folder of another user.
    static func isBeyondReach(_ path: String) -> Bool {
        var log = stat()
        let hasLog = stat(path + "-wal", &log) == 0 && log.st_size > 0
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        return !hasLog && (access(path, W_OK) != 0 || access(folder, W_OK) != 0)
    }

    /// The address that tells SQLite that the file cannot change, so that it needs no file beside it.
    static func immutable(_ path: String) -> String {
        let legal = CharacterSet.urlPathAllowed
        return "file:\(path.addingPercentEncoding(withAllowedCharacters: legal) ?? path)?immutable=1"
    }

    /// A writer with two readers beside it: status is read while trials report.
    static func pool(at path: String, _ patience: Patience) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.busyMode = .callback(patience.mayTryAgain)
        configuration.maximumReaderCount = 2
        let pool = try DatabasePool(path: path, configuration: configuration)
        // GRDB sets NORMAL for a pool, which may lose the last transactions when the power fails.
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        return pool
    }

    /// - Throws: `SweepStoreError` if the file is another program's database, or a later release's.
    static func checkVersion(_ database: some DatabaseReader, _ path: String) throws {
        try database.read { database in
            let identifier = try Int.fetchOne(database, sql: "PRAGMA application_id")
            guard identifier == Schema.applicationIdentifier else {
                throw SweepStoreError.notASweep(path: path, detail: "it is the database of another program")
            }
            if try Schema.migrator.hasBeenSuperseded(database) { throw SweepStoreError.tooNew(path: path) }
        }
    }
}
