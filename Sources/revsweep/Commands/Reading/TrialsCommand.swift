import ArgumentParser
import ConfigFile
import Files
import Foundation
import SweepFile
import SweepModel
import SweepReport
import SweepStore
import TerminalDrawing

/// `revsweep trials`: the trials of a sweep, chosen and sorted, as a table or for programs.
///
///     revsweep trials digits --filter 'state == complete and seconds < 60' --sort value --limit 10
struct TrialsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trials", abstract: "The trials of a sweep: all of them, or those that you look for.",
        discussion: """
            revsweep trials digits                                   in the order of their numbers
            revsweep trials digits --sort value --limit 10           the ten best
            revsweep trials digits --sort -seconds                   the slowest first
            revsweep trials digits --filter 'state == failed and attempt > 1'
            revsweep trials digits --filter 'optimizer.name in [adam, sgd] and value < 0.3'
            revsweep trials digits --filter "'CUDA' in reason or metric.val_accuracy < 0.5"
            revsweep trials digits --columns number,value,learning_rate --csv

            revsweep trials digits --front                           those that no other one dominates

            Fields are number, state, value, seconds, attempt, reason, started, ended, origin, source and seed; the \
            parameters, of whose names the last part is enough where it is unambiguous; and metric.NAME, the last \
            value of a metric. Sorted by value, the best comes first. Trials that do not have the field come last.

            A filter is written like a constraint: comparisons, `in [...]`, `and`, `or`, `not`, arithmetic and \
            functions. Words such as the states need no quotes, other text does; names with other characters than \
            letters, digits, '_' and '.' stand in backquotes. A comparison with something that a trial does not \
            have, such as an inactive parameter, is false.
            """)

    @OptionGroup var sweep: SweepArgument
    @Option(
        help: "Only trials in this state: \(TrialState.allCases.map(\.rawValue).joined(separator: ", ")).",
        completion: .list(TrialState.allCases.map(\.rawValue)))
    var state: String?
    @Option(parsing: .unconditional, help: "Only trials for which this expression is true.") var filter: String?
    @Option(
        parsing: .unconditional,
        help: "The field to sort by, as value or seconds or a parameter; -FIELD reverses.", completion: .columns)
    var sort: String?
    @Flag(help: "In reversed order.") var reverse = false
    @Flag(help: "Only trials that no other one dominates, where several metrics are optimized.") var front = false
    @Option(help: "At most this many trials.") var limit: Int?
    @Option(help: "The fields to show, with commas between them.", completion: .columns) var columns: String?
    @Flag(help: "For programs: an array of JSON objects.") var json = false
    @Flag(help: "For programs: comma-separated values.") var csv = false

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit must be at least 1, found \(limit)") }
        if json, csv { throw ValidationError("--json and --csv exclude each other") }
        if json, columns != nil {
            throw ValidationError("--json always has all fields; --columns goes with a table and with --csv")
        }
        guard let state, TrialState(rawValue: state) == nil else { return }
        let names = TrialState.allCases.map(\.rawValue)
        throw ValidationError(
            "there is no state '\(state)'"
                + (nearestName(to: state, among: names).map { "; did you mean '\($0)'?" }
                    ?? ": known are \(names.joined(separator: ", "))"))
    }

    func run() throws {
        let stored = try StoredSweep(in: sweep.directory())
        let fields = stored.fields
        let query = try TrialQuery(
            state: state.flatMap(TrialState.init(rawValue:)), filter: filter, sort: sort, isReversed: reverse,
            limit: limit, over: fields, in: stored.store)
        let columns = try columns.map { try TrialColumns($0, of: fields, in: stored.store) }
        let onFront = Set(try stored.store.front())
        if front, !stored.record.objectives.areSeveral {
            throw UserError(
                message: "'\(stored.record.name)' optimizes one metric: there is no front",
                help: "revsweep trials \(sweep.words) --sort value lists the best first")
        }
        let trials = try query.run(on: stored.store, among: front ? onFront : nil)
        let isAll = state == nil && filter == nil && limit == nil && !front
        if let columns {
            let table = columns.table(of: trials, try columns.lastValues(in: stored.store))
            if csv { return try table.writeCSV(Self.write) }
            guard Console.features.isLive else { return try Self.write(table.text + "\n") }
            let width = max(1, Console.size.columns - 1)
            return try Console.print(table.text.split(separator: "\n").map { StyledText(String($0)).cut(to: width) })
        }
        let parameterNames = stored.record.parameterNames
        if json || csv {
            let metrics = try stored.store.lastMetrics(ofTrials: isAll ? nil : trials.map(\.number))
            if csv {
                let table = MetricTable(
                    parameterNames: parameterNames, objectives: stored.record.objectives, lastMetrics: metrics,
                    front: onFront)
                return try Self.writeCSV(trials, table)
            }
            let listing = TrialListing(
                metric: stored.record.metric, objectives: stored.record.objectives, front: onFront,
                parameterNames: parameterNames, trials: trials, lastMetrics: metrics)
            try listing.writeJSON(Self.write)
            return try Self.write("\n")
        }
        let running = trials.filter { $0.state == .running }.map(\.number)
        let listing = TrialListing(
            metric: stored.record.metric, objectives: stored.record.objectives, front: onFront,
            parameterNames: parameterNames, trials: trials,
            lastMetrics: try running.isEmpty ? [:] : stored.store.lastMetrics(ofTrials: running))
        // Where lines can be drawn over a person looks at them; anything else gets all parameters and no colours.
        // One who forces colours into a pipe wants that table there, and nothing of it left out.
        let features = Console.features
        guard features.isLive || features.hasColors else { return try Self.write(listing.text + "\n") }
        let table = TerminalTable(
            listing, best: try stored.store.bestTrial()?.number, address: Console.address(of: stored.directory))
        try Console.print(table.lines(columns: features.isLive ? Console.size.columns : 1 << 16))
    }

    /// Writes the trials as `revsweep export --format csv --metrics` does, in pieces.
    private static func writeCSV(_ trials: [TrialRecord], _ table: MetricTable) throws {
        var piece = table.header
        for trial in trials {
            piece += table.line(for: trial)
            if piece.utf8.count > 1 << 16 {
                try write(piece)
                piece = ""
            }
        }
        try write(piece)
    }

    /// Writes a piece of a table or of JSON, in which everything is harmless already; CSV is harmless only into a pipe
    /// or a file, for which it is made.
    private static func write(_ piece: String) throws {
        if !Console.isTerminal {
            try Console.write(piece)
            return
        }
        // The carriage returns of CSV would be shown as something harmful.
        try Console.printData(piece.replacing("\r\n", with: "\n"))
    }
}
