import Foundation

/// A new folder for one test, deleted together with this value.
public final class TemporaryDirectory: Sendable {
    public let path: String

    public init() throws {
        let name = "revsweep-test-\(UUID().uuidString)"
        path = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().appendingPathComponent(name).path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes a file below the folder.
    ///
    /// - Returns: its path.
    @discardableResult
    public func write(_ text: String, to name: String, executable: Bool = false) throws -> String {
        let file = "\(path)/\(name)"
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent().path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        if executable { try makeExecutable(file) }
        return file
    }

    /// Copies a program into the folder.
    public func copyProgram(_ source: String, to name: String) throws {
        try FileManager.default.copyItem(atPath: source, toPath: "\(path)/\(name)")
        try makeExecutable("\(path)/\(name)")
    }

    /// Returns when the file can be run.
    ///
    /// A child that another test was starting while the file was written has a copy of the descriptor until it becomes
    /// its own program, and what is open for writing cannot be run ("Text file busy"). A lease for reading is given
    /// only on a file that nobody has open for writing.
    private func makeExecutable(_ file: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
        let setLease: CInt = 1024
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        while fcntl(descriptor, setLease, F_RDLCK) != 0 {
            guard errno == EAGAIN || errno == EINTR else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
            usleep(1_000)
        }
        _ = fcntl(descriptor, setLease, F_UNLCK)
    }

    public func text(of name: String) throws -> String {
        try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)
    }
}
