import EarlyStopping
import RandomStreams
import Testing

/// Which configuration is run with another seed.
@Suite struct SeedRaceTests {
    private typealias Entry = SeedRace.Entry

    @Test(
        arguments: [
            (SeedValue.mean, [0.3, 0.4, 0.8], 0.5), (.median, [0.8, 0.3, 0.4], 0.4), (.median, [4, 1, 2, 3], 2.5),
            (.lcb, [1, 2, 3], 2 + 1 / 3.0.squareRoot()), (.mean, [7], 7), (.lcb, [7], 7),
            (.mean, [1, .infinity], .infinity),
            (.median, [1, .infinity, 2], 2), (.median, [1, .infinity], .infinity), (.lcb, [1, .infinity], .infinity),
            (.mean, [1.5e308, 1.5e308], 1.5e308), (.median, [1.5e308, 1.6e308], 1.55e308),
        ] as [(SeedValue, [Double], Double)])
    func `what of several results is the value`(value: SeedValue, results: [Double], expected: Double) throws {
        let found = try #require(value.of(results))
        #expect(found == expected || abs(found / expected - 1) < 1e-15)
        #expect(value.of([]) == nil)
    }

    @Test func `the first to have a result gets all its seeds, as long as it leads`() {
        let race = SeedRace(seeds: 3, value: .mean)
        #expect(race.next(among: []) == nil)
        #expect(race.next(among: [Entry(trial: 0, open: 1)]) == nil)
        #expect(race.next(among: [Entry(trial: 0, results: [5])]) == 0)
        #expect(race.next(among: [Entry(trial: 0, results: [5], open: 1)]) == 0)
        // While its seeds run, new configurations are tried; one that is better leads then.
        #expect(race.next(among: [Entry(trial: 0, results: [5], open: 2)]) == nil)
        #expect(race.next(among: [Entry(trial: 0, results: [5], open: 2), Entry(trial: 3, results: [6])]) == nil)
        #expect(race.next(among: [Entry(trial: 0, results: [5], open: 2), Entry(trial: 3, results: [4])]) == 3)
        // What has failed, was stopped early, or diverged is no leader.
        let without = [Entry(trial: 0, failures: 1), Entry(trial: 1, results: [.infinity])]
        #expect(race.next(among: without) == nil)
    }

    @Test func `a challenger gets another seed as long as it may win`() {
        let race = SeedRace(seeds: 3, value: .mean)
        let best = Entry(trial: 0, results: [1.0, 1.1, 1.2])
        func next(_ results: [Double], open: Int = 0) -> Int? {
            race.next(among: [best, Entry(trial: 4, results: results, open: open)])
        }
        #expect(next([0.9]) == 4 && next([1.15]) == 4)
        #expect(next([3]) == nil, "no two further seeds bring it back")
        #expect(next([1, 1]) == 4)
        #expect(next([1], open: 2) == nil, "all its seeds run")
        #expect(next([1, 1, 1]) == nil, "it has them all")
        // A seed that failed is replaced, but not for ever.
        #expect(race.next(among: [best, Entry(trial: 4, results: [1, 0.9], failures: 1)]) == 4)
        #expect(race.next(among: [best, Entry(trial: 4, results: [1, 0.9], failures: 3)]) == nil)
        #expect(!race.isComplete(Entry(trial: 4, results: [1, 0.9], failures: 1), .changesResults))
        // The better chance goes first, whatever the order.
        let several = [
            best, Entry(trial: 1, results: [1.1]), Entry(trial: 2, results: [0.9]), Entry(trial: 3, results: [1]),
        ]
        #expect(race.next(among: several) == 2 && race.next(among: several.reversed()) == 2)
    }

