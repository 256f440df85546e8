import ArgumentParser
import ConfigFile
import Files
import Foundation
import SweepConversion
import SweepFile
import SweepReport

/// What a drafted sweep file says about metric and trainer, and where it is written.
///
///     revsweep init configs/mnist.yaml --command 'python3 train.py' --output -      # the draft on standard output
struct DraftOptions: ParsableArguments {
    @Option(help: "The number that the trainer reports.") var metric = "val_loss"
    @Flag(help: "Larger values of the metric are better.") var maximize = false
    @Option(help: "The trainer's command; words with spaces stand in quotes.") var command: String?
    @Option(name: .shortAndLong, help: "The sweep file to write; '-' for standard output.", completion: .file())
    var output: String?

    func validate() throws { try OutputPath.check(output) }

    /// Writes the draft, reads it back, and says what has to be corrected by hand.
    ///
    /// - Throws: `UserError` if the file exists already, or an error of the file system.
    func write(_ draft: SweepDraft, to output: String, base: ConfigDocument?) throws {
        var draft = draft
        draft.metric = metric
        if maximize { draft.goal = .maximize }
        if let command {
            draft.command = try CommandText.command(ofOption: command)
            // The user typed the command for this folder, so the trainer has to start here and not beside the sweep
            // file.
            let here = RelativePath.from(output, to: ".")
            if !here.isEmpty { draft.directory = here }
            if let program = draft.command.first, program.contains("/") {
                draft.command[0] = Self.programPath(from: output, to: program)
            }
        }
        let text = draft.text
        try NewSweepFile.write(text, to: output)
        do {
            _ = try SweepFile(
                // Text for a pipe will be saved under a name that is not known yet.
                source: SourceFile(path: output == "-" ? "sweep.yaml" : output, text: text), base: base.map(\.source),
                directory: FileManager.default.currentDirectoryPath)
        } catch {
            Console.printError("to be mended by hand:\n\(error)")
        }
    }

    /// The path of a program, always with a slash: without one the program would be looked for on PATH.
    private static func programPath(from output: String, to program: String) -> String {
        let path = RelativePath.from(output, to: program)
        return path.contains("/") ? path : "./\(path)"
    }
}

extension CommandText {
    /// The words of what was given as `--command`.
    ///
    /// - Throws: `UserError`.
    static func command(ofOption text: String) throws -> [String] {
        do throws(CommandTextError) {
            return try command(text)
        } catch {
            throw UserError(message: "--command: \(error)", help: error.help)
        }
    }
}

/// `revsweep init`: writes a first sweep file for a trainer's configuration, for its author to edit.
///
///     revsweep init configs/mnist.yaml --metric val_accuracy --maximize
///
///     wrote sweeps/mnist.yaml; next: revsweep check sweeps/mnist.yaml
///
/// A file that is there already is not overwritten.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Writes a sweep file to start from, for a trainer's configuration.",
        discussion: """
            revsweep init configs/mnist.yaml --metric val_accuracy --maximize

            Values that are usually worth tuning get a range around what they are now; others stand in comments.
            The file is sweeps/NAME.yaml unless --output says otherwise.
            """)

    @Argument(help: "The trainer's configuration, in YAML.", completion: .file()) var config: String
    @OptionGroup var options: DraftOptions

    /// The configuration is read in the dialect of other programs: a trainer's file may have tags of YAML that a sweep
    /// file may not.
    func run() throws {
        let base = try ConfigDocument.read(path: config, dialect: .foreign)
        let name = URL(fileURLWithPath: config).deletingPathExtension().lastPathComponent
        let output = OutputPath.standardized(options.output ?? "sweeps/\(name).yaml")
        let draft = try StarterFile.draft(of: base, path: RelativePath.from(output, to: config))
        try options.write(draft, to: output, base: base)
        let foreign = base.root.entries.map(\.key).first { !Self.sections.contains($0) }
        if options.command == nil, let foreign {
            Console.printError(
                "note: the command is that of revmlp, which has no '\(foreign)'; yours is given with "
                    + "--command, as in --command 'python train.py --config {config}'")
        }
    }

    /// The keys of a configuration of `revmlp` at its top, and those of the older form that it also reads.
    private static let sections: Set = [
        "seed", "data", "task", "model", "loss", "optimizer", "training", "output", "Setup", "Runtime", "Output",
    ]
}
