import Foundation
import Synchronization

/// A small file beside the database that says how many events its writer has stored.
///
/// SQLite keeps what was written last in `sweep.sqlite-wal`. If that file is lost after its writer was killed, the
/// database silently goes back to an earlier state. The mark reveals that. It is written after each transaction and
/// removed once everything is in the one file, so it never promises more than was stored.
///
///     $ cat results/digits/planner.mark
///     1284 events are stored
final class StoredMark: Sendable {
    static let fileName = "planner.mark"

    private let path: String
    private let descriptor = Mutex<Int32?>(nil)

    init(directory: String) {
        path = "\(directory)/\(Self.fileName)"
    }

    deinit { descriptor.withLock { descriptor in if let descriptor { close(descriptor) } } }

    /// How many events the mark says were stored; nil if there is no mark.
    static func events(in directory: String) -> Int64? {
        let descriptor = open("\(directory)/\(fileName)", O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        return text.split(separator: " ").first.flatMap { Int64($0) }
    }

    /// Writes the mark. It is a safeguard only, so an error that keeps it from being written must not end the sweep.
    func set(events: Int64) {
        descriptor.withLock { descriptor in
            if descriptor == nil {
                let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o644)
                if opened >= 0 { descriptor = opened }
            }
            guard let descriptor else { return }
            // The text always has the same length, so that one write replaces all of it.
            let digits = String(events)
            let text = Array(
                "\(digits) events are stored\(String(repeating: " ", count: max(0, 20 - digits.count)))\n".utf8)
            _ = pwrite(descriptor, text, text.count, 0)
        }
    }

    /// Removes the mark, when the database is complete in its one file.
    func remove() {
        descriptor.withLock { descriptor in
            if let opened = descriptor { close(opened) }
            descriptor = nil
            unlink(path)
        }
    }
}
