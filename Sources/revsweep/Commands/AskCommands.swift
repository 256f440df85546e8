import ArgumentParser
import ConfigFile
import Foundation
import SweepEngine
import SweepFile
import SweepModel
import SweepReport
import SweepStore
import TrialProtocol

/// `revsweep ask`: plans a trial and prints its values, for a trainer that revsweep does not start itself.
///
/// With `tell` it makes a sweep usable from notebooks, other machines or measurements in a laboratory.
///
///     revsweep ask digits
///     {"sweep": "digits", "number": 7, "attempt": 1, "seed": 1234, "params": {"lr": 0.01}, "config": null}
struct AskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ask", abstract: "Plans a trial for you to run yourself, and says its values.",
        discussion: """
            revsweep ask digits

            Prints one line of JSON: {"sweep", "number", "attempt", "seed", "params", "config"}; config is the base \
            configuration with the values laid over it, where the sweep has one. Tell the outcome with: revsweep tell
            Any number of processes may ask at once; a sweep that `revsweep run` is working on is refused.
            """)

    @Argument(
        help: "The sweep file, or a sweep that exists: its name or folder.",
        completion: .sweeps(orFiles: ["yaml", "yml"]))
    var sweep: String
    @OptionGroup var results: ResultsOption

    /// Plans or takes up a trial, prints it, and leaves it running.
    ///
    /// - Throws: `AskError` if there is no trial to give out; `UserError` if the line could not be written, and the
    ///   trial has then been taken back.
    func run() async throws {
        let held = try await HeldSweep.open(sweep, below: results)
        // The lock is held until the line has been written: only then has the trial been handed over.
        try await held.closing(unmerged: SweepSession.warn) { sweep in
            try AddressSpace.requireEnough(for: sweep.file.sweep.sampler.name)
            let trial = try await sweep.ask(at: Date())
            do {
                try Console.deliver(Self.line(trial, of: sweep))
            } catch {
                try await sweep.takeBack(trial, at: Date())
                throw UserError(
                    message: "trial \(trial.number) could not be handed over: \(error)",
                    help: "it is the next that is given out")
            }
        }
    }

    /// The one line of JSON that is printed.
    private static func line(_ trial: TrialRecord, of sweep: OpenSweep) -> String {
        let assignment = trial.assignment(in: sweep.file.sweep.space)
        let config = sweep.file.config(for: assignment, seed: trial.seed)
        return ConfigNode.object([
            "sweep": .string(sweep.record.name),
            "number": .integer(trial.number),
            "attempt": .integer(trial.attempt),
            "seed": .integer(Int(clamping: trial.seed)),
            "params": ConfigNode.parameters(trial.parameters).value,
            "config": config?.value,
        ]).json
    }
}

/// `revsweep tell`: stores how a trial ended that was asked for.
///
///     revsweep tell digits 7 '{"step": 1, "val_loss": 0.21}'
///
///     {"number": 7, "state": "complete", "value": 0.21, "reason": null}
///     revsweep tell digits 8 --failed 'out of memory'
///     {"number": 8, "state": "failed", "value": null, "reason": "out of memory"}
struct TellCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tell", abstract: "Says how a trial ended that was asked for.",
        discussion: """
            A report is what a trainer would print: {"step": 3, "val_loss": 0.21}; several for several steps, \
            as arguments or as lines of standard input. A metric that is NaN or infinite means that the trial diverged.
            Prints one line of JSON: {"number", "state", "value", "reason"}. A trial can be told once.

            revsweep tell digits 7 '{"val_loss": 0.21}'
            revsweep tell digits 7 --value 0.21
            revsweep tell digits 7 --failed 'out of memory'
            """)

    @Argument(help: "The sweep's name below the results folder, or the path of its folder.", completion: .sweeps)
    var sweep: String
    @Argument(help: "The trial's number.", completion: .trials) var number: Int
    @Argument(help: "Reports in JSON; from standard input if neither they nor an option are given.") var reports:
        [String] = []
    @Option(parsing: .unconditional, help: "The metric's value, in place of reports.") var value: Double?
    @Option(help: "The trial failed, and why.") var failed: String?
    @Option(help: "The trial was stopped early, and why; its reports say how far it came.") var pruned: String?
    @OptionGroup var results: ResultsOption

    /// Refuses options that contradict each other, before the sweep is opened.
    func validate() throws {
        if failed != nil, pruned != nil { throw ValidationError("a trial cannot have failed and been pruned") }
        if value != nil, !reports.isEmpty { throw ValidationError("give --value or reports, not both") }
        if failed?.isEmpty ?? false || pruned?.isEmpty ?? false { throw ValidationError("say why, in a word or more") }
    }

    /// Stores the outcome and prints the trial as it is then.
    ///
    /// - Throws: `UserError` for text that is no report, `TellError`, or `SweepStoreError.staleState` for a trial that
    ///   is not running: nothing has then been stored.
    func run() async throws {
        let lines = try readReports()
        let held = try await HeldSweep.open(existing: sweep, below: results)
        let metric = held.file.sweep.metric.name
        let told = lines + (value.map { [MetricReport(metrics: [.init(metric, $0)])] } ?? [])
        let outcome: ToldOutcome =
            if let failed { .failed(reason: failed) } else if let pruned { .pruned(reason: pruned) } else { .reported }
        let trial = try await held.closing(unmerged: SweepSession.warn) { sweep in
            try await sweep.tell(number, told, outcome, at: Date())
        }
        let node = ConfigNode.object([
            "number": .integer(trial.number),
            "state": .string(trial.state.rawValue),
            "value": trial.value.map { .number($0) },
            "reason": trial.reason.map { .string($0.description) },
        ])
        try Console.print(node.json)
    }

    /// The reports from the arguments, or from standard input if there are neither reports nor an option.
    ///
    /// - Throws: `UserError` for an argument or a line that is not a report, or if there is none.
    private func readReports() throws -> [MetricReport] {
        var lines = reports
        if lines.isEmpty, value == nil, failed == nil, pruned == nil {
            while let line = readLine() { lines.append(line) }
            lines.removeAll { $0.allSatisfy(\.isWhitespace) }
            if lines.isEmpty {
                throw UserError(
                    message: "no report was given, neither as an argument nor on standard input",
                    help: "a report is one JSON object with a number: {\"loss\": 0.5}; --value, --failed and --pruned "
                        + "say it without one")
            }
        }
        return try lines.map { line in
            guard let report = MetricReport(line: line.utf8) else {
                throw UserError(
                    message: "'\(line)' is no report",
                    help: "a report is one JSON object with a number: {\"loss\": 0.5}")
            }
            if report.hasUnusableStep {
                throw UserError(
                    message: "the step in '\(line)' is no whole number",
                    help: "a step is 3, or not there: {\"step\": 3, \"loss\": 0.5}")
            }
            return report
        }
    }
}
