import ArgumentParser
import ConfigFile
import Foundation
import SweepEngine
import SweepExecution
import SweepFile
import SweepReport

/// `revsweep check`: reads a sweep file without running it, and says what it means or what is wrong with it.
///
///     revsweep check sweeps/digits.yaml
///
///     revsweep check line.yaml
///     sweep 'line': minimize loss (last value of a trial)
///     sampler auto, seed 0; ends after 15 trials
///     trainer …/python3
///
///     parameter      type        values                      when
///     learning_rate  loguniform  a number from 0.001 to 1.0
///     …
///
/// It ends with 1 if something is wrong with the file. Notes about what looks odd are not errors.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Reads a sweep file and says what it means, or what is wrong with it.",
        discussion: "revsweep check sweeps/digits.yaml")

    @Argument(help: "The sweep file.", completion: .sweepFiles) var file: String
    @Flag(help: "For programs: one JSON object.") var json = false
    @OptionGroup var results: ResultsOption

    /// Checks the file, its base configuration, the programs that a trial is started with and the folder that it starts
    /// in, without starting it.
    ///
    /// - Throws: `DiagnosticsError` with everything that is wrong with the file.
    func run() throws {
        let sweepFile = try SweepFile.reading(file)
        let program = try sweepFile.programs().trainer
        let description = SpaceDescription(sweepFile.sweep, program: program)
        if json { return try Console.print(description.node.indentedJSON()) }
        try Console.printText(description.text(columns: Console.columns))
        let notes =
            [sweepFile.missingScriptNote] + sweepFile.valueNotes
            + [sweepFile.sharingNote(onCores: Machine.cores.count), sweepFile.warmStartNote(below: results.path)]
        for note in notes.compactMap(\.self) {
            try Console.printText("\n" + HumanText.wrapped("note: \(note)", columns: Console.columns))
        }
    }
}

extension SweepFile {
    /// The absolute path of the trainer's program.
    ///
    /// - Throws: `DiagnosticsError` with the place of its name in the file if there is no such program.
    func trainerProgram() throws(DiagnosticsError) -> String {
        try requireVariables()
        let name = sweep.trainer.command.first?.commonText(sweepDirectory: directory) ?? ""
        do {
            return try ProgramSearch.find(
                name, relativeTo: directory,
                path: sweep.trainer.environment["PATH"]?.commonText(sweepDirectory: directory))
        } catch {
            let problems = DiagnosticCollector(source: document.source)
            let command = document.root[path: "trainer.command"]
            let place =
                if case .sequence(let items) = command?.value { items.first?.location } else { command?.location }
            problems.report("\(error)", at: place, help: error.help)
            try problems.throwIfAny()
            return name
        }
    }

    /// Checks that the folder in which trainers start exists, where it is the same for all of them.
    ///
    /// - Throws: `DiagnosticsError` if it does not, or is a file.
    func requireTrainerDirectory() throws(DiagnosticsError) {
        guard let path = sharedTrainerDirectory else { return }
        var isDirectory: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
        if isDirectory.boolValue { return }
        let problems = DiagnosticCollector(source: document.source)
        problems.report(
            "the trainer's directory \(path) " + (exists ? "is no folder" : "is not there"), at: trainerDirectoryPlace,
            help: "a path starts at the folder of the sweep file; a folder of the trial's own is \"{trial_dir}\"")
        try problems.throwIfAny()
    }

    /// A note if the script that the command names is not in the folder where the trainer starts. The program itself
    /// is there (`python`), so without the note each trial would fail on its own. It may be wrong, hence a note and no
    /// error.
    fileprivate var missingScriptNote: String? {
        guard sweep.launcher == nil else { return nil }
        let scripts = sweep.trainer.command.dropFirst()
            .filter { template in
                // A text with spaces is a line for a shell, not the name of a file.
                !template.segments.contains { if case .text(let text) = $0 { text.contains(" ") } else { false } }
            }
            .compactMap { $0.commonText(sweepDirectory: directory) }
            .filter {
                Self.scriptExtensions.contains(URL(fileURLWithPath: $0).pathExtension) && !$0.hasPrefix("-")
            }
        guard let script = scripts.first else { return nil }
        guard let folder = sharedTrainerDirectory ?? (script.hasPrefix("/") ? "/" : nil) else {
            // Each trial has a new folder, in which only the trainer itself could put a script.
            return """
                trainers start in folders of their own, where there is no '\(script)'; beside the sweep file it is \
                "{sweep_dir}/\(script)"
                """
        }
        let path = script.hasPrefix("/") ? script : "\(folder)/\(script)"
        if FileManager.default.fileExists(atPath: path) { return nil }
        return "there is no '\(script)'" + (script.hasPrefix("/") ? "" : " in \(folder), where the trainer starts")
    }

    /// Endings by which an argument is taken for the name of a script.
    private static let scriptExtensions: Set = ["py", "sh", "R", "jl", "pl", "rb", "js", "lua"]

    /// A note if trials that run at the same time could overwrite each other's files.
    fileprivate func sharingNote(onCores cores: Int) -> String? {
        guard sharesTrainerDirectory(onCores: cores), let folder = sharedTrainerDirectory else { return nil }
        return """
            up to \(sweep.resources.parallel(onCores: cores)) trials at a time work in the same folder, \(folder); \
            what a trial writes belongs in its own: {trial_dir} in the command, or REVSWEEP_TRIAL_DIR
            """
    }
}
