import ArgumentParser
import ConfigFile
import Files
import Foundation
import SweepExecution
import SweepModel
import SweepReport
import SweepStore
import TerminalDrawing
import TrialProtocol

/// `revsweep show`: everything that is known of one trial.
///
///     revsweep show digits 12
struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "One trial: its values, metrics, attempts, decisions and last words.",
        discussion: """
            revsweep show digits 12             for people
            revsweep show digits 12 --json      for programs, with all decisions

            The command is shown as the trainer was started, ready for a shell; environment variables in it are \
            named and not filled in.
            """)

    @OptionGroup var sweep: SweepArgument
    @OptionGroup var trial: TrialArgument
    @Flag(help: "For programs: one JSON object.") var json = false

    /// How many lines of each log are shown.
    private static let logLines = 10

    func run() throws {
        let stored = try StoredSweep(in: sweep.directory())
        let trial = try trial.record(in: stored)
        let logs = TrialLog.allCases.map { log in
            (
                name: log.fileName,
                lines: LogTail.lines(Self.logLines, of: log, ofTrial: trial.number, in: stored.directory)
            )
        }
        let detail = try TrialDetail(
            of: trial, in: stored.store, file: stored.file, record: stored.record, directory: stored.directory,
            logs: logs)
        try json ? Console.print(detail.node.indentedJSON()) : Console.print(detail.text(columns: Console.columns))
    }
}

/// `revsweep compare`: some trials side by side.
///
///     revsweep compare digits 3 17
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Some trials side by side: what differs, and what came out.",
        discussion: """
            revsweep compare digits 3 17 20     the parameters that differ, and the results
            revsweep compare digits 3 17 --all  all parameters
            """)

    @OptionGroup var sweep: SweepArgument
    @OptionGroup var trials: TrialsArgument
    @Flag(help: "Also the parameters that are the same in all of them.") var all = false
    @Flag(help: "For programs: one JSON object.") var json = false

    func run() throws {
        let stored = try StoredSweep(in: sweep.directory())
        var seen: Set<Int> = []
        let numbers = trials.numbers.filter { seen.insert($0).inserted }
        if numbers.count < 2 {
            throw UserError(
                message: "to compare takes two trials or more",
                help: "one alone is shown by: revsweep show \(shell: sweep.sweep) "
                    + (numbers.first.map(String.init) ?? "NUMBER"))
        }
        let trials = try numbers.map(stored.trial)
        let comparison = TrialComparison(
            metric: stored.record.metric, parameterNames: stored.record.parameterNames, trials: trials,
            lastMetrics: try stored.store.lastMetrics(ofTrials: numbers), showsAll: all)
        if json { return try Console.print(comparison.node.indentedJSON()) }
        try Console.print(comparison.text(columns: Console.columns))
    }
}
