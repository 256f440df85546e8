/// One mistake in a file that a user wrote, or a warning: what is wrong, where, and what would be right.
///
///     sweep.yaml:3:3: error: unknown key 'optimizer.dampng'
///     3 |   dampng: 0.1
///       |   ^
///       = help: did you mean 'damping'?
public struct Diagnostic: Sendable, Hashable {
    public enum Severity: String, Sendable, Hashable {
        case error, warning
    }

    public var severity = Severity.error
    /// The file, as the user wrote its path.
    public var path: String
    /// Nil if the mistake concerns the file as a whole.
    public var location: SourceLocation?
    /// What is wrong: in lower case, without a full stop, quoting the user's own words.
    public var message: String
    /// What the user can do; nil if the message says it all.
    public var help: String?
    /// The text of the line at `location`.
    public var line: String
    /// Whether `path` stands for an argument of a command, whose line and column nobody counts.
    var isInArgument = false

    /// A mistake; only its file and the message are needed.
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
    ///
    /// A mistake without a place is one line, with its help on a second:
    ///
    ///     sweeps/digit.yaml: error: there is no such file
    ///       = help: did you mean 'sweeps/digits.yaml'?
    ///
    /// In an argument, line and column are left out:
    ///
    ///     --set model.hidden: error: 'model.hidden' must be an integer, found the string 'wide'
    ///       | model.hidden=wide
    ///       |              ^
    public var description: String {
        let help = help.map { "= help: \(Self.printable($0))" }
        guard let location else {
            return "\(path): \(severity.rawValue): \(Self.printable(message))" + (help.map { "\n  \($0)" } ?? "")
        }
        let place = isInArgument ? Self.printable(path) : "\(path):\(location.line):\(location.column)"
        var text = "\(place): \(severity.rawValue): \(Self.printable(message))"
        let number = isInArgument ? " " : String(location.line)
        let margin = String(repeating: " ", count: number.count)
        let (excerpt, column) = excerpt(around: location.column)
        if !excerpt.isEmpty {
            text += "\n\(number) | \(excerpt)\n\(margin) | \(String(repeating: " ", count: column - 1))^"
        }
        if let help { text += "\n\(margin) \(help)" }
        return text
    }

    /// The text on one line. Control characters, which may be in quoted text, are shown as symbols (`␛`), so that a
    /// terminal does not act on them.
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

    /// The part of a long line around `column`, and that column in it. Control characters become spaces, so that each
    /// takes one column and the caret is in the right place.
    private func excerpt(around column: Int) -> (text: String, column: Int) {
        let maxLength = 110
        let printable = line.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) }
        guard printable.count > maxLength else { return (String(printable), max(1, min(column, printable.count + 1))) }
        let start = max(0, min(column - maxLength / 2, printable.count - maxLength))
        return (String(printable[start..<start + maxLength]), max(1, min(column - start, maxLength)))
    }
}

/// All mistakes found in a file; there is at least one.
public struct DiagnosticsError: Error, Sendable, Hashable, CustomStringConvertible {
    /// In the order of the text; those without a place come first.
    public let diagnostics: [Diagnostic]

    /// - Precondition: `diagnostics` is not empty.
    public init(_ diagnostics: [Diagnostic]) {
        precondition(!diagnostics.isEmpty, "an error needs a diagnostic")
        self.diagnostics = diagnostics
    }

    /// The diagnostics one after the other, 50 at most: a file of another kind may have thousands of mistakes.
    public var description: String {
        let shown = 50
        var text = diagnostics.prefix(shown).map(\.description).joined(separator: "\n")
        if diagnostics.count > shown { text += "\n… and \(diagnostics.count - shown) more errors" }
        return text
    }
}
