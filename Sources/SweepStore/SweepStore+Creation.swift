import Foundation
import GRDB
import SweepModel
import TrialProtocol

extension SweepStore {
    /// Creates the database of a new sweep, whole or not at all; does nothing where there is one. The caller holds the
    /// sweep's lock.
    ///
    /// It is built under another name and then renamed, so that a planner that is killed here leaves no sweep rather
    /// than half of one.
    ///
    /// - Parameters:
    ///   - imported: trials of another sweep, as the history of this one.
    ///   - prior: trials of other sweeps from which it learns.
    ///   - metrics: gives what such a trial had reported.
    /// - Throws: `SweepStoreError.missing`, `SweepStoreError.notWritable`, or what `metrics` throws; there is then no
    ///   database.
    public static func create(
        in directory: String, _ sweep: SweepRecord, importing imported: [TrialRecord] = [],
        learningFrom prior: [PriorTrial] = [],
        metrics: (TrialRecord) throws -> [MetricRecord] = { _ in [] }
    ) throws {
        if exists(in: directory) { return }
        let path = "\(directory)/\(fileName)"
        // A trial's log is opened only after the trial was stored.
        let firstLog = "\(directory)/\(TrialRecord.folder(of: 0))/\(TrialLog.output.fileName)"
        if StoredMark.events(in: directory) != nil || access(firstLog, F_OK) == 0 {
            throw SweepStoreError.missing(path: path)
        }
        let draft = "\(directory)/.\(fileName).draft"
        // A planner that was killed here leaves such files.
        func discard() { for suffix in ["", "-wal", "-shm", "-journal"] { unlink(draft + suffix) } }
        discard()
        defer { discard() }
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            let queue = try DatabaseQueue(path: draft)
            try Schema.migrator.migrate(queue)
            try queue.write { database in
                try SweepRow.insert(sweep, into: database)
                for trial in prior { try PriorTrialRow.insert(trial, into: database) }
                for trial in imported { try TrialRow.importEnded(trial, try metrics(trial), into: database) }
            }
            // The pool that opens the database would set this mode itself. But that is a write, and if it is
            // interrupted, its journal keeps readers out.
            try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
            try queue.close()
        } catch let error as DatabaseError where error.resultCode != .SQLITE_CONSTRAINT {
            throw SweepStoreError.notWritable(path: path, detail: error.message ?? error.localizedDescription)
        } catch let error as CocoaError {
            throw SweepStoreError.notWritable(path: directory, detail: error.localizedDescription)
        }
        // Only a complete database gets the name under which it is looked for.
        guard rename(draft, path) == 0 else {
            throw SweepStoreError.notWritable(path: path, detail: String(cString: strerror(errno)))
        }
        let folder = open(directory, O_RDONLY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        Foundation.close(folder)
    }

    /// Whether `directory` holds a sweep.
    public static func exists(in directory: String) -> Bool {
        access("\(directory)/\(fileName)", F_OK) == 0
    }
}
