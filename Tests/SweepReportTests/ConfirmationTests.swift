import ConfigFile
import Foundation
import RandomStreams
import SweepModel
import SweepReport
import SweepSearch
import TestSupport
import Testing

/// What fresh seeds show of the best configurations.
@Suite struct ConfirmationTests {
    /// Swift Testing has a type of this name, too.
    private typealias Confirmation = SweepReport.Confirmation

    @Test func `mean, deviation and interval of a few results`() throws {
        let three = try #require(SeedStatistics([0.971, 0.968, 0.975]))
        #expect(abs(three.mean - 0.971333333) < 1e-9)
        #expect(abs((three.deviation ?? 0) - 0.003511885) < 1e-9)
        let interval = try #require(three.interval)
        #expect(abs(interval.upperBound - three.mean - 4.30265273 * 0.00351188458 / 3.0.squareRoot()) < 1e-9)
        let one = try #require(SeedStatistics([2]))
        #expect(one.deviation == nil && one.interval == nil && one.probabilityOfZero(resolution: 1) == nil)
        #expect(SeedStatistics([]) == nil)
        let equal = try #require(SeedStatistics([2, 2, 2]))
        #expect(equal.deviation == 0 && equal.interval == 2...2)
        // One step of the results three times over may be chance; two thousand steps are none.
        #expect(abs((equal.probabilityOfZero(resolution: 2) ?? 1) - 0.0513167) < 1e-6)
        #expect((equal.probabilityOfZero(resolution: 0.001) ?? 1) < 1e-7)
        let huge = try #require(SeedStatistics([1e308, 1.5e308, -1e308]))
        #expect(huge.mean.isFinite && huge.deviation?.isFinite == true)
    }

    /// Of an interval of 95 %, 95 of 100 must hold the truth.
    @Test func `intervals hold the truth as often as they say`() {
        var random = RandomStream(seed: 5, stream: .explanation)
        let held = (0..<4000).count { _ in
            let values = (0..<5).map { _ in random.normal() }
            return SeedStatistics(values)?.interval?.contains(0) == true
        }
        #expect((3730...3870).contains(held), "\(held) of 4000; 3800 ± 5 standard deviations of 13.8")
    }

    private static let metric = Metric(name: "accuracy", goal: .maximize, rule: .last)

    private static func candidate(_ number: Int, shown: Double = 0.9) -> Candidate {
        Candidate(numbers: [number], value: shown, parameters: ["x": .integer(number)])
    }

    /// A trial for each value; nil for one that failed.
    private static func trials(_ rows: [Int: [Double?]]) -> [TrialRecord] {
        rows.sorted { $0.key < $1.key }.flatMap { x, values in
            values.enumerated().map { index, value in
                var trial = Example.trial(
                    100 * x + index, ["x": .integer(x), "seed": .integer(index)],
                    value.map { .complete($0) } ?? TrialEnding(.failed, .crash(.exit(1))))
                trial.seed = UInt64(index)
                return trial
            }
        }
    }

    private static func confirmation(_ rows: [Int: [Double?]], seeds: Int) -> Confirmation {
        Confirmation(
            metric: metric, candidates: rows.keys.sorted().map { candidate($0) }, seeds: Array(0..<UInt64(seeds)),
            trials: trials(rows), seedParameter: "seed")
    }

    @Test func `the best mean comes first, and a configuration that failed comes last`() throws {
        let found = Self.confirmation(
            [1: [0.80, 0.82, 0.81], 2: [0.90, 0.91, 0.89], 3: [0.99, nil, 0.99], 4: [nil, nil, nil]], seeds: 3)
        #expect(found.configurations.map(\.candidate.number) == [2, 1, 3, 4])
        #expect(found.best?.candidate.number == 2)
        #expect(found.configurations.map(\.failures) == [0, 0, 1, 3])
        #expect(found.progress.ended == 12 && found.progress.planned == 12)
        #expect(found.text.contains("no result with 1 of 3 seeds"))
        #expect(found.configurations[0].comparison == nil && found.configurations[3].comparison == nil)
    }

