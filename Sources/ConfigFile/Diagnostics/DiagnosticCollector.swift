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
    /// The texts of settings that take the place of values in the file, in their order.
    private var settings: [SourceFile] = []

    /// A collector without mistakes.
    public init(source: SourceFile) {
        self.source = source
    }

    /// Whether no mistake was reported so far. Warnings are none.
    public var isEmpty: Bool { !diagnostics.contains { $0.severity == .error } }

    /// Adds a text that mistakes may be in, besides the file.
    ///
    /// - Returns: the number of the text for `SourceLocation.text`.
    func add(_ setting: SourceFile) -> Int {
        settings.append(setting)
        return settings.count
    }

    /// Adds a mistake. The same one may be reported twice, when a part of the file is read twice; it is kept once.
    ///
    /// - Parameters:
    ///   - message: what is wrong, in lower case and without a full stop.
    ///   - location: where; nil if the mistake concerns the file as a whole.
    ///   - help: what the user can do.
    public func report(_ message: String, at location: SourceLocation?, help: String? = nil) {
        add(.error, message, at: location, help: help)
    }

    /// Adds a warning: something that is no mistake, but that the user may not have meant. The parameters are those of
    /// `report`.
    public func warn(_ message: String, at location: SourceLocation?, help: String? = nil) {
        add(.warning, message, at: location, help: help)
    }

    private func add(_ severity: Diagnostic.Severity, _ message: String, at location: SourceLocation?, help: String?) {
        let source = source(of: location)
        var diagnostic = Diagnostic(path: source.path, location: location, message: message, help: help)
        diagnostic.severity = severity
        diagnostic.isInArgument = source.isArgument
        if reported.insert(diagnostic).inserted { diagnostics.append(diagnostic) }
    }

    private func source(of location: SourceLocation?) -> SourceFile {
        guard let number = location?.text, settings.indices.contains(number - 1) else { return source }
        return settings[number - 1]
    }

    /// The warnings in the order of the text.
    public var warnings: [Diagnostic] { located(.warning) }

    /// Ends the reading of a file with an error if there were mistakes.
    ///
    /// Mistakes at one place keep the order in which they were reported. Only here do they get the lines of text that
    /// messages show, as the lines are looked up for all of them at once.
    ///
    /// - Throws: `DiagnosticsError` with all reported mistakes in the order of the text.
    public func throwIfAny() throws(DiagnosticsError) {
        let errors = located(.error)
        if !errors.isEmpty { throw DiagnosticsError(errors) }
    }

    /// What was reported, in the order of the texts, each with its line.
    private func located(_ severity: Diagnostic.Severity) -> [Diagnostic] {
        let none = SourceLocation(line: 0, column: 0)
        let order = diagnostics.filter { $0.severity == severity }.enumerated().sorted {
            ($0.element.location ?? none, $0.offset) < ($1.element.location ?? none, $1.offset)
        }
        let lines = ([source] + settings).map(\.text.unicodeScalars.lines)
        return order.map(\.element).map { diagnostic in
            var diagnostic = diagnostic
            if let place = diagnostic.location, lines.indices.contains(place.text),
                lines[place.text].indices.contains(place.line - 1)
            {
                diagnostic.line = String(lines[place.text][place.line - 1])
            }
            return diagnostic
        }
    }
}
