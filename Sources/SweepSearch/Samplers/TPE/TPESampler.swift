import RandomStreams

/// The tree-structured Parzen estimator: proposes what is likely among the good trials and unlikely among the others.
///
///     let sampler = TPESampler(startupTrials: 10, seed: 1)
///     let next = sampler.suggest(from: space, given: observations, pending: running, using: &random)
///
/// The best share γ of the trials is called good. With l(x) the density of the good ones and g(x) that of the others,
/// the expected improvement grows with l(x)/g(x) (Bergstra et al. 2011, "Algorithms for Hyper-Parameter Optimization",
/// section 4.1). Of several candidates drawn from l, the one with the greatest ratio is proposed. Both densities model
/// all parameters jointly (multivariate TPE, Watanabe 2023, arXiv:2304.11127), across the branches of a conditional
/// space: see `KernelMixture`.
///
/// Pending trials count as bad, so that parallel suggestions differ. Where there are any, fewer trials count as good
/// and the best of them weigh more: a suggestion made without the newest results has to gain more by itself. Nothing is
/// proposed twice as long as anything is left to try.
///
/// Split, bandwidth, candidates and start-up were chosen by measurement: see `Benchmarks/planners.md`.
public struct TPESampler: Sampler {
    /// As long as fewer trials have told anything about the metric, suggestions come from a Sobol' sequence.
    public var startupTrials: Int
    /// The number of candidates drawn from the good density.
    public var candidates: Int
    /// Which trials are good where none is pending.
    public var selection: Selection
    /// Which trials are good where some are pending.
    public var selectionWithPending: Selection
    /// The greatest number of good trials, however many there are in all.
    public var maxGood: Int
    /// How many of the newest bad trials weigh 1; the older ones weigh less, linearly down to the oldest.
    public var fullyWeighted: Int

    /// The standard deviation of the kernel of a single trial, as a share of the parameter's range. Values from 0.05 to
    /// 0.1 work equally well; above, the sampler converges more slowly.
    public var bandwidth: Double

    /// How much a pending trial weighs among the bad ones, of which the newest weigh 1.
    public var pendingWeight: Double

    private let seed: UInt64

    /// Which trials are good, and how much each of them weighs.
    public struct Selection: Sendable, Hashable {
        /// γ: the share of trials that count as good, rounded up.
        public var goodFraction: Double
        /// How strongly better trials of the good ones outweigh the others: p in the weight (1 − r/n)ᵖ of the r-th best
        /// of n, r from 0. 0 weighs all alike; from 2 on it matters little how large it is.
        public var rankExponent: Double

        /// - Parameters:
        ///   - goodFraction: above 0, and at most 1.
        ///   - rankExponent: at least 0.
        public init(goodFraction: Double, rankExponent: Double) {
            precondition(goodFraction > 0 && goodFraction <= 1, "the share of good trials must be in (0, 1]")
            precondition(rankExponent >= 0, "better trials weigh no less than worse ones")
            self.goodFraction = goodFraction
            self.rankExponent = rankExponent
        }
    }

    /// - Parameter seed: of the start-up's Sobol' sequence; the same for all trials of a sweep.
    public init(
        startupTrials: Int = 8, candidates: Int = 32,
        selection: Selection = Selection(goodFraction: 0.15, rankExponent: 4),
        selectionWithPending: Selection = Selection(goodFraction: 0.1, rankExponent: 8), maxGood: Int = 25,
        fullyWeighted: Int = 25, bandwidth: Double = 0.06, pendingWeight: Double = 0.25, seed: UInt64 = 0
    ) {
        precondition(candidates >= 1 && maxGood >= 1, "TPE needs at least one candidate and one good trial")
        precondition(bandwidth > 0 && bandwidth <= 1, "a bandwidth is a share of the range")
        self.startupTrials = startupTrials
        self.candidates = candidates
        self.selection = selection
        self.selectionWithPending = selectionWithPending
        self.maxGood = maxGood
        self.fullyWeighted = fullyWeighted
        self.bandwidth = bandwidth
        self.pendingWeight = pendingWeight
        self.seed = seed
    }

