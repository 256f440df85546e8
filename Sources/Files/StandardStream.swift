import Foundation

/// Standard output and standard error, written at once and whole: what reads them may read line by line.
///
/// A program prints through a type of its own, which knows what an error means there and what may not reach a terminal.
///
///     guard try StandardStream.output.write("done\n") else { return }      // nothing reads it any more
public enum StandardStream: Hashable, Sendable {
    case output, error

    private var descriptor: Int32 { self == .output ? STDOUT_FILENO : STDERR_FILENO }

    /// Whether what is written is shown on a terminal at once.
    public var isTerminal: Bool { isatty(descriptor) == 1 }

    /// Columns and rows of the terminal; 80 by 24 where there is none.
    public var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Writes text as it is, with whatever commands it has for the terminal.
    ///
    /// - Returns: whether there is still a reader. False is for the caller to judge: after `| head` it is no error.
    /// - Throws: `FileError` if the text could not be written whole for any other reason.
    @discardableResult
    public func write(_ text: String) throws(FileError) -> Bool { try write(bytes: text.utf8) }

    /// Writes bytes as they are, which need not be text.
    ///
    /// - Returns: whether there is still a reader.
    /// - Throws: `FileError` if they could not be written whole for any other reason.
    @discardableResult
    public func write(bytes: some Sequence<UInt8>) throws(FileError) -> Bool {
        do {
            try writeAll(bytes, to: descriptor, path: self == .output ? "standard output" : "standard error")
            return true
        } catch {
            guard error.code == EPIPE else { throw error }
            return false
        }
    }

    /// Opens `/dev/null` in the place of each standard stream that this program was started without.
    ///
    /// The next file that is opened would get such a stream's number, and what is printed would go into that file: a
    /// database, for example.
    public static func claimAll() {
        for stream in STDIN_FILENO...STDERR_FILENO where fcntl(stream, F_GETFD) < 0 {
            // To be read only: what is printed is then an error, as it would be without.
            let file = open("/dev/null", O_RDONLY)
            if file >= 0, file != stream {
                dup2(file, stream)
                close(file)
            }
        }
    }
}
