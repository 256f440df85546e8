import ConfigFile
import EarlyStopping
import SweepFile
import SweepModel
import SweepStore

/// The configurations of a sweep with `replicates`, each with the results of its seeds, the best first.
///
///     let best = ReplicatedBest(of: try store.trials(), in: sweep)
///     best?.configurations.first?.number      // 12
///     best?.words(of: 12)                     // 0.331, the mean of 3 seeds (0.302 to 0.36): trials 12, 40 and 41
///
/// A configuration that was run with all seeds comes before one that was given up before: a single good value may be
/// luck.
public struct ReplicatedBest: Sendable {
    /// Trials with the same values and different seeds.
    public struct Configuration: Sendable {
        /// In the order of their numbers; never empty.
        public let trials: [TrialRecord]
        /// Its value by the rule of `replicates`, in the unit of the metric; nil where no seed has a result, and where
        /// the trainer diverged with too many.
        public let value: Double?
        /// Of the seeds that have a result; nil where none has.
        public let statistics: SeedStatistics?
        /// Whether all its seeds have ended.
        public let isComplete: Bool
        /// The first of its trials that is complete, or the first of all.
        public let trial: TrialRecord

        /// The number of that trial, by which it is called.
        public var number: Int { trial.number }
        /// The numbers of all its trials.
        public var numbers: [Int] { trials.map(\.number) }
        /// How many seeds have ended without a result.
        public var failures: Int { trials.count { $0.state.isFinal && $0.state != .complete } }
    }

    public let configurations: [Configuration]
    private let replicates: Replicates

    /// - Returns: nil where the sweep runs each configuration once.
    public init?(of trials: some Sequence<TrialRecord>, in sweep: Sweep) {
        guard let replicates = sweep.replicates else { return nil }
        self.replicates = replicates
        var groups: [[TrialRecord]] = []
        var places: [Int: Int] = [:]
        for trial in trials.sorted(by: { $0.number < $1.number }) {
            if let place = trial.replicateOf.flatMap({ places[$0] }) {
                groups[place].append(trial)
            } else {
                places[trial.number] = groups.count
                groups.append([trial])
            }
        }
        let metric = sweep.metric
        let configurations = groups.map { Self.configuration($0, replicates, metric) }
        self.configurations = configurations.sorted { first, second in
            guard let one = first.value, let other = second.value else {
                return first.value != nil || second.value == nil && first.number < second.number
            }
            if first.isComplete != second.isComplete { return first.isComplete }
            return metric.isBetter((first.number, one), than: (second.number, other))
        }
    }

    private static func configuration(
        _ trials: [TrialRecord], _ replicates: Replicates, _ metric: Metric
    ) -> Configuration {
        let outcomes = trials.compactMap { $0.outcome(metric) }
        let value = replicates.value.of(outcomes.compactMap(\.seedResult)).flatMap { $0.isFinite ? $0 : nil }
        return Configuration(
            trials: trials, value: value.map(metric.minimized),
            statistics: SeedStatistics(trials.compactMap { $0.state == .complete ? $0.value : nil }),
            isComplete: trials.count(where: \.state.isFinal) >= replicates.seeds,
            trial: trials.first { $0.state == .complete } ?? trials[0])
    }

    /// The configurations of a sweep that is stored; the trials are not read where each is run once.
    ///
    /// - Throws: `SweepStoreError`.
    public init?(of sweep: Sweep, in store: SweepStore) throws {
        if sweep.replicates == nil { return nil }
        self.init(of: try store.trials(), in: sweep)
    }

    /// The best configuration: its number, and what its seeds have shown; nil if none has a result.
    public var leader: (trial: Int, words: String)? {
        configurations.first.flatMap { best in words(of: best.number).map { (best.number, $0) } }
    }

    /// The configuration that is called by this number; nil if none is.
    func configuration(_ number: Int) -> Configuration? { configurations.first { $0.number == number } }

    /// What the seeds have shown of a configuration; nil if there is none of this number, or none of its seeds has a
    /// result.
    ///
    ///     0.331, the mean of 3 seeds (0.302 to 0.36): trials 12, 40 and 41
    ///     0.9, with 1 of 3 seeds: it would hardly be the best
    public func words(of number: Int) -> String? {
        guard let found = configuration(number), let value = found.value, let statistics = found.statistics else {
            return nil
        }
        let count = statistics.count
        let failures =
            found.failures == 0
            ? "" : "; \(found.failures) \(found.failures == 1 ? "has" : "have") no result"
        guard count > 1 else {
            let isGivenUp = !found.isComplete && !found.trials.contains { !$0.state.isFinal }
            return "\(HumanText.number(value)), with \(count) of \(replicates.seeds) seeds"
                + (isGivenUp && found.trial.state == .complete ? ": it would hardly be the best" : "") + failures
        }
        var words = "\(HumanText.number(value)), the \(replicates.value.title) of \(count) seeds"
        if statistics.deviation == 0 {
            words += ", which all have the same result: does the trainer use its seed?"
        } else if let interval = statistics.interval {
            let mean = replicates.value == .mean ? "" : "mean \(HumanText.number(statistics.mean)), "
            words +=
                " (\(mean)\(HumanText.number(interval.lowerBound)) to \(HumanText.number(interval.upperBound)))"
        }
        let numbers = found.numbers.map(String.init)
        words += ": trials \(numbers.dropLast().joined(separator: ", ")) and \(numbers.last ?? "")"
        return words + failures
    }

    /// For programs: the value, the mean with its interval, and the trials; nil for a number that no configuration is
    /// called by.
    func node(of number: Int) -> ConfigNode? {
        guard let found = configuration(number) else { return nil }
        return .object([
            "value": found.value.map { .number($0) },
            "mean": found.statistics.map { .number($0.mean) },
            "low": found.statistics?.interval.map { .number($0.lowerBound) },
            "high": found.statistics?.interval.map { .number($0.upperBound) },
            "seeds": .integer(found.statistics?.count ?? 0),
            "trials": .sequence(found.numbers.map { ConfigNode(.integer($0)) }),
        ])
    }
}

extension SeedValue {
    /// What it is called in sentences.
    var title: String {
        switch self {
        case .mean: "mean"
        case .median: "median"
        case .lcb: "mean, worse by its standard error,"
        }
    }
}
