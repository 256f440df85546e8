import Foundation

/// The right to run one sweep: held by one planner at a time, and gone with its process, however that ends.
public final class SweepLock: Sendable {
    private let descriptor: Int32

    /// - Throws: `SweepStoreError.locked` with the holder's process identifier, or `notWritable`.
    public init(directory: String) throws(SweepStoreError) {
        let path = "\(directory)/planner.lock"
        // Not inherited: a trainer that outlives its planner must not hold the sweep.
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw SweepStoreError.notWritable(path: path, detail: String(cString: strerror(errno)))
        }
        var code: Int32 = 0
        // A planner that was killed while it started a trainer holds on for the moment until that trainer runs.
        for attempt in 0..<20 {
            if attempt > 0 { usleep(10_000) }
            code = flock(descriptor, LOCK_EX | LOCK_NB) == 0 ? 0 : errno
            if code != EWOULDBLOCK { break }
        }
        guard code == 0 else {
            let holder = Self.holder(descriptor)
            close(descriptor)
            guard code == EWOULDBLOCK else {
                throw SweepStoreError.notWritable(path: path, detail: String(cString: strerror(code)))
            }
            throw SweepStoreError.locked(directory: directory, processIdentifier: holder)
        }
        let text = Array("\(getpid())\n".utf8)
        ftruncate(descriptor, 0)
        _ = pwrite(descriptor, text, text.count, 0)
        self.descriptor = descriptor
    }

    deinit {
        ftruncate(descriptor, 0)
        // Closing alone would not do while a child that is just being started holds a copy.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// The process that runs the sweep in `directory`, if one does.
    public static func holder(ofSweepIn directory: String) -> Int32? {
        let descriptor = open("\(directory)/planner.lock", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else { return nil }
        return holder(descriptor)
    }

    private static func holder(_ descriptor: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return Int32(String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(separator: "\n").first ?? "")
    }
}
