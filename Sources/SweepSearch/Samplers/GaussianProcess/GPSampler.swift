import RandomStreams

/// Bayesian optimization: fits a Gaussian process to the trials and proposes the point of the greatest expected
/// improvement.
///
///     let sampler = GPSampler(seed: 1)
///     let next = sampler.suggest(from: space, given: observations, pending: running, using: &random)
///
/// The inputs of the process are quantiles, so that it works for every type of parameter; choices are corners of a
/// simplex, and inactive parameters lie in the middle. See `GaussianProcess`, `ModelSelection` and `AcquisitionSearch`.
///
/// A pending trial is taken to have given the predicted mean (the Kriging believer). Rejected: the expected improvement
/// averaged over samples of the pending results, which did worse on 7 of 9 smooth functions with eight trials at once.
///
/// A suggestion after n trials costs O(n³). Beyond `maxTrials`, and in spaces of more than 64 varying parameters,
/// ``TPESampler`` proposes instead.
public struct GPSampler: Sampler {
    /// As long as fewer trials have a value, suggestions come from a Sobol' sequence.
    public var startupTrials: Int
    /// With more ended trials than this ``TPESampler`` proposes.
    public var maxTrials: Int

    private let seed: UInt64

    /// - Parameter seed: of the start-up's Sobol' sequence; the same for all trials of a sweep.
    public init(startupTrials: Int = 8, maxTrials: Int = 1000, seed: UInt64 = 0) {
        precondition(startupTrials >= 1, "a Gaussian process needs at least one trial")
        self.startupTrials = startupTrials
        self.maxTrials = maxTrials
        self.seed = seed
    }

    /// With more varying parameters than this ``TPESampler`` proposes.
    private static let maxDimensions = 64

    public func suggest(
        from space: SearchSpace, given observations: Observations, pending: [Assignment],
        using random: inout RandomStream
    ) -> Assignment {
        let encoding = SpaceEncoding(space)
        let landscape = Landscape(encoding)
        if observations.count > maxTrials || landscape.dimensions.count > Self.maxDimensions {
            return TPESampler(seed: seed).suggest(from: space, given: observations, pending: pending, using: &random)
        }
        let values = ModelledValues(observations.outcomes)
        guard
            StartUp.isOver(after: values.informative, pending.count, of: startupTrials), !landscape.dimensions.isEmpty,
            StartUp.hasDifferentOutcomes(observations.outcomes),
            let process = process(landscape, observations, values, pending)
        else {
            return SobolSampler(seed: seed).suggest(
                from: space, given: observations, pending: pending, using: &random)
        }
        var search = AcquisitionSearch(landscape, process, tried: TriedAssignments(observations, pending))
        search.incumbents = observations.indices.sorted {
            (values.standardized[$0], $0) < (values.standardized[$1], $1)
        }
        .prefix(5).map(observations.assignment(ofRow:))
        if let best = search.best(using: &random) { return best }
        // Everything the search found has been tried.
        return RandomSampler().suggest(from: space, given: observations, pending: pending, using: &random)
    }

    /// The process that is fitted to the trials that have ended, with a belief added for each pending one; nil if K
    /// stays singular even with 10⁹ times the fitted noise.
    private func process(
        _ landscape: Landscape, _ observations: Observations, _ values: ModelledValues, _ pending: [Assignment]
    ) -> GaussianProcess? {
        let columns = landscape.columns(of: observations.map(\.assignment))
        let choice = ModelSelection(
            landscape.dimensions, columns: columns, observations.outcomes, values)
        var hyperparameters = choice.hyperparameters
        for _ in 0..<10 {
            if var process = try? GaussianProcess(
                landscape.dimensions, columns: columns, values: choice.values.standardized, hyperparameters)
            {
                let points = landscape.columns(of: pending)
                for index in pending.indices { process.addBelief(at: points.map { $0[index] }) }
                return process
            }
            // Where points lie so close together that rounding makes K singular, more noise separates them.
            hyperparameters.noiseVariance *= 10
        }
        return nil
    }
}
