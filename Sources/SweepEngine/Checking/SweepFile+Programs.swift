import ConfigFile
import Foundation
import SweepExecution
import SweepFile
import SweepModel

extension SweepFile {
    /// Finds the programs that this sweep's trials are started with.
    ///
    /// - Parameter former: where PATH had the trainer's program when the sweep was started. If it is still there it is
    ///   used, whatever PATH says now, so that all trials of a sweep run the same program.
    /// - Throws: `DiagnosticsError` with the place in the file if a program is missing, or if the folder in which
    ///   trainers start is.
    public func programs(as former: String? = nil) throws -> TrialPrograms {
        let former = former.flatMap { path in
            nameOnPath.map { path.hasSuffix("/\($0)") } ?? false && access(path, X_OK) == 0 ? path : nil
        }
        try requireVariables()
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

    /// The bare name by which the file names the trainer's program, which is looked up on PATH; nil if the file gives
    /// a path.
    public var nameOnPath: String? {
        let name = sweep.trainer.command.first?.commonText(sweepDirectory: directory)
        return name.flatMap { $0.contains("/") ? nil : $0 }
    }

    /// - Throws: `DiagnosticsError` with the place of the setting at `path` if there is no such program.
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
    /// The trainer's program if it was found on PATH; nil if it is beside `revsweep`, since it may move together with
    /// that.
    public var onPath: String? {
        URL(fileURLWithPath: trainer).deletingLastPathComponent().path == ProgramSearch.ownDirectory ? nil : trainer
    }
}
