import ArgumentParser
import Foundation
import RandomStreams
import SweepSearch

@main struct PlannerBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plannerbench", abstract: "Measures how well and how fast samplers search.",
        subcommands: [
            RunCommand.self, SuggestCommand.self, LossCommand.self, FunctionsCommand.self, EvaluateCommand.self,
            GoalsCommand.self, TransferCommand.self, CurvesCommand.self, ReplicatesCommand.self,
        ])
}

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Sweeps functions and compares the regrets with those of other planners.")

    @Option(help: "Samplers, by comma.") var samplers = "tpe,auto"
    @Option(help: "Functions or groups of them (suite, practice, exam), by comma.") var functions = "suite"
    @Option var seeds = 30
    @Option(help: "The first seed.") var firstSeed = 0
    @Option var trials = 100
    @Option(help: "How many trials are under way at once.") var workers = 1
    @Flag(help: "Move the optimum of each function elsewhere, for each seed to another place.") var moved = false
    @Option(help: "How many sweeps to compute at once.") var threads = 2
    @Option(help: "The method to test against.") var reference = "optuna-tpe"
    @Option(help: "Files of regrets to compare with: columns method, function, seed, t25, t50, t100.")
    var compare: [String] = []
    @Option(help: "Write every trial: method, function, seed, trial, loss, true.") var out: String?
    @Option(help: "Write the regrets.") var regrets: String?
    @Flag(help: "Leave the tables out.") var quiet = false

    func run() throws {
        let functions = try BenchFunction.chosen(functions)
        var campaigns = [(String, Campaign)]()
        for function in functions {
            for seed in firstSeed..<firstSeed + seeds {
                for name in samplers.split(separator: ",") {
                    let sampler = try namedSampler(String(name), seed: UInt64(seed), trials: trials)
                    let campaign = Campaign(
                        function: function, sampler: sampler, seed: UInt64(seed), trials: trials, workers: workers,
                        isMoved: moved)
                    campaigns.append((String(name), campaign))
                }
            }
        }
        let results = inParallel(threads, campaigns) { $0.1.run() }
        var table = ResultTable()
        var lines = ["method,function,seed,trial,loss,true"]
        for ((name, campaign), rows) in zip(campaigns, results) {
            let function = campaign.function
            table.add(
                Curve(
                    method: name, function: function.name, seed: Int(campaign.seed),
                    regrets: Curve.regrets(rows, optimum: function.optimum)))
            guard out != nil else { continue }
            for (order, row) in rows.enumerated() {
                // A trial that diverged is never the best.
                let cells = [row.observed, row.exact].map { $0.isNaN ? "inf" : String(format: "%.9g", $0) }
                lines.append("\(name),\(function.name),\(campaign.seed),\(order),\(cells[0]),\(cells[1])")
            }
        }
        if let out { try (lines.joined(separator: "\n") + "\n").write(toFile: out, atomically: true, encoding: .utf8) }
        if let regrets { try table.write(regrets) }
        for path in compare { try table.read(path, only: Set(functions.map(\.name))) }
        if !quiet { print(table.report(functions: functions.map(\.name), reference: reference)) }
    }
}
