import ConfigFile
import EarlyStopping
import SweepFile
import SweepModel
import SweepSearch
import SweepStore

/// The configurations of a sweep with `replicates`, each with the results of its seeds, the best first.
///
///     let best = ReplicatedBest(of: try store.trials(), in: sweep)
///     best?.configurations.first?.number      // 12
///     best?.words(of: 12)                     // 0.331, the mean of 3 seeds (0.302 to 0.36): trials 12, 40 and 41
///
/// Trials with the same values are one configuration, whoever has planned them. One that has a result with all seeds
/// comes before one that was given up before: a single good value may be luck.
public struct ReplicatedBest: Sendable {
    /// Trials with the same values.
    public struct Configuration: Sendable {
        /// In the order of their numbers; never empty.
        public let trials: [TrialRecord]
        /// Its value by the rule of `replicates`, in the unit of the metric; nil where no seed has a result, and where
        /// the trainer diverged with too many.
        public let value: Double?
        /// Of the seeds that have a result; nil where none has.
        public let statistics: SeedStatistics?
        /// Whether it has a result with all seeds.
        public let isComplete: Bool
        /// The first of its trials that is complete, or the first of all.
        public let trial: TrialRecord

        /// The number of that trial, by which it is called.
        public var number: Int { trial.number }
        /// The numbers of all its trials.
        public var numbers: [Int] { trials.map(\.number) }
        /// The numbers of those in one of these states.
        func numbers(in states: TrialState...) -> [Int] { trials.filter { states.contains($0.state) }.map(\.number) }
        /// How many seeds have a result; that the trainer diverged is one.
        public var results: Int { trials.count { $0.state == .complete || $0.state == .diverged } }
    }

    /// The best first. Of those that have a value, the complete ones come before the others; those without one come
    /// last.
    public let configurations: [Configuration]
    private let replicates: Replicates
    private let seedEffect: SeedRace.SeedEffect

    /// - Returns: nil where the sweep runs each configuration once.
    public init?(of trials: some Sequence<TrialRecord>, in sweep: Sweep) {
        guard let replicates = sweep.replicates else { return nil }
        self.replicates = replicates
        var groups: [[TrialRecord]] = []
        var places: [Assignment: Int] = [:]
        for trial in trials.sorted(by: { $0.number < $1.number }) {
            // 3 and 3.0 are the same value of a range.
            let values = trial.assignment(in: sweep.space)
            if let place = places[values] {
                groups[place].append(trial)
            } else {
                places[values] = groups.count
                groups.append([trial])
            }
        }
        let metric = sweep.metric
        let entries = groups.map { trials in
            var entry = SeedRace.Entry(trial: trials[0].number, open: trials.count)
            for trial in trials { if let outcome = trial.outcome(metric) { entry.end(outcome.seedResult) } }
            return entry
        }
        let seedEffect = SeedRace.seedEffect(in: entries)
        self.seedEffect = seedEffect
        let race = replicates.race
        let configurations = zip(groups, entries).map { trials, entry in
            let value = race.value(of: entry).flatMap { $0.isFinite ? $0 : nil }
            return Configuration(
                trials: trials, value: value.map(metric.minimized),
                statistics: SeedStatistics(trials.compactMap { $0.state == .complete ? $0.value : nil }),
                isComplete: race.isComplete(entry, seedEffect),
                trial: trials.first { $0.state == .complete } ?? trials[0])
        }
        self.configurations = configurations.sorted { first, second in
            guard let one = first.value, let other = second.value else {
                return first.value != nil || second.value == nil && first.number < second.number
            }
            if first.isComplete != second.isComplete { return first.isComplete }
            return metric.isBetter((first.number, one), than: (second.number, other))
        }
    }

    /// The configurations of a sweep that is stored; the trials are not read where each is run once.
    ///
    /// - Throws: `SweepStoreError`.
    public init?(of sweep: Sweep, in store: SweepStore) throws {
        if sweep.replicates == nil { return nil }
        self.init(of: try store.trials(), in: sweep)
    }

