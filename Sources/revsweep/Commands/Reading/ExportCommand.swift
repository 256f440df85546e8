import ArgumentParser
import ConfigFile
import Files
import Foundation
import SweepExchange
import SweepModel
import SweepReport

/// `revsweep export`: the best configurations as files for the trainer, or all trials as a file for other programs.
///
///     revsweep export digits                              # the best configuration, on standard output
///     revsweep export digits --top 3 --output best.yaml
///     revsweep export digits --output trials.csv
///     revsweep export digits --format optuna --output digits.log
///     revsweep export digits --format csv | head -n 1     # number,state,value,reason,started,…
///
/// Trials are written as they are read, so that a large sweep does not need more memory than a small one.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "The best configurations, ready to be run, or all trials for other programs.",
        discussion: """
            yaml           the best configuration, base and values merged (with --top K: K documents)
            json           the same with provenance, as an array
            jsonl          every trial, or with --top the best K: a JSON object a line
            csv            every trial, or with --top the best K: a column for each parameter
            optuna         every trial as an Optuna journal: optuna-dashboard, notebooks
            optuna-sqlite  the same as an SQLite database
            tensorboard    every trial as a run, in a folder for `tensorboard --logdir`; slow above 1,000 trials

            Without --format it is what the name of the output ends with (.log: optuna, .db: optuna-sqlite), and yaml \
            where it has no ending.
            """)

    /// What is written.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case yaml, json, jsonl, csv, optuna
        case optunaSQLite = "optuna-sqlite"
        case tensorboard

        /// What the names of its files usually end with; empty for a folder.
        var endings: [String] {
            switch self {
            case .yaml: ["yaml", "yml"]
            case .json, .jsonl, .csv: [rawValue]
            case .optuna: ["log"]
            case .optunaSQLite: ["db", "sqlite", "sqlite3"]
            case .tensorboard: []
            }
        }

        /// The format of which a file's name usually ends so, or that the ending names.
        init?(ending: String) {
            let ending = ending.lowercased()
            let format = Self.allCases.first { $0.rawValue == ending || $0.endings.contains(ending) }
            if let format { self = format } else { return nil }
        }

        /// Its name with the endings: `yaml (.yaml, .yml)`.
        var words: String {
            endings.isEmpty ? rawValue : "\(rawValue) (\(endings.map { ".\($0)" }.joined(separator: ", ")))"
        }
    }

    @OptionGroup var sweep: SweepArgument
    @Option(help: "\(Format.allCases.map(\.rawValue).joined(separator: ", ")).") var format: Format?
    @Option(help: "How many of the best trials.") var top: Int?
    @Flag(help: "The trials that no other one dominates, where several metrics are optimized.") var front = false
    @Flag(help: "With csv: also a column for the last value of each metric.") var metrics = false
    @Option(
        name: .shortAndLong,
        help: "The file or folder to write, whole or not at all; '-' or none for standard output.",
        completion: .file())
    var output: String?

    /// The format that was asked for, or what the name of the output says.
    ///
    /// - Throws: `ValidationError` if the name ends as that of a file of another kind: what is in it would not be what
    ///   it is called.
    private func chosenFormat() throws -> Format {
        if let format { return format }
        let ending = file.map { URL(fileURLWithPath: $0).pathExtension } ?? ""
        if ending.isEmpty { return .yaml }
        if let format = Format(ending: ending) { return format }
        throw ValidationError(
            "no format has files that end with '.\(ending)'; give --format, which is one of "
                + Format.allCases.map(\.words).joined(separator: ", "))
    }

    /// Nil for standard output.
    private var file: String? { output == "-" ? nil : output }

    func validate() throws {
        try OutputPath.check(output)
        if let top, top < 1 { throw ValidationError("--top must be at least 1, found \(top)") }
        if top != nil, front { throw ValidationError("--top and --front exclude each other") }
        let format = try chosenFormat()
        switch format {
        case .yaml, .json, .jsonl, .csv: break
        case .optuna, .optunaSQLite, .tensorboard:
            if top != nil || front {
                throw ValidationError(
                    "\(front ? "--front" : "--top") does not go with \(format.rawValue): it has every trial")
            }
        }
        if file == nil, format == .optunaSQLite || format == .tensorboard { throw Self.needsPlace(format) }
        if metrics, format != .csv {
            throw ValidationError("--metrics goes with csv alone; jsonl has the metrics of every trial")
        }
    }

    /// - Throws: `UserError` if no trial is complete and the best are asked for; an error of the file system, and the
    ///   file is then the old one.
    func run() throws {
        let stored = try StoredSweep(in: sweep.directory())
        switch (try chosenFormat(), file) {
        case (.optunaSQLite, let file?): try StudyExport(of: stored.store, stored.file).writeDatabase(to: file)
        case (.tensorboard, let file?): _ = try TensorBoardExport.write(stored.store, stored.file, to: file)
        case (let format, let file?):
            let draft = try DraftFile(replacing: file)
            try write(format, stored) { try draft.append($0.utf8) }
            try draft.publish()
        case (let format, nil):
            // Printed when all is read: a reader that takes its time, such as `less`, must not hold the database, whose
            // log would grow as long as a planner writes.
            var text = ""
            try write(format, stored) { text += $0 }
            try Console.printData(text)
        }
    }

    private static func needsPlace(_ format: Format) -> ValidationError {
        let place = format == .tensorboard ? "-o FOLDER" : "-o FILE"
        return ValidationError("\(format.rawValue) cannot be written to standard output; give \(place)")
    }

    /// Hands over the text in pieces.
    private func write(_ format: Format, _ stored: StoredSweep, _ append: (String) throws -> Void) throws {
        switch format {
        case .yaml:
            let best = try best(stored)
            try append(try best.yaml(of: best.trials))
        case .json:
            let best = try best(stored)
            try append(ConfigNode(.sequence(best.trials.map(best.node(of:)))).indentedJSON() + "\n")
        case .jsonl:
            let last = try stored.store.lastMetrics()
            let onFront = Set(try stored.store.front())
            try each(stored) { trial in
                var line = ""
                TrialJSON.write(
                    trial, metrics: last[trial.number] ?? [:], .line, objectives: stored.record.objectives,
                    front: onFront, to: &line)
                try append(line + "\n")
            }
        case .csv:
            let table = MetricTable(
                parameterNames: stored.record.parameterNames, objectives: stored.record.objectives,
                lastMetrics: metrics ? try stored.store.lastMetrics() : [:], front: Set(try stored.store.front()))
            try append(table.header)
            try each(stored) { try append(table.line(for: $0)) }
        case .optuna: try StudyExport(of: stored.store, stored.file).journal(append)
        case .optunaSQLite, .tensorboard: throw Self.needsPlace(format)
        }
    }

    /// Every trial in the order of its number, or the best ones.
    private func each(_ stored: StoredSweep, _ body: (TrialRecord) throws -> Void) throws {
        if top == nil, !front { return try stored.store.forEachTrial(body) }
        for trial in try best(stored).trials { try body(trial) }
    }

    /// The best trials, as many as are asked for.
    private func best(_ stored: StoredSweep) throws -> BestConfig {
        if front, !stored.record.objectives.areSeveral {
            throw UserError(
                message: "'\(stored.record.name)' optimizes one metric: there is no front",
                help: "--top 5 exports the five best")
        }
        var best = try stored.bestConfig(front ? nil : top ?? 1)
        best.trials = front ? best.front : Array(best.trials.prefix(top ?? 1))
        if front, best.trials.isEmpty, try stored.store.bestTrial() != nil {
            throw UserError(
                message: "no trial of the sweep '\(sweep.sweep)' keeps the bounds: there is no front",
                help: "--top 5 exports those that exceed them least")
        }
        if best.trials.isEmpty { throw UserError.nothingComplete(sweep) }
        return best
    }
}
