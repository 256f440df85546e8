import ArgumentParser
import ConfigFile
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
/// It ends with 1 if something is wrong with the file. Notes about what looks odd are not errors; in JSON they are
/// texts below `notes`.
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
        let notes = notes(on: sweepFile)
        if json {
            let texts = ConfigNode(.sequence(notes.map { ConfigNode(.string($0)) }))
            let entries = description.node.entries + [ConfigEntry(key: "notes", node: texts)]
            return try Console.print(ConfigNode(.mapping(entries)).indentedJSON())
        }
        try Console.print(description.text(columns: Console.columns))
        for note in notes {
            try Console.print("\n" + HumanText.wrapped("note: \(note)", columns: Console.columns))
        }
    }

    /// What looks odd about the file, in sentences.
    private func notes(on file: SweepFile) -> [String] {
        let sharing = file.sharingNote(onCores: Machine.cores.count)
        let notes = [file.missingScriptNote] + file.valueNotes + [file.patienceNote, file.smallSpaceNote, sharing]
        return (notes + [file.warmStartNote(below: results.path)]).compactMap(\.self)
    }
}
