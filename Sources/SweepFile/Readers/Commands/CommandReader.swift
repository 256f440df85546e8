import ConfigFile
import SweepModel
import SweepSearch

/// Reads the list of a program and its arguments, with placeholders in them.
///
/// A mistake that a shell would let pass is found here, before the first trial:
///
///     command: [python, train.py, {config}]       # a mapping to YAML: the placeholder needs quotes
///     command: [python, train.py, "{confg}"]      # did you mean '{config}'?
struct CommandReader {
    /// The whole file: whether `{config}` and `{memory_mib}` have a value is said elsewhere in it.
    let document: ConfigDocument
    /// The names that `{param:NAME}` may have; nil where the parameters could not be read, and any name is accepted.
    let parameters: [String]?
    /// Whether to read commands as earlier releases did, for sweeps that they started: `$` and `~` are plain text, and
    /// a number is passed on in its shortest form, not as the file spells it.
    var isFormer = false
    let problems: DiagnosticCollector

    /// Reads a list such as `[python3, train.py, "--lr={param:lr}"]`, one template for each element.
    ///
    /// - Parameter path: the path of the list, for messages.
    /// - Returns: nil if there is a mistake in the command, which is reported; all elements are read first.
    func read(_ node: ConfigNode, path: String) -> [CommandTemplate]? {
        guard case .sequence(let items) = node.value, !items.isEmpty else {
            problems.report(
                "'\(path)' must be a list of a program and its arguments, found \(node.kindDescription)",
                at: node.location, help: "command: [PROGRAM, ARGUMENT, …]; no shell reads it")
            return nil
        }
        var templates: [CommandTemplate] = []
        for (position, item) in items.enumerated() {
            guard let written = item.scalarText else {
                problems.report(
                    "an argument must be text, found \(item.kindDescription)", at: item.location,
                    help: item.entries.first.map { "a placeholder needs quotes: \"{\($0.key)}\"" }
                        ?? (item.value == .null ? "anything in quotes is one: \"null\"" : nil))
                continue
            }
            let text = isFormer ? ParameterValue(item)?.argument ?? written : written
            if text.utf8.contains(0) { problems.report("an argument cannot hold a NUL", at: item.location) }
            let reader: CommandTemplate.Reader =
                isFormer
                ? .former : ShellArgument.follows(items[..<position].map { $0.scalarText ?? "" }) ? .shell : .program
            guard let template = template(text, for: reader, at: item.location) else { continue }
            if position == 0, !template.isProgram {
                problems.report(
                    "the program must be a name or a path, found \(item.kindDescription)", at: item.location)
            }
            templates.append(template)
        }
        return templates.count == items.count ? templates : nil
    }

    /// One text of a command or of the environment; nil if there is a mistake in it, which is reported.
    func template(_ text: String, for reader: CommandTemplate.Reader, at location: SourceLocation?) -> CommandTemplate?
    {
        do {
            let template = try CommandTemplate(parsing: text, parameters: parameters, for: reader)
            reportUnfilled(template.placeholders, at: location)
            return template
        } catch {
            problems.report(error.message, at: location, help: error.help)
            return nil
        }
    }

    /// Reports placeholders that would be empty in every trial of this sweep.
    ///
    ///     command: [train, "{config}"]        # without trainer.config: '{config}' needs a base configuration
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

extension CommandTemplate {
    /// Whether it can name a program: one that is the same for all trials, so that it can be looked for before the
    /// first.
    fileprivate var isProgram: Bool {
        !segments.contains(.text(""))
            && placeholders.allSatisfy { placeholder in
                switch placeholder {
                case .variable, .home, .sweepDirectory: true
                case .config, .trialDirectory, .number, .attempt, .seed, .threads, .memory, .gpus,
                    .gpuShare,
                    .parameter, .arguments:
                    false
                }
            }
    }
}

extension ConfigNode {
    /// The text of a scalar as it is written, so that `1e-3` stays `1e-3`; nil for null, lists and mappings.
    package var scalarText: String? {
        switch value {
        case .null, .sequence, .mapping: nil
        case .boolean, .integer, .number, .string: text ?? ParameterValue(self)?.argument
        }
    }
}
