import RandomStreams

/// The CMA evolution strategy with restarts, for numeric parameters that interact.
///
///     let sampler = CMAESSampler(seed: 1)
///     let next = sampler.suggest(from: space, given: observations, pending: [], using: &random)
///
/// It searches the numeric parameters that are always active, as quantiles; a discrete one keeps a minimal standard
/// deviation, so that it can still leave its value. Choices and conditional parameters have no place in a covariance
/// matrix: ``TPESampler`` proposes their values for each trial. With fewer than two numeric parameters TPE proposes
/// everything. See `EvolutionStrategy` for the algorithm and its sources.
///
/// The state is not stored but computed anew from the history: every λ ended trials, in the order of their numbers, are
/// a generation. Pending trials need no special treatment, since two draws of the distribution differ.
public struct CMAESSampler: Sampler {
    private let seed: UInt64

    /// - Parameter seed: where the runs start from; the same for all trials of a sweep.
    public init(seed: UInt64 = 0) { self.seed = seed }

    public func propose(
        from space: SearchSpace, given observations: Observations, pending: [Assignment],
        using random: inout RandomStream
    ) -> Proposal {
        let encoding = SpaceEncoding(space)
        let positions = space.parameters.indices.filter { position in
            guard case .numeric = encoding.dimensions[position] else { return false }
            return space.parameters[position].conditions.isEmpty
        }
        let fallback = positions.count < space.parameters.count || positions.count < 2
        let other =
            fallback
            ? TPESampler(seed: seed).propose(from: space, given: observations, pending: pending, using: &random)
            : nil
        guard positions.count >= 2, let strategy = replayed(observations, encoding, positions) else {
            let instead =
                other
                ?? SobolSampler(seed: seed).propose(
                    from: space, given: observations, pending: pending, using: &random)
            return instead.delegated(because: positions.count < 2 ? .fewNumbers : .singular)
        }
        let margins = positions.map { margin(of: space.parameters[$0].distribution, at: strategy, positions.count) }
        var suggestion = space.sample(using: &random)
        for _ in 0..<50 {
            let point = strategy.sample(minStd: margins, using: &random)
            let quantiles = Dictionary(uniqueKeysWithValues: zip(positions, point))
            let draw = space.assignment { position in
                let parameter = space.parameters[position]
                if let quantile = quantiles[position] { return parameter.distribution.value(atQuantile: quantile) }
                // A numeric value may have activated a parameter that TPE's proposal lacks.
                return other?.assignment[parameter.name] ?? parameter.distribution.sample(using: &random)
            }
            if space.isFeasible(draw) {
                suggestion = draw
                break
            }
        }
        return Proposal(
            space.untried(insteadOf: suggestion, given: observations, pending: pending, using: &random), by: .cmaes)
    }

    /// The standard deviation with which a discrete parameter leaves its cell with a probability of about 1/(λ·n).
    private func margin(of distribution: Distribution, at strategy: EvolutionStrategy, _ dimensions: Int) -> Double {
        guard let last = distribution.proposable?.lastIndex, last < 1000 else { return 0 }
        let width = 1 / (Double(last) + 1)
        // A normal number lies beyond 1.6 standard deviations with probability 1/9, beyond 2 with 1/20.
        return width / 2 / (strategy.population * dimensions <= 10 ? 1.6 : 2)
    }

    /// The state after all generations that the history has made complete; nil if C had no eigenvalues.
    ///
    /// Every trial that did not fail is a point, even if another sampler or the user has proposed it. A run that is
    /// exhausted is followed by a new one with twice the population.
    private func replayed(
        _ observations: Observations, _ encoding: SpaceEncoding, _ positions: [Int]
    ) -> EvolutionStrategy? {
        let values = ModelledValues(observations.outcomes)
        let table = encoding.table(of: observations.map(\.assignment))
        let rows = observations.indices.filter { row in
            // Failed trials have no value, and assignments of another space have no coordinates.
            if case .failed = observations.outcomes[row] { return false }
            return positions.allSatisfy { !table[$0 * observations.count + row].isNaN }
        }
        var run: UInt64 = 0
        var population = EvolutionStrategy.defaultPopulation(positions.count)
        var strategy = EvolutionStrategy(mean: start(of: run, positions.count), population: population)
        var next = 0
        while next + strategy.population <= rows.count, !SuggestionRequest.isWithdrawn() {
            let generation = rows[next..<(next + strategy.population)]
            next += strategy.population
            let points = generation.map { row in positions.map { table[$0 * observations.count + row] } }
            do {
                try strategy.update(points, values: generation.map { values.standardized[$0] })
            } catch {
                return nil
            }
            if strategy.isExhausted {
                run += 1
                population *= 2
                strategy = EvolutionStrategy(mean: start(of: run, positions.count), population: population)
            }
        }
        return strategy
    }

    /// The mean of a run's first generation: the middle of the cube for the first run, from where most of a range is
    /// in reach; a random point for the others.
    private func start(of run: UInt64, _ dimensions: Int) -> [Double] {
        if run == 0 { return [Double](repeating: 0.5, count: dimensions) }
        var random = RandomStream(seed: seed, stream: .evolutionStrategyRestart, run)
        return (0..<dimensions).map { _ in 0.1 + 0.8 * random.uniform() }
    }
}
