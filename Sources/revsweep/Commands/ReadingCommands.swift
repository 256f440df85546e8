import ArgumentParser
import ConfigFile
import Files
import Foundation
import SweepFile
import SweepModel
import SweepReport
import SweepStore

/// `revsweep status`: how far a sweep is, and which trial is best, once or again and again.
///
///     revsweep status digits --watch
///
///     revsweep status line
///     sweep     line
///     folder    …/results/line
///     planner   not running
///     trials    15 of 15 ended
///     states    15 complete
///     time run  3.6 s
///     best      trial 9: loss 0.011267
///               learning_rate = 0.85748
///               momentum = 0.41429
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "How far a sweep is, and what is best.")

    @OptionGroup var sweep: SweepArgument
    @Flag(help: "For programs: one JSON object; with --watch one a line.") var json = false
    @Flag(name: .shortAndLong, help: "Say it again whenever it changes, until the sweep is not running.") var watch =
        false

    /// With `--watch` the database is opened and read anew twice a second, until no planner runs the sweep.
    func run() async throws {
        let directory = try sweep.directory()
        guard watch else {
            let summary = try StoredSweep(in: directory).summary()
            return try Console.print(json ? summary.node.indentedJSON() : summary.text)
        }
        let isLive = Console.isTerminal && !json
        var shown = ""
        while true {
            let summary = try StoredSweep(in: directory).summary()
            let text = json ? summary.node.json : summary.text
            // Only the time changes on every look. In a pipe, that alone is no reason to print everything again.
            if isLive {
                try Console.write("\u{1B}[H\u{1B}[2J" + TerminalText.lines(text) + "\n")
            } else if Self.withoutTime(text) != Self.withoutTime(shown) {
                try Console.print(text + (json ? "" : "\n"))
                shown = text
            }
            if summary.planner?.purpose != .run { return }
            try await Task.sleep(for: .milliseconds(500))
        }
    }

    /// The text without the time that the sweep has run.
    private static func withoutTime(_ text: String) -> String {
        text.replacing(/time run.*|"seconds": ?[-+.e0-9]+/, with: "")
    }
}

/// `revsweep trials`: all trials of a sweep, or those in one state, as a table or as JSON.
///
///     revsweep trials digits --state failed
///
///     trial  state   loss   time       x  values of  reason
///         0  failed         0.3 s  9.3896            crash: exit 1: no space left on device
///
/// `--json` has more of each trial: all its metrics, when it ran, and where its values come from.
struct TrialsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trials", abstract: "The trials of a sweep in the order of their numbers.")

    @OptionGroup var sweep: SweepArgument
    @Option(help: "Only trials in this state: \(TrialState.allCases.map(\.rawValue).joined(separator: ", ")).")
    var state: String?
    @Flag(help: "For programs: an array of JSON objects.") var json = false

    /// A state that does not exist is an error, and not an empty table: it is mostly a typing error.
    func validate() throws {
        guard let state, TrialState(rawValue: state) == nil else { return }
        let names = TrialState.allCases.map(\.rawValue)
        throw ValidationError(
            "there is no state '\(state)'"
                + (nearestName(to: state, among: names).map { "; did you mean '\($0)'?" }
                    ?? ": known are \(names.joined(separator: ", "))"))
    }

    func run() throws {
        let stored = try StoredSweep(in: sweep.directory())
        let trials = try stored.store.trials().filter { state == nil || $0.state.rawValue == state }
        let listing = try stored.listing(of: trials)
        try Console.print(json ? ConfigNode(.sequence(listing.nodes)).indentedJSON() : listing.text)
    }
}

/// `revsweep best`: the best trial, its value and its parameters.
///
///     revsweep best digits --json
///
///     revsweep best line
///     trial 9: loss 0.011267
///       learning_rate = 0.8574768859893215
///       momentum = 0.414288271493752
struct BestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "best", abstract: "The best trial: its value and its parameters.")

    @OptionGroup var sweep: SweepArgument
    @Flag(help: "For programs: one JSON object.") var json = false

    func run() throws {
        let best = try StoredSweep(in: sweep.directory()).bestConfig()
        guard let trial = best.trials.first else { throw UserError.nothingComplete(sweep.sweep) }
        if json {
            try Console.print(best.node(of: trial).indentedJSON())
        } else {
            let lines = trial.parameters.map { TerminalText.line("  \($0.name) = \($0.value)") }
            try Console.print(([trial.headline(metric: best.file.sweep.metric)] + lines).joined(separator: "\n"))
        }
    }
}

extension UserError {
    /// There is no best trial yet.
    static func nothingComplete(_ sweep: String) -> UserError {
        UserError(
            message: "no trial of the sweep '\(sweep)' is complete",
            help: "revsweep trials \(sweep) lists what there is")
    }
}
