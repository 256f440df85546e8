import Foundation
import Statistics

/// Decides which configuration is run with another seed: the one with the best chance to become the best, as long as
/// that chance is worth a trial.
///
///     let race = SeedRace(seeds: 3, value: .mean)
///     race.next(among: [
///         .init(trial: 0, results: [0.31, 0.35, 0.33]), .init(trial: 1, results: [0.9]),
///         .init(trial: 2, results: [0.3]),
///     ])                                              // 2: configuration 1 cannot become better than 0.33 any more
///
/// Every configuration has one seed at first. Before any has all its seeds, the one with the best value gets them, so
/// that it is known how much results differ from seed to seed. From then on the best one with all seeds is to be
/// beaten. With n results of S, the mean of all S is normal about the mean so far with the variance
///
///     σ² · (S − n)/(S·n)
///
/// if nothing else is known of the configuration: the seeds to come have the variance σ²/(S − n) about its true mean,
/// and that has σ²/n about the mean so far. Where this leaves a chance of less than 20 % to be better, by Student's
/// distribution, the configuration gets no further seed: a new one is worth more then (Benchmarks/replicates.md). σ is
/// the median of the standard deviations of the configurations with several results, each divided by what the median of
/// its distribution is: one that is far off does not count.
///
/// Whatever the chance, another seed is worth more where so few trials are left that a new configuration could not have
/// all its seeds any more, and where a sampler has none but those that are known: a small space has been tried as a
/// whole. A configuration whose first seed crashed then gets a second one.
///
/// A trainer that does not use its seed shows it by equal results; then each configuration is run once: `SeedEffect`.
///
/// Sources: Maron and Moore 1997, "The Racing Algorithm: Model Selection for Lazy Learners", for giving up what can
/// hardly be best any more; Hutter, Hoos and Leyton-Brown 2011, "Sequential Model-Based Optimization for General
/// Algorithm Configuration", section 3.4 (intensification), for one seed at a time against an incumbent.
public struct SeedRace: Sendable, Hashable {
    /// What is known of one configuration.
    public struct Entry: Sendable, Hashable {
        /// The number of its first trial.
        public var trial: Int
        /// Of the trials that have ended, in their order; lower is better, infinite where the trainer diverged.
        public var results: [Double]
        /// How many of its trials failed or were stopped early, and have no result.
        public var failures: Int
        /// How many of these failed, whatever they would have had.
        public var crashes: Int
        /// How many of its trials have not ended.
        public var open: Int

        public init(trial: Int, results: [Double] = [], failures: Int = 0, crashes: Int = 0, open: Int = 0) {
            self.trial = trial
            self.results = results
            self.failures = failures
            self.crashes = crashes
            self.open = open
        }

        /// Takes over how one of its trials ended.
        ///
        /// - Parameters:
        ///   - result: nil where there is none.
        ///   - hasCrashed: whether there is none because it failed.
        public mutating func end(_ result: Double?, hasCrashed: Bool = false) {
            open -= 1
            if let result { results.append(result) } else { failures += 1 }
            if hasCrashed { crashes += 1 }
        }
    }

    /// What is run if no configuration gets another seed.
    public enum Alternative: Sendable, Hashable {
        /// A configuration that has not been run yet.
        case new
        /// One that has been.
        case known
        /// The sweep would end.
        case nothing
    }

    /// With how many seeds a configuration is to have a result, at least 2.
    public let seeds: Int
    /// What of a configuration's results is its value.
    public let value: SeedValue

    /// A configuration with less of a chance gets no further seed.
    private static let leastChance = 0.2
    /// So many equal results are enough for a configuration as long as no seed has changed anything.
    private static let mostEqual = 3
    /// So many results with another seed that were all the same show that the trainer does not use it.
    private static let repeatsToBelieve = 4

    /// What seeds change, as far as it is known.
    public enum SeedEffect: Sendable, Hashable {
        /// A configuration has had different results.
        case changesResults
        /// No configuration has, which may be luck.
        case unknown
        /// No configuration has, and there were enough of them: each is run once from now on.
        case nothing
    }

    public init(seeds: Int, value: SeedValue) {
        precondition(seeds >= 2, "\(seeds) seeds")
        (self.seeds, self.value) = (seeds, value)
    }

