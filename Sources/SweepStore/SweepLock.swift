import Foundation
import Synchronization

/// The right to write to one sweep: held by one process at a time, and gone with it, however it ends.
///
/// Two locks are taken: one on the file `planner.lock`, which also says who holds it, and one on the folder, which
/// stays when somebody removes or replaces that file.
public final class SweepLock: Sendable {
    /// What the sweep is held for.
    public enum Purpose: String, Sendable, Hashable {
        /// A planner runs it.
        case run
        /// Somebody asks for a trial or tells of one, which takes a moment.
        case ask
    }

    public struct Holder: Sendable, Hashable {
        /// Nil if it is not known.
        public var process: Int32?
        public var purpose: Purpose

        public init(process: Int32?, purpose: Purpose) {
            self.process = process
            self.purpose = purpose
        }
    }

    private struct Descriptors {
        var file: Int32
        /// -1 where a file system cannot lock a folder.
        var folder: Int32
    }

    private enum Attempt {
        case taken(Descriptors)
        case busy
        case failed(code: Int32)
    }

    private let directory: String
    private let purpose: Purpose
    private let held: Mutex<Descriptors?>

    /// - Throws: `SweepStoreError.locked` with who holds the sweep, or `notWritable`.
    public init(directory: String, purpose: Purpose = .run) async throws(SweepStoreError) {
        self.directory = directory
        self.purpose = purpose
        // A reader looks whether the lock is free by holding it for an instant. And a planner that was killed while it
        // started a trainer holds on until that trainer runs.
        for attempt in 0..<20 {
            if attempt > 0 { try? await Task.sleep(for: .milliseconds(10)) }
            switch Self.take(directory, purpose) {
            case .taken(let descriptors):
                held = Mutex(descriptors)
                return
            case .busy: continue
            case .failed(let code):
                throw SweepStoreError.notWritable(path: Self.path(directory), detail: String(cString: strerror(code)))
            }
        }
        throw SweepStoreError.locked(directory: directory, by: Holder(Self.text(inFileOf: directory)))
    }

    deinit { release() }

    /// Gives the sweep back; does nothing the second time.
    public func release() {
        held.withLock { held in
            guard let descriptors = held else { return }
            held = nil
            ftruncate(descriptors.file, 0)
            for descriptor in [descriptors.file, descriptors.folder] where descriptor >= 0 {
                // Closing alone would not do while a child that is just being started holds a copy.
                flock(descriptor, LOCK_UN)
                close(descriptor)
            }
        }
    }

    /// Puts `planner.lock` back if somebody has removed or replaced it.
    ///
    /// - Throws: `SweepStoreError.locked` if another process has the sweep meanwhile; it cannot have it where the file
    ///   system can lock a folder.
    public func requireHeld() throws(SweepStoreError) {
        let isHeld = held.withLock { held in
            guard let descriptors = held else { return false }
            if Self.isFile(descriptors.file, at: Self.path(directory)) { return true }
            guard case .opened(let file) = Self.lockFile(in: directory) else { return descriptors.folder >= 0 }
            Self.write(purpose, to: file)
            close(descriptors.file)
            held = Descriptors(file: file, folder: descriptors.folder)
            return true
        }
        if isHeld { return }
        throw SweepStoreError.locked(directory: directory, by: Holder(Self.text(inFileOf: directory)))
    }

    /// Who holds the sweep in `directory`, if anybody does. What a killed process has left in `planner.lock` is
    /// removed.
    public static func holder(ofSweepIn directory: String) -> Holder? {
        var file = open(path(directory), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        if file < 0 { file = open(path(directory), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) }
        defer { if file >= 0 { close(file) } }
        let unknown = Holder(process: nil, purpose: .run)
        if file >= 0, flock(file, LOCK_SH | LOCK_NB) != 0 { return Holder(text(in: file)) ?? unknown }
        let folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { if folder >= 0 { close(folder) } }
        if folder >= 0, flock(folder, LOCK_SH | LOCK_NB) != 0, errno == EWOULDBLOCK {
            return file < 0 ? unknown : Holder(text(in: file)) ?? unknown
        }
        // Nobody can take the sweep, and write its name, while this process shares the lock.
        if file >= 0, text(in: file) != "" { ftruncate(file, 0) }
        return nil
    }

    // MARK: The file and the folder

    private static func path(_ directory: String) -> String { "\(directory)/planner.lock" }

    private static func take(_ directory: String, _ purpose: Purpose) -> Attempt {
        var folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0, flock(folder, LOCK_EX | LOCK_NB) != 0 {
            let code = errno
            close(folder)
            if code == EWOULDBLOCK { return .busy }
            folder = -1
        }
        switch lockFile(in: directory) {
        case .opened(let file):
            write(purpose, to: file)
            return .taken(Descriptors(file: file, folder: folder))
        case .failed(let code):
            if folder >= 0 {
                flock(folder, LOCK_UN)
                close(folder)
            }
            return code == EWOULDBLOCK ? .busy : .failed(code: code)
        }
    }

    private enum Opening {
        case opened(Int32)
        case failed(Int32)
    }

    private static func lockFile(in directory: String) -> Opening {
        // Not inherited: a trainer that outlives its planner must not hold the sweep.
        let file = open(path(directory), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o644)
        guard file >= 0 else { return .failed(errno) }
        if flock(file, LOCK_EX | LOCK_NB) == 0 {
            // It may have been removed between the two calls.
            if isFile(file, at: path(directory)) { return .opened(file) }
            errno = EWOULDBLOCK
        }
        let code = errno
        close(file)
        return .failed(code)
    }

    private static func isFile(_ descriptor: Int32, at path: String) -> Bool {
        var (mine, there) = (stat(), stat())
        return fstat(descriptor, &mine) == 0 && lstat(path, &there) == 0
            && mine.st_ino == there.st_ino && mine.st_dev == there.st_dev
    }

    private static func write(_ purpose: Purpose, to descriptor: Int32) {
        let text = Array("\(getpid()) \(purpose.rawValue)\n".utf8)
        ftruncate(descriptor, 0)
        _ = pwrite(descriptor, text, text.count, 0)
    }

    private static func text(inFileOf directory: String) -> String? {
        let descriptor = open(path(directory), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return text(in: descriptor)
    }

    private static func text(in descriptor: Int32) -> String? {
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}

extension SweepLock.Holder {
    /// Reads `12345 run`; earlier releases wrote the number alone.
    fileprivate init?(_ text: String?) {
        let words = (text ?? "").split(whereSeparator: \.isWhitespace)
        guard let first = words.first, let process = Int32(first), process > 0 else { return nil }
        let purpose = words.dropFirst().first.flatMap { SweepLock.Purpose(rawValue: String($0)) }
        self.init(process: process, purpose: purpose ?? .run)
    }
}
