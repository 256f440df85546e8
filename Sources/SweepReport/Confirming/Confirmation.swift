import SweepModel
import SweepSearch

/// The best configurations of a sweep, each run again with several fresh seeds: which of them is best, what can be
/// expected of it, and which differ from it by more than chance.
///
/// The best of many trials is partly the luckiest. Fresh seeds do not know of that luck.
///
///     let confirmation = Confirmation(
///         metric: sweep.metric, candidates: best, seeds: seeds, trials: try store.trials(), seedParameter: nil)
///     confirmation.best?.candidate.number         // 17
///     print(confirmation.text)
public struct Confirmation: Sendable {
    /// What the seeds have shown of one configuration.
    public struct Configuration: Sendable {
        public let candidate: Candidate
        /// The results by seed; nil for a seed whose trial ended without one: it failed, diverged or was pruned.
        public fileprivate(set) var results: [UInt64: Double?]
        /// The seeds with which it was complete and beyond a bound.
        public fileprivate(set) var seedsBeyondBounds: Set<UInt64>
        /// Nil as long as there is no result.
        public fileprivate(set) var statistics: SeedStatistics?
        /// Nil for the best one, and where fewer than two seeds have a result of both.
        public fileprivate(set) var comparison: Comparison?

        /// How many seeds gave no result.
        public var failures: Int { results.values.count { $0 == nil } }
    }

    /// A configuration against the best one, seed by seed.
    public struct Comparison: Sendable, Hashable {
        /// By how much it is worse on average, over the seeds that both have a result of; below 0 if it is better.
        public fileprivate(set) var difference: Double
        /// The probability of at least such a difference between equals: a paired t test, corrected for the number of
        /// pairs of configurations (Holm, Scandinavian Journal of Statistics 6, 1979). All pairs count, since the best
        /// one is chosen by the same results.
        public fileprivate(set) var probability: Double

        /// Whether it can be told from the best one, at the usual level of 5 %.
        public var isSignificant: Bool { probability < 0.05 }
    }

    public let metric: Metric
    /// The fresh seeds, with each of which every candidate is run.
    public let seeds: [UInt64]
    /// What the sweep keeps its trials within.
    public let bounds: [MetricBound]
    /// The best first. Where there are bounds, those that keep them with more seeds come first, whatever their values;
    /// a seed without a result counts as one with which they are not kept. Of others, those that have no result with
    /// some seed come after those that have one with every seed: what fails now and then is nothing to rely on.
    public let configurations: [Configuration]

    /// - Parameters:
    ///   - bounds: those of the sweep.
    ///   - trials: of the sweep in which they were run again.
    ///   - seedParameter: the parameter that is the trainer's seed, if one is.
    public init(
        metric: Metric, bounds: [MetricBound] = [], candidates: [Candidate], seeds: [UInt64],
        trials: some Sequence<TrialRecord>, seedParameter: String?
    ) {
        self.metric = metric
        self.bounds = bounds
        self.seeds = seeds
        let wanted = Set(seeds)
        let objectives = Objectives([metric], bounds: bounds)
        var results: [Assignment: [UInt64: Double?]] = [:]
        var beyondBounds: [Assignment: Set<UInt64>] = [:]
        for trial in trials where trial.state.isFinal && wanted.contains(trial.seed) {
            let value = trial.state == .complete ? trial.value : nil
            let parameters = trial.parameters.without(seedParameter)
            // A trial that was run again after a failure counts with its result.
            if case .some(.some) = results[parameters]?[trial.seed] { continue }
            results[parameters, default: [:]].updateValue(value, forKey: trial.seed)
            if objectives.breaksBounds(trial) { beyondBounds[parameters, default: []].insert(trial.seed) }
        }
        var configurations = candidates.map { candidate in
            let own = results[candidate.parameters] ?? [:]
            return Configuration(
                candidate: candidate, results: own, seedsBeyondBounds: beyondBounds[candidate.parameters] ?? [],
                statistics: SeedStatistics(seeds.compactMap { own[$0] ?? nil }), comparison: nil)
        }
        configurations.sort { Self.precedes($0, $1, metric, hasBounds: !bounds.isEmpty) }
        Self.compare(&configurations, seeds, metric)
        self.configurations = configurations
    }

