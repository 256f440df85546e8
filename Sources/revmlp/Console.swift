import Files
import Foundation

/// What this program prints.
enum Console {
    static var errorIsTerminal: Bool { StandardStream.error.isTerminal }

    /// Results that cannot be written are lost, which their reader must learn.
    struct OutputError: Error, CustomStringConvertible {
        var reason: String
        var description: String { "standard output cannot be written: \(reason)" }
    }

    /// Prints a line of results.
    ///
    /// - Throws: `OutputError`, also where the reader has gone away: a planner that is gone needs no more epochs.
    static func print(_ text: String) throws(OutputError) {
        do {
            if try StandardStream.output.write(text + "\n") { return }
        } catch {
            throw OutputError(reason: error.reason)
        }
        throw OutputError(reason: String(cString: strerror(EPIPE)))
    }

    static func printError(_ text: String) { _ = try? StandardStream.error.write(text + "\n") }
}

/// The last line of a terminal, rewritten in place ten times a second at most.
final class ProgressLine {
    private static let clearing = "\r\u{1B}[K"
    private var next = ContinuousClock.now

    func show(_ text: @autoclosure () -> String) {
        guard ContinuousClock.now >= next else { return }
        next = .now + .milliseconds(100)
        _ = try? StandardStream.error.write(Self.clearing + text())
    }

    /// Clears the line, so that something else can be printed.
    func clear() { _ = try? StandardStream.error.write(Self.clearing) }
}
