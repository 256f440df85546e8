import Foundation

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

    /// - Throws: `UserError` if the text could not be written whole. A reader that has gone away is no error.
    static func print(_ text: String) throws {
        try write(text + "\n")
    }

    static func printError(_ text: String) {
        // There is nobody left to tell.
        try? write(text + "\n", to: STDERR_FILENO)
    }

    /// - Throws: as `print(_:)` does.
    static func write(_ text: String, to descriptor: Int32 = STDOUT_FILENO) throws {
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
            case EPIPE: return
            default: throw UserError(message: "standard output: \(String(cString: strerror(errno)))")
            }
        }
    }
}
