/// Gathers the mistakes of one file, so that its author hears of all of them at once.
public final class DiagnosticCollector {
    public let source: SourceFile
    private var diagnostics: [Diagnostic] = []
    private var reported: Set<Diagnostic> = []

    public init(source: SourceFile) {
        self.source = source
    }

    public var isEmpty: Bool { diagnostics.isEmpty }

    /// Takes note of a mistake; one that was reported before counts once.
    public func report(_ message: String, at location: SourceLocation?, help: String? = nil) {
        let diagnostic = Diagnostic(path: source.path, location: location, message: message, help: help)
        if reported.insert(diagnostic).inserted { diagnostics.append(diagnostic) }
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
        let lines = source.text.unicodeScalars.lines
        throw DiagnosticsError(
            order.map(\.element).map { diagnostic in
                var diagnostic = diagnostic
                if let number = diagnostic.location?.line, lines.indices.contains(number - 1) {
                    diagnostic.line = String(lines[number - 1])
                }
                return diagnostic
            })
    }
}
