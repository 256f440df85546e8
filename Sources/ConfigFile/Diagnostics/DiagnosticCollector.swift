/// Collects the mistakes of one file, so that the user sees all of them at once.
///
///     let problems = DiagnosticCollector(source: document.source)
///     problems.report("'epochs' is missing", at: nil)
///     try problems.throwIfAny()           // DiagnosticsError: train.yaml: error: 'epochs' is missing
///
/// It is a class, so that all readers of a file, one for each section, report to the same collection.
public final class DiagnosticCollector {
    /// The file that the mistakes are in; reports quote its lines.
    public let source: SourceFile
    /// In the order in which they were reported.
    private var diagnostics: [Diagnostic] = []
    private var reported: Set<Diagnostic> = []

    /// A collector without mistakes.
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
    /// Mistakes at one place keep the order in which they were reported. Only here do they get the lines of text that
    /// messages show, as the lines are looked up for all of them at once.
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
