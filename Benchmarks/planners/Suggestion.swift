import ArgumentParser
import Foundation
import RandomStreams
import SweepSearch

struct SuggestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suggest", abstract: "Measures the time of one suggestion after a history, and the memory.")

    @Option var sampler = "tpe"
    @Option(help: "Finished trials, by comma.") var history = "100,1000,10000"
    @Option(help: "Suggestions, of whose times the median counts.") var calls = 21

    func run() throws {
        let sampler = try namedSampler(sampler, seed: 1, trials: 20_000)
        print("| trials | ms per suggestion | peak memory, MB |\n|---|---|---|")
        for count in history.split(separator: ",").compactMap({ Int($0) }) {
            let observations = tenDimensionalHistory(count)
            let times = (0..<calls).map { call in
                var random = RandomStream(seed: 1, stream: 1, UInt64(count + call))
                let start = ContinuousClock.now
                _ = sampler.suggest(from: tenDimensionalSpace, given: observations, pending: [], using: &random)
                return (ContinuousClock.now - start) / .milliseconds(1)
            }
            print(String(format: "| %d | %.3f | %.0f |", count, median(times), peakMemory()))
        }
    }

    private func peakMemory() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Double(usage.ru_maxrss) / 1000
    }
}

/// Four numbers, two of them logarithmic; three integers, one of them logarithmic; choices among 2, 4 and 8.
private let tenDimensionalSpace: SearchSpace = {
    let letters = "abcdefgh".map { ParameterValue.string(String($0)) }
    do {
        return try SearchSpace([
            Parameter("f1", .uniform(min: 0, max: 1)), Parameter("f2", .uniform(min: 0, max: 1)),
            Parameter("l1", .logUniform(min: 1e-6, max: 1)), Parameter("l2", .logUniform(min: 1e-6, max: 1)),
            Parameter("i1", .integer(min: 1, max: 10, step: 1, log: false)),
            Parameter("i2", .integer(min: 0, max: 100, step: 1, log: false)),
            Parameter("i3", .integer(min: 8, max: 1024, step: 1, log: true)),
            Parameter("c1", .choice(Array(letters.prefix(2)))), Parameter("c2", .choice(Array(letters.prefix(4)))),
            Parameter("c3", .choice(letters)),
        ])
    } catch {
        preconditionFailure("\(error)")
    }
}()

private func tenDimensionalHistory(_ count: Int) -> Observations {
    let observations = (0..<count).lazy.map { number in
        var random = RandomStream(seed: 7, stream: 1, UInt64(number))
        let assignment = RandomSampler().suggest(from: tenDimensionalSpace, given: [], pending: [], using: &random)
        let v = Values(assignment)
        let value =
            square(v["f1"] - 0.3) + square(v["f2"] - 0.7) + 0.1 * abs(log10(v["l1"]) + 3)
            + 0.05 * abs(log10(v["l2"]) + 4) + 0.01 * v["i1"] + (v.text("c1") == "a" ? 0 : 0.1)
        return Observation(number: number, assignment: assignment, outcome: .value(value))
    }
    return Observations(observations)
}
