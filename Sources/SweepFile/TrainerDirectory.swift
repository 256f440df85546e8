import ConfigFile
import Files
import Foundation
import SweepModel

/// The folder in which trainers start.
extension SweepFile {
    /// The folder in which one trial's trainer starts, absolute.
    ///
    ///     (absent)                        the folder of the sweep file
    ///     directory: runs                 runs in the folder of the sweep file
    ///     directory: "{trial_dir}"        the trial's own folder
    public func trainerDirectory(in context: CommandTemplate.Context) -> String {
        absolute(sweep.trainer.directory.arguments(in: context).joined())
    }

    /// The folder in which all trainers start, absolute; nil where it depends on the trial.
    public var sharedTrainerDirectory: String? {
        sweep.trainer.directory.commonText(sweepDirectory: directory).map(absolute)
    }

    /// The place of `trainer.directory` in the file, for messages; nil if the file does not have it.
    public var trainerDirectoryPlace: SourceLocation? { document.root[path: "trainer.directory"]?.location }

    /// Whether several trials at once start in one folder while nothing in the command names a folder of the trial's
    /// own. Their trainers may then overwrite each other's checkpoints, of which `revsweep check` warns.
    ///
    ///     [python3, train.py, "{args}"]                               true where two trials run at once
    ///     [python3, train.py, "{args}", "--out={trial_dir}"]          false
    ///
    /// - Parameter cores: the number of cores of this machine.
    public func sharesTrainerDirectory(onCores cores: Int) -> Bool {
        guard sharedTrainerDirectory != nil, sweep.resources.parallel(onCores: cores) > 1 else { return false }
        return !(sweep.trainer.command + (sweep.launcher?.command ?? [])).contains { argument in
            argument.segments.contains { segment in
                switch segment {
                // In the text for a shell, the variable is not a placeholder of ours.
                case .text(let text): text.contains("REVSWEEP_TRIAL_DIR") || text.contains("REVSWEEP_CONFIG")
                case .placeholder(let placeholder): placeholder == .trialDirectory || placeholder == .config
                }
            }
        }
    }

    /// A path that begins at the folder of the sweep file, without detours; an absolute one as it is.
    private func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : path.absolutePath(in: directory)
    }
}

extension SweepReader {
    /// Reads `trainer.directory`; nil if there is a mistake in it, which is reported.
    ///
    ///     directory: "~/runs/{number}"        a folder for each trial
    ///     directory: "{config}"               refused: '{config}' is no folder
    func trainerDirectory(_ trainer: ConfigSection, parameters: [String]?) -> CommandTemplate? {
        let given = trainer.string("directory")
        let place = trainer.place(of: "directory")
        if let given, given.isEmpty || given.utf8.contains(0) {
            problems.report(
                "the trainer's directory cannot be '\(given)'", at: place, help: "name a folder, or leave it out")
            return nil
        }
        do throws(TemplateProblem) {
            let template = try CommandTemplate(parsing: given ?? defaultTrainerDirectory, parameters: parameters)
            for placeholder in template.placeholders where placeholder.isNoPartOfPath {
                throw TemplateProblem(
                    message: "'\(given ?? "")' is no folder", help: "a folder of the trial's own is \"{trial_dir}\"")
            }
            return template
        } catch {
            problems.report(error.message, at: place, help: error.help)
            return nil
        }
    }
}

extension CommandTemplate.Placeholder {
    /// Whether it is the path of a file, or several arguments, and so cannot be in the path of a folder.
    fileprivate var isNoPartOfPath: Bool {
        switch self {
        case .arguments, .config: true
        case .trialDirectory, .sweepDirectory, .number, .attempt, .seed, .threads, .memory, .gpus, .gpuShare,
            .parameter,
            .variable,
            .home:
            false
        }
    }
}
