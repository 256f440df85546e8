import RandomStreams
import SweepSearch
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

@Suite struct TPESamplerTests {
    private func observations(_ outcomes: [Outcome], in space: SearchSpace) throws -> Observations {
        var random = RandomStream(seed: 1, stream: 0)
        return Observations(
            try outcomes.enumerated().map { number, outcome in
                Observation(number: number, assignment: try space.complete([:], using: &random), outcome: outcome)
            })
    }

    @Test(
        arguments: [
            ([], [], 0), ([.failed, .failed], [], 0), ([.diverged, .pruned(nil)], [], 2),
            ([.value(3), .value(1), .value(2)], [1], 3),
            // The first of equals.
            ([.value(1), .value(1)], [0], 2),
            // What was pruned is good only where complete trials are too few.
            ([.pruned(0), .value(9), .diverged], [1], 3), ([.pruned(0), .failed, .pruned(-1), .diverged], [2], 3),
            // Two of 11, in order of their numbers; the failed one does not make it 12.
            ((0..<11).map { .value(Double(-$0)) } + [.failed], [9, 10], 11),
        ] as [([Outcome], [Int], Int)])
    func `the best tenth is good and everything else is bad`(outcomes: [Outcome], good: [Int], informative: Int) throws
    {
        let space = try SearchSpace([Parameter("x", .uniform(min: 0, max: 1))])
        let split = TPESampler().split(try observations(outcomes, in: space), goodFraction: 0.1)
        #expect(split.good == good)
        #expect(split.bad == outcomes.indices.filter { !good.contains($0) })
        #expect(split.informative == informative)
    }

    @Test func `no more than the most good trials are good`() throws {
        let space = try SearchSpace([Parameter("x", .uniform(min: 0, max: 1))])
        let split = TPESampler().split(
            try observations((0..<1000).map { .value(Double($0)) }, in: space), goodFraction: 0.1)
        #expect(split.good == Array(0..<25))
    }

    @Test func `better trials of the good ones outweigh the others, and the mean weight is 1`() throws {
        let space = try SearchSpace([Parameter("x", .uniform(min: 0, max: 1))])
        let outcomes = [5, 1, 9, 3, 1, 7].map { Outcome.value($0) } + [.pruned(0)]
        let split = TPESampler().split(try observations(outcomes, in: space), goodFraction: 0.6)
        #expect(split.good == [0, 1, 3, 4, 5])
        // Of equals the first is the better.
        #expect(split.ranks == [3, 0, 2, 1, 4])
        func weights(_ ranks: [Int], rankExponent: Double) -> [Double] {
            TPESampler.Selection(goodFraction: 1, rankExponent: rankExponent).weights(ranks)
        }
        #expect(weights(split.ranks, rankExponent: 0) == [1, 1, 1, 1, 1])
        // (1 − r/5) is 0.4, 1, 0.6, 0.8, 0.2, which is 3 together.
        for (weight, expected) in zip(weights(split.ranks, rankExponent: 1), [2, 5, 3, 4, 1]) {
            #expect(abs(weight - Double(expected) / 3) < 1e-12)
        }
        let steep = weights(split.ranks, rankExponent: 4)
        #expect(abs(steep.reduce(0, +) - 5) < 1e-12 && steep.min() ?? 0 > 0)
        #expect(weights([], rankExponent: 4) == [] && weights([0], rankExponent: 4) == [1])
    }