    /// The third failed with one seed, and keeps the bound with as many as the second.
    @Test func `what keeps the bounds with more seeds comes first, and the others are said`() throws {
        var trials = Self.trials([1: [0.9, 0.9, 0.9], 2: [0.8, 0.8, 0.8], 3: [0.7, 0.7, nil]])
        let times: [Int: [Double]] = [1: [3, 9, 9], 2: [3, 3, 9], 3: [3, 3, 3]]
        for index in trials.indices {
            let (x, seed) = (trials[index].number / 100, trials[index].number % 100)
            if trials[index].state == .complete { trials[index].further = ["time": times[x]?[seed] ?? 0] }
        }
        let found = Confirmation(
            metric: Self.metric, bounds: [MetricBound(metric: "time", .atMost, 5)],
            candidates: (1...3).map { Self.candidate($0) }, seeds: [0, 1, 2], trials: trials, seedParameter: "seed")
        #expect(found.configurations.map(\.candidate.number) == [2, 3, 1])
        #expect(found.configurations.map(\.seedsBeyondBounds) == [[2], [], [1, 2]])
        #expect(found.text.contains("beyond a bound with 1 of 3 seeds"), "\(found.text)")
        let folder = try TemporaryDirectory()
        try folder.write(
            found.node(sweep: "s", in: "/s-confirm").indentedJSON(), to: ConfirmedBest.fileName)
        let read = try #require(ConfirmedBest(inSweepAt: folder.path))
        #expect(read.words(of: 2)?.hasSuffix("with 3 fresh seeds, beyond a bound with 1 of 3 seeds") == true)
        #expect(read.words(of: 3)?.hasSuffix("with 2 fresh seeds") == true)
    }

    /// 0.1 + 0.2 is not 0.3, so differences that are one number differ in their last digits.
    @Test func `rounding makes no difference certain`() throws {
        let first = [0.1, 0.2, 0.3, 0.7, 1.1]
        let same = Self.confirmation([1: first, 2: first.map { $0 - 0.0625 }], seeds: 5)
        let rounded = Self.confirmation([1: first, 2: first.map { $0 - 0.1 }], seeds: 5)
        #expect((same.configurations[1].comparison?.probability ?? 1) < 0.001)
        // Results that are multiples of 0.1 differ by one step.
        let probability = try #require(rounded.configurations[1].comparison?.probability)
        #expect(abs(probability - 0.0054) < 2e-4, "\(probability)")
        // Where no seed changes anything, there is no chance in it.
        let fixed = Self.confirmation([1: [0.9, 0.9, 0.9], 2: [0.5, 0.5, 0.5]], seeds: 3)
        #expect(fixed.text.contains("worse by 0.4\n") && !fixed.text.contains("not told apart"), "\(fixed.text)")
    }

    @Test func `seeds that all configurations share are compared in pairs`() throws {
        // The seeds differ by far more than the configurations; by seed, the second is always worse by about 0.01.
        let first = [0.70, 0.80, 0.90, 0.75, 0.85]
        let found = Self.confirmation(
            [1: first, 2: zip(first, [0.010, 0.011, 0.009, 0.010, 0.010]).map { $0 - $1 }], seeds: 5)
        let comparison = try #require(found.configurations[1].comparison)
        #expect(comparison.isSignificant && abs(comparison.difference - 0.01) < 1e-12)
        #expect(found.text.contains("worse by 0.01 (p < 0.001)"), "\(found.text)")
    }

