import RandomStreams

/// Proposes trials for several objectives, or for one with bounds on other metrics.
///
///     let sampler = ObjectivesSampler(by: .process(maxTrials: 300), seed: 1)
///     let next = sampler.suggest(from: space, given: observations, pending: running, using: &random)
///
/// The observations hold an ``ObjectiveVector`` for each trial that came to its end. With up to three objectives a
/// Gaussian process models each of them and each bounded metric, and the point of the greatest expected improvement of
/// the hypervolume is proposed: see `HypervolumeScore`. With more objectives, and where ``GPSampler`` would not compute
/// a process either, ``TPESampler`` proposes, for which the trials are ordered by their fronts: see `ObjectiveOrder`.
public struct ObjectivesSampler: Sampler {
    /// Which model proposes.
    public enum Method: Sendable, Hashable {
        /// Gaussian processes, as long as there are at most this many trials.
        case process(maxTrials: Int)
        case tpe
    }

    private let method: Method
    private let seed: UInt64
    /// As long as fewer trials have a value, suggestions come from a Sobol' sequence.
    private let startupTrials = 4

    /// Boxes that make up the region to improve on: with more objectives they are too many.
    private static let maxObjectives = 3

    /// - Parameter seed: of the start-up's Sobol' sequence; the same for all trials of a sweep.
    public init(by method: Method, seed: UInt64 = 0) {
        self.method = method
        self.seed = seed
    }

    public func propose(
        from space: SearchSpace, given observations: Observations, pending: [Assignment],
        using random: inout RandomStream
    ) -> Proposal {
        let tpe = { (random: inout RandomStream) -> Proposal in
            parzen(from: space, given: observations, pending: pending, using: &random)
        }
        guard case .process(let maxTrials) = method else { return tpe(&random) }
        if observations.count > maxTrials { return tpe(&random).delegated(because: .manyTrials) }
        if pending.count > maxTrials { return tpe(&random).delegated(because: .manySlots) }
        let landscape = Landscape(SpaceEncoding(space))
        if landscape.isTooWide { return tpe(&random).delegated(because: .manyParameters) }
        // A wall is one of values on a single scale. With several objectives a high value of one may be worth it.
        let areSeveral = observations.indices.contains { (observations.objectives(ofRow: $0)?.values.count ?? 0) > 1 }
        let isUsable = SuccessModel.usable(observations.outcomes, hasWall: !areSeveral)
        let known = observations.indices.compactMap { row -> ObjectiveRow? in
            guard isUsable[row] else { return nil }
            return observations.objectives(ofRow: row).map { ObjectiveRow(row: row, vector: $0) }
        }
        if let goals = known.first?.vector.values.count, goals > Self.maxObjectives {
            return tpe(&random).delegated(because: .manyObjectives)
        }
        let isStarted = StartUp.isOver(after: known.count, pending.count, of: startupTrials)
        let differ = known.contains { $0.vector != known.first?.vector }
        guard isStarted, differ, !landscape.dimensions.isEmpty,
            let model = ObjectivesModel(landscape, observations, known, pending: pending)
        else {
            return SobolSampler(seed: seed)
                .propose(from: space, given: observations, pending: pending, using: &random)
                .delegated(because: !isStarted ? .startUp : !differ ? .sameOutcomes : .singular)
        }
        // What ended without a value, as a process sees it: see `SuccessModel`.
        let success =
            isUsable.allSatisfy(\.self)
            ? nil
            : SuccessModel(
                landscape.dimensions, columns: landscape.columns(of: observations.map(\.assignment)), isUsable)
        let score = CentredScore(
            model.score(success), landscape.dimensions, trials: known.count + pending.count)
        var search = AcquisitionSearch(landscape, score, tried: TriedAssignments(observations, pending))
        search.incumbents = model.incumbents(using: &random).map { observations.assignment(ofRow: $0) }
        return search.proposal(given: observations, pending: pending, using: &random)
    }

    /// What ``TPESampler`` proposes for trials that are ordered by their fronts.
    private func parzen(
        from space: SearchSpace, given observations: Observations, pending: [Assignment],
        using random: inout RandomStream
    ) -> Proposal {
        var sampler = TPESampler(seed: seed)
        // With so few good trials as it takes for one objective where some are pending, little of a front is left.
        sampler.selectionWithPending = sampler.selection
        let ordered = observations.with(outcomes: ObjectiveOrder(wanted: sampler.maxGood).outcomes(of: observations))
        return sampler.propose(from: space, given: ordered, pending: pending, using: &random)
    }
}

/// A trial that came to its end: its row among the observations, and its values.
struct ObjectiveRow {
    var row: Int
    var vector: ObjectiveVector
}
