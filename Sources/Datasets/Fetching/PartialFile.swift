import Files
import Foundation

/// What has come of a file so far, in `.NAME.part`, which other processes leave alone until this goes away.
final class PartialFile {
    let path: String
    private let lock: FileLock
    /// How many bytes are there.
    private(set) var size: Int

    /// Opens the file, or makes an empty one; what an earlier attempt left in it stays.
    ///
    /// - Throws: `FetchError.inUse`, `.cannotWrite`.
    init(folder: String, name: String) throws(FetchError) {
        let path = "\(folder)/.\(name).part"
        do {
            lock = try FileLock(file: path)
        } catch {
            switch error {
            case .busy: throw .inUse(path: path)
            case .failed(let error): throw FetchError(error)
            }
        }
        self.path = path
        size = max(0, Int(lseek(lock.descriptor, 0, SEEK_END)))
    }

    /// Adds bytes at the end.
    func append(_ data: Data) throws(FetchError) {
        try Self.mapped { () throws(FileError) in try writeAll(data, to: lock.descriptor, path: path) }
        size += data.count
    }

    /// Removes everything that has come so far.
    func empty() throws(FetchError) {
        guard ftruncate(lock.descriptor, 0) == 0 else { throw FetchError(FileError(.write, path: path, code: errno)) }
        lseek(lock.descriptor, 0, SEEK_SET)
        size = 0
    }

    /// Deletes the file, so that the next attempt begins anew.
    func discard() { unlink(path) }

    /// Gives the file its name, replacing another one, after its content is on the disk.
    func place(at target: String) throws(FetchError) {
        try Self.mapped { () throws(FileError) in try AtomicFile.publish(lock.descriptor, from: path, to: target) }
    }

    private static func mapped(_ body: () throws(FileError) -> Void) throws(FetchError) {
        do { try body() } catch { throw FetchError(error) }
    }
}
