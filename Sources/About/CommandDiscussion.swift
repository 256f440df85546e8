/// The longer text of a command's help, taken apart for the sections of a manual page.
///
///     revsweep run sweeps/digits.yaml     start a sweep     ← an example: it begins with the program's name
///
///     A sweep that exists goes on where it stopped.         ← a paragraph
///
///     yaml  the best configuration                          ← a table: words with several spaces between them
///     json  the same with provenance
///
///     Exit codes: 0 done, 1 an error.                       ← exit codes
struct CommandDiscussion: Sendable {
    enum Paragraph: Hashable, Sendable {
        /// Its lines may be broken anywhere.
        case prose(String)
        /// Its lines stay as they are.
        case table([String])
    }

    struct Example: Hashable, Sendable {
        var command: String
        /// What it does, without a full stop; may be empty.
        var comment: String
    }

    struct ExitCode: Hashable, Sendable {
        /// A number, or a sum such as `128 + n`.
        var code: String
        var meaning: String
    }

    private(set) var paragraphs: [Paragraph] = []
    private(set) var examples: [Example] = []
    private(set) var exitCodes: [ExitCode] = []

    /// - Parameter program: the name with which examples begin.
    init(_ text: String, of program: String) {
        var prose: [String] = []
        var table: [String] = []
        func flush(_ paragraphs: inout [Paragraph]) {
            if !prose.isEmpty { paragraphs.append(.prose(prose.joined(separator: " "))) }
            if !table.isEmpty { paragraphs.append(.table(table)) }
            (prose, table) = ([], [])
        }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            let columns = Self.columns(of: line)
            if line.hasPrefix("\(program) ") {
                examples.append(
                    Example(command: columns.first ?? line, comment: columns.dropFirst().joined(separator: " ")))
            } else if line.hasPrefix(Self.exitCodesMark) {
                exitCodes = Self.exitCodes(String(line.dropFirst(Self.exitCodesMark.count)))
            } else if line.isEmpty {
                flush(&paragraphs)
            } else if columns.count > 1 || line.hasPrefix(" ") {
                if !prose.isEmpty { flush(&paragraphs) }
                table.append(line)
            } else {
                if !table.isEmpty { flush(&paragraphs) }
                prose.append(line)
            }
        }
        flush(&paragraphs)
    }

    private static let exitCodesMark = "Exit codes: "

    /// The parts of a line that have two spaces or more between them.
    private static func columns(of line: String) -> [String] {
        line.split(separator: /\ {2,}/).map(String.init)
    }

    /// `0 done, 128 + n stopped by signal n (130 for Ctrl-C, 143 for SIGTERM)`: commas in brackets separate nothing.
    private static func exitCodes(_ text: String) -> [ExitCode] {
        var items = [""]
        var depth = 0
        for character in text {
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            if character == ",", depth == 0 { items.append("") } else { items[items.count - 1].append(character) }
        }
        return items.compactMap { item in
            guard let match = item.wholeMatch(of: /\s*(\d+(?:\ \+\ \w+)?)\s+(.*?)\.?/) else { return nil }
            return ExitCode(code: String(match.1), meaning: String(match.2))
        }
    }
}
