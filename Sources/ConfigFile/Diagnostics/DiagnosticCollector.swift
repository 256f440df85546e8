/// Collects the mistakes of one file, so that the user sees all of them at once.
///
///     let problems = DiagnosticCollector(source: document.source)
///     problems.report("'epochs' is missing", at: nil)
///     try problems.throwIfAny()
public final class DiagnosticCollector {
    /// The file that the mistakes are in; reports quote its lines.
    public let source: SourceFile
    private var diagnostics: [Diagnostic] = []
    private var reported: Set<Diagnostic> = []

    public init(source: SourceFile) {
        self.source = source
    }

    /// Whether no mistake was reported so far.
    public var isEmpty: Bool { diagnostics.isEmpty }

    /// Adds a mistake. The same one may be reported twice, when a part of the file is read twice; it is kept once.
    ///
    /// - Parameters:
    ///   - message: what is wrong, in lower case and without a full stop.
    ///   - location: where; nil if the mistake concerns the file as a whole.
    ///   - help: what the user can do.
    public func report(_ message: String, at location: SourceLocation?, help: String? = nil) {
        let diagnostic = Diagnostic(path: source.path, location: location, message: message, help: help)
        if reported.insert(diagnostic).inserted { diagnostics.append(diagnostic) }
    }

    /// Ends the reading of a file with an error if there were mistakes.
    ///
    /// - Throws: `DiagnosticsError` with all reported mistakes in the order of the text.
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