    /// The configuration that is to be run with another seed now.
    ///
    /// - Parameters:
    ///   - remaining: how many trials there will still be, this one included; nil where that is not known.
    ///   - alternative: what would be run in its place.
    /// - Returns: the number of its first trial; nil if the alternative is worth more.
    public func next(
        among entries: some Collection<Entry>, remaining: Int? = nil, inPlaceOf alternative: Alternative = .new
    ) -> Int? {
        let (remaining, crashed) = (remaining ?? .max, alternative == .new ? nil : firstCrashed(of: entries))
        let effect = Self.seedEffect(in: entries)
        var incumbent = Double.infinity
        var leader: (trial: Int?, value: Double)?
        var challengers: [(entry: Entry, value: Double)] = []
        var deviations: [Double] = []
        var freedom = 0
        for entry in entries {
            guard let value = value(of: entry), value.isFinite else { continue }
            let takesSeeds = takesSeeds(entry, effect)
            if isComplete(entry, effect) {
                incumbent = min(incumbent, value)
            } else if takesSeeds || entry.open > 0, leader.map({ value < $0.value }) ?? true {
                // One whose seeds fail again and again leads nowhere.
                leader = (takesSeeds ? entry.trial : nil, value)
            }
            if takesSeeds, seeds - entry.results.count - entry.open <= remaining { challengers.append((entry, value)) }
            let finite = entry.results.filter(\.isFinite)
            if finite.count > 1 {
                let degrees = Double(finite.count - 1)
                // The median of √(χ²/n) with n degrees of freedom (Wilson and Hilferty 1931).
                deviations.append(SeedValue.deviation(of: finite) / pow(1 - 2 / (9 * degrees), 1.5))
                freedom += finite.count - 1
            }
        }
        guard incumbent < .infinity else { return leader?.trial ?? crashed }
        deviations.sort()
        let deviation = deviations.isEmpty ? 0 : deviations[deviations.count / 2]
        var best: (trial: Int, score: Double)?
        for (entry, value) in challengers {
            let score = score(of: entry.results, value, toBeat: incumbent, deviation)
            if best.map({ score > $0.score }) ?? true { best = (entry.trial, score) }
        }
        guard let best else { return crashed }
        let isWorthIt =
            switch alternative {
            case .known: true
            case .new where remaining < seeds: true
            case .new, .nothing: Self.chance(at: best.score, freedom) >= Self.leastChance
            }
        return isWorthIt ? best.trial : crashed
    }

    /// The first configuration of which nothing is known but that its one trial crashed.
    private func firstCrashed(of entries: some Collection<Entry>) -> Int? {
        entries.first { $0.crashes == 1 && $0.failures == 1 && $0.results.isEmpty && $0.open == 0 }?.trial
    }

    /// The value of a configuration so far; nil where it has no result. A seed that diverged does not count yet where
    /// the value with all seeds can still be finite.
    public func value(of entry: Entry) -> Double? {
        let finite = entry.results.filter(\.isFinite)
        let isHopeful =
            entry.results.count < seeds && !finite.isEmpty
            && entry.results.count - finite.count <= value.mostInfinite(of: seeds)
        return value.of(isHopeful ? finite : entry.results)
    }

    /// What seeds have changed so far. Equal results of two configurations at least, which differ from each other, are
    /// needed to say that it is nothing: a net that has collapsed has one result with all seeds.
    public static func seedEffect(in entries: some Sequence<Entry>) -> SeedEffect {
        var repeats = 0
        var values: Set<Double> = []
        for entry in entries {
            guard let first = entry.results.first, entry.results.count > 1 else { continue }
            if entry.results.contains(where: { $0 != first }) { return .changesResults }
            guard first.isFinite else { continue }
            repeats += entry.results.count - 1
            values.insert(first)
        }
        return repeats >= repeatsToBelieve && values.count > 1 ? .nothing : .unknown
    }

    /// Whether it has a result with all seeds, and is judged as well as any. Where seeds have never changed anything, a
    /// few equal results are enough, or one.
    public func isComplete(_ entry: Entry, _ effect: SeedEffect) -> Bool {
        let needed =
            switch effect {
            case .changesResults: seeds
            case .unknown: min(seeds, Self.mostEqual)
            case .nothing: 1
            }
        return entry.results.count >= needed
    }

    /// Whether another seed would tell more. A seed that failed is replaced by another one, as often as there are to be
    /// results.
    private func takesSeeds(_ entry: Entry, _ effect: SeedEffect) -> Bool {
        !isComplete(entry, effect) && max(entry.results.count, entry.failures) + entry.open < seeds
    }

    /// By how many standard deviations the value with all seeds is expected to be better than that of the incumbent.
    private func score(
        of results: [Double], _ value: Double, toBeat incumbent: Double, _ deviation: Double
    ) -> Double {
        let (known, all) = (Double(results.count), Double(seeds))
        var expected = value
        var spread = deviation * ((all - known) / (all * known)).squareRoot()
        switch self.value {
        case .mean: break
        // The variance of a median of normal values is π/2 times that of the mean.
        case .median: spread *= (Double.pi / 2).squareRoot()
        case .lcb: expected = SeedValue.mean(results) + deviation / all.squareRoot()
        }
        // Halved, as the difference of finite values may not be finite.
        let distance = incumbent / 2 - expected / 2
        // Where seeds change nothing, what is equal is not better.
        guard spread > 0 else { return distance > 0 ? .infinity : -.infinity }
        return distance / (spread / 2)
    }

    /// The chance to be better.
    ///
    /// - Parameter freedom: how many degrees of freedom the variance has.
    private static func chance(at score: Double, _ freedom: Int) -> Double {
        let tails = StudentDistribution(degreesOfFreedom: freedom).probability(beyond: score)
        return score > 0 ? 1 - tails / 2 : tails / 2
    }
}
