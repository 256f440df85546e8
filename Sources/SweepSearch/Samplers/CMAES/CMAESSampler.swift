import RandomStreams

/// A covariance matrix adaptation evolution strategy with restarts (see `EvolutionStrategy`).
///
/// It searches the numeric parameters that are always active, as quantiles; a discrete one keeps a margin of chance to
/// leave its value. Choices and conditional parameters are no coordinates of a covariance: ``TPESampler`` proposes
/// their values, each trial anew. Where it is left with nothing to search, or with one parameter, TPE does it all.
///
/// The state is not stored but comes from replaying the history: every λ ended trials, in the order of their numbers,
/// are a generation. Pending trials need no care, since draws of one distribution differ.
public struct CMAESSampler: Sampler {
    private let seed: UInt64

    /// - Parameter seed: where the runs start from; the same for all trials of a sweep.
    public init(seed: UInt64 = 0) { self.seed = seed }

    public func suggest(
        from space: SearchSpace, given observations: Observations, pending: [Assignment],
        using random: inout RandomStream
    ) -> Assignment {
        let encoding = SpaceEncoding(space)
        let axes = space.parameters.indices.filter { position in
            guard case .numeric = encoding.axes[position] else { return false }
            return space.parameters[position].conditions.isEmpty
        }
        let fallback = axes.count < space.parameters.count || axes.count < 2
        let other =
            fallback
            ? TPESampler(seed: seed).suggest(from: space, given: observations, pending: pending, using: &random)
            : nil
        guard axes.count >= 2, let strategy = replayed(observations, encoding, axes) else {
            return other
                ?? SobolSampler(seed: seed).suggest(
                    from: space, given: observations, pending: pending, using: &random)
        }
        let margins = axes.map { margin(of: space.parameters[$0].distribution, at: strategy, axes.count) }
        var suggestion = space.sample(using: &random)
        for _ in 0..<50 {
            let point = strategy.sample(leastDeviation: margins, using: &random)
            let quantiles = Dictionary(uniqueKeysWithValues: zip(axes, point))
            let draw = space.assignment { position in
                let parameter = space.parameters[position]
                if let quantile = quantiles[position] { return parameter.distribution.value(atQuantile: quantile) }
                // A numeric value may have turned a child on that TPE's proposal lacks.
                return other?[parameter.name] ?? parameter.distribution.sample(using: &random)
            }
            if space.isFeasible(draw) {
                suggestion = draw
                break
            }
        }
        return space.untried(insteadOf: suggestion, given: observations, pending: pending, using: &random)
    }

    /// The deviation with which a discrete parameter leaves its cell with a chance of about 1/(λ·d).
    private func margin(of distribution: Distribution, at strategy: EvolutionStrategy, _ dimensions: Int) -> Double {
        guard let last = distribution.proposable?.lastIndex, last < 1000 else { return 0 }
        let width = 1 / (Double(last) + 1)
        // A normal's tail beyond 1.6 deviations on both sides holds a ninth, beyond 2 a twentieth.
        return width / 2 / (strategy.population * dimensions <= 10 ? 1.6 : 2)
    }

    private func replayed(
        _ observations: Observations, _ encoding: SpaceEncoding, _ axes: [Int]
    ) -> EvolutionStrategy? {
        let values = ModelledValues(observations.outcomes)
        let table = encoding.table(of: observations.map(\.assignment))
        let rows = observations.indices.filter { row in
            // What failed tells nothing of the metric, and assignments of another space have no coordinates.
            if case .failed = observations.outcomes[row] { return false }
            return axes.allSatisfy { !table[$0 * observations.count + row].isNaN }
        }
        var run: UInt64 = 0
        var population = EvolutionStrategy.defaultPopulation(axes.count)
        var strategy = EvolutionStrategy(mean: start(of: run, axes.count), population: population)
        var next = 0
        while next + strategy.population <= rows.count, !SuggestionRequest.isWithdrawn() {
            let generation = rows[next..<(next + strategy.population)]
            next += strategy.population
            let points = generation.map { row in axes.map { table[$0 * observations.count + row] } }
            do {
                try strategy.update(points, values: generation.map { values.standardized[$0] })
            } catch {
                return nil
            }
            if strategy.isExhausted {
                run += 1
                population *= 2
                strategy = EvolutionStrategy(mean: start(of: run, axes.count), population: population)
            }
        }
        return strategy
    }

    /// The middle first, where most ranges have their better half in reach; then anywhere.
    private func start(of run: UInt64, _ dimensions: Int) -> [Double] {
        if run == 0 { return [Double](repeating: 0.5, count: dimensions) }
        var random = RandomStream(seed: seed, stream: .evolutionStrategyRestart, run)
        return (0..<dimensions).map { _ in 0.1 + 0.8 * random.uniform() }
    }
}
