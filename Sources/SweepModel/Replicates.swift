import EarlyStopping
import SweepSearch

/// How often a configuration is run with different seeds, and what of the results is its value.
///
///     replicates: {seeds: 3, value: median}
///
/// Each seed is a trial of its own, with its own number and folder. The first trial of a configuration is planned as
/// any other; the further ones have its values, and are run as long as the configuration may become the best: see
/// `SeedRace`.
public struct Replicates: Sendable, Hashable {
    /// How many seeds a configuration may have, at least 2.
    public var seeds: Int
    /// What of the results is its value.
    public var value: SeedValue
    /// The path in the base configuration at which the trainer reads its seed; nil where it has it from `{seed}` or
    /// `REVSWEEP_SEED` alone.
    public var seedParameter: String?

    public init(seeds: Int, value: SeedValue = .mean, seedParameter: String? = nil) {
        self.seeds = seeds
        self.value = value
        self.seedParameter = seedParameter
    }

    /// Decides which configuration gets another seed.
    public var race: SeedRace { SeedRace(seeds: seeds, value: value) }
}

extension TrialRecord {
    /// The number of the trial of which this one is another seed; nil for the first of its configuration.
    public var replicateOf: Int? {
        guard origin == .sampled, let source, source.sweep == nil else { return nil }
        return source.trial
    }
}

extension Outcome {
    /// What a trial says as one seed of its configuration: lower is better, infinite where it diverged, nil where it
    /// has no result.
    package var seedResult: Double? {
        switch self {
        case .value(let value): value
        case .diverged: .infinity
        case .pruned, .estimated, .failed: nil
        }
    }
}
