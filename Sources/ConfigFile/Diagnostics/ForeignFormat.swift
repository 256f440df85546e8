import Foundation

extension SourceFile {
    /// What to say of a text that is no mapping in YAML, if it looks like a file of another format: by the ending of
    /// its name, or by its first line that is no comment. Nil if it does not.
    ///
    ///     [optimizer]
    ///     lr = 0.1            // this looks like TOML or INI, and only YAML and JSON are read
    ///
    /// Only a text that cannot be read otherwise may be asked: `[adam]` is a list in YAML, too, and `a = b` a text.
    public var foreignFormat: Diagnostic? {
        if isArgument { return nil }
        let lines = text.unicodeScalars.lines.map(String.init)
        guard let first = lines.enumerated().first(where: { Self.isContent($0.element) }) else { return nil }
        let isTelling = Self.isHeading(first.element) || Self.isAssignment(first.element)
        let ending = URL(fileURLWithPath: path).pathExtension.lowercased()
        guard let format = Self.formats[ending] ?? (isTelling ? "TOML or INI" : nil) else { return nil }
        return Diagnostic(
            path: path, location: isTelling ? SourceLocation(line: first.offset + 1, column: 1) : nil,
            message: "this looks like \(format), and only YAML and JSON are read",
            help: "in YAML a value is 'key: value', and a section is 'name:' with its keys indented below it",
            line: isTelling ? first.element : "")
    }

    /// By the ending of a name in lower case. Files that end in `.cfg` or `.conf` may be YAML.
    private static let formats = ["toml": "TOML", "ini": "INI", "py": "Python", "xml": "XML"]

    /// Whether the line is neither blank nor a comment.
    private static func isContent(_ line: String) -> Bool {
        guard let start = line.first(where: { !$0.isWhitespace }) else { return false }
        return start != "#" && start != ";"
    }

    /// Whether the line is `[section]` or `[[section]]`.
    private static func isHeading(_ line: String) -> Bool {
        let text = line.prefix { $0 != "#" && $0 != ";" }.trimmingCharacters(in: .whitespaces)
        guard text.hasPrefix("["), text.hasSuffix("]") else { return false }
        let name = text.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        return name.contains(where: \.isLetter) && !name.contains(where: { ",:[]{}".contains($0) })
    }

    /// Whether the line is `key = value`.
    private static func isAssignment(_ line: String) -> Bool {
        guard let equals = line.firstIndex(of: "="), !line[equals...].hasPrefix("==") else { return false }
        let name = line[..<equals].trimmingCharacters(in: .whitespaces)
        return !name.isEmpty && name.allSatisfy { $0.isLetter || $0.isNumber || "_.-\"' ".contains($0) }
    }
}
