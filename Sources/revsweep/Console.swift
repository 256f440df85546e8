import Files
import Foundation
import SweepReport

/// What this program prints. A reader that has gone away, as after `| head`, is no error.
enum Console {
    static var isTerminal: Bool { StandardStream.output.isTerminal }

    /// Columns and rows of the terminal; 80 by 24 where there is none.
    static var size: (columns: Int, rows: Int) { StandardStream.output.size }

    /// Has the numbers of the standard streams point to somewhere, if this program was started with them closed.
    static func claimStandardStreams() { StandardStream.claimAll() }

    /// Prints lines of which nothing commands the terminal, whoever wrote their parts.
    ///
    /// - Throws: `UserError` if the text could not be written whole.
    static func print(_ text: String) throws {
        try write(TerminalText.lines(text) + "\n")
    }

    static func printError(_ text: String) {
        // There is nobody left to tell.
        _ = try? StandardStream.error.write(TerminalText.lines(text) + "\n")
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
    static func write(_ text: String) throws -> Bool {
        do {
            return try StandardStream.output.write(text)
        } catch {
            guard error.code != EBADF else { throw UserError(message: "the standard output is closed") }
            throw UserError(message: "standard output: \(error.reason)")
        }
    }
}