    @Test func `trials that failed do not end the start-up`() throws {
        let space = try mixedConditionalSpace()
        let failed = try observations((0..<50).map { _ in .failed } + (0..<9).map { .value(Double($0)) }, in: space)
        var first = RandomStream(seed: 1, stream: 0)
        var second = first
        #expect(
            TPESampler(startupTrials: 10).suggest(from: space, given: failed, pending: [], using: &first)
                == SobolSampler().suggest(from: space, given: failed, pending: [], using: &second))
    }

    @Test func `where trials are pending, others are good than where none is`() throws {
        let space = try SearchSpace([Parameter("x", .uniform(min: 0, max: 1))])
        // Good are three tenths, two of which lie in the upper half; or only the best tenth, which lies below 0.1.
        let observations = (0..<100).map { number in
            let x = Double(number) / 100
            let isGood = number < 10 || (60..<80).contains(number)
            return Observation(
                number: number, assignment: Assignment(["x": .number(x)], in: space),
                outcome: .value(number < 10 ? 0 : isGood ? 1 : 2))
        }
        // With one candidate, what is suggested is a draw from the good density.
        let sampler = TPESampler(
            candidates: 1, selection: TPESampler.Selection(goodFraction: 0.3, rankExponent: 0),
            selectionWithPending: TPESampler.Selection(goodFraction: 0.1, rankExponent: 0))
        func suggestions(_ pending: [Assignment]) -> [Double] {
            (0..<100 as Range<UInt64>).map { trial in
                var random = RandomStream(seed: 1, stream: 1, trial)
                return sampler.suggest(from: space, given: observations, pending: pending, using: &random)["x"]?
                    .asNumber ?? .nan
            }
        }
        let pending = Assignment(["x": .number(0.99)], in: space)
        // 65 and 5 are expected.
        #expect(suggestions([]).count { $0 > 0.5 } > 40)
        #expect(suggestions([pending]).count { $0 > 0.5 } < 20)
    }

    @Test func `pending trials push suggestions away`() throws {
        let space = try SearchSpace([Parameter("x", .uniform(min: 0, max: 1))])
        let observations = (0..<30).map { number in
            let x = Double(number) / 29
            return Observation(
                number: number, assignment: Assignment(["x": .number(x)], in: space),
                outcome: .value((x - 0.4) * (x - 0.4)))
        }
        let crowd = (0..<20).map { _ in Assignment(["x": 0.4], in: space) }
        let differences = (0..<100).map { trial in
            let distances = [[], crowd].map { pending in
                var random = RandomStream(seed: 1, stream: 1, UInt64(trial))
                let suggestion = TPESampler().suggest(
                    from: space, given: observations, pending: pending, using: &random)
                return abs((suggestion["x"]?.asNumber ?? .nan) - 0.4)
            }
            return distances[1] - distances[0]
        }
        let mean = differences.reduce(0, +) / 100
        let variance = differences.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 99
        // Five standard errors: by chance less than once in a million.
        #expect(mean > 5 * (variance / 100).squareRoot(), "\(mean)")
    }

    @Test func `it finds better values than random search in a branching space`() throws {
        let space = try mixedConditionalSpace()
        // A bowl in the units of a typical range each, deeper in one branch.
        func value(_ assignment: Assignment) -> Double {
            func number(_ name: String) -> Double { assignment[name]?.asNumber ?? .nan }
            let rate = log10(number("rate")) + 1.5
            let hidden = log2(number("hidden") / 100) / 2
            let branch = assignment["optimizer"] == "sgd" ? 2 * (number("momentum") - 0.8) : 1
            return rate * rate + hidden * hidden + branch * branch
        }
        func best(of sampler: some Sampler, seed: UInt64) -> Double {
            var observations = [Observation]()
            for number in 0..<60 {
                var random = RandomStream(seed: seed, stream: 1, UInt64(number))
                let suggestion = sampler.suggest(from: space, given: observations, pending: [], using: &random)
                observations.append(
                    Observation(number: number, assignment: suggestion, outcome: .value(value(suggestion))))
            }
            return observations.map { value($0.assignment) }.min() ?? .infinity
        }
        let wins = (0..<20).count { best(of: TPESampler(seed: $0), seed: $0) < best(of: RandomSampler(), seed: $0) }
        // Were they equal, 17 of 20 or more would happen once in 800 times.
        #expect(wins >= 17)
    }
}