    @Test func `where nothing new can win, what has been begun gets its seeds`() {
        let race = SeedRace(seeds: 5, value: .mean)
        let best = Entry(trial: 0, results: [1.0, 1.1, 1.2, 1.1, 1.1])
        let hopeless = [
            Entry(trial: 5, results: [7]), Entry(trial: 6, results: [6, 6]), Entry(trial: 7, results: [9]),
        ]
        func next(_ entries: [Entry], remaining: Int? = nil, instead: SeedRace.Alternative = .new) -> Int? {
            race.next(among: [best] + entries, remaining: remaining, inPlaceOf: instead)
        }
        #expect(next(hopeless) == nil && next(hopeless, remaining: 5) == nil)
        // Four trials are too few for a new configuration, three for those with one result, and two for all.
        #expect(next(hopeless, remaining: 4) == 5 && next(hopeless, remaining: 3) == 6)
        #expect(next(hopeless, remaining: 2) == nil)
        #expect(next([Entry(trial: 5, results: [2]), hopeless[1]], remaining: 4) == 5)
        // A small space has been tried as a whole.
        #expect(next(hopeless, instead: .known) == 5)
        #expect(next([], instead: .known) == nil)
        // Where the sweep would end, it ends.
        #expect(next(hopeless, instead: .nothing) == nil && next(hopeless, remaining: 4, instead: .nothing) == nil)
        // Last come those that crashed at once, one time more.
        let crashed = Entry(trial: 8, failures: 1, crashes: 1)
        #expect(next([crashed]) == nil && next([crashed], remaining: 1) == nil)
        #expect(next([crashed], instead: .known) == 8 && next([crashed] + hopeless, instead: .known) == 5)
        #expect(race.next(among: [crashed], inPlaceOf: .known) == 8 && race.next(among: [crashed]) == nil)
        #expect(next([crashed] + hopeless, instead: .nothing) == 8)
        for other in [
            Entry(trial: 8, failures: 1), Entry(trial: 8, failures: 2, crashes: 2),
            Entry(trial: 8, results: [.infinity], failures: 1, crashes: 1),
            Entry(trial: 8, failures: 1, crashes: 1, open: 1),
        ] { #expect(next([other], instead: .known) == nil) }
    }

    @Test func `where seeds change nothing, only a better one is run again`() {
        let race = SeedRace(seeds: 4, value: .median)
        let best = Entry(trial: 0, results: [1, 1, 1, 1])
        #expect(race.next(among: [best, Entry(trial: 1, results: [1])]) == nil)
        #expect(race.next(among: [best, Entry(trial: 1, results: [1.000001])]) == nil)
        #expect(race.next(among: [best, Entry(trial: 1, results: [0.999999])]) == 1)
    }

    @Test func `one configuration that is far off does not make all others uncertain`() {
        let race = SeedRace(seeds: 3, value: .mean)
        let known = [
            Entry(trial: 0, results: [1, 1.01, 1.02]), Entry(trial: 1, results: [1.1, 1.09, 1.12]),
            Entry(trial: 2, results: [1, 1e9, 1]),
        ]
        #expect(race.next(among: known + [Entry(trial: 3, results: [2])]) == nil)
        #expect(race.next(among: known + [Entry(trial: 3, results: [1.0])]) == 3)
    }

    @Test(
        arguments: [
            (SeedValue.mean, 3, [1, .infinity], Double.infinity), (.lcb, 3, [1, .infinity], .infinity),
            (.median, 3, [1, .infinity], 1), (.median, 3, [.infinity, 1], 1),
            (.median, 3, [1, .infinity, .infinity], .infinity),
            (.median, 3, [.infinity], .infinity), (.median, 2, [1, .infinity], .infinity),
            (.median, 5, [1, 2, .infinity], 1.5),
        ] as [(SeedValue, Int, [Double], Double)])
    func `a seed that diverged counts where the value cannot be finite any more`(
        value: SeedValue, seeds: Int, results: [Double], expected: Double
    ) {
        let race = SeedRace(seeds: seeds, value: value)
        #expect(race.value(of: Entry(trial: 0, results: results)) == expected)
    }

    @Test func `where seeds have never changed anything, three results are enough`() {
        let race = SeedRace(seeds: 20, value: .mean)
        #expect(race.next(among: [Entry(trial: 0, results: [1, 1])]) == 0)
        let equal = [Entry(trial: 0, results: [1, 1, 1])]
        #expect(race.isComplete(equal[0], SeedRace.seedEffect(in: equal)))
        #expect(race.next(among: equal) == nil)
        // Another configuration shows that they do: three equal results were luck.
        let other = equal + [Entry(trial: 1, results: [2, 2.1])]
        #expect(!race.isComplete(equal[0], SeedRace.seedEffect(in: other)))
        #expect(race.next(among: other) == 0)
        #expect(race.next(among: [Entry(trial: 0, results: [1, 1, 1.1])]) == 0)
    }

    @Test func `where two configurations had the same result with all seeds, one result is enough for the next`() {
        let race = SeedRace(seeds: 3, value: .mean)
        let equal = [Entry(trial: 0, results: [1, 1, 1]), Entry(trial: 3, results: [0.5, 0.5, 0.5])]
        #expect(SeedRace.seedEffect(in: equal) == .nothing)
        let better = Entry(trial: 6, results: [0.25])
        #expect(race.next(among: equal + [better]) == nil)
        #expect(race.isComplete(better, .nothing))
        // The same result of both may be what every collapsed net has.
        let alike = [Entry(trial: 0, results: [1, 1, 1]), Entry(trial: 3, results: [1, 1, 1])]
        #expect(SeedRace.seedEffect(in: alike) == .unknown)
        #expect(race.next(among: alike + [better]) == 6)
        // So may that of trainings that diverge.
        let diverged = [equal[0], Entry(trial: 3, results: [.infinity, .infinity, .infinity])]
        #expect(SeedRace.seedEffect(in: diverged) == .unknown)
        // With two seeds it takes four configurations.
        let pairs = (1...3).map { Entry(trial: $0, results: [Double($0), Double($0)]) }
        #expect(SeedRace.seedEffect(in: pairs) == .unknown)
        #expect(SeedRace.seedEffect(in: pairs + [Entry(trial: 4, results: [4, 4])]) == .nothing)
        // Where a seed changes something after all, all of them count again.
        #expect(race.next(among: equal + [better, Entry(trial: 7, results: [2, 2.1])]) == 6)
    }

    @Test func `a leader whose seeds fail does not stop the race`() {
        let race = SeedRace(seeds: 3, value: .mean)
        let failing = Entry(trial: 0, results: [0], failures: 3)
        #expect(race.next(among: [failing, Entry(trial: 4, results: [1])]) == 4)
        #expect(race.next(among: [failing]) == nil)
    }

    @Test(arguments: SeedValue.allCases) func `hostile results do not stop the race`(value: SeedValue) {
        let race = SeedRace(seeds: 2, value: value)
        let numbers = [-1.7e308, 1.7e308, .infinity, 0, -0.0, .leastNonzeroMagnitude]
        for first in numbers {
            for second in numbers {
                let entries = [
                    Entry(trial: 0, results: [first, second]), Entry(trial: 1, results: [second]),
                    Entry(trial: 2, results: [first]),
                ]
                if let next = race.next(among: entries) { #expect(next == 1 || next == 2) }
            }
        }
    }

    /// Configurations whose true values are normal, each result of which has noise of the same size.
    private struct Search {
        var random: RandomStream
        var truth: [Double] = []
        var entries: [Entry] = []

        mutating func normal() -> Double {
            (0..<12).reduce(-6) { sum, _ in sum + random.uniform() }
        }

        mutating func run(_ next: Int?) {
            let place = next ?? entries.count
            if next == nil {
                truth.append(normal())
                entries.append(Entry(trial: place))
            }
            entries[place].open += 1
            entries[place].end(truth[place] + normal())
        }

        /// The true value of the one that has the best value among those with so many results.
        func choice(seeds: Int) -> Double {
            let full = entries.filter { $0.results.count >= seeds }
            let best = full.min { (SeedValue.mean.of($0.results) ?? 9) < (SeedValue.mean.of($1.results) ?? 9) }
            return best.map { truth[$0.trial] } ?? 9
        }
    }

    /// With the same number of trials: many configurations once, fewer of them three times each, and the race between.
    @Test func `the race finds better configurations than one seed for each, and than all seeds for each`() {
        var sums = (once: 0.0, always: 0.0, race: 0.0)
        let race = SeedRace(seeds: 3, value: .mean)
        for repetition in 0..<400 {
            func search() -> Search { Search(random: RandomStream(seed: UInt64(repetition), stream: 5)) }
            var (once, always, raced) = (search(), search(), search())
            for trial in 0..<60 {
                once.run(nil)
                always.run(trial % 3 == 0 ? nil : trial / 3)
                raced.run(race.next(among: raced.entries))
            }
            sums.once += once.choice(seeds: 1)
            sums.always += always.choice(seeds: 3)
            sums.race += raced.choice(seeds: 3)
            #expect(raced.entries.allSatisfy { $0.results.count <= 3 })
        }
        #expect(sums.race < sums.once - 40 && sums.race < sums.always - 40, "\(sums)")
    }
}
