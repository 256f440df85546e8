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
    var valueNotes: [String] { [swallowedValueNote, unpassedValuesNote].compactMap(\.self) }

    /// Shells that take the argument after the script of `-c` for `$0`.
    private static let shells: Set = ["sh", "bash", "dash", "zsh", "ksh", "ash"]

    /// A note if a shell takes the first value for its own name.
    private var swallowedValueNote: String? {
        let command = sweep.trainer.command
        let words = command.map(\.literalText)
        for (position, template) in command.enumerated().dropFirst(3) where template.passesValues {
            let (script, option) = (words[position - 1], words[position - 2])
            let programs = words[..<(position - 2)].map { $0.split(separator: "/").last.map(String.init) ?? "" }
            guard option.hasPrefix("-"), !option.hasPrefix("--"), option.hasSuffix("c"),
                let shell = programs.last(where: Self.shells.contains), !script.contains("$0")
            else { continue }
            return """
                the first value in the argument after the script of '\(shell) \(option)' becomes $0, which "$@" leaves \
                out; write another word before it: [\(shell), \(option), '… "$@"', \(shell), "{args}"]
                """
        }
        return nil
    }

    /// A note if the command passes some values to nothing, and the trainer does not seem to read them by itself.
    private var unpassedValuesNote: String? {
        let trainer = sweep.trainer
        let templates = trainer.command + Array(trainer.environment.values) + [trainer.directory]
        let placeholders = templates.flatMap(\.placeholders)
        var passed: Set<String> = []
        for placeholder in placeholders {
            switch placeholder {
            case .config, .arguments: return nil
            case .parameter(let name): passed.insert(name)
            case .trialDirectory, .sweepDirectory, .number, .attempt, .seed, .threads, .memory, .gpus, .gpuShare,
                .variable, .home:
                break
            }
        }
        let missing = sweep.space.parameters.map(\.name).filter { !passed.contains($0) }
        guard trainer.client == nil, !missing.isEmpty, !trainerReadsValues else { return nil }
        let what =
            passed.isEmpty
            ? "the command passes no values"
            : "the command does not pass " + missing.map { "'\($0)'" }.joined(separator: ", ")
        let file = document.root[path: "trainer.config"] == nil ? "" : " or the file that REVSWEEP_CONFIG names"
        let advice =
            document.root[path: "trainer.config"] == nil
            ? "{args} passes all values as --NAME=VALUE" : "{config} is the path of the configuration with the values"
        return "\(what), so that only a trainer that reads REVSWEEP_PARAMS\(file) sees them; \(advice)"
    }

    /// Whether the trainer's script, or else its program, names a variable by which values are handed over, or the
    /// library of a tool that is served.
    private var trainerReadsValues: Bool {
        let words = sweep.trainer.command.map { $0.commonText(sweepDirectory: directory) ?? $0.literalText }
        let folder = sharedTrainerDirectory ?? directory
        var hasScript = false
        for word in words.dropFirst() {
            if Self.handsOverValues(Data(word.utf8)) { return true }
            let path = word.hasPrefix("/") ? word : "\(folder)/\(word)"
            guard let script = FileManager.default.contents(ofRegularFile: path) else { continue }
            hasScript = true
            if Self.handsOverValues(script) { return true }
        }
        guard !hasScript, let program = try? trainerProgram() else { return false }
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

    /// Whether it holds values of a trial.
    fileprivate var passesValues: Bool {
        placeholders.contains { placeholder in
            switch placeholder {
            case .config, .arguments, .parameter: true
            case .trialDirectory, .sweepDirectory, .number, .attempt, .seed, .threads, .memory, .gpus, .gpuShare,
                .variable, .home:
                false
            }
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
