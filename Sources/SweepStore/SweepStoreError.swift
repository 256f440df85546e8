/// What can be wrong with a sweep's database.
public enum SweepStoreError: Error, Sendable, Hashable {
    /// No database in the folder.
    case noSweep(directory: String)
    /// The file is there and is no database of revsweep's.
    case notASweep(path: String, detail: String)
    /// Written by a later release.
    case tooNew(path: String)
    /// Another planner holds the sweep.
    case locked(directory: String, processIdentifier: Int32?)
    /// The trial is not in the state that the move starts from; nothing was written.
    case staleState(trial: Int, expected: TrialState, actual: TrialState?)
    case notWritable(path: String, detail: String)
    /// It was open, and cannot be written any more.
    case unwritable(path: String, detail: String)
    /// The database was deleted or moved while it was open.
    case removed(path: String)
}

extension SweepStoreError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noSweep(let directory): "there is no sweep in \(directory)"
        case .notASweep(let path, let detail): "\(path) is not a sweep's database: \(detail)"
        case .tooNew(let path): "\(path) was written by a later release of revsweep"
        case .locked(let directory, let process):
            "the sweep in \(directory) is being run by another planner"
                + (process.map { " (process \($0))" } ?? "")
        case .staleState(let trial, let expected, let actual):
            "trial \(trial) is not \(expected.rawValue) but \(actual?.rawValue ?? "unknown")"
        case .notWritable(let path, let detail): "\(path) cannot be opened: \(detail)"
        case .unwritable(let path, let detail): "\(path) cannot be written: \(detail)"
        case .removed(let path): "\(path) was removed while the sweep ran"
        }
    }
}
