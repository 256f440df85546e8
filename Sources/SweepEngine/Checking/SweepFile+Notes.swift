import EarlyStopping
import Foundation
import SweepFile
import SweepModel
import SweepSearch

extension SweepFile {
    /// A note if the script that the command names is not in the folder where the trainer starts. The program itself
    /// is there (`python`), so without the note each trial would fail on its own. It may be wrong, hence a note and no
    /// error.
    public var missingScriptNote: String? {
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

    /// A note if the budget has more trials than the space has points, so that some are run again.
    public var smallSpaceNote: String? {
        let space = sweep.space
        guard let trials = sweep.budget.trials, sweep.replicates == nil, sweep.sampler.name != .grid,
            space.parameters.allSatisfy(\.distribution.isDiscrete),
            case .points(let count) = GridSampler().size(in: space), count < trials
        else { return nil }
        return """
            the space has \(count) point\(count == 1 ? "" : "s") and the budget \(trials) trials, so that points are \
            run more than once, with other seeds; sampler: grid runs each once
            """
    }

    /// A note if trials that stop improving are pruned, since many take that for the end of a trial whose value counts.
    public var patienceNote: String? {
        guard case .stopping(let pruner) = sweep.pruning, pruner is PatiencePruner else { return nil }
        return """
            a trial that pruner: patience stops is pruned, and never the best, whatever value it had reached; one \
            whose trainer stops by itself is complete
            """
    }

    /// A note if trials that run at the same time could overwrite each other's files.
    public func sharingNote(onCores cores: Int) -> String? {
        guard sharesTrainerDirectory(onCores: cores), let folder = sharedTrainerDirectory else { return nil }
        return """
            up to \(sweep.resources.parallel(onCores: cores)) trials at a time work in the same folder, \(folder); \
            what a trial writes belongs in its own: {trial_dir} in the command, or REVSWEEP_TRIAL_DIR
            """
    }
}
