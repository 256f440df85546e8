import Foundation

/// What has come of a file so far, in `.NAME.part`; nobody else writes to it meanwhile.
final class PartialFile {
    let path: String
    private let folder: String
    private let descriptor: Int32
    private(set) var size: Int

    /// - Throws: `FetchError.inUse`, `.cannotWrite`.
    init(folder: String, name: String) throws(FetchError) {
        let path = "\(folder)/.\(name).part"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: String(cString: strerror(errno))) }
        var (opened, present) = (stat(), stat())
        // Whoever had it until now may have renamed it.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, fstat(descriptor, &opened) == 0, stat(path, &present) == 0,
            opened.st_ino == present.st_ino
        else {
            close(descriptor)
            throw .inUse(path: path)
        }
        self.path = path
        self.folder = folder
        size = Int(opened.st_size)
        lseek(descriptor, 0, SEEK_END)
    }

    deinit {
        // Closing alone would not do while a child that is just being started holds a copy.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    func append(_ data: Data) throws(FetchError) {
        var rest = data[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            try check(Int32(clamping: count), path)
            rest = rest.dropFirst(count)
            size += count
        }
    }

    func empty() throws(FetchError) {
        try check(ftruncate(descriptor, 0), path)
        lseek(descriptor, 0, SEEK_SET)
        size = 0
    }

    func discard() { unlink(path) }

    /// Gives the file its name, replacing another one, after its content is on the disk.
    func place(at target: String) throws(FetchError) {
        try check(fsync(descriptor), path)
        try check(rename(path, target), target)
        let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        try check(directory, folder)
        defer { close(directory) }
        try check(fsync(directory), folder)
    }

    private func check(_ result: Int32, _ file: String) throws(FetchError) {
        guard result >= 0 else { throw .cannotWrite(path: file, reason: String(cString: strerror(errno))) }
    }
}
