import Foundation

/// The folder of one run, and the files in it.
///
/// | file | |
/// |---|---|
/// | `checkpoint` | the run as it can be gone on with |
/// | `resolved.yaml` | its config with every default made explicit; `revmlp train` reads it |
/// | `metrics.jsonl` | what it reported, one line for each epoch |
/// | `checkpoint.000012`, … | the run as it was after epochs 12, …, as `output.keep_last` asks |
/// | `checkpoint.best` | the run after its best epoch so far, as `output.best` asks |
/// | `epochs.csv`, `batches.jsonl`, … | logs, as `output.logs` asks; see `LogFormat` |
/// | `checkpoint.start` | the run as it began, where its weights were imported |
///
/// A file is replaced as a whole or not at all, whatever happens meanwhile; logs are added to.
struct RunFolder {
    let path: String

    var checkpointPath: String { "\(path)/checkpoint" }

    private static let names = ["checkpoint", "resolved.yaml", "metrics.jsonl"]

    private static func isRunFile(_ name: some StringProtocol) -> Bool {
        names.contains { $0 == name } || LogFormat.fileNames.contains { $0 == name }
            || KeptCheckpoint(fileName: name) != nil
    }
}

/// Why the files of a run cannot be kept.
public enum RunFolderError: Error, Hashable, Sendable, CustomStringConvertible {
    case cannotWrite(path: String, reason: String)
    case inUse(path: String)

    public var description: String {
        switch self {
        case .cannotWrite(let path, let reason): "\(path): cannot be written: \(reason)"
        case .inUse(let path): "\(path): another process is training there"
        }
    }
}

extension RunFolder {
    /// Makes the folder, and keeps other trainers out of it until the returned lock is gone.
    ///
    /// - Parameter patience: how long another trainer may take to leave: one whose planner has died does so on its own.
    func open(patience: Duration) throws -> FolderLock {
        makeFolder()
        let lock = try FolderLock(path: path, patience: patience)
        // Left over by a trainer that was killed while it wrote.
        for name in fileNames where name.hasPrefix(".") && name.hasSuffix(".tmp") {
            let (original, process) = (name.dropFirst().dropLast(4), name.dropLast(4).reversed().prefix { $0 != "." })
            if Self.isRunFile(original.dropLast(process.count + 1)) { unlink("\(path)/\(name)") }
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
    func checkpoint() throws -> [UInt8]? {
        try bytes(of: checkpointPath)
    }

    func bytes(of path: String) throws -> [UInt8]? {
        let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw CheckpointError.unreadable(path: path, reason: reason(errno) ?? "")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            if count < 0 { throw CheckpointError.unreadable(path: path, reason: reason(errno) ?? "") }
            if count == 0 { return bytes }
            bytes.append(contentsOf: buffer[..<count])
        }
    }

    /// Replaces a file: written beside it, forced to the disk, renamed, and the renaming forced to the disk as well.
    func replace(_ name: String, with bytes: some Collection<UInt8>) throws {
        precondition(Self.isRunFile(name), "\(name) is not a file of a run")
        try replaceAny(name, with: bytes)
    }

    /// Replaces a file of any name anywhere in the same way.
    static func replaceFile(_ path: String, with bytes: some Collection<UInt8>) throws {
        let name = path.lastIndex(of: "/").map { path[path.index(after: $0)...] } ?? path[...]
        let folder = path.dropLast(name.count)
        try RunFolder(path: folder.isEmpty ? "." : String(folder)).replaceAny(String(name), with: bytes)
    }

    private func replaceAny(_ name: String, with bytes: some Collection<UInt8>) throws {
        let temporary = "\(path)/.\(name).\(getpid()).tmp"
        do {
            let descriptor = try Self.checked(
                Foundation.open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644), temporary)
            do {
                defer { close(descriptor) }
                try Self.write(Array(bytes), to: descriptor, temporary)
                _ = try Self.checked(fsync(descriptor), temporary)
            }
            _ = try Self.checked(rename(temporary, "\(path)/\(name)"), "\(path)/\(name)")
        } catch {
            unlink(temporary)
            throw error
        }
        let folder = try Self.checked(Foundation.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), path)
        defer { close(folder) }
        _ = try Self.checked(fsync(folder), path)
    }

    /// Adds to the end of a file.
    func append(_ text: String, to name: String) throws {
        let file = "\(path)/\(name)"
        let descriptor = try Self.checked(Foundation.open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644), file)
        defer { close(descriptor) }
        try Self.write(Array(text.utf8), to: descriptor, file)
    }

    static func write(_ bytes: [UInt8], to descriptor: Int32, _ file: String) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            _ = try checked(Int32(clamping: count), file)
            rest = rest.dropFirst(count)
        }
    }

    static func checked(_ result: Int32, _ file: String) throws -> Int32 {
        guard result >= 0 else { throw RunFolderError.cannotWrite(path: file, reason: reason(errno) ?? "") }
        return result
    }
}

private func reason(_ code: Int32) -> String? {
    code == 0 ? nil : String(cString: strerror(code))
}

/// An exclusive claim on a folder, given up when this goes away or the process ends.
final class FolderLock {
    private let descriptor: Int32

    fileprivate init(path: String, patience: Duration) throws {
        descriptor = Foundation.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw RunFolderError.cannotWrite(path: path, reason: reason(errno) ?? "") }
        let end = ContinuousClock.now + patience
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR, ContinuousClock.now < end else {
                close(descriptor)
                throw RunFolderError.inUse(path: path)
            }
            usleep(20_000)
        }
    }

    deinit {
        // Closing alone would not do while a child that is just being started holds a copy.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
