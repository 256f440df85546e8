import ArgumentParser
import ConfigFile
import Files
import Foundation
import SweepFile
import SweepModel
import SweepReport
import SweepStore
import TerminalDrawing

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
        commandName: "status", abstract: "How far a sweep is, and what is best.",
        discussion: "revsweep status digits --watch")

    @OptionGroup var sweep: SweepArgument
    @Flag(help: "For programs: one JSON object; with --watch one a line.") var json = false
    @Flag(name: .shortAndLong, help: "Say it again whenever it changes, until the sweep is not running.") var watch =
        false

    /// With `--watch` the database is opened and read anew twice a second, until no planner runs the sweep or nobody
    /// reads what is printed.
    func run() async throws {
        let directory = try sweep.directory()
        guard watch else {
            let summary = try StoredSweep(in: directory).summary()
            if json { return try Console.print(summary.node.indentedJSON()) }
            guard Console.features.isLive else { return try Console.print(summary.text) }
            return try Console.print(summary.lines(columns: Console.size.columns, at: Date()))
        }
        let features = Console.features
        let isLive = features.isLive && !json
        var shown = ""
        while true {
            var summary = try StoredSweep(in: directory).summary()
            // In a pipe, what each running trial reports is no reason to print everything again.
            if !isLive { summary.running = [] }
            if isLive {
                let size = Console.size
                let lines = summary.lines(columns: size.columns, at: Date()).prefix(max(1, size.rows - 1))
                try Console.write(
                    TerminalSequence.beginFrame + TerminalSequence.home
                        + lines.map { $0.encoded(for: features) + TerminalSequence.eraseToEndOfLine + "\n" }.joined()
                        + TerminalSequence.eraseBelow + TerminalSequence.endFrame)
            } else {
                let text = json ? summary.node.json : summary.text
                // Only the time changes on every look. In a pipe, that alone is no reason to print everything again.
                if Self.withoutTime(text) != Self.withoutTime(shown) {
                    try Console.print(text + (json ? "" : "\n"))
                    shown = text
                }
            }
            // After `| head -1` nobody sees the rest.
            if summary.planner?.purpose != .run || !Console.hasReader { return }
            try await Task.sleep(for: .milliseconds(500))
        }
    }

    /// The text without the time that the sweep has run.
    private static func withoutTime(_ text: String) -> String {
        text.replacing(/time run.*|"seconds": ?[-+.e0-9]+/, with: "")
    }
}

/// `revsweep best`: the best trial, its value and its parameters; where there are several objectives, the trials that
/// no other one dominates.
///
///     revsweep best digits --json
///
///     revsweep best line
///     trial 9: loss 0.011267
///       learning_rate = 0.8574768859893215
///       momentum = 0.414288271493752
struct BestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "best", abstract: "The best trial: its value and its parameters.",
        discussion: """
            revsweep best digits --json

            Where a sweep optimizes several metrics it lists the front: the trials that no other one dominates. With \
            --json these are an array.
            """)

    @OptionGroup var sweep: SweepArgument
    @Flag(help: "For programs: one JSON object, or an array of the front.") var json = false

    func run() throws {
        let best = try StoredSweep(in: sweep.directory()).bestConfig(1)
        guard let trial = best.trials.first else { throw UserError.nothingComplete(sweep) }
        if json {
            let shown = best.front.isEmpty ? [trial] : best.front
            let nodes = shown.map(best.node(of:))
            let areSeveral = best.record.objectives.areSeveral
            try Console.print((areSeveral ? ConfigNode(.sequence(nodes)) : best.node(of: trial)).indentedJSON())
        } else if !best.front.isEmpty {
            let listing = TrialListing(
                metric: best.record.metric, objectives: best.record.objectives,
                front: Set(best.front.map(\.number)), parameterNames: best.record.parameterNames, trials: best.front,
                lastMetrics: [:])
            let count = best.front.count
            try Console.print("the front: \(count) trial\(count == 1 ? "" : "s") that no other one dominates")
            guard Console.features.isLive else { return try Console.print(listing.text) }
            let table = TerminalTable(listing, best: nil)
            try Console.print(table.lines(columns: Console.size.columns))
        } else {
            let written = best.file.sweep.written
            let lines = trial.parameters.map { name, value in
                let spelling = written.spelling(of: value, of: name)
                let text = if case .scalar(let text) = spelling { text } else { "\(value)" }
                return TerminalText.line("  \(name) = \(text)")
            }
            let remarks = best.remarks(on: trial).map { "  \($0)" }
            try Console.print(
                ([trial.headline(best.file.sweep.objectives)] + remarks + lines).joined(separator: "\n"))
        }
    }
}

extension UserError {
    /// There is no best trial yet.
    static func nothingComplete(_ sweep: SweepArgument) -> UserError {
        UserError(
            message: "no trial of the sweep '\(sweep.sweep)' is complete",
            help: "revsweep trials \(sweep.words) lists what there is")
    }
}
