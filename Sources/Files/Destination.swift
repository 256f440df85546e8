import Foundation

/// Where a path leads that a person has named for output, as by `--output`: behind all links, whether or not there is
/// a file yet.
///
///     let place = try Destination("results/best.csv")
///     place.path          // /data/shared/best.csv, if the one is a link to the other
///
/// A device or a pipe is written to: to replace `/dev/null` by a file would do great harm.
package struct Destination: Sendable, Hashable {
    /// The path of the file itself, or of a device or a pipe as it was given; a relative path stays one.
    package let path: String
    /// Those of the file that is there, which one that replaces it gets; nil if there is none.
    package let rights: FileRights?
    /// Whether it is anything but a file, and so cannot be replaced.
    package let isStream: Bool

    /// As many as the kernel follows.
    private static let maxLinks = 40

    /// - Throws: `FileError` if links lead in a circle.
    package init(_ path: String) throws(FileError) {
        var status = stat()
        let isThere = stat(path, &status) == 0
        isStream = isThere && status.st_mode & S_IFMT != S_IFREG
        rights = isThere ? FileRights(status) : nil
        if isStream {
            // What `/dev/fd/63` says that it links to, `pipe:[4711]`, is no path.
            self.path = path
            return
        }
        var file = path
        for _ in 0...Self.maxLinks {
            guard let target = Self.target(of: file) else {
                self.path = file
                return
            }
            let isAbsolute = target.unicodeScalars.first == "/"
            file = isAbsolute ? target : "\(AtomicFile.split(file).parent)/\(target)"
        }
        throw FileError(.write, path: path, code: ELOOP)
    }

    /// What a link says; nil if there is no link.
    private static func target(of path: String) -> String? {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = readlink(path, &bytes, bytes.count - 1)
        return count > 0 ? String(decoding: bytes[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
    }

    /// Opens a device or a pipe.
    func openStream() throws(FileError) -> Int32 { try checked(open(path, O_WRONLY | O_CLOEXEC), .write, path) }
}
