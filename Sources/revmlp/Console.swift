import Foundation

/// Standard output and standard error. Text goes out at once and whole: a planner reads line by line.
enum Console {
    static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Results that cannot be written are lost, which their reader must learn.
    struct OutputError: Error, CustomStringConvertible {
        var reason: String
        var description: String { "standard output cannot be written: \(reason)" }
    }

    static func print(_ text: String) throws(OutputError) {
        guard write(text + "\n", to: STDOUT_FILENO) else {
            throw OutputError(reason: String(cString: strerror(errno)))
        }
    }

    static func printError(_ text: String) { _ = write(text + "\n", to: STDERR_FILENO) }

    fileprivate static func write(_ text: String, to descriptor: Int32) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            if count <= 0 { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}

/// The last line of a terminal, rewritten in place ten times a second at most.
final class ProgressLine {
    private var next = ContinuousClock.now

    func show(_ text: @autoclosure () -> String) {
        guard ContinuousClock.now >= next else { return }
        next = .now + .milliseconds(100)
        _ = Console.write("\r\u{1B}[K" + text(), to: STDERR_FILENO)
    }

    /// Clears the line, so that something else can be printed.
    func clear() { _ = Console.write("\r\u{1B}[K", to: STDERR_FILENO) }
}
