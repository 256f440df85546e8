import ConfigFile
import SweepSearch

/// Reads a program and its arguments, with placeholders in them.
struct CommandReader {
    let document: ConfigDocument
    /// What `{param:NAME}` may name; nil where a mistake left it open.
    let parameters: [String]?
    let problems: DiagnosticCollector

    /// - Parameter path: of the list, for messages.
    func read(_ node: ConfigNode, path: String) -> [CommandTemplate]? {
        guard case .sequence(let items) = node.value, !items.isEmpty else {
            problems.report(
                "'\(path)' must be a list of a program and its arguments, found \(node.kindDescription)",
                at: node.location, help: "command: [PROGRAM, ARGUMENT, …]; no shell reads it")
            return nil
        }
        var templates: [CommandTemplate] = []
        for (position, item) in items.enumerated() {
            guard let text = ParameterValue(item.value)?.argument else {
                problems.report(
                    "an argument must be text, found \(item.kindDescription)", at: item.location,
                    help: item.entries.first.map { "a placeholder needs quotes: \"{\($0.key)}\"" })
                continue
            }
            if text.utf8.contains(0) { problems.report("an argument cannot hold a NUL", at: item.location) }
            do {
                let template = try CommandTemplate(parsing: text, parameters: parameters)
                reportUnfilled(template.placeholders, at: item.location)
                if position == 0, template.text?.isEmpty ?? true {
                    problems.report(
                        "the program must be a name or a path, found \(item.kindDescription)", at: item.location)
                }
                templates.append(template)
            } catch {
                problems.report(error.message, at: item.location, help: error.help)
            }
        }
        return templates.count == items.count ? templates : nil
    }

    /// Reports the placeholders for which this sweep has nothing.
    private func reportUnfilled(_ placeholders: [CommandTemplate.Placeholder], at location: SourceLocation?) {
        if placeholders.contains(.config), document.root[path: "trainer.config"] == nil {
            problems.report(
                "'{config}' needs a base configuration", at: location, help: "name one: trainer: {config: PATH}")
        }
        if placeholders.contains(.memory), document.root[path: "resources.memory"] == nil {
            problems.report(
                "'{memory_mib}' needs a limit", at: location, help: "give one: resources: {memory: 2GiB}")
        }
    }
}
