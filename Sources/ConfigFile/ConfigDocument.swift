/// A YAML file as values with locations.
///
/// Scalars are read by the rules of YAML 1.2's core schema: `1e-3` is a number, `no` and `on` are strings, `017` is
/// seventeen, and whatever stands in quotes is a string. The tags of the core schema (`!!str`, `!!float`) are heeded,
/// others refused, unless the file is another program's and says more to that one. Aliases are followed, and so is YAML
/// 1.1's merge key `<<`, which many training configurations use.
public struct ConfigDocument: Sendable {
    public let source: SourceFile
    /// Null for a file without content.
    public let root: ConfigNode
    /// The text as it is written, where a value can be replaced.
    let syntax: SyntaxTree
    let dialect: Dialect

    /// What a file may hold besides YAML's core schema.
    public enum Dialect: Sendable {
        /// Nothing: a tag that is not of the core schema is a mistake, and so is a key that is no text.
        case core
        /// What means something to the program that reads the file: a node with a tag of its own (`!include x.yaml`) is
        /// taken for what it is without the tag, has that as its `foreignTag`, and cannot be changed, nor what is in it.
        /// A key that is a list or a mapping is passed over with its value, and so is a `<<` that merges such a node.
        case foreign
    }

    /// Reads and parses the file at `path`.
    ///
    /// - Parameter name: the path as the user wrote it, where that is another one.
    /// - Throws: `DiagnosticsError` if it cannot be read or is not one YAML document with unique keys.
    public static func read(
        path: String, writtenAs name: String? = nil, dialect: Dialect = .core
    ) throws(DiagnosticsError) -> ConfigDocument {
        try ConfigDocument(parsing: SourceFile(readingFrom: path, writtenAs: name), dialect: dialect)
    }

    /// - Throws: `DiagnosticsError` as `read(path:)` does.
    public init(parsing source: SourceFile, dialect: Dialect = .core) throws(DiagnosticsError) {
        self.source = source
        self.dialect = dialect
        let problems = DiagnosticCollector(source: source)
        var root: ConfigNode?
        let syntax = SyntaxReader.read(source, problems: problems)
        if let syntax {
            var conversion = Conversion(syntax, dialect, problems: problems)
            root = conversion.converted()
        }
        try problems.throwIfAny()
        self.syntax = syntax ?? SyntaxTree()
        self.root = root ?? ConfigNode(.null)
    }
}
