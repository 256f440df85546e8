import Foundation
import SweepReport

/// The two ends a person sees: standard output and standard error, written at once and whole.
enum Console {
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Columns and rows of the terminal; 80 by 24 where there is none.
    static var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Has the numbers of the standard streams point to somewhere, if whoever started this program has closed them.
    ///
    /// The next file that is opened would get such a number, and what is printed would go into it: a sweep's database.
    static func claimStandardStreams() {
        for stream in STDIN_FILENO...STDERR_FILENO where fcntl(stream, F_GETFD) < 0 {
            // To be read only: what is printed is an error, as it would be without.
            let file = open("/dev/null", O_RDONLY)
            if file >= 0, file != stream {
                dup2(file, stream)
                close(file)
            }
        }
    }

    /// Prints lines of which nothing commands the terminal, whoever wrote their parts.
    ///
    /// - Throws: `UserError` if the text could not be written whole. A reader that has gone away is no error.
    static func print(_ text: String) throws {
        try write(TerminalText.lines(text) + "\n")
    }

    static func printError(_ text: String) {
        // There is nobody left to tell.
        _ = try? write(TerminalText.lines(text) + "\n", to: STDERR_FILENO)
    }

    /// Prints something that a program reads, whole and as it is; on a terminal as `print(_:)` does.
    ///
    /// - Throws: as `print(_:)` does.
    static func printData(_ text: String) throws {
        try write(isTerminal ? TerminalText.lines(text) : text)
    }

    /// Prints a line that must arrive.
    ///
    /// - Throws: `UserError` also if nobody reads it.
    static func deliver(_ text: String) throws {
        guard try write(TerminalText.lines(text) + "\n") else {
            throw UserError(message: "nobody reads the standard output")
        }
    }

    /// Writes text as it is, with whatever commands it has for the terminal.
    ///
    /// - Returns: whether there is still a reader.
    /// - Throws: as `print(_:)` does.
    @discardableResult
    static func write(_ text: String, to descriptor: Int32 = STDOUT_FILENO) throws -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
                continue
            }
            switch errno {
            case EINTR: continue
            case EAGAIN:
                var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&request, 1, -1)
            case EPIPE: return false
            case EBADF: throw UserError(message: "the standard output is closed")
            default: throw UserError(message: "standard output: \(String(cString: strerror(errno)))")
            }
        }
        return true
    }
}