    public func propose(
        from space: SearchSpace, given observations: Observations, pending: [Assignment],
        using random: inout RandomStream
    ) -> Proposal {
        let selection = pending.isEmpty ? selection : selectionWithPending
        let split = split(observations, goodFraction: selection.goodFraction)
        let isStarted =
            StartUp.isOver(after: split.informative, pending.count, of: startupTrials) && !split.good.isEmpty
        guard isStarted, StartUp.hasDifferentOutcomes(observations.outcomes) else {
            return SobolSampler(seed: seed)
                .propose(from: space, given: observations, pending: pending, using: &random)
                .delegated(because: isStarted ? .sameOutcomes : .startUp)
        }
        let encoding = SpaceEncoding(space)
        let good = split.good.map(observations.assignment(ofRow:))
        let (bad, badWeights) = bad(split.bad, of: observations, pending)
        let goodDensity = KernelMixture(encoding, good, weights: selection.weights(split.ranks), bandwidth: bandwidth)
        let badDensity = KernelMixture(encoding, bad, weights: badWeights, bandwidth: bandwidth)

        var proposals = [Assignment]()
        // Where constraints exclude many of the candidates, more are drawn.
        for _ in 0..<8 * candidates where proposals.count < candidates {
            let proposal = goodDensity.sample(using: &random)
            if space.isFeasible(proposal) { proposals.append(proposal) }
        }
        if proposals.isEmpty { proposals = space.samples(candidates, using: &random) }
        let scores = proposals.map { proposal in
            let candidate = encoding.candidate(proposal)
            return goodDensity.logDensity(at: candidate) - badDensity.logDensity(at: candidate)
        }
        func proposed(_ index: Int) -> Proposal {
            Proposal(proposals[index], by: .tpe, forecast: .logRatio(scores[index]))
        }
        // Ties are broken by the order of the draws, so that the result does not depend on the sorting algorithm.
        let order = scores.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) }
        if space.isDiscrete {
            let tried = TriedAssignments(observations, pending)
            if let best = order.first(where: { !tried.contains(proposals[$0]) }) { return proposed(best) }
            guard let untried = space.untried(beside: tried, using: &random) else { return proposed(order[0]) }
            return Proposal(untried, by: .random, .searchedOut)
        }
        let best = order.first { !observations.contains(proposals[$0]) && !pending.contains(proposals[$0]) }
        if let best { return proposed(best) }
        let untried = space.untried(
            insteadOf: proposals[order[0]], given: observations, pending: pending, using: &random)
        return Proposal(untried, by: .random, .searchedOut)
    }

    /// The trials that make the bad density, and their weights.
    ///
    /// Of more than 320 only the newest half of that number is taken, and of the older ones as many at equal intervals,
    /// each with the weight of those it stands for. A few hundred trials are enough to estimate the bad density, and
    /// the cost of a suggestion does not grow with the history.
    private func bad(
        _ indices: [Int], of observations: Observations, _ pending: [Assignment]
    ) -> ([Assignment], [Double]) {
        let count = indices.count
        let ramp = max(0, count - fullyWeighted)
        func weight(_ index: Int) -> Double {
            guard index < ramp, ramp > 1 else { return 1 }
            let start = 1 / Double(count)
            return start + (1 - start) * Double(index) / Double(ramp - 1)
        }
        let pendingWeights = pending.map { _ in pendingWeight }
        if count <= Self.maxBad {
            return (
                indices.map(observations.assignment(ofRow:)) + pending, indices.indices.map(weight) + pendingWeights
            )
        }
        let newest = Self.maxBad / 2
        let older = count - newest
        let taken = Self.maxBad - newest
        var chosen = [Assignment]()
        var weights = [Double]()
        for index in 0..<taken {
            let position = index * older / taken
            chosen.append(observations.assignment(ofRow: indices[position]))
            weights.append(weight(position) * Double(older) / Double(taken))
        }
        for position in older..<count {
            chosen.append(observations.assignment(ofRow: indices[position]))
            weights.append(weight(position))
        }
        return (chosen + pending, weights + pendingWeights)
    }

    /// How many bad trials the density is made of, besides pending ones.
    private static let maxBad = 320
}
