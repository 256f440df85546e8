import Foundation
import GRDB
import SweepModel

/// What can be wrong with a sweep's database. Each case is something that a user can act on; the words are in
/// `description`.
public enum SweepStoreError: Error, Sendable, Hashable {
    /// There is no database in the folder.
    case noSweep(directory: String)
    /// The file is there, and is not a database that revsweep has made.
    case notASweep(path: String, detail: String)
    /// A later release has written it; this one would misread it.
    case tooNew(path: String)
    /// Another process holds the sweep.
    case locked(directory: String, by: SweepLock.Holder?)
    /// The trial is not in the state that the move starts from; nothing was written.
    case staleState(trial: Int, expected: TrialState, actual: TrialState?)
    /// It cannot be opened or created.
    case notWritable(path: String, detail: String)
    /// It is open, and writing to it fails: the disk is full, or a limit of the process is reached.
    case unwritable(path: String, detail: String)
    /// The database, or the file that SQLite keeps beside it, was deleted or moved while it was open.
    case removed(path: String)
    /// It holds what no planner can have stored.
    case damaged(path: String, detail: String)
    /// It is older than what was stored: the write-ahead log beside it is missing, or an old copy has replaced it.
    case incomplete(path: String, detail: String)
    /// Another program has held it for longer than was waited.
    case held(path: String)
    /// There is no database, and the folder is that of a sweep which had one.
    case missing(path: String)
    /// Another program is reading it, so the write-ahead log beside it could not be merged into it.
    case notMerged(path: String)
}

extension SweepStoreError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noSweep(let directory): "there is no sweep in \(directory)"
        case .notASweep(let path, let detail): "\(path) is not a sweep's database: \(detail)"
        case .tooNew(let path): "\(path) was written by a later release of revsweep"
        case .locked(let directory, let holder):
            "the sweep in \(directory) is "
                + (holder?.purpose == .ask
                    ? "held by a process that asks or tells" : "being run by another planner")
                + (holder?.process.map { " (process \($0)\(holder?.place.map { " of \($0)" } ?? ""))" } ?? "")
        case .staleState(let trial, let expected, let actual):
            "trial \(trial) is not \(expected.rawValue) but \(actual?.rawValue ?? "unknown")"
        case .notWritable(let path, let detail): "\(path) cannot be opened: \(detail)"
        case .unwritable(let path, let detail): "\(path) cannot be written: \(detail)"
        case .removed(let path): "\(path) was removed while the sweep ran"
        case .damaged(let path, let detail):
            "\(path) is damaged: \(detail); a copy that was kept can take its place"
        case .missing(let path):
            "\(path) is not there, and beside it is what trials of a sweep have written; put it back, or remove the "
                + "folder for a new sweep"
        case .incomplete(let path, let detail):
            "\(path) is older than the sweep: \(detail); "
                + "put back the newest sweep.sqlite together with its sweep.sqlite-wal, "
                + "or accept the loss by removing planner.mark and the folders of trials that it lacks"
        case .held(let path): "\(path) is held by another program; close its transaction and try again"
        case .notMerged(let path):
            "\(path) is being read by another program: what was stored last is still in \(path)-wal, "
                + "which must not be separated from it"
        }
    }
}

extension SweepStoreError {
    /// The resource that this process has run out of, with the remedy; nil if there is enough. SQLite reports only
    /// that a file could not be opened or written.
    private static var shortage: String? {
        let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
        if descriptor < 0, errno == EMFILE || errno == ENFILE {
            return "too many files are open; allow more with: ulimit -n"
        }
        if descriptor >= 0 { close(descriptor) }
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0, limit.rlim_cur < 1 << 30 {
            return "files may have no more than \(limit.rlim_cur >> 10) KiB; allow more with: ulimit -f"
        }
        return nil
    }

    /// SQLite opens no file whose absolute path, with the ending of a file beside it, has more than 512 bytes.
    private static func length(of path: String) -> String? {
        let length = path.utf8.count
        return length > 500 ? "its path has \(length) bytes, and SQLite allows about 500" : nil
    }

    /// What an error of SQLite means for the database at `path`.
    init(_ error: DatabaseError, path: String) {
        let detail = (error.message ?? error.resultCode.description).replacing("\n", with: " ")
        self =
            switch error.resultCode {
            case .SQLITE_NOTADB: .notASweep(path: path, detail: detail)
            // A full disk, a lost permission, a file system that is gone.
            case .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_PERM:
                .unwritable(path: path, detail: Self.shortage ?? detail)
            case .SQLITE_CANTOPEN: .notWritable(path: path, detail: Self.shortage ?? Self.length(of: path) ?? detail)
            case .SQLITE_NOMEM: .unwritable(path: path, detail: "this process may not have more memory")
            case .SQLITE_BUSY, .SQLITE_LOCKED: .held(path: path)
            default: .damaged(path: path, detail: detail)
            }
    }
}
