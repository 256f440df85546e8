import ArgumentParser
import Foundation
import SweepSearch

/// `plannerbench curves`: how soon a sampler with a pruner finds trainings as good as random search with ASHA ends
/// with.
struct CurvesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "curves", abstract: "Measures how soon samplers with pruners find good trainings.",
        subcommands: [CurvesRunCommand.self, CurvesFunctionsCommand.self, CurvesEvaluateCommand.self],
        defaultSubcommand: CurvesRunCommand.self)
}

struct CurvesRunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Sweeps trainings with known curves, and compares with what other planners did.")

    @Option(help: "Samplers with pruners (none, asha, hyperband, median), by comma.")
    var methods = "random+asha,tpe+asha,auto+asha,auto+none"
    @Option(help: "Functions, by comma.") var functions = "netcurves,noisycurves"
    @Option var seeds = 20
    @Option(help: "The first seed.") var firstSeed = 0
    @Option(help: "How many trials' epochs a sweep may use.") var trials = 40
    @Option(help: "How many trials are under way at once.") var workers = 1
    @Option(help: "How many sweeps to compute at once.") var threads = 2
    @Option(help: "Files to compare with, as --csv writes them.") var compare: [String] = []
    @Option(help: "Write the best values: method, function, seed, and one for each trial's worth of epochs.")
    var csv: String?

    func run() throws {
        let functions = try CurveFunction.chosen(functions)
        let budget = trials * CurveFunction.epochs
        var campaigns: [CurveCampaign] = []
        for function in functions {
            for seed in firstSeed..<firstSeed + seeds {
                for method in methods.split(separator: ",") {
                    campaigns.append(
                        try CurveCampaign(String(method), function, seed: seed, budget: budget, workers: workers))
                }
            }
        }
        var table = CurveTable()
        for (campaign, best) in zip(campaigns, inParallel(threads, campaigns) { $0.run() }) {
            table.add(best, method: campaign.method, function: campaign.function.name, seed: campaign.seed)
        }
        if let csv { try table.write(csv) }
        for path in compare { try table.read(path, only: Set(functions.map(\.name))) }
        print(table.report(functions: functions))
    }
}

/// The best value so far after each epoch, by method, function and seed.
struct CurveTable {
    private var methods: [String] = []
    private var histories: [String: [String: [Int: [Double]]]] = [:]

    mutating func add(_ history: [Double], method: String, function: String, seed: Int) {
        if !methods.contains(method) { methods.append(method) }
        histories[method, default: [:]][function, default: [:]][seed] = history
    }

    // MARK: Files

    /// Adds a file with the columns method, function, seed, and then the epochs at which the best value changed, each
    /// followed by a colon and the value: `31:0.52`; the last field is the number of epochs.
    mutating func read(_ path: String, only functions: Set<String>) throws {
        for line in try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst() {
            let fields = line.split(separator: ",").map(String.init)
            guard fields.count >= 4, let seed = Int(fields[2]), let count = Int(fields.last ?? "") else {
                throw BenchError("\(path): cannot read '\(line.prefix(60))'")
            }
            var history = [Double](repeating: .infinity, count: count)
            for change in fields[3...].dropLast() {
                let parts = change.split(separator: ":")
                guard parts.count == 2, let epoch = Int(parts[0]), let value = Double(parts[1]), epoch < count else {
                    throw BenchError("\(path): cannot read '\(change)'")
                }
                for index in epoch..<count { history[index] = value }
            }
            if functions.contains(fields[1]) { add(history, method: fields[0], function: fields[1], seed: seed) }
        }
    }

    func write(_ path: String) throws {
        var text = "method,function,seed,changes\n"
        for method in methods {
            for (function, seeds) in (histories[method] ?? [:]).sorted(by: { $0.key < $1.key }) {
                for (seed, history) in seeds.sorted(by: { $0.key < $1.key }) {
                    let changes = history.indices.filter { $0 == 0 || history[$0] < history[$0 - 1] }
                        .filter { history[$0].isFinite }.map { "\($0):\(history[$0])" }
                    text += ([method, function, "\(seed)"] + changes + ["\(history.count)"]).joined(separator: ",")
                    text += "\n"
                }
            }
        }
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    // MARK: Report

    /// Markdown: the medians of the regret after a quarter, a half and all of the epochs, and the median of the time to
    /// the median result of random search with ASHA.
    func report(functions: [CurveFunction]) -> String {
        var text = ""
        for function in functions {
            let reference = results("random+asha", function.name).map { $0.last ?? .infinity }
            let target = reference.isEmpty ? Double.nan : median(reference)
            let length = histories.values.compactMap { $0[function.name]?.values.first?.count }.max() ?? 0
            let goal = short(target)
            text += "\n\(function.name): least \(function.optimum); random+asha ends with \(goal), the median\n\n"
            text += "| method | regret after \(length / 4) epochs | \(length / 2) | \(length) |"
            text += " epochs to \(goal) | within \(length) |\n|---|---|---|---|---|---|\n"
            for method in methods {
                let histories = results(method, function.name)
                if histories.isEmpty { continue }
                let regrets = [length / 4, length / 2, length].map { epoch in
                    short(median(histories.map { $0[min(epoch, $0.count) - 1] - function.optimum }))
                }
                let times = histories.map { history in
                    Double(history.firstIndex { $0 <= target }.map { $0 + 1 } ?? 2 * length)
                }
                let reached = times.count { $0 <= Double(length) }
                let time = median(times)
                text += "| \(method) | " + regrets.joined(separator: " | ")
                text += " | \(time > Double(length) ? "more" : short(time)) | \(reached) of \(times.count) |\n"
            }
        }
        return text
    }

    private func results(_ method: String, _ function: String) -> [[Double]] {
        (histories[method]?[function] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
    }
}

// MARK: For programs in other languages: `curves.py` runs other planners on the functions.

struct CurvesFunctionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "functions", abstract: "Prints every function's space and number of epochs as JSON.")

    func run() throws {
        let functions = CurveFunction.all.map { function in
            [
                "name": function.name, "epochs": CurveFunction.epochs,
                "params": function.space.parameters.map(\.asJSON),
            ] as [String: Any]
        }
        let data = try JSONSerialization.data(withJSONObject: functions, options: [.sortedKeys])
        print(String(decoding: data, as: UTF8.self))
    }
}

struct CurvesEvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract:
            "Reads lines of '{\"function\": …, \"params\": {…}}', answers each with a list: what the training reports "
            + "after each epoch; shorter where it diverges.")

    private struct Request: Decodable {
        let function: String
        let params: [String: JSONScalar]
    }

    func run() throws {
        while let line = readLine() {
            let request = try JSONDecoder().decode(Request.self, from: Data(line.utf8))
            guard let function = try CurveFunction.chosen(request.function).first else { continue }
            let curve = function.curve(Assignment(request.params.mapValues(\.value), in: function.space))
            FileHandle.standardOutput.write(try JSONEncoder().encode(curve) + Data("\n".utf8))
        }
    }
}