    @Test func `chance that has more occasions is given less weight`() throws {
        let best = [0.90, 0.91, 0.92, 0.90, 0.93]
        let near = zip(best, [0.01, 0.03, 0.00, 0.02, 0.01]).map { $0 - $1 }
        let alone = Self.confirmation([1: best, 2: near], seeds: 5)
        let among = Self.confirmation(
            [1: best, 2: near, 3: near.map { $0 - 1e-6 }, 4: near.map { $0 - 2e-6 }], seeds: 5)
        let single = try #require(alone.configurations[1].comparison?.probability)
        #expect((0.04...0.08).contains(single))
        let corrected = among.configurations.dropFirst().compactMap { $0.comparison?.probability }
        #expect(corrected.count == 3)
        #expect(corrected.allSatisfy { $0 > 2.9 * single && $0 <= 1 }, "\(corrected), alone \(single)")
    }

    @Test func `a choice is measured with a seed that did not make it`() throws {
        // Either is best only by the seed that it is lucky with: without that seed the other is chosen.
        let found = Self.confirmation([1: [0.9, 0.5, 0.5], 2: [0.5, 0.89, 0.5]], seeds: 3)
        #expect(found.best?.candidate.number == 1)
        let value = try #require(found.valueOfChoice)
        #expect(abs(value - 0.5) < 1e-12, "without the first seed the second is chosen, and has 0.5 with it; …")
        #expect(Self.confirmation([1: [0.9, 0.5, 0.5]], seeds: 3).valueOfChoice == nil)
        #expect(Self.confirmation([1: [0.9, 0.5], 2: [0.9, 0.5]], seeds: 2).valueOfChoice == nil)
    }

    @Test func `a trainer that does not use its seed is told`() {
        let found = Self.confirmation([1: [0.8, 0.8, 0.8], 2: [0.9, 0.9, 0.9]], seeds: 3)
        #expect(found.isWithoutEffect && found.text.contains("every seed gives the same result"))
        #expect(!Self.confirmation([1: [0.8, 0.8], 2: [0.9, 0.8]], seeds: 2).isWithoutEffect)
        #expect(!Self.confirmation([1: [0.8], 2: [0.9]], seeds: 1).isWithoutEffect)
    }

    @Test func `trials that differ in their seed alone are one configuration`() {
        let trials = [
            Example.trial(0, ["x": 1, "seed": 1], .complete(0.99)),
            Example.trial(1, ["x": 2, "seed": 1], .complete(0.9)),
            Example.trial(2, ["x": 1, "seed": 2], .complete(0.7)), Example.trial(3, ["x": 3, "seed": 1], .diverged),
        ]
        let candidates = Self.metric.candidates(among: trials, seedParameter: "seed")
        #expect(candidates.map(\.numbers) == [[1], [0, 2]])
        #expect(candidates.map(\.parameters) == [["x": 2], ["x": 1]])
        #expect(abs(candidates[1].value - 0.845) < 1e-12)
        #expect(Self.metric.candidates(among: trials, seedParameter: nil).map(\.numbers) == [[0], [1], [2]])
    }

    @Test func `what was confirmed is read again, and orders the best trials while it holds`() throws {
        let folder = try TemporaryDirectory()
        let found = Self.confirmation([1: [0.80, 0.82], 2: [0.90, 0.91]], seeds: 2)
        try folder.write(found.node(sweep: "s", in: "/s-confirm").indentedJSON(), to: ConfirmedBest.fileName)
        let confirmed = try #require(ConfirmedBest(inSweepAt: folder.path))
        #expect(confirmed.order == [2, 1])
        #expect(confirmed.covers(best: 1) && !confirmed.covers(best: 7))
        #expect(confirmed.words(of: 2) == "0.905 (0.84147 to 0.96853) with 2 fresh seeds")
        #expect(confirmed.words(of: 7) == nil)
        for text in ["", "{}", "[1]", #"{"best": 1, "configurations": []}"#] {
            try folder.write(text, to: ConfirmedBest.fileName)
            #expect(ConfirmedBest(inSweepAt: folder.path) == nil)
        }
    }
}