    /// The best configuration; nil as long as none has a result.
    public var best: Configuration? { configurations.first.flatMap { $0.statistics == nil ? nil : $0 } }

    /// How many trials have ended, and how many there are to be.
    public var progress: (ended: Int, planned: Int) {
        (configurations.reduce(0) { $0 + $1.results.count }, configurations.count * seeds.count)
    }

    /// Whether no seed changes the result of any configuration: the trainer then does not use the seed that it gets.
    public var isWithoutEffect: Bool {
        let repeated = configurations.compactMap(\.statistics).filter { $0.count > 1 }
        return !repeated.isEmpty && repeated.allSatisfy { $0.deviation == 0 }
    }

    /// What a choice by these seeds is worth with a seed that was not asked: each seed in turn is left out, the best is
    /// chosen by the others, and what it has with that seed is averaged. The mean of the best one is a little better,
    /// since the seeds that chose it also measure it.
    ///
    /// - Returns: nil if fewer than two configurations have a result with every seed, or there are fewer than three
    ///   seeds.
    public var valueOfChoice: Double? {
        let rows = configurations.map { configuration in seeds.compactMap { configuration.results[$0] ?? nil } }
            .filter { $0.count == seeds.count }
        guard rows.count > 1, seeds.count > 2 else { return nil }
        let chosen = seeds.indices.compactMap { left in
            func mean(_ row: [Double]) -> Double {
                var others = row
                others.remove(at: left)
                return SeedStatistics(others)?.mean ?? 0
            }
            return rows.min { metric.prefers(mean($0), to: mean($1)) }?[left]
        }
        return SeedStatistics(chosen)?.mean
    }

    private static func precedes(
        _ first: Configuration, _ second: Configuration, _ metric: Metric, hasBounds: Bool
    ) -> Bool {
        guard let one = first.statistics, let other = second.statistics else {
            return first.statistics != nil
                || second.statistics == nil && first.candidate.number < second.candidate.number
        }
        let kept = one.count - first.seedsBeyondBounds.count
        let others = other.count - second.seedsBeyondBounds.count
        if hasBounds, kept != others { return kept > others }
        if (first.failures == 0) != (second.failures == 0) { return first.failures == 0 }
        return metric.isBetter((first.candidate.number, one.mean), than: (second.candidate.number, other.mean))
    }

    /// The least distance between two results that differ by more than rounding; 0 if none do.
    private static func resolution(of configurations: [Configuration]) -> Double {
        let results = configurations.flatMap { $0.results.values.compactMap(\.self) }.sorted()
        let rounding = 1e-9 * max(abs(results.first ?? 0), abs(results.last ?? 0))
        return zip(results.dropFirst(), results).map { $0 - $1 }.filter { $0 > rounding }.min() ?? 0
    }

    /// Compares each configuration with the first.
    private static func compare(_ configurations: inout [Configuration], _ seeds: [UInt64], _ metric: Metric) {
        guard let best = configurations.first else { return }
        let resolution = resolution(of: configurations)
        var tests: [(index: Int, difference: Double, probability: Double)] = []
        for (index, configuration) in configurations.enumerated().dropFirst() {
            let differences = seeds.compactMap { seed -> Double? in
                guard let value = configuration.results[seed] ?? nil, let other = best.results[seed] ?? nil else {
                    return nil
                }
                return metric.minimized(value) - metric.minimized(other)
            }
            guard let statistics = SeedStatistics(differences),
                let probability = statistics.probabilityOfZero(resolution: resolution)
            else { continue }
            tests.append((index, statistics.mean, probability))
        }
        // Holm: the smallest probability counts as often as there are pairs, the next once less, and none less than
        // one before it.
        let pairs = configurations.count * (configurations.count - 1) / 2
        var least = 0.0
        for (place, test) in tests.sorted(by: { $0.probability < $1.probability }).enumerated() {
            least = max(least, min(1, test.probability * Double(pairs - place)))
            configurations[test.index].comparison = Comparison(difference: test.difference, probability: least)
        }
    }
}
