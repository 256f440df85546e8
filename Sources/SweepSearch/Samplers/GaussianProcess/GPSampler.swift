import RandomStreams

/// Bayesian optimization: fits a Gaussian process to the trials and proposes the point of the greatest expected
/// improvement.
///
///     let sampler = GPSampler(seed: 1)
///     let next = sampler.suggest(from: space, given: observations, pending: running, using: &random)
///
/// The inputs of the process are quantiles, so that it works for every type of parameter; choices are corners of a
/// simplex, and inactive parameters lie in the middle. See `GaussianProcess`, `ModelSelection` and `AcquisitionSearch`.
/// After few trials it is an average of processes: see `AveragedProcess`. What is uncertain counts less towards the
/// border of the space, the less so the more trials there are: see `CentredPosterior`.
///
/// A pending trial is taken to have given the predicted mean (the Kriging believer). Rejected: the expected improvement
/// averaged over samples of the pending results, which did worse on 7 of 9 smooth functions with eight trials at once.
///
/// Trials without a usable value have no part in the process: see `SuccessModel`. What other sweeps have found out is
/// its mean where that explains the trials: see `TransferredProcess`.
///
/// Where the process predicts trials that are left out no better than the mean of all, ``TPESampler`` makes every other
/// suggestion; trials without a value are bad ones for it.
///
/// A suggestion after n trials costs O(n³). Beyond `maxTrials`, and in spaces of more than 64 varying parameters,
/// ``TPESampler`` proposes instead.
public struct GPSampler: Sampler {
    /// As long as fewer trials have a value, suggestions come from a Sobol' sequence.
    public var startupTrials: Int
    /// With more ended trials than this ``TPESampler`` proposes.
    public var maxTrials: Int

    private let seed: UInt64
    /// What other sweeps have found out.
    private let lessons: [Lesson]

    /// - Parameters:
    ///   - seed: of the start-up's Sobol' sequence; the same for all trials of a sweep.
    ///   - lessons: what other sweeps have found out; see `TransferredProcess`.
    public init(startupTrials: Int = 5, maxTrials: Int = 1000, seed: UInt64 = 0, lessons: [Lesson] = []) {
        precondition(startupTrials >= 1, "a Gaussian process needs at least one trial")
        self.startupTrials = startupTrials
        self.maxTrials = maxTrials
        self.seed = seed
        self.lessons = lessons
    }

    /// From so many trials with a value on, what another sweep knows may take the place of the start-up.
    private static let transferTrials = 4
    /// By so much log p(y) + log p(θ) has to be better with the other sweep. Without it every other sweep that has
    /// nothing to say is believed now and then.
    private static let transferMargin = 1.0

    /// With fewer trials the process always counts as good enough; so many are the start-up of ``TPESampler``.
    private static let trialsToDoubt = 8

    public func propose(
        from space: SearchSpace, given observations: Observations, pending: [Assignment],
        using random: inout RandomStream
    ) -> Proposal {
        let encoding = SpaceEncoding(space)
        let landscape = Landscape(encoding)
        if observations.count > maxTrials || landscape.isTooWide {
            return TPESampler(seed: seed)
                .propose(from: space, given: observations, pending: pending, using: &random)
                .delegated(because: observations.count > maxTrials ? .manyTrials : .manyParameters)
        }
        let isUsable = SuccessModel.usable(observations.outcomes)
        let rows = observations.indices.filter { isUsable[$0] }
        let outcomes = rows.map { observations.outcomes[$0] }
        let values = ModelledValues(outcomes)
        let assignments = rows.map(observations.assignment(ofRow:))
        func isStarted(_ startupTrials: Int) -> Bool {
            StartUp.isOver(after: values.informative, pending.count, of: startupTrials)
        }
        let differ = StartUp.hasDifferentOutcomes(outcomes)
        guard
            isStarted(lessons.isEmpty ? startupTrials : min(Self.transferTrials, startupTrials)),
            !landscape.dimensions.isEmpty, differ,
            let (process, fitted) = fit(
                landscape, assignments, outcomes, values, pending: pending, isStarted: isStarted(startupTrials),
                using: &random)
        else {
            return SobolSampler(seed: seed)
                .propose(from: space, given: observations, pending: pending, using: &random)
                .delegated(because: !isStarted(startupTrials) ? .startUp : !differ ? .sameOutcomes : .singular)
        }
        let isTurn = (observations.count + pending.count) % 2 == 0
        if isTurn, fitted.explained <= 0, rows.count >= Self.trialsToDoubt, !(process is TransferredProcess) {
            return TPESampler(seed: seed)
                .propose(from: space, given: observations, pending: pending, using: &random)
                .delegated(because: .poorModel)
        }
        let success =
            rows.count == observations.count
            ? nil
            : SuccessModel(
                landscape.dimensions, columns: landscape.columns(of: observations.map(\.assignment)), isUsable)
        let score = ImprovementScore(CentredPosterior(process, landscape.dimensions), success)
        var search = AcquisitionSearch(landscape, score, tried: TriedAssignments(observations, pending))
        search.incumbents = rows.indices.sorted {
            (values.standardized[$0], $0) < (values.standardized[$1], $1)
        }
        .prefix(5).map { observations.assignment(ofRow: rows[$0]) }
        return search.proposal(given: observations, pending: pending, using: &random) { point in
            let probability = success?.probability(at: point) ?? 1
            return fitted.forecast(at: point, by: process, score.best, probability)
        }
    }

    /// The process that proposes, and the one that knows no other sweep and is on the same scale.
    ///
    /// What other sweeps say is compared with the best of the smooth models, on the scale of that one: where none of
    /// them explains the trials better, the best model of all proposes, as if there were no other sweep.
    ///
    /// - Returns: nil as long as no other sweep explains the trials and the start-up is not over, and if no process can
    ///   be computed.
    private func fit(
        _ landscape: Landscape, _ assignments: [Assignment], _ outcomes: [Outcome], _ values: ModelledValues,
        pending: [Assignment], isStarted: Bool, using random: inout RandomStream
    ) -> (process: any Posterior, fitted: FittedProcess)? {
        let columns = landscape.columns(of: assignments)
        let models = ModelSelection(landscape.dimensions, columns: columns, outcomes, values, among: .all)
        let others = landscape.columns(of: pending)
        let points = pending.indices.map { row in others.map { $0[row] } }
        let transferred = lessons.compactMap {
            TransferredProcess($0, landscape.dimensions, columns: columns, models.smooth.values, pending: points)
        }.min { $0.cost < $1.cost }
        if let transferred, transferred.cost < models.smooth.cost - Self.transferMargin,
            let fitted = FittedProcess(landscape, columns: columns, models.smooth, pending: pending)
        {
            return (transferred, fitted)
        }
        guard isStarted else { return nil }
        return FittedProcess(landscape, columns: columns, models.best, pending: pending).map { fitted in
            (AveragedProcess(around: fitted.process, fitted.values, using: &random) ?? fitted.process, fitted)
        }
    }
}
