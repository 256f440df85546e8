import RandomStreams

/// Bayesian optimisation: a Gaussian process of what has been seen, and the point where it expects to improve most.
///
/// The process (see `GaussianProcess` and `ProcessChoice`) lives on quantiles, so every type of parameter has its place
/// in it; choices are corners of a simplex, inactive parameters rest in the middle. The acquisition is the logarithm of
/// the expected improvement.
///
/// Pending trials are taken to give what is expected of them. Rejected: the mean improvement over samples of what they
/// may give, which did worse on 7 of 9 smooth functions with eight trials at once.
///
/// A suggestion costs O(n³), so beyond `mostTrials` the sampler hands over to ``TPESampler``; and so it does in spaces
/// of more than 64 parameters that vary.
public struct GPSampler: Sampler {
    /// As long as fewer trials tell something, suggestions come from a Sobol' sequence.
    public var startupTrials: Int
    /// With more ended trials than this another sampler suggests.
    public var mostTrials: Int

    private let seed: UInt64

    /// - Parameter seed: of the start-up's Sobol' sequence; the same for all trials of a sweep.
    public init(startupTrials: Int = 8, mostTrials: Int = 1000, seed: UInt64 = 0) {
        precondition(startupTrials >= 1, "a process needs something to start from")
        self.startupTrials = startupTrials
        self.mostTrials = mostTrials
        self.seed = seed
    }

    private static let mostAxes = 64

    public func suggest(
        from space: SearchSpace, given observations: Observations, pending: [Assignment],
        using random: inout RandomStream
    ) -> Assignment {
        let encoding = SpaceEncoding(space)
        let landscape = Landscape(encoding)
        if observations.count > mostTrials || landscape.axes.count > Self.mostAxes {
            return TPESampler(seed: seed).suggest(from: space, given: observations, pending: pending, using: &random)
        }
        let values = ModelledValues(observations.outcomes)
        guard
            StartUp.isOver(after: values.informative, pending.count, of: startupTrials), !landscape.axes.isEmpty,
            StartUp.tellsApart(observations.outcomes),
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
        // Everything the search came to has been tried.
        return RandomSampler().suggest(from: space, given: observations, pending: pending, using: &random)
    }

    private func process(
        _ landscape: Landscape, _ observations: Observations, _ values: ModelledValues, _ pending: [Assignment]
    ) -> GaussianProcess? {
        let columns = landscape.columns(of: observations.map(\.assignment))
        let choice = ProcessChoice(
            landscape.axes, columns: columns, observations.outcomes, values)
        var hyperparameters = choice.hyperparameters
        for _ in 0..<10 {
            if var process = try? GaussianProcess(
                landscape.axes, columns: columns, values: choice.values.standardized, hyperparameters)
            {
                let points = landscape.columns(of: pending)
                for index in pending.indices { process.believe(points.map { $0[index] }) }
                return process
            }
            // Points that lie too close for Doubles are told apart by more noise.
            hyperparameters.noise *= 10
        }
        return nil
    }
}
