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

    @Option(
        help: """
            Samplers with pruners, by comma: none, auto, median, hyperband, and asha and successive_halving, these \
            with options such as asha:reduction=2:spacing=3.
            """)
    var methods = "random+asha,tpe+asha,auto+asha,auto+none"
    @Option(help: "Functions, by comma.") var functions = "netcurves,noisycurves"
    @Option var seeds = 20
    @Option(help: "The first seed.") var firstSeed = 0
    @Option(help: "How many trials' epochs a sweep may use.") var trials = 40
    @Option(help: "How many trials are under way at once.") var workers = 1
    @Option(help: "How many sweeps to compute at once.") var threads = 2
    @Option(help: "The method to compare the others with.") var reference = "auto+auto"
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
        print(table.report(functions: functions, reference: reference))
    }
}
