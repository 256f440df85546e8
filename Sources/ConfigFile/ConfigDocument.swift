/// A YAML file, read into values with their places in the file. Its text can be written again with some of the values
/// replaced, while comments and layout stay as they are.
///
///     let document = try ConfigDocument.read(path: "train.yaml")
///     document.root[path: "optimizer.lr"]?.finiteNumber  // 0.001
///     let text = try document.text(setting: [("optimizer.lr", ConfigNode(.number(0.01)))])
///
/// Scalars are read by the core schema of YAML 1.2: `1e-3` is a number, `no` and `on` are strings, `017` is seventeen,
/// and anything in quotes is a string. Tags of the core schema (`!!str`, `!!float`) are obeyed, and other tags are
/// mistakes, except in files that another program reads as well: see `Dialect`. Aliases are resolved, and so is the
/// merge key `<<` of YAML 1.1, which many training configurations use.
public struct ConfigDocument: Sendable {
    /// The file and its text.
    public let source: SourceFile
    /// The value of the whole file; null if it has no content.
    public let root: ConfigNode
    /// The text's nodes with their places, so that values in it can be replaced.
    let syntax: SyntaxTree
    /// Kept, so that a changed text is read again by the same rules before it is returned.
    let dialect: Dialect
    /// Keys that a later one of the same mapping replaces, in the dialect `imported`; their values are not read.
    public let repeatedKeys: [(key: String, location: SourceLocation)]

    /// What a file may contain besides YAML's core schema.
    public enum Dialect: Sendable {
        /// Nothing: other tags, and keys that are not text, are mistakes. For files of our own, such as sweep files.
        case core
        /// Things that only the program for which the file is written understands. For base configurations.
        ///
        /// A node with a tag such as `!include x.yaml` is read as if it had no tag, has the tag as its `foreignTag`,
        /// and cannot be changed, nor can anything in it. A key that is a list or a mapping is skipped with its value,
        /// and so is a `<<` that merges a node with such a tag.
        case foreign
        /// A key may be given twice; the last value counts, as for PyYAML, and `repeatedKeys` has the others. Other
        /// tags are read as in `foreign`, and it is for the caller to say where one matters. For files of other
        /// programs that are only read, to convert them.
        case imported
    }

    /// Reads and parses the file at `path`.
    ///
    ///     let base = try ConfigDocument.read(path: "/home/ada/configs/a.yaml", writtenAs: "../configs/a.yaml")
    ///     base.root["seed"]?.location                 // where the seed is in the file
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - name: the path as the user wrote it, if that differs from `path`.
    ///   - dialect: what the file may contain.
    /// - Throws: `DiagnosticsError` if it cannot be read, or is not a single YAML document with unique keys.
    public static func read(
        path: String, writtenAs name: String? = nil, dialect: Dialect = .core
    ) throws(DiagnosticsError) -> ConfigDocument {
        try ConfigDocument(parsing: SourceFile(readingFrom: path, writtenAs: name), dialect: dialect)
    }

    /// Parses a text that has been read already, or that was never in a file.
    ///
    ///     let document = try ConfigDocument(parsing: SourceFile(path: "a.yaml", text: "layers: [64, 32]"))
    ///     document.root[path: "layers.1"]?.value      // .integer(32)
    ///
    /// An empty text, or one of comments alone, is no mistake: its `root` is null.
    ///
    /// - Throws: `DiagnosticsError` if it is not a single YAML document with unique keys. A mistake of syntax is
    ///   reported alone, since nothing after it can be read; repeated keys, unknown tags and unknown aliases are all
    ///   reported.
    public init(parsing source: SourceFile, dialect: Dialect = .core) throws(DiagnosticsError) {
        self.source = source
        self.dialect = dialect
        let problems = DiagnosticCollector(source: source)
        var root: ConfigNode?
        var repeatedKeys: [(key: String, location: SourceLocation)] = []
        let syntax = SyntaxReader.read(source, problems: problems)
        if let syntax {
            var builder = NodeBuilder(syntax, dialect, problems: problems)
            root = builder.build()
            repeatedKeys = builder.repeatedKeys
        }
        try problems.throwIfAny()
        self.syntax = syntax ?? SyntaxTree()
        self.root = root ?? ConfigNode(.null)
        self.repeatedKeys = repeatedKeys
    }
}
