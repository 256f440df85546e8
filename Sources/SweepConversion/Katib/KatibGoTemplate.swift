import ConfigFile

/// The template with which version v1alpha3 describes a trial: YAML with directives of Go's templates.
///
///     command: [python3, main.py]
///     args:
///     {{- range .HyperParameters}}
///     - "{{.Name}}={{.Value}}"          # one argument for each parameter
///     {{- end}}
enum KatibGoTemplate {
    /// What stands for the name and for the value of each parameter.
    private static let name = "{{.Name}}"
    private static let value = "{{.Value}}"

    /// The trial as later versions have it in `trialSpec`; nil for a template that does more than to go through the
    /// parameters.
    static func spec(_ node: ConfigNode?) -> ConfigNode? {
        guard let node, let text = node.foreignText else { return nil }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).compactMap { line -> String? in
            let word = String(line).trimmingWhitespace
            let isDirective = word.hasPrefix("{{") && word.hasSuffix("}}")
            return isDirective && !word.contains(".Name") && !word.contains(".Value") ? nil : plain(String(line))
        }
        let rest = lines.map { $0.replacing(name, with: "").replacing(value, with: "") }
        guard !rest.contains(where: { $0.contains("{{") }) else { return nil }
        let source = SourceFile(path: "", text: lines.joined(separator: "\n"))
        guard let document = try? ConfigDocument(parsing: source, dialect: .imported) else { return nil }
        return located(document.root, at: node.location)
    }

    /// A line with its directives as they are looked for, and the name of the trial as later versions write it.
    private static func plain(_ line: String) -> String {
        var line = line.replacing("{{ ", with: "{{").replacing("{{- ", with: "{{").replacing(" }}", with: "}}")
        line = line.replacing(" -}}", with: "}}").replacing("{{.Trial}}", with: "${trialSpec.Name}")
        return line.replacing("{{.NameSpace}}", with: "${trialSpec.Namespace}")
    }

    /// The node with one place for everything in it: lines of the template are not those of the file.
    private static func located(_ node: ConfigNode, at place: SourceLocation?) -> ConfigNode {
        var node = node
        node.location = place
        switch node.value {
        case .sequence(let nodes): node.value = .sequence(nodes.map { located($0, at: place) })
        case .mapping(let entries):
            node.value = .mapping(
                entries.map { ConfigEntry(key: $0.key, at: place, node: located($0.node, at: place)) })
        case .null, .boolean, .integer, .number, .string: break
        }
        return node
    }

    /// An argument as it is for each of the parameters, if it is in the loop over them.
    ///
    /// - Parameter isForShell: whether it is a line for a shell, in which only one word is in the loop.
    static func arguments(_ text: String, _ parameters: [String], isForShell: Bool) -> [String] {
        guard text.contains(name) || text.contains(value) else { return [text] }
        func repeated(_ text: String) -> [String] {
            parameters.map { parameter in
                text.replacing(name, with: parameter).replacing(value, with: "${trialParameters.\(parameter)}")
            }
        }
        guard isForShell else { return repeated(text) }
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map { word in
            word.contains(name) || word.contains(value) ? repeated(String(word)).joined(separator: " ") : String(word)
        }
        return [words.joined(separator: " ")]
    }
}
