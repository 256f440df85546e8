import Foundation

/// A claim on a file or a folder, given up when this goes away or the process ends, however it ends.
///
/// It binds only processes that ask for it, as `flock` does, and holds on local file systems and on NFS since Linux
/// 2.6.12. Children do not inherit it.
///
///     let lock = try FileLock(folder: "runs/a", patience: .seconds(10))
///     defer { withExtendedLifetime(lock) {} }
public final class FileLock: Sendable {
    public enum Failure: Error, Hashable, Sendable {
        /// Another process, or another `FileLock` of this one, has it.
        case busy
        /// The file cannot be opened or, as on some network file systems, not be locked.
        case failed(FileError)
    }

    /// Of the locked file, open for as long as the lock is held; its holder may read and write what the file says.
    public let descriptor: Int32
    private let path: String

    /// Claims a folder for this process alone.
    ///
    /// - Parameter patience: how long to wait for the one who has it, looking every 20 ms.
    public convenience init(folder path: String, patience: Duration = .zero) throws(Failure) {
        let descriptor = try Self.opened(path, O_RDONLY | O_DIRECTORY)
        try self.init(locking: descriptor, path, LOCK_EX, patience)
    }

    /// Claims a file for this process alone, and makes it, empty, where it is not there.
    ///
    /// A symbolic link is not followed, and a pipe is not waited for.
    public convenience init(file path: String, patience: Duration = .zero) throws(Failure) {
        let descriptor = try Self.opened(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK)
        try self.init(locking: descriptor, path, LOCK_EX, patience)
        // The process that had it until now may have removed or renamed it between the opening and the locking.
        guard isInPlace else { throw .busy }
    }

    /// Shares a file or a folder with all others who share it, which shows that none has it alone.
    ///
    /// - Parameter path: of something that is there; it is opened for writing where that is allowed.
    public convenience init(sharing path: String) throws(Failure) {
        let flags = O_NOFOLLOW | O_NONBLOCK
        let writable = try? Self.opened(path, O_RDWR | flags)
        let descriptor = if let writable { writable } else { try Self.opened(path, O_RDONLY | flags) }
        try self.init(locking: descriptor, path, LOCK_SH, .zero)
    }

    private static func opened(_ path: String, _ flags: Int32) throws(Failure) -> Int32 {
        let descriptor = open(path, flags | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .failed(FileError(.write, path: path, code: errno)) }
        return descriptor
    }

    /// - Parameter descriptor: closed if it cannot be locked.
    private init(locking descriptor: Int32, _ path: String, _ kind: Int32, _ patience: Duration) throws(Failure) {
        let end = ContinuousClock.now + patience
        while flock(descriptor, kind | LOCK_NB) != 0 {
            let code = errno
            if code == EINTR { continue }
            guard code == EWOULDBLOCK, ContinuousClock.now < end else {
                close(descriptor)
                throw code == EWOULDBLOCK ? .busy : .failed(FileError(.write, path: path, code: code))
            }
            usleep(20_000)
        }
        self.descriptor = descriptor
        self.path = path
    }

    deinit {
        // Closing alone would not do while a child that is just being started holds a copy.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Whether the path still leads to what was locked: the file may have been removed, or replaced by another one.
    public var isInPlace: Bool {
        var (mine, there) = (stat(), stat())
        return fstat(descriptor, &mine) == 0 && lstat(path, &there) == 0
            && mine.st_ino == there.st_ino && mine.st_dev == there.st_dev
    }
}
