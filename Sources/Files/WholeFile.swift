import Foundation

/// Writes every byte to an open file, pipe or terminal.
///
/// One `write` may take fewer bytes than it is given, be interrupted by a signal, or find full a pipe that another
/// process has set not to wait. A caller that ignores this loses the end of its text without an error.
///
/// - Parameter path: what the file is called in the error.
/// - Throws: `FileError`; some of the bytes may then have been written.
public func writeAll(_ bytes: some Sequence<UInt8>, to descriptor: Int32, path: String) throws(FileError) {
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count > 0 {
            rest = rest.dropFirst(count)
            continue
        }
        switch count == 0 ? EIO : errno {
        case EINTR: continue
        case EAGAIN:
            var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            poll(&request, 1, -1)
        case let code: throw FileError(.write, path: path, code: code)
        }
    }
}

/// Adds bytes to the end of a file, which is made where it is not there.
///
/// - Throws: `FileError`; some of the bytes may then have been added.
public func appendAll(_ bytes: some Sequence<UInt8>, to path: String) throws(FileError) {
    let descriptor = try checked(open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644), .write, path)
    defer { close(descriptor) }
    try writeAll(bytes, to: descriptor, path: path)
}

/// Reads a file from its beginning to its end.
///
/// - Returns: its bytes; nil if there is no such file.
/// - Throws: `FileError` if there is one and it cannot be read, as where it is a folder.
public func readAll(_ path: String) throws(FileError) -> [UInt8]? {
    var bytes: [UInt8] = []
    do {
        try readPieces(of: path) { bytes.append(contentsOf: $0) }
        return bytes
    } catch {
        guard error.code == ENOENT else { throw error }
        return nil
    }
}

/// Reads a file from its beginning to its end, a megabyte at a time, so that it need not fit into memory.
///
/// - Throws: `FileError`, also if there is no such file.
public func readPieces(of path: String, _ body: (ArraySlice<UInt8>) -> Void) throws(FileError) {
    let descriptor = try checked(open(path, O_RDONLY | O_CLOEXEC), .read, path)
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0 && errno == EINTR { continue }
        guard try checked(count, .read, path) > 0 else { return }
        body(buffer[..<count])
    }
}
