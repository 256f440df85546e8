import Files
import Foundation
import TerminalDrawing

/// What this program prints.
enum Console {
    /// Whether a person may be watching: only then is progress shown.
    static var errorIsTerminal: Bool { StandardStream.error.isTerminal }

    /// Results that cannot be written are lost, which their reader must learn.
    struct OutputError: Error, CustomStringConvertible {
        var reason: String
        var description: String { "standard output cannot be written: \(reason)" }
    }

    /// Prints a line of results.
    ///
    /// - Throws: `OutputError`, also where the reader has gone away: a planner that is gone needs no more epochs.
    static func print(_ text: String) throws(OutputError) { try write(Data((text + "\n").utf8)) }

    /// Writes the bytes of a file.
    ///
    /// - Throws: `OutputError`.
    static func write(_ data: Data) throws(OutputError) {
        do {
            if try StandardStream.output.write(bytes: data) { return }
        } catch {
            throw OutputError(reason: error.reason)
        }
        throw OutputError(reason: String(cString: strerror(EPIPE)))
    }

    /// Prints a line for people on standard error. If that cannot be written there is no place left to say so.
    static func printError(_ text: String) { _ = try? StandardStream.error.write(TerminalText.shortened(text) + "\n") }
}

/// The last line of a terminal, rewritten in place ten times a second at most.
///
///     let progress = ProgressLine()
///     for batch in 0..<1000 { progress.show("batch \(batch) of 1000") }      // written a few times only
///     progress.clear()
final class ProgressLine {
    /// Goes to the beginning of the line, and clears it to its end.
    private static let clearing = "\r\u{1B}[K"
    /// The earliest time at which the line is written again.
    private var next = ContinuousClock.now

    /// Writes the text in place of the one before, unless that is less than a tenth of a second old: the text is then
    /// not even made.
    func show(_ text: @autoclosure () -> String) {
        guard ContinuousClock.now >= next else { return }
        next = .now + .milliseconds(100)
        _ = try? StandardStream.error.write(Self.clearing + text())
    }

    /// Clears the line, so that something else can be printed.
    func clear() { _ = try? StandardStream.error.write(Self.clearing) }
}
