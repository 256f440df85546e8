import ConfigFile
import SweepEngine
import SweepExecution
import SweepFile

extension SweepFile {
    /// The programs that this sweep's trials are started with.
    ///
    /// - Throws: `DiagnosticsError` at the place of its name if one is not there, or if trainers cannot be started where
    ///   the file says.
    func programs() throws -> TrialPrograms {
        var programs = TrialPrograms(trainer: try trainerProgram())
        try requireTrainerDirectory()
        if let launcher = sweep.launcher {
            programs.launcher = try find(
                launcher.command.first?.commonText(sweepDirectory: directory) ?? "", namedAt: "launcher.command")
        } else if sweep.resources.affinity {
            programs.taskset = try find("taskset", namedAt: "resources.affinity")
        }
        return programs
    }

    private func find(_ name: String, namedAt path: String) throws -> String {
        do throws(ProgramProblem) {
            return try ProgramSearch.find(name, relativeTo: directory)
        } catch {
            let problems = DiagnosticCollector(source: document.source)
            problems.report("\(error)", at: document.root[path: path]?.location, help: error.help)
            try problems.throwIfAny()
            return name
        }
    }
}
