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
        guard let location else {
            return "\(path): error: \(message)" + (help.map { "\n  = help: \($0)" } ?? "")
        }
        var text = "\(path):\(location.line):\(location.column): error: \(message)"
        let number = String(location.line)
        let margin = String(repeating: " ", count: number.count)
        let (excerpt, column) = excerpt(around: location.column)
        if !excerpt.isEmpty {
            text += "\n\(number) | \(excerpt)\n\(margin) | \(String(repeating: " ", count: column - 1))^"
        }
        if let help { text += "\n\(margin) = help: \(help)" }
        return text
    }

    /// The part of a long line that surrounds `column`, control characters as spaces so that the caret stays below it.
    private func excerpt(around column: Int) -> (text: String, column: Int) {
        let longest = 110
        let printable = line.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : Character($0) }
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

/// Gathers the mistakes of one file, so that its author hears of all of them at once.
public final class DiagnosticCollector {
    public let source: SourceFile
    private var diagnostics: [Diagnostic] = []

    public init(source: SourceFile) {
        self.source = source
    }

    public var isEmpty: Bool { diagnostics.isEmpty }

    public func report(_ message: String, at location: SourceLocation?, help: String? = nil) {
        let diagnostic = Diagnostic(
            path: source.path, location: location, message: message, help: help,
            line: location.map { source.line($0.line) } ?? "")
        if !diagnostics.contains(diagnostic) { diagnostics.append(diagnostic) }
    }

    /// Does nothing if no mistake was reported.
    ///
    /// - Throws: all that was reported, in the order of the text.
    public func throwIfAny() throws(DiagnosticsError) {
        guard !diagnostics.isEmpty else { return }
        let none = SourceLocation(line: 0, column: 0)
        let order = diagnostics.enumerated().sorted {
            ($0.element.location ?? none, $0.offset) < ($1.element.location ?? none, $1.offset)
        }
        throw DiagnosticsError(order.map(\.element))
    }
}
