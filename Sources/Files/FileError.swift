import Foundation

/// What the system refused to do with a file, and why.
///
/// Programs that have an error type of their own for files take `path` and `reason` from it; as it is, it reads
/// `runs/a/checkpoint: cannot be written: No space left on device`.
public struct FileError: Error, Hashable, Sendable {
    public enum Operation: String, Hashable, Sendable {
        case read, write
    }

    public var operation: Operation
    /// The file as it was named by the caller; for messages only.
    public var path: String
    /// The system's number of the error, such as `ENOSPC`.
    public var code: Int32

    public init(_ operation: Operation, path: String, code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    /// The system's words for `code`.
    public var reason: String { String(cString: strerror(code)) }
}

extension FileError: CustomStringConvertible {
    public var description: String {
        switch operation {
        case .read: "\(path): cannot be read: \(reason)"
        case .write: "\(path): cannot be written: \(reason)"
        }
    }
}

/// The result of a system call, unless it is negative, which is how these calls report an error in `errno`.
@discardableResult
func checked<Number: BinaryInteger>(
    _ result: Number, _ operation: FileError.Operation, _ path: String
) throws(FileError) -> Number {
    guard result >= 0 else { throw FileError(operation, path: path, code: errno) }
    return result
}
