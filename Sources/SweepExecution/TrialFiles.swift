import Files
import Foundation
import SystemPackage
import TrialProtocol

/// Reads and writes files in folders where trainers write as well.
///
/// A trainer may replace any file or folder there by something else: a pipe without a reader, a device, a link to
/// another place. No function here blocks on such a thing, or follows it out of the folder.
///
///     let folder = "/sweeps/digits/trials/000012"
///     try TrialFiles.makeFolder(folder)
///     try TrialFiles.replace("params.json", in: folder, with: #"{"lr": 0.1}"#)
///     TrialFiles.size(of: "params.json", in: folder)                                // 11
///     TrialFiles.tail(of: "params.json", in: folder, from: 0, atMost: 4)            // the bytes of "0.1}"
public enum TrialFiles {
    /// Why a file cannot be used.
    public struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
        /// The file or folder that could not be used.
        public let path: String
        /// What the system said.
        let code: Errno

        public var description: String {
            switch code {
            case .notDirectory, .tooManySymbolicLinkLevels: "\(path) is no folder of its own"
            case .isDirectory: "\(path) is a folder, not a file"
            default: "\(path): \(code)"
            }
        }

        /// Whether the cause lies outside the trial: this machine has no room, or the sweep's own folders cannot be
        /// used. The trial has then not failed.
        let isOfMachine: Bool

