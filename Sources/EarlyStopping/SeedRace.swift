import Foundation

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
/// distribution, the configuration gets no further seed: a new one is worth more then (Benchmarks/replicates.md). σ² is
/// the median of the variances of the configurations with several results, each divided by what the median of its
/// distribution is: one that is far off does not count.
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
        /// How many of its trials ended without a result.
        public var failures: Int
        /// How many of its trials have not ended.
        public var open: Int
        /// It gets no further seed, whatever its results are: its first trial was stopped early.
        public var isOut: Bool

        public init(trial: Int, results: [Double] = [], failures: Int = 0, open: Int = 0, isOut: Bool = false) {
            self.trial = trial
            self.results = results
            self.failures = failures
            self.open = open
            self.isOut = isOut
        }

        /// Takes over how one of its trials ended.
        ///
        /// - Parameter result: nil where there is none.
        public mutating func end(_ result: Double?) {
            open -= 1
            if let result { results.append(result) } else { failures += 1 }
        }

        /// How many of its trials have ended.
        public var ended: Int { results.count + failures }
    }

    /// How many seeds a configuration may have, at least 2.
    public let seeds: Int
    public let value: SeedValue

    /// A configuration with less of a chance gets no further seed.
    private static let leastChance = 0.2

    public init(seeds: Int, value: SeedValue) {
        precondition(seeds >= 2, "\(seeds) seeds")
        (self.seeds, self.value) = (seeds, value)
    }

    /// The configuration that is to be run with another seed now.
    ///
    /// - Returns: the number of its first trial; nil if a new configuration is worth more.
    public func next(among entries: some Sequence<Entry>) -> Int? {
        var incumbent = Double.infinity
        var leader: (entry: Entry, value: Double)?
        var challengers: [(entry: Entry, value: Double)] = []
        var variances: [Double] = []
        var freedom = 0
        for entry in entries where !entry.isOut {
            guard let value = value.of(entry.results), value.isFinite else { continue }
            if isComplete(entry) { incumbent = min(incumbent, value) }
            if leader.map({ value < $0.value }) ?? true { leader = (entry, value) }
            if entry.ended + entry.open < seeds { challengers.append((entry, value)) }
            if entry.results.count > 1 {
                let degrees = Double(entry.results.count - 1)
                // The median of χ²/n with n degrees of freedom (Wilson and Hilferty 1931).
                variances.append(SeedValue.variance(of: entry.results) / pow(1 - 2 / (9 * degrees), 3))
                freedom += entry.results.count - 1
            }
        }
        guard incumbent < .infinity else {
            return leader.flatMap { $0.entry.ended + $0.entry.open < seeds ? $0.entry.trial : nil }
        }
        variances.sort()
        let variance = variances.isEmpty ? 0 : variances[variances.count / 2]
        var best: (trial: Int, score: Double)?
        for (entry, value) in challengers {
            let score = score(of: entry.results, value, toBeat: incumbent, variance)
            if best.map({ score > $0.score }) ?? true { best = (entry.trial, score) }
        }
        guard let best, Self.chance(at: best.score, freedom) >= Self.leastChance else { return nil }
        return best.trial
    }

    /// Whether all its seeds have ended: it is then judged as well as any.
    public func isComplete(_ entry: Entry) -> Bool { entry.ended >= seeds }

    /// By how many standard deviations the value with all seeds is expected to be better than that of the incumbent.
    private func score(
        of results: [Double], _ value: Double, toBeat incumbent: Double, _ variance: Double
    ) -> Double {
        let (known, all) = (Double(results.count), Double(seeds))
        var expected = value
        var spread = variance * (all - known) / (all * known)
        switch self.value {
        case .mean: break
        // The variance of a median of normal values is π/2 times that of the mean.
        case .median: spread *= .pi / 2
        case .lcb: expected = SeedValue.mean(results) + (variance / all).squareRoot()
        }
        let distance = incumbent - expected
        // Where seeds change nothing, what is equal is not better.
        guard spread > 0 else { return distance > 0 ? .infinity : -.infinity }
        return distance / spread.squareRoot()
    }

    /// The chance to be better.
    ///
    /// - Parameter freedom: how many degrees of freedom the variance has.
    private static func chance(at score: Double, _ freedom: Int) -> Double {
        let tails = StudentDistribution(degreesOfFreedom: freedom).probability(beyond: score)
        return score > 0 ? 1 - tails / 2 : tails / 2
    }
}
