import ArgumentParser
import Files
import Foundation
import SweepEngine
import SweepExchange
import SweepFile
import SweepModel
import SweepStore

/// `revsweep import`: trials that ran elsewhere become history of a sweep.
///
///     revsweep import digits study.db --study first
///     revsweep import sweeps/digits.yaml trials.csv
///
///     imported 57 of 60 trials of study.db: first
///     left out, failed or not ended: 3
///     next: revsweep run sweeps/digits.yaml
///
/// What has been imported once is not imported again.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Makes trials of Optuna, a table, a report or another sweep history of a sweep.",
        discussion: """
            revsweep import digits study.db                 an Optuna journal or database
            revsweep import digits trials.csv               a column for each parameter, and one for the value
            revsweep import digits digits.html              a page that revsweep report has written
            revsweep import sweeps/digits.yaml old          another sweep; makes the sweep if there is none yet

            Trials that are complete, pruned or diverged, and whose values are legal in the sweep, become part of its \
            history: its sampler and its pruner know them, one of them may be best, and its budget does not count \
            them. A parameter that they did not have needs a `default:`. To import the same again adds only what is \
            new there. The sweep must not be running.
            """)

    @Argument(
        help: "The sweep file, or a sweep that exists: its name or folder.",
        completion: .sweeps(orFiles: ["yaml", "yml"]))
    var sweep: String
    @Argument(help: "The file, or the other sweep: its name or folder.", completion: .sweeps(orFiles: nil))
    var source: String
    @Option(help: "Which study of Optuna's, or which sweep of a report, where the file has several.") var study: String?
    @Flag(help: "Go on with what the sweep file says now, without running any trial.") var acceptChanges = false
    @OptionGroup var results: ResultsOption

    /// Where the trials come from.
    private enum Source {
        case file
        /// With the absolute path of its folder.
        case sweep(String)
    }

    /// - Throws: `ExchangeError` if the file cannot be read; `UserError` if no trial fits; nothing is then stored.
    func run() async throws {
        let source = try foundSource()
        if let file = try newSweep() {
            // Nothing is made of which nothing would be left but an empty sweep.
            try requireFitting(try preview(source, for: file.sweep), file.sweep.name)
        }
        let held = try await HeldSweep.open(sweep, below: results, acceptsChanges: acceptChanges)
        try await held.closing(unmerged: SweepSession.warn) { held in
            var name = self.source
            let imported: TrialImport
            switch source {
            case .file:
                let foreign = try ForeignTrials(in: self.source, study: study, for: held.file.sweep)
                name = foreign.source
                for note in foreign.notes { Console.printError("note: \(note)") }
                imported = try await held.importing(foreign.trials, from: foreign.source, at: Date())
            case .sweep(let directory):
                if directory == held.directory {
                    throw UserError(message: "a sweep cannot be imported into itself")
                }
                name = directory
                imported = try await held.importing(sweepIn: directory, at: Date())
            }
            try requireFitting(imported, held.record.name)
            try Console.print(imported.words(of: name))
            let next =
                held.isNew
                ? "revsweep run \(shell: sweep)\(results.words)" : "revsweep resume \(shell: held.resumeName)"
            if !imported.trials.isEmpty { try Console.print("next: \(next)") }
        }
    }

    private func foundSource() throws -> Source {
        var isDirectory: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: source, isDirectory: &isDirectory)
        if exists, !isDirectory.boolValue { return .file }
        do { return .sweep(try SweepArgument.directory(of: source, in: results)) } catch let error as UserError {
            if exists {
                throw UserError(
                    message: "'\(source)' is a folder without a sweep",
                    help: "trials come from a sweep's folder or from a file: a table in CSV or JSON lines, a study of "
                        + "Optuna's, a report of revsweep; of Ray Tune's results, get_dataframe().to_csv(…) writes "
                        + "a table")
            }
            throw UserError(message: "there is no file and no sweep '\(source)'", help: error.help)
        }
    }

    /// The sweep file, if it is one that describes a sweep which is not there yet.
    private func newSweep() throws -> SweepFile? {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: sweep, isDirectory: &isDirectory), !isDirectory.boolValue else {
            return nil
        }
        let file = try SweepFile.reading(sweep, say: { _ in })
        return SweepStore.exists(in: "\(results.path)/\(file.sweep.name)") ? nil : file
    }

    private func preview(_ source: Source, for sweep: Sweep) throws -> TrialImport {
        switch source {
        case .file:
            let foreign = try ForeignTrials(in: self.source, study: study, for: sweep)
            return TrialImport(of: foreign.trials, from: foreign.source, for: sweep)
        case .sweep(let directory): return try OpenSweep.preview(ofSweepIn: directory, for: sweep)
        }
    }

    /// - Throws: `UserError` if there was something to import, and none of it fits.
    private func requireFitting(_ imported: TrialImport, _ name: String) throws {
        if imported.trials.isEmpty, imported.known == 0 {
            throw UserError(message: "no trial can be imported into '\(name)'\n" + imported.words(of: source))
        }
    }
}

extension TrialImport {
    /// Trials that do not fit beyond these are counted and not named.
    private static let maxReasons = 5

    /// How many trials were imported, and why others were not.
    func words(of source: String) -> String {
        let count = trials.count + unfinished + leftOut.count + known
        var lines = ["imported \(trials.count) of \(count) trial\(count == 1 ? "" : "s") of \(source)"]
        if known > 0 { lines.append("imported before: \(known)") }
        if unfinished > 0 { lines.append("left out, failed or not ended: \(unfinished)") }
        if !leftOut.isEmpty {
            lines.append("left out, as they do not fit: \(leftOut.count)")
            lines += leftOut.prefix(Self.maxReasons).map { "    \($0)" }
            if leftOut.count > Self.maxReasons { lines.append("    …") }
        }
        return lines.joined(separator: "\n")
    }
}
