/// A YAML file as values with locations.
///
/// Scalars are read by the rules of YAML 1.2's core schema: `1e-3` is a number, `no` and `on` are strings, `017` is
/// seventeen, and whatever stands in quotes is a string. The tags of the core schema (`!!str`, `!!float`) are heeded,
/// others refused. Aliases are followed, and so is YAML 1.1's merge key `<<`, which many training configurations use.
public struct ConfigDocument: Sendable {
    public let source: SourceFile
    /// Null for a file without content.
    public let root: ConfigNode
    /// The text as it is written, where a value can be replaced.
    let syntax: SyntaxTree

    /// Reads and parses the file at `path`.
    ///
    /// - Parameter name: the path as the user wrote it, where that is another one.
    /// - Throws: `DiagnosticsError` if it cannot be read or is not one YAML document with unique keys.
    public static func read(path: String, writtenAs name: String? = nil) throws(DiagnosticsError) -> ConfigDocument {
        try ConfigDocument(parsing: SourceFile(readingFrom: path, writtenAs: name))
    }

    /// - Throws: `DiagnosticsError` as `read(path:)` does.
    public init(parsing source: SourceFile) throws(DiagnosticsError) {
        self.source = source
        let problems = DiagnosticCollector(source: source)
        var root: ConfigNode?
        let syntax = SyntaxReader.read(source, problems: problems)
        if let syntax {
            var conversion = Conversion(syntax, problems: problems)
            root = conversion.converted()
        }
        try problems.throwIfAny()
        self.syntax = syntax ?? SyntaxTree()
        self.root = root ?? ConfigNode(.null)
    }
}
