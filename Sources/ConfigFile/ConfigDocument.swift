import Yams

/// A YAML file as values with locations.
///
/// Scalars are read by the rules of YAML 1.2's core schema: `1e-3` is a number, `no` and `on` are strings, `017` is
/// seventeen, and whatever stands in quotes is a string.
public struct ConfigDocument: Sendable {
    public let source: SourceFile
    /// Null for a file without content.
    public let root: ConfigNode

    /// The most values that a file may hold once its aliases are expanded.
    static let mostNodes = 100_000

    /// Reads and parses the file at `path`.
    ///
    /// - Throws: `DiagnosticsError` if it cannot be read or is not one YAML document with unique keys.
    public static func read(path: String) throws(DiagnosticsError) -> ConfigDocument {
        try ConfigDocument(parsing: SourceFile(readingFrom: path))
    }

    /// - Throws: `DiagnosticsError` as `read(path:)` does.
    public init(parsing source: SourceFile) throws(DiagnosticsError) {
        self.source = source
        do {
            guard let node = try Yams.Parser(yaml: source.text).singleRoot() else {
                root = ConfigNode(.null)
                return
            }
            var conversion = Conversion()
            root = try conversion.convert(node)
        } catch let problem as StructureProblem {
            throw Self.refusal(source, problem.message, at: problem.location, help: problem.help)
        } catch let error as YamlError {
            throw Self.diagnostics(for: error, in: source)
        } catch {
            throw Self.refusal(source, "\(error)", at: nil)
        }
    }

    private static func refusal(
        _ source: SourceFile, _ message: String, at location: SourceLocation?, help: String? = nil
    ) -> DiagnosticsError {
        let line = location.map { source.line($0.line) } ?? ""
        return DiagnosticsError([
            Diagnostic(path: source.path, location: location, message: message, help: help, line: line)
        ])
    }

    private static func diagnostics(for error: YamlError, in source: SourceFile) -> DiagnosticsError {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let location = SourceLocation(line: mark.line, column: mark.column)
            if source.line(mark.line).unicodeScalars.prefix(while: { $0 == " " || $0 == "\t" }).contains("\t") {
                return refusal(
                    source, "the line is indented with a tab", at: SourceLocation(line: mark.line, column: 1),
                    help: "YAML is indented with spaces")
            }
            let message = [context?.text, problem].compactMap { $0?.trimmedOfSpaces }.filter { !$0.isEmpty }
                .joined(separator: ": ")
            return refusal(source, message, at: location)
        case .duplicatedKeysInMapping(let keys, let context):
            let key = keys.first ?? ""
            let first = SourceLocation(line: context.mark.line, column: context.mark.column)
            let second = repetition(of: key, after: first, in: source)
            return refusal(
                source, "the key '\(key)' is given twice", at: second ?? first,
                help: second == nil ? nil : "it is first given on line \(first.line)")
        case .reader(let problem, _, _, _), .writer(let problem), .emitter(let problem), .representer(let problem):
            return refusal(source, problem, at: nil)
        case .no, .memory, .dataCouldNotBeDecoded:
            return refusal(source, "the text cannot be read as YAML", at: nil)
        }
    }

    /// Yams tells where a repeated key stands first; a person wants to see it where it stands again.
    private static func repetition(
        of key: String, after first: SourceLocation, in source: SourceFile
    ) -> SourceLocation? {
        let lines = source.text.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where index + 1 > first.line {
            let indentation = line.prefix { $0 == " " }.count
            let rest = line.dropFirst(indentation)
            if indentation + 1 == first.column, rest.hasPrefix(key), rest.dropFirst(key.count).first == ":" {
                return SourceLocation(line: index + 1, column: first.column)
            }
        }
        return nil
    }
}

/// Why a well-formed YAML text is no configuration.
private struct StructureProblem: Error {
    var message: String
    var location: SourceLocation?
    var help: String?
}

private struct Conversion {
    private var count = 0

    mutating func convert(_ node: Node) throws -> ConfigNode {
        let location = node.mark.map { SourceLocation(line: $0.line, column: $0.column) }
        count += 1
        guard count <= ConfigDocument.mostNodes else {
            throw StructureProblem(
                message: "the file holds more than \(ConfigDocument.mostNodes) values", location: nil,
                help: "aliases count each time they are used")
        }
        switch node {
        case .scalar(let scalar):
            return ConfigNode(scalar.style == .plain ? .plain(scalar.string) : .string(scalar.string), at: location)
        case .sequence(let sequence):
            return ConfigNode(.sequence(try sequence.map { try convert($0) }), at: location)
        case .mapping(let mapping):
            return ConfigNode(.mapping(try mapping.map { try entry(key: $0.key, value: $0.value) }), at: location)
        case .alias:
            throw StructureProblem(message: "an alias stands for nothing", location: location)
        }
    }

    private mutating func entry(key: Node, value: Node) throws -> ConfigEntry {
        let location = key.mark.map { SourceLocation(line: $0.line, column: $0.column) }
        guard case .scalar(let scalar) = key else {
            throw StructureProblem(message: "a key must be a plain name", location: location)
        }
        return ConfigEntry(key: scalar.string, at: location, node: try convert(value))
    }
}

extension String {
    fileprivate var trimmedOfSpaces: String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