    /// The configurations that have a value, the best first.
    ///
    /// - Parameter seedParameter: the parameter that is the trainer's seed, if one is.
    public func candidates(seedParameter: String?) -> [Candidate] {
        configurations.compactMap { found in
            let others = found.trials.filter { $0.state == .complete && $0.number != found.number }.map(\.number)
            return found.value.map {
                Candidate(
                    numbers: [found.number] + others, value: $0,
                    parameters: found.trial.parameters.without(seedParameter))
            }
        }
    }

    /// The best configuration; nil if none has a result.
    public var leader: Leader? {
        configurations.first.flatMap { best in
            guard let words = words(of: best.number), let node = node(of: best.number) else { return nil }
            return Leader(trial: best.number, words: words, node: node)
        }
    }

    /// The best configuration, and what its seeds have shown.
    public struct Leader: Sendable {
        /// The number of the trial by which it is called.
        public let trial: Int
        /// What `words(of:)` says of it.
        public let words: String
        /// For programs.
        let node: ConfigNode
    }

    /// The configuration to which the trial of this number belongs; nil if there is no such trial.
    func configuration(of trial: Int) -> Configuration? {
        configurations.first { $0.trials.contains { $0.number == trial } }
    }

    /// What the seeds have shown of the configuration to which a trial belongs; nil if none of its seeds has a result.
    ///
    ///     0.331, the mean of 3 seeds (0.302 to 0.36): trials 12, 40 and 41
    ///     0.9, with 1 of 3 seeds
    public func words(of trial: Int) -> String? {
        guard let found = configuration(of: trial), let value = found.value, let statistics = found.statistics else {
            return nil
        }
        let count = found.results
        let (diverged, lost) = (found.numbers(in: .diverged), found.numbers(in: .failed, .pruned))
        var others = diverged.isEmpty ? "" : "; diverged: \(Self.list(diverged))"
        if !lost.isEmpty { others += "; no result: \(Self.list(lost))" }
        let shown = HumanText.number(value)
        if count == 1 {
            let known = seedEffect == .nothing ? ", as no seed has changed a result so far" : ""
            return "\(shown), with 1 of \(replicates.seeds) seeds\(known)\(others)"
        }
        var words = "\(shown), the \(replicates.value.title) of \(count) seeds"
        if let interval = statistics.interval, statistics.deviation != 0, diverged.isEmpty {
            let mean = replicates.value == .mean ? "" : "mean \(HumanText.number(statistics.mean)), "
            words +=
                " (\(mean)\(HumanText.number(interval.lowerBound)) to \(HumanText.number(interval.upperBound)))"
        }
        words += ": \(Self.list(found.numbers(in: .complete)))"
        if seedEffect != .changesResults { words += ", all with the same result: does the trainer use its seed?" }
        return words + others
    }

    /// `trials 12, 40 and 41`; many numbers are cut.
    private static func list(_ numbers: [Int]) -> String {
        let words = numbers.map(String.init)
        if words.count < 2 { return "trial \(words.joined())" }
        if words.count > 10 {
            return "trials \(words.prefix(9).joined(separator: ", ")) and \(words.count - 9) more"
        }
        return "trials \(words.dropLast().joined(separator: ", ")) and \(words[words.count - 1])"
    }

    /// For programs: the value of the configuration to which a trial belongs, the mean with its interval, and the
    /// trials; nil if there is no such trial.
    func node(of trial: Int) -> ConfigNode? {
        guard let found = configuration(of: trial) else { return nil }
        return .object([
            "number": .integer(found.number),
            "value": found.value.map { .number($0) },
            "mean": found.statistics.map { .number($0.mean) },
            "low": found.statistics?.interval.map { .number($0.lowerBound) },
            "high": found.statistics?.interval.map { .number($0.upperBound) },
            "seeds": .integer(found.results),
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
        case .lcb: "confidence bound"
        }
    }
}
