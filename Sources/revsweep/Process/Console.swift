import Files
import Foundation
import SweepReport

/// What this program prints. That a reader has gone away, as after `| head`, is not an error.
///
///     try Console.print(summary.text)
enum Console {
    /// Whether a person may be watching standard output: only then are lines rewritten.
    static var isTerminal: Bool { StandardStream.output.isTerminal }

    /// Columns and rows of the terminal; 80 by 24 where there is none.
    static var size: (columns: Int, rows: Int) { StandardStream.output.size }

    /// Opens `/dev/null` for standard streams that this program was started without. Otherwise the first file that is
    /// opened would get the number of standard output, and `print` would write into it.
    static func claimStandardStreams() { StandardStream.claimAll() }

    /// Prints lines for people. Sequences in them that would command the terminal are made harmless, as parts may come
    /// from a trainer or a file.
    ///
    /// - Throws: `UserError` if the text could not be written whole.
    static func print(_ text: String) throws {
        try write(TerminalText.lines(text) + "\n")
    }

    /// Prints lines to standard error.
    static func printError(_ text: String) {
        // If this fails, there is no place left to report it.
        _ = try? StandardStream.error.write(TerminalText.lines(text) + "\n")
    }

    /// Prints data for a program, byte for byte. On a terminal it is made harmless as in `print(_:)`.
    ///
    /// - Throws: `UserError` if the text could not be written whole.
    static func printData(_ text: String) throws {
        try write(isTerminal ? TerminalText.lines(text) : text)
    }

    /// Prints a line that must reach its reader: `revsweep ask` hands over a trial with it, and takes the trial back
    /// if that fails.
    ///
    /// - Throws: `UserError` if the line could not be written, also if the reader has gone away.
    static func deliver(_ text: String) throws {
        guard try write(TerminalText.lines(text) + "\n") else {
            throw UserError(message: "the standard output has no reader")
        }
    }

    /// Writes text as it is, including the sequences that move the cursor.
    ///
    /// - Returns: whether there is still a reader.
    /// - Throws: `UserError` if the text could not be written whole to a reader that is there.
    @discardableResult
    static func write(_ text: String) throws -> Bool {
        do {
            return try StandardStream.output.write(text)
        } catch {
            guard error.code != EBADF else { throw UserError(message: "the standard output is closed") }
            throw UserError(message: "standard output: \(error.reason)")
        }
    }
}
