/// One mistake in a file that a person wrote: what is wrong, where, and what would be right.
public struct Diagnostic: Sendable, Hashable {
    public var path: String
    /// Nil where the mistake is the file as a whole.
    public var location: SourceLocation?
    /// Lower case, no full stop, in the user's own words.
    public var message: String
    public var help: String?
    /// The text of the line at `location`.
    public var line: String

    public init(
        path: String, location: SourceLocation? = nil, message: String, help: String? = nil, line: String = ""
    ) {
        self.path = path
        self.location = location
        self.message = message
        self.help = help
        self.line = line
    }
}

extension Diagnostic: CustomStringConvertible {
    /// `path:line:column: error: …`, the line itself, a caret below the column, and the help.
    public var description: String {
        let help = help.map { "= help: \(Self.printable($0))" }
        guard let location else {
            return "\(path): error: \(Self.printable(message))" + (help.map { "\n  \($0)" } ?? "")
        }
        var text = "\(path):\(location.line):\(location.column): error: \(Self.printable(message))"
        let number = String(location.line)
        let margin = String(repeating: " ", count: number.count)
        let (excerpt, column) = excerpt(around: location.column)
        if !excerpt.isEmpty {
            text += "\n\(number) | \(excerpt)\n\(margin) | \(String(repeating: " ", count: column - 1))^"
        }
        if let help { text += "\n\(margin) \(help)" }
        return text
    }

    /// The text on one line, control characters as their pictures: they are part of what a message quotes.
    private static func printable(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { scalar -> Unicode.Scalar in
            switch scalar.value {
            case 0..<32: return Unicode.Scalar(0x2400 + scalar.value) ?? scalar
            case 127: return "\u{2421}"
            case 128..<160: return "\u{FFFD}"
            default: return scalar
            }
        }
        return String(String.UnicodeScalarView(scalars))
    }

    /// The part of a long line that surrounds `column`, control characters as spaces so that the caret stays below it.
    private func excerpt(around column: Int) -> (text: String, column: Int) {
        let longest = 110
        let printable = line.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) }
        guard printable.count > longest else { return (String(printable), max(1, min(column, printable.count + 1))) }
        let start = max(0, min(column - longest / 2, printable.count - longest))
        return (String(printable[start..<start + longest]), max(1, min(column - start, longest)))
    }
}

/// All the mistakes that were found in one reading; never empty.
public struct DiagnosticsError: Error, Sendable, Hashable, CustomStringConvertible {
    public let diagnostics: [Diagnostic]

    public init(_ diagnostics: [Diagnostic]) {
        precondition(!diagnostics.isEmpty, "an error needs a diagnostic")
        self.diagnostics = diagnostics
    }

    public var description: String {
        let shown = 50
        var text = diagnostics.prefix(shown).map(\.description).joined(separator: "\n")
        if diagnostics.count > shown { text += "\n… and \(diagnostics.count - shown) more errors" }
        return text
    }
}