        init(path: String, code: Errno, isOfMachine: Bool = false) {
            self.path = path
            self.code = code
            let full = [ENOSPC, EDQUOT, EIO, EROFS, ESTALE].contains(code.rawValue)
            self.isOfMachine = isOfMachine || full
        }
    }

    // MARK: Folders

    /// Makes the folder of a trial, `SWEEP/trials/NUMBER`, and the one it is in, if they do not exist. The sweep's own
    /// folder is not made: if it is gone, so is the sweep's database.
    ///
    /// - Throws: `Problem`; some of the folders may then exist.
    static func makeFolder(_ path: String) throws(Problem) {
        let (sweep, names) = parts(of: path)
        var folder = open(sweep, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw Problem(path: sweep, code: Errno(rawValue: errno), isOfMachine: true) }
        defer { close(folder) }
        for name in names {
            if mkdirat(folder, name, 0o777) != 0, errno != EEXIST {
                let code = Errno(rawValue: errno)
                throw Problem(path: path, code: code, isOfMachine: shortage(code) == nil)
            }
            let next = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard next >= 0 else {
                let code = Errno(rawValue: errno)
                let isTrial = name == names.last
                throw Problem(
                    path: isTrial ? path : "\(sweep)/\(name)", code: code,
                    isOfMachine: !isTrial && shortage(code) == nil)
            }
            close(folder)
            folder = next
        }
    }

    /// Which shortage of the system an error means, if it may pass so that trying again helps; nil for other errors.
    static func shortage(_ code: Errno?) -> String? {
        switch code {
        case .tooManyOpenFiles: "this process has too many open files"
        case .tooManyOpenFilesInSystem: "the system has too many open files"
        case .resourceTemporarilyUnavailable: "there are too many processes"
        case .noMemory: "there is not enough memory"
        default: nil
        }
    }

    /// Splits a trial's path into the sweep's folder, which may be reached through links since no trainer chose it, and
    /// the names of the two folders below, which must not be links.
    private static func parts(of path: String) -> (sweep: String, names: [String]) {
        let names = path.split(separator: "/").map(String.init)
        return ("/" + names.dropLast(2).joined(separator: "/"), names.suffix(2))
    }

    /// Opens a trial's folder one name at a time, so that no link below the sweep's folder is followed.
    private static func withFolder<Value>(
        _ path: String, _ body: (CInt) throws(Problem) -> Value
    ) throws(Problem) -> Value {
        let (sweep, names) = parts(of: path)
        var folder = open(sweep, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        for name in names where folder >= 0 {
            let next = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            let code = errno
            close(folder)
            errno = code
            folder = next
        }
        guard folder >= 0 else { throw Problem(path: path, code: Errno(rawValue: errno)) }
        defer { close(folder) }
        return try body(folder)
    }

    /// Whether the open file is an ordinary one: no pipe, device, socket or folder.
    private static func isRegular(_ file: CInt) -> Bool {
        var status = stat()
        return fstat(file, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// Whether the file has a second hard link, which may be in any folder.
    private static func isLinkedElsewhere(_ file: CInt) -> Bool {
        var status = stat()
        return fstat(file, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_nlink > 1
    }

    // MARK: Files

    /// Opens a log for appending. Anything of that name which is not a regular file is replaced.
    ///
    /// A log with a second hard link is renamed to `stdout.log.linked` and begun anew: to write to it would change the
    /// file of the other name as well.
    ///
    /// - Throws: `Problem` if the folder or the log cannot be opened.
    static func log(_ log: TrialLog, in directory: String) throws(Problem) -> FileDescriptor {
        let name = log.fileName
        let path = "\(directory)/\(name)"
        return try withFolder(directory) { folder throws(Problem) in
            let flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
            // A trainer may put something there again in between, so the number of attempts is limited.
            for _ in 0..<10 {
                let file = openat(folder, name, flags, 0o644)
                if file >= 0, isLinkedElsewhere(file) {
                    // Writing to it would also change a file in another folder. It is kept under another name.
                    close(file)
                    guard renameat(folder, name, folder, "\(name).linked") == 0 else {
                        throw Problem(path: path, code: Errno(rawValue: errno))
                    }
                    continue
                }
                if file >= 0, isRegular(file) {
                    // The trainer inherits this descriptor; programs do not expect O_NONBLOCK on standard error.
                    _ = fcntl(file, F_SETFL, O_WRONLY | O_APPEND)
                    return FileDescriptor(rawValue: file)
                }
                let code = file >= 0 ? ENXIO : errno
                if file >= 0 { close(file) }
                // A link; or a pipe without a reader, a socket or a device.
                guard [ELOOP, ENXIO, ENODEV].contains(code) else {
                    throw Problem(path: path, code: Errno(rawValue: code))
                }
                guard unlinkat(folder, name, 0) == 0 || errno == ENOENT else {
                    throw Problem(path: path, code: Errno(rawValue: errno))
                }
            }
            throw Problem(path: path, code: .resourceBusy)
        }
    }

    /// Writes a file of a trial, replacing anything of that name, whole or not at all.
    ///
    /// - Parameters:
    ///   - directory: a trial's folder.
    ///   - isDurable: whether the file must survive a power failure after this returns.
    /// - Throws: `Problem`; the file is then the old one or the new one, but whole.
    static func replace(
        _ name: String, in directory: String, with text: String, isDurable: Bool = false
    ) throws(Problem) {
        try withFolder(directory) { folder throws(Problem) in
            try replace(name, in: folder, called: directory, with: text, isDurable: isDurable)
        }
    }

    /// Writes a file in a sweep's own folder, replacing anything of that name: whole or not at all, even if the power
    /// fails.
    ///
    /// - Throws: `Problem`; the file is then the old one or the new one, but whole.
    public static func replace(_ name: String, inSweepAt directory: String, with text: String) throws(Problem) {
        let folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw Problem(path: directory, code: Errno(rawValue: errno)) }
        defer { close(folder) }
        try replace(name, in: folder, called: directory, with: text, isDurable: true)
    }

    private static func replace(
        _ name: String, in folder: CInt, called directory: String, with text: String, isDurable: Bool
    ) throws(Problem) {
        do {
            try AtomicFile.replace(
                name, in: folder, path: "\(directory)/\(name)", with: text.utf8, isDurable: isDurable)
        } catch {
            throw Problem(path: error.path, code: Errno(rawValue: error.code))
        }
    }

    /// The size of a file of a trial, in bytes; 0 if there is none.
    public static func size(of name: String, in directory: String) -> Int {
        (try? reading(name, in: directory) { status, _ in Int(status.st_size) }) ?? 0
    }

    /// The last bytes of a file of a trial, `maxCount` at most and none before the offset `start`; nil if there is no
    /// such file.
    public static func tail(of name: String, in directory: String, from start: Int, atMost maxCount: Int) -> [UInt8]? {
        try? reading(name, in: directory) { status, file in
            let first = max(start, Int(status.st_size) - maxCount)
            var bytes = [UInt8](repeating: 0, count: max(0, Int(status.st_size) - first))
            let count = pread(file, &bytes, bytes.count, first)
            return Array(bytes.prefix(max(0, count)))
        }
    }

    /// The bytes of a file of a trial from the offset `start` on, `maxCount` at most; nil if there is no such file.
    public static func bytes(
        of name: String, in directory: String, from start: Int, atMost maxCount: Int
    ) -> [UInt8]? {
        try? reading(name, in: directory) { status, file in
            var bytes = [UInt8](repeating: 0, count: max(0, min(maxCount, Int(status.st_size) - start)))
            let count = pread(file, &bytes, bytes.count, start)
            return Array(bytes.prefix(max(0, count)))
        }
    }

    /// The reports in the log of a trial's standard output, in order; nil if there is no log, or if there is more than
    /// 256 MiB of it, which would take too long to read.
    ///
    /// - Parameters:
    ///   - start: the byte at which they begin.
    ///   - isLauncher: whether a launcher ran the trainer, whose last line says how that ended: see `EndMark`.
    ///   - patterns: what lines of text look like that are reports, as in `TrialLaunch.reportPatterns`.
    public static func reports(
        in directory: String, from start: Int = 0, isLauncher: Bool, patterns: [ReportPattern] = []
    ) -> [MetricReport]? {
        let maxSize = 1 << 28
        let found = try? reading(TrialLog.output.fileName, in: directory) { status, file -> [MetricReport]? in
            guard Int(status.st_size) - start <= maxSize, lseek(file, start, SEEK_SET) >= 0 else { return nil }
            var reports: [MetricReport] = []
            var splitter = LineSplitter()
            var reader = ReportReader(patterns)
            func take(_ line: ArraySlice<UInt8>) {
                guard let report = reader.report(in: line), !(isLauncher && EndMark.isMark(report)) else { return }
                reports.append(report)
            }
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = read(file, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                buffer.withUnsafeBytes { splitter.take(UnsafeRawBufferPointer(rebasing: $0[..<count]), line: take) }
            }
            splitter.finish(take)
            return reports
        }
        return found ?? nil
    }

    /// Opens a file of a trial and passes its status and descriptor on. A pipe or device in its place is refused: to
    /// open it without O_NONBLOCK, or to read it, could block for ever.
    private static func reading<Value>(
        _ name: String, in directory: String, _ body: (stat, CInt) -> Value
    ) throws(Problem) -> Value {
        try withFolder(directory) { folder throws(Problem) in
            let file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
            guard file >= 0 else { throw Problem(path: "\(directory)/\(name)", code: Errno(rawValue: errno)) }
            defer { close(file) }
            var status = stat()
            guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                throw Problem(path: "\(directory)/\(name)", code: .noSuchAddressOrDevice)
            }
            return body(status, file)
        }
    }

    /// Numbers that change when a file is written to or replaced: inode, size, time of last change. The file is not
    /// opened, since it may be a pipe; empty if there is none.
    static func trace(of path: String) -> [Int] {
        var status = stat()
        guard lstat(path, &status) == 0 else { return [] }
        return trace(status)
    }

    /// The same of an open file, also after its name has been given to another one.
    static func trace(of file: FileDescriptor) -> [Int] {
        var status = stat()
        guard fstat(file.rawValue, &status) == 0 else { return [] }
        return trace(status)
    }

    private static func trace(_ status: stat) -> [Int] {
        [Int(status.st_ino), Int(status.st_size), status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
    }
}
