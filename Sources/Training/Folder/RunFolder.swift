import Files
import Foundation

/// The folder of one run, and the files in it.
///
/// | file | |
/// |---|---|
/// | `checkpoint` | the state that the run resumes from |
/// | `resolved.yaml` | its config with every default made explicit; `revmlp train` reads it |
/// | `metrics.jsonl` | what it reported, one line for each epoch |
/// | `checkpoint.000012`, … | the run as it was after epochs 12, …, as `output.keep_last` and `keep_every` ask |
/// | `checkpoint.best` | the run after its best epoch so far, as `output.best` asks |
/// | `epochs.csv`, `batches.jsonl`, … | logs, as `output.logs` asks; see `LogFormat` |
/// | `checkpoint.start` | the run as it began, where its weights were given to it |
///
/// A file is replaced as a whole or not at all, whatever happens meanwhile; logs are added to.
///
///     let folder = RunFolder(path: "results/runs/digits")
///     let lock = try folder.open(patience: .seconds(10))      // makes the folder; no other trainer may use it now
///     try folder.checkpoint()                                 // nil: a new run
struct RunFolder {
    /// Absolute, or relative to the working directory.
    let path: String

    /// Of the checkpoint that the run resumes from.
    var checkpointPath: String { "\(path)/checkpoint" }

    private static let names = ["checkpoint", "resolved.yaml", "metrics.jsonl"]

    /// Whether a run may have written a file of this name. Others in the folder are the user's, and are left alone.
    private static func isRunFile(_ name: some StringProtocol) -> Bool {
        names.contains { $0 == name } || LogFormat.fileNames.contains { $0 == name }
            || KeptCheckpoint(fileName: name) != nil
    }
}

/// Why a run cannot have its folder.
public enum RunFolderError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Another process holds the folder's lock.
    case inUse(path: String)

    public var description: String {
        switch self {
        case .inUse(let path): "\(path): another process is training there"
        }
    }
}

extension RunFolder {
    /// Makes the folder, and keeps other trainers out of it until the returned lock is gone.
    ///
    /// - Parameter patience: how long another trainer may take to leave: one whose planner has died does so on its own.
    /// - Throws: `RunFolderError`, `FileError`.
    func open(patience: Duration) throws -> FileLock {
        makeFolder()
        let lock: FileLock
        do {
            lock = try FileLock(folder: path, patience: patience)
        } catch {
            switch error {
            case .busy: throw RunFolderError.inUse(path: path)
            case .failed(let error): throw error
            }
        }
        // Left over by a trainer that was killed while it wrote.
        for name in fileNames {
            if let target = AtomicFile.target(ofDraft: name), Self.isRunFile(target) { unlink("\(path)/\(name)") }
        }
        return lock
    }

    /// The names of everything in the folder.
    var fileNames: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }

    /// Makes the folder and those above it, as far as that can be done: what is then missing shows when it is locked.
    private func makeFolder() {
        var made = path.hasPrefix("/") ? "/" : ""
        for component in path.split(separator: "/") {
            made += component
            mkdir(made, 0o777)
            made += "/"
        }
    }

    /// Removes what an earlier run left.
    func discard() {
        for name in fileNames where Self.isRunFile(name) { unlink("\(path)/\(name)") }
    }

    /// The bytes of the checkpoint; `nil` if there is none.
    ///
    /// - Throws: `CheckpointError.unreadable`.
    func checkpoint() throws(CheckpointError) -> [UInt8]? {
        try bytes(of: checkpointPath)
    }

    /// The bytes of a checkpoint anywhere; `nil` if there is no such file.
    ///
    /// - Throws: `CheckpointError.unreadable`.
    func bytes(of path: String) throws(CheckpointError) -> [UInt8]? {
        do {
            return try readAll(path)
        } catch {
            throw .unreadable(path: path, reason: error.reason)
        }
    }

    /// The bytes of a checkpoint that has to be there.
    ///
    /// - Throws: `CheckpointError.unreadable`, also where there is no such file.
    func bytes(ofExisting path: String) throws(CheckpointError) -> [UInt8] {
        guard let bytes = try bytes(of: path) else { throw .unreadable(path: path, reason: "there is no such file") }
        return bytes
    }

    /// The checkpoint that a path leads to, and where it is: in a run's folder the one that the run resumes from, else
    /// the file itself.
    ///
    /// - Throws: `CheckpointError.unreadable`, also where there is no such file.
    static func checkpoint(at path: String) throws(CheckpointError) -> (path: String, bytes: [UInt8]) {
        var isDirectory: ObjCBool = false
        let isFolder = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
        let folder = RunFolder(path: path)
        let file = isFolder ? folder.checkpointPath : path
        return (file, try folder.bytes(ofExisting: file))
    }

    /// Replaces one of the run's files, whole or not at all.
    ///
    /// - Throws: `FileError`; the file is then the old one.
    func replace(_ name: String, with bytes: some Sequence<UInt8>) throws(FileError) {
        precondition(Self.isRunFile(name), "\(name) is not a file of a run")
        try AtomicFile.replace("\(path)/\(name)", with: bytes)
    }

    /// Adds to the end of a file.
    func append(_ text: String, to name: String) throws(FileError) {
        try appendAll(text.utf8, to: "\(path)/\(name)")
    }
}
