import ConfigFile
import Foundation
import SweepExecution
import SweepFile
import SweepModel

extension SweepFile {
    /// Notes about a command by which values do not come to the trainer, though nothing in it is an error; none if
    /// nothing looks odd. A trainer that never sees its values runs with its defaults, and nothing tells.
    ///
    ///     command: [sh, -c, 'python3 train.py "$@"', "{args}"]     # the first value is $0, which "$@" leaves out
    ///     command: [python3, train.py]                             # where train.py does not read REVSWEEP_PARAMS
    public var valueNotes: [String] { [swallowedValueNote, unpassedValuesNote].compactMap(\.self) + unreadMetricNotes }

    /// Shells that take the argument after the script of `-c` for `$0`.
    private static let shells: Set = ["sh", "bash", "dash", "zsh", "ksh", "ash"]

    /// A note if a shell takes the first value for its own name.
    private var swallowedValueNote: String? {
        let command = sweep.trainer.command
        let words = command.map(\.literalText)
        for (position, template) in command.enumerated().dropFirst(3)
        where template.placeholders.contains(where: \.isOfValues) {
            let (script, option) = (words[position - 1], words[position - 2])
            guard let shell = ShellArgument.shell(readingAfter: words[...(position - 2)]), Self.shells.contains(shell),
                !script.contains("$0"), !script.contains("${0")
            else { continue }
            return """
                the first value in the argument after the script of '\(shell) \(option)' becomes $0, which "$@" leaves \
                out; write another word before it: [\(shell), \(option), '… "$@"', \(shell), "{args}"]
                """
        }
        return nil
    }

    /// A note if the command leaves out values, and the trainer does not seem to read them by itself.
    private var unpassedValuesNote: String? {
        let trainer = sweep.trainer
        let templates =
            trainer.command + (sweep.launcher?.command ?? []) + Array(trainer.environment.values) + [trainer.directory]
        let placeholders = templates.flatMap(\.placeholders).filter(\.isOfValues)
        var missing = sweep.space.parameters.map(\.name)
        for placeholder in placeholders {
            guard case .parameter(let name) = placeholder else { return nil }
            missing.removeAll { $0 == name }
        }
        guard trainer.client == nil, !missing.isEmpty, !trainerReadsValues else { return nil }
        let what =
            placeholders.isEmpty
            ? "the command passes no values"
            : "the command does not pass " + missing.map { "'\($0)'" }.joined(separator: ", ")
        let (variables, advice) =
            document.root[path: "trainer.config"] == nil
            ? ("REVSWEEP_PARAMS", "{args} passes all values as --NAME=VALUE")
            : (
                "REVSWEEP_PARAMS or the file that REVSWEEP_CONFIG names",
                "{config} is the path of the configuration with the values"
            )
        return "\(what), so that only a trainer that reads \(variables) sees them; \(advice)"
    }

    /// A note for each metric that no pattern of `trainer.reports` reads, where there are any: it is then waited for in
    /// lines of JSON, and a wrong letter in a pattern would be seen only when a trial has ended.
    private var unreadMetricNotes: [String] {
        let names = sweep.trainer.reports.flatMap(\.names)
        if names.isEmpty { return [] }
        return sweep.objectives.measured.map(\.name).filter { !names.contains($0) }.map { metric in
            let nearest = nearestName(to: metric, among: names).map { "; did you mean {\($0)}?" } ?? ""
            return "'trainer.reports' does not read '\(metric)', so that only a line of JSON can report it\(nearest)"
        }
    }

    /// Whether the trainer's script, or else its program, names a variable by which values are handed over, or the
    /// library of a tool that is served.
    private var trainerReadsValues: Bool {
        let texts = sweep.trainer.command.dropFirst()
            .map { $0.commonText(sweepDirectory: directory) ?? $0.literalText }
        if texts.contains(where: { Self.handsOverValues(Data($0.utf8)) }) { return true }
        let folder = sharedTrainerDirectory ?? directory
        // The script may also be named in a line for a shell, or as a module: `python3 -m package.train`.
        let scripts = texts.flatMap { $0.split(whereSeparator: \.isWhitespace) }
            .flatMap { ["\($0)", $0.replacing(".", with: "/") + ".py"] }
            .compactMap { FileManager.default.contents(ofRegularFile: $0.hasPrefix("/") ? $0 : "\(folder)/\($0)") }
        if !scripts.isEmpty { return scripts.contains(where: Self.handsOverValues) }
        guard let program = try? trainerProgram() else { return false }
        return FileManager.default.contents(ofRegularFile: program).map(Self.handsOverValues) ?? false
    }

    private static func handsOverValues(_ text: Data) -> Bool {
        ["REVSWEEP_", "wandb"].contains { text.range(of: Data($0.utf8)) != nil }
    }
}

extension CommandTemplate {
    /// The text without what the placeholders stand for.
    fileprivate var literalText: String {
        segments.map { if case .text(let text) = $0 { text } else { "" } }.joined()
    }
}

extension CommandTemplate.Placeholder {
    /// Whether values of a trial stand for it.
    fileprivate var isOfValues: Bool {
        switch self {
        case .config, .arguments, .parameter: true
        case .trialDirectory, .sweepDirectory, .number, .attempt, .seed, .threads, .memory, .gpus, .gpuShare, .variable,
            .home:
            false
        }
    }
}

extension FileManager {
    /// What a file holds; nil if it is no regular file, cannot be read, or is larger than a program usually is.
    fileprivate func contents(ofRegularFile path: String) -> Data? {
        let url = URL(fileURLWithPath: path).resolvingSymlinksInPath()
        guard let attributes = try? attributesOfItem(atPath: url.path),
            attributes[.type] as? FileAttributeType == .typeRegular, let size = attributes[.size] as? Int,
            size <= 64 << 20
        else { return nil }
        return try? Data(contentsOf: url, options: .mappedIfSafe)
    }
}
