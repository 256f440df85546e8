import ArgumentParser
import ConfigFile
import Foundation
import SweepExecution
import SweepFile
import SweepReport

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Reads a sweep file and says what it means, or what is wrong with it.")

    @Argument(help: "The sweep file.") var file: String
    @Flag(help: "For programs: one JSON object.") var json = false

    func run() throws {
        let sweepFile = try SweepFile.read(path: file)
        let program = try sweepFile.trainerProgram()
        let description = SpaceDescription(sweepFile.sweep, program: program)
        try Console.print(json ? description.node.indentedJSON() : description.text)
    }
}

extension SweepFile {
    /// The trainer's program, absolute.
    ///
    /// - Throws: `DiagnosticsError` at the place of its name if there is no such program.
    func trainerProgram() throws(DiagnosticsError) -> String {
        let name = sweep.trainer.command.first?.text ?? ""
        do {
            return try ProgramSearch.find(name, relativeTo: directory)
        } catch {
            let problems = DiagnosticCollector(source: document.source)
            let command = document.root[path: "trainer.command"]
            let place =
                if case .sequence(let items) = command?.value { items.first?.location } else { command?.location }
            problems.report(
                "\(error)", at: place,
                help: error.searched == nil
                    ? nil : "give its path, which starts at the folder of the sweep file, or install it")
            try problems.throwIfAny()
            return name
        }
    }
}

extension ProgramProblem {
    fileprivate var searched: String? {
        if case .notFound(_, let searched) = self { searched } else { nil }
    }
}
