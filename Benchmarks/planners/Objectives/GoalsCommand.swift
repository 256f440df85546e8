import ArgumentParser
import Foundation
import SweepSearch

struct GoalsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "goals", abstract: "Measures how well samplers search for several objectives, and within bounds.",
        subcommands: [GoalsRunCommand.self, GoalsFunctionsCommand.self, GoalsEvaluateCommand.self],
        defaultSubcommand: GoalsRunCommand.self)
}

struct GoalsRunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Sweeps functions and compares what is missing of their best fronts with what other planners miss.")

    @Option(help: "Samplers (auto, gp, tpe, nsga2, sobol, random), by comma.") var samplers = "auto,tpe,nsga2,random"
    @Option(help: "Functions or groups of them (zdt, dtlz, bounds, mixed), by comma.")
    var functions = "zdt,dtlz,bounds,mixed"
    @Option var seeds = 20
    @Option(help: "The first seed.") var firstSeed = 0
    @Option var trials = 100
    @Option(help: "How many sweeps to compute at once.") var threads = 2
    @Option(help: "The method to compare the others with.") var reference = "auto"
    @Option(help: "Files to compare with: columns method, function, seed, t20, t40, t60, t100.")
    var compare: [String] = []
    @Option(help: "Write what is missing, as such a file.") var csv: String?
    @Flag(help: "Leave the tables out.") var quiet = false

    func validate() throws {
        guard trials >= 1 else { throw ValidationError("a sweep has at least one trial") }
    }

    func run() throws {
        let functions = try VectorFunction.chosen(functions)
        var campaigns = [VectorCampaign]()
        for function in functions {
            for seed in firstSeed..<firstSeed + seeds {
                for name in samplers.split(separator: ",") {
                    campaigns.append(try VectorCampaign(String(name), function, seed: seed, trials: trials))
                }
            }
        }
        let results = inParallel(threads, campaigns) { campaign in
            let trials = campaign.run()
            return VolumeTable.checkpoints.map { campaign.function.gap(of: Array(trials.prefix($0))) }
        }
        var table = VolumeTable()
        for (campaign, gaps) in zip(campaigns, results) {
            table.add(gaps, method: campaign.method, function: campaign.function.name, seed: campaign.seed)
        }
        if let csv { try table.write(csv) }
        for path in compare { try table.read(path, only: Set(functions.map(\.name))) }
        if !quiet { print(table.report(functions: functions.map(\.name), reference: reference)) }
    }
}
