import Files
import Foundation
import Synchronization
import TerminalDrawing

/// What this program prints. That a reader has gone away, as after `| head`, is not an error.
///
///     try Console.print(summary.text)
enum Console {
    /// Whether a person may be watching standard output: only then are lines rewritten.
    static var isTerminal: Bool { StandardStream.output.isTerminal }

    /// What can be shown there.
    static var features: TerminalFeatures {
        TerminalFeatures(environment: ProcessInfo.processInfo.environment, isTerminal: isTerminal)
    }

    /// Columns and rows of the terminal; 80 by 24 where there is none.
    static var size: TerminalSize {
        let size = StandardStream.output.size
        return TerminalSize(columns: size.columns, rows: size.rows)
    }

    /// How wide the terminal is that a person is looking at; nil where there is none, and lines may be of any length.
    static var columns: Int? { features.isLive ? size.columns : nil }

    /// The address of a file on this machine, for a link; nil if the terminal knows no links. It names the machine, as
    /// the terminal may be on another one.
    static func address(of path: String) -> String? {
        var name = [CChar](repeating: 0, count: 256)
        guard features.hasLinks, gethostname(&name, name.count - 1) == 0,
            let encoded = path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed)
        else { return nil }
        return
            "file://\(String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))\(encoded)"
    }

    /// Whether anybody can still read standard output. It is known without writing: a program that writes only when
    /// something changes would otherwise go on for nobody.
    static var hasReader: Bool {
        var output = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
        // Only errors are reported where no event is asked for. One of them is that the other end of a pipe is closed.
        return poll(&output, 1, 0) <= 0
    }

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

    /// Prints lines that have colours, as far as the output shows them.
    ///
    /// - Throws: `UserError` if the text could not be written whole.
    static func print(_ lines: [StyledText]) throws {
        let features = Self.features
        try write(lines.map { $0.encoded(for: features) + "\n" }.joined())
    }

    /// From now on, what would be printed to a terminal as errors is handed over to a view that draws there; nil for
    /// no view.
    static func divertErrors(_ view: (@Sendable (String) -> Void)?) {
        errorView.withLock { $0 = view }
    }

    private static let errorView = Mutex<(@Sendable (String) -> Void)?>(nil)

    /// Prints lines to standard error; of very long ones the beginning.
    static func printError(_ text: String) {
        let text = TerminalText.shortened(text)
        if StandardStream.error.isTerminal, let view = errorView.withLock({ $0 }) { return view(text) }
        // If this fails, there is no place left to report it.
        _ = try? StandardStream.error.write(shown(TerminalText.lines(text) + "\n", on: .error))
    }

    /// Prints to standard error what has been printed to standard output, where the former is a terminal and the latter
    /// is not.
    static func printWhereOutputIsNotSeen(_ text: String) {
        if StandardStream.error.isTerminal, !isTerminal { printError(text) }
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

    /// The text in ASCII, if it goes to a terminal that shows nothing else. Sequences that move the cursor are ASCII
    /// themselves, and stay.
    private static func shown(_ text: String, on stream: StandardStream) -> String {
        stream.isTerminal && !features.isUnicode ? ASCIIText.replacing(text) : text
    }

    /// Writes text, including the sequences that move the cursor: in ASCII where the terminal shows nothing else, and
    /// otherwise as it is.
    ///
    /// - Returns: whether there is still a reader.
    /// - Throws: `UserError` if the text could not be written whole to a reader that is there.
    @discardableResult
    static func write(_ text: String) throws -> Bool { try write(bytes: shown(text, on: .output).utf8) }

    /// Writes bytes as they are, which need not be text.
    ///
    /// - Returns: whether there is still a reader.
    /// - Throws: `UserError` if they could not be written whole to a reader that is there.
    @discardableResult
    static func write(bytes: some Sequence<UInt8>) throws -> Bool {
        do {
            return try StandardStream.output.write(bytes: bytes)
        } catch {
            guard error.code != EBADF else { throw UserError(message: "the standard output is closed") }
            throw UserError(message: "standard output: \(error.reason)")
        }
    }
}
