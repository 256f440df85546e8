import ArgumentParser
import EarlyStopping
import Foundation
import RandomStreams
import SweepSearch

/// `plannerbench replicates`: how good the configuration is that a sweep ends with, where seeds differ.
///
/// All ways spend the same number of trials:
///
///     luckiest      each configuration once; the best value is chosen
///     expected      the same trials; that is chosen of which a model expects most, as `revsweep best` does
///     every         each configuration three times; the best mean is chosen
///     race          `replicates: 3`: another seed only for what may become the best
///
/// Printed are the medians of the regrets: the value without noise of what is chosen, less the optimum.
struct ReplicatesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replicates", abstract: "Compares ways to spend trials where seeds differ.")

    enum Way: String, CaseIterable {
        case luckiest, expected, every, race
    }

    @Option(help: "Functions or groups of them, by comma.")
    var functions = "noisy-bowl2,noisy-bowl5,noisy-training,noisy-table,noisy-hills3,hills5,levy4,integers5"
    @Option(help: "Samplers, by comma.") var samplers = "auto,tpe"
    @Option var seeds = 20
    @Option(help: "The first seed.") var firstSeed = 0
    @Option var trials = 90
    @Option(help: "How many seeds a configuration may have.") var replicates = 3
    @Option(help: "How many sweeps to compute at once.") var threads = 2

    private struct Work: Sendable {
        var function: BenchFunction
        var sampler: String
        var seed: UInt64
        /// Each configuration once for both of the first ways.
        var way: Way
    }

    func run() throws {
        let functions = try BenchFunction.chosen(functions)
        let samplers = samplers.split(separator: ",").map(String.init)
        let works = functions.flatMap { function in
            samplers.flatMap { sampler in
                (firstSeed..<firstSeed + seeds).flatMap { seed in
                    [Way.luckiest, .every, .race].map {
                        Work(function: function, sampler: sampler, seed: UInt64(seed), way: $0)
                    }
                }
            }
        }
        for name in samplers { _ = try namedSampler(name, seed: 0, trials: trials) }
        let (trials, replicates) = (trials, replicates)
        let results = inParallel(threads, works) { work -> [Way: Double] in
            guard let sampler = try? namedSampler(work.sampler, seed: work.seed, trials: trials) else { return [:] }
            var sweep = ReplicatedSweep(function: work.function, sampler: sampler, seed: work.seed, seeds: replicates)
            for trial in 0..<trials { sweep.runTrial(work.way, remaining: trials - trial) }
            let chosen = sweep.choice(work.way)
            return work.way == .luckiest
                ? [.luckiest: chosen, .expected: sweep.choice(.expected)] : [work.way: chosen]
        }
        print(table(works, results, samplers))
    }

    private func table(_ works: [Work], _ results: [[Way: Double]], _ samplers: [String]) -> String {
        var lines = ["| function | sampler | " + Way.allCases.map(\.rawValue).joined(separator: " | ") + " |"]
        lines.append("|---|---|" + Way.allCases.map { _ in "---|" }.joined())
        var ratios: [String: [Way: [[Double]]]] = [:]
        var names: [String] = []
        for work in works where !names.contains(work.function.name) { names.append(work.function.name) }
        for name in names {
            for sampler in samplers {
                func regrets(_ way: Way) -> [Double] {
                    works.indices.filter { works[$0].function.name == name && works[$0].sampler == sampler }
                        .compactMap { results[$0][way] }
                }
                let cells = Way.allCases.map { String(format: "%.3g", median(regrets($0))) }
                lines.append("| \(name) | \(sampler) | \(cells.joined(separator: " | ")) |")
                // What is less than a thousandth of the worst counts as that.
                let worst = Way.allCases.flatMap(regrets).max() ?? 1
                for way in Way.allCases where way != .race {
                    let decades = zip(regrets(.race), regrets(way)).map {
                        log10(max($0, worst / 1000)) - log10(max($1, worst / 1000))
                    }
                    ratios[sampler, default: [:]][way, default: []].append(decades)
                }
            }
        }
        lines += [
            "", "The regret of the race over that of the others, geometric mean, 95 % interval by bootstrap:", "",
        ]
        lines.append("| sampler | over | ratio |")
        lines.append("|---|---|---|")
        for sampler in samplers {
            for way in Way.allCases where way != .race {
                let (mean, low, high) = bootstrap(ratios[sampler]?[way] ?? [])
                let cell = String(format: "%.2f (%.2f to %.2f)", pow(10, mean), pow(10, low), pow(10, high))
                lines.append("| \(sampler) | \(way.rawValue) | \(cell) |")
            }
        }
        return lines.joined(separator: "\n")
    }
}

/// A sweep with one trial at a time, whose sampler sees each configuration once, with the value of its seeds.
private struct ReplicatedSweep {
    let function: BenchFunction
    let sampler: any Sampler
    let seed: UInt64
    let race: SeedRace

    private var entries: [SeedRace.Entry] = []
    private var exact: [Double] = []
    private var assignments: [Assignment] = []
    private var observations = Observations()
    private var trials = 0

    init(function: BenchFunction, sampler: any Sampler, seed: UInt64, seeds: Int) {
        (self.function, self.sampler, self.seed) = (function, sampler, seed)
        race = SeedRace(seeds: seeds, value: .mean)
    }

    mutating func runTrial(_ way: ReplicatesCommand.Way, remaining: Int) {
        let again: Int? =
            switch way {
            case .luckiest, .expected: nil
            case .every: entries.last.flatMap { race.isComplete($0, .changesResults) ? nil : $0.trial }
            case .race: race.next(among: entries, remaining: remaining)
            }
        let place = again ?? entries.count
        if again == nil {
            var random = RandomStream(seed: seed, stream: 1, UInt64(trials))
            assignments.append(
                sampler.suggest(from: function.space, given: observations, pending: [], using: &random))
            entries.append(SeedRace.Entry(trial: place))
            exact.append(0)
        }
        var noise = RandomStream(seed: seed, stream: 3, UInt64(trials))
        let measured = function.measure(assignments[place], using: &noise)
        trials += 1
        exact[place] = measured.exact
        entries[place].open += 1
        entries[place].end(measured.observed.isNaN ? .infinity : measured.observed)
        let value = race.value.of(entries[place].results) ?? .infinity
        let outcome = value.isFinite ? Outcome.value(value) : .diverged
        if again == nil {
            observations.insert(Observation(number: place, assignment: assignments[place], outcome: outcome))
        } else {
            observations.setOutcome(outcome, of: place)
        }
    }

    /// The regret of the configuration that is chosen.
    func choice(_ way: ReplicatesCommand.Way) -> Double {
        var values = entries.map { race.value.of($0.results) ?? .infinity }
        switch way {
        case .luckiest: break
        case .expected:
            if let model = SurrogateModel(of: function.space, given: observations), model.noiseShare >= 0.05 {
                values = model.expectations(of: assignments).map(\.mean)
            }
        case .every, .race:
            let effect = SeedRace.seedEffect(in: entries)
            let complete = entries.map { race.isComplete($0, effect) }
            if complete.contains(true) {
                for place in entries.indices where !complete[place] { values[place] = .infinity }
            }
        }
        let best = values.indices.min { values[$0] < values[$1] }
        return best.map { exact[$0] - function.optimum } ?? .infinity
    }
}
