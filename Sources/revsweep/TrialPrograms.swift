import ConfigFile
import Foundation
import SweepEngine
import SweepExecution
import SweepFile

extension SweepFile {
    /// The programs that this sweep's trials are started with.
    ///
    /// - Throws: `DiagnosticsError` at the place of its name if one is not there, or if trainers cannot be started where
    ///   the file says.
    ///
    /// - Parameter former: where PATH had the trainer's program when the sweep was started; it is taken if it is still
    ///   there, whatever PATH says now.
    func programs(as former: String? = nil) throws -> TrialPrograms {
        let former = former.flatMap { path in
            nameOnPath.map { path.hasSuffix("/\($0)") } ?? false && access(path, X_OK) == 0 ? path : nil
        }
        var programs = TrialPrograms(trainer: try former ?? trainerProgram())
        try requireTrainerDirectory()
        if let launcher = sweep.launcher {
            programs.launcher = try find(
                launcher.command.first?.commonText(sweepDirectory: directory) ?? "", namedAt: "launcher.command")
        } else if sweep.resources.affinity {
            programs.taskset = try find("taskset", namedAt: "resources.affinity")
        }
        return programs
    }

    /// The bare name by which the file calls the trainer's program; nil if it gives a path.
    var nameOnPath: String? {
        let name = sweep.trainer.command.first?.commonText(sweepDirectory: directory)
        return name.flatMap { $0.contains("/") ? nil : $0 }
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

extension TrialPrograms {
    /// The trainer's program if PATH has it; one beside `revsweep` may move with that.
    var onPath: String? {
        URL(fileURLWithPath: trainer).deletingLastPathComponent().path == ProgramSearch.ownDirectory ? nil : trainer
    }
}
