import CZlib
import Foundation

/// A file read forwards through zlib: what gzip compressed is expanded, anything else is passed through.
///
///     let file = try CompressedFile(path: "train-labels-idx1-ubyte.gz")
///     let head = try file.read(atMost: 8, announced: nil)         // the first 8 bytes of the expanded content
///
/// The name of the file does not matter, only its first bytes do.
final class CompressedFile {
    private let path: String
    private let handle: gzFile
    /// The bytes that came out so far.
    private(set) var found = 0

    /// - Throws: `DatasetError.missingFile`, or `.unreadable` with the system's reason.
    init(path: String) throws(DatasetError) {
        self.path = path
        // zlib does not say why it cannot open a file.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { throw .missingFile(path: path) }
            throw .unreadable(path: path, reason: String(cString: strerror(errno)))
        }
        guard let handle = gzdopen(descriptor, "rb") else {
            close(descriptor)
            throw .unreadable(path: path, reason: "no memory")
        }
        self.handle = handle
        gzbuffer(handle, 1 << 17)
    }

    deinit { gzclose_r(handle) }

    /// The next bytes, fewer than `count` only at the end.
    ///
    /// - Parameter announced: the size of the whole content, for messages.
    /// - Throws: `DatasetError.truncatedCompression`, `.corruptCompression` or `.unreadable`.
    func read(atMost count: Int, announced: Int?) throws(DatasetError) -> [UInt8] {
        // Grown piece by piece: a size from a damaged header must not be allocated at once.
        var bytes: [UInt8] = []
        while bytes.count < count {
            let piece = min(count - bytes.count, 1 << 20)
            let start = bytes.count
            bytes.append(contentsOf: repeatElement(0, count: piece))
            let got = bytes.withUnsafeMutableBytes { buffer in
                gzread(handle, buffer.baseAddress! + start, UInt32(piece))
            }
            bytes.removeLast(piece - Int(max(got, 0)))
            found += Int(max(got, 0))
            if got < piece {
                try checkEnd(announced)
                break
            }
        }
        return bytes
    }

    /// Tells the end of the content from an error, both of which zlib reports as fewer bytes than asked for.
    private func checkEnd(_ announced: Int?) throws(DatasetError) {
        var code: Int32 = 0
        let message = gzerror(handle, &code).map { String(cString: $0) } ?? ""
        switch code {
        case Z_OK, Z_STREAM_END: return
        case Z_BUF_ERROR: throw .truncatedCompression(path: path, expected: announced, found: found)
        case Z_ERRNO: throw .unreadable(path: path, reason: String(cString: strerror(errno)))
        default:
            // zlib puts the name it knows the file by in front: "<fd:6>: incorrect data check".
            let reason = message.drop { $0 != " " }.dropFirst()
            throw .corruptCompression(path: path, reason: String(reason))
        }
    }
}
