import RandomStreams

/// A summary of a space for the user: some random assignments, and how many parameters a trial has.
///
///     let preview = space.preview(samples: 3, seed: 0)
///     preview.dimensions              // 2...3: optimizer, rate, and only with sgd momentum
///     preview.feasibleShare           // 0.25: a quarter of all draws satisfies the constraints
public struct SpacePreview: Sendable {
    /// Drawn from the distributions.
    public var samples: [Assignment]
    /// How many parameters of a trial vary: at least, at most and on average, by 2,000 draws. A parameter that is
    /// inactive does not, nor does one with a single value.
    public var dimensions: ClosedRange<Int>
    public var meanDimension: Double
    /// The share of draws that satisfy the constraints; 1 where there are none.
    public var feasibleShare: Double
}

extension SearchSpace {
    /// Draws assignments as random search would.
    ///
    /// - Parameters:
    ///   - count: how many assignments to show; at least one.
    ///   - seed: the same seed gives the same preview.
    public func preview(samples count: Int, seed: UInt64) -> SpacePreview {
        precondition(count >= 1, "a preview shows at least one sample")
        var random = RandomStream(seed: seed, stream: .spacePreview)
        let samples = (0..<count).map { _ in sample(using: &random) }
        let varying = Set(parameters.filter { $0.distribution.onlyValue == nil }.map(\.name))
        let draws = 2000
        var dimensions = [Int]()
        for _ in 0..<draws {
            let draw = assignment { parameters[$0].distribution.sample(using: &random) }
            if isFeasible(draw) { dimensions.append(draw.names.count(where: varying.contains)) }
        }
        let feasible = dimensions.count
        // Too few of them say less than the samples do.
        if feasible < count { dimensions = samples.map { $0.names.count(where: varying.contains) } }
        return SpacePreview(
            samples: samples, dimensions: (dimensions.min() ?? 0)...(dimensions.max() ?? 0),
            meanDimension: Double(dimensions.reduce(0, +)) / Double(dimensions.count),
            feasibleShare: Double(feasible) / Double(draws))
    }

    /// The parameters of which a grid does not know how many points to try.
    /// They are the continuous ones that do not say it themselves.
    public func parametersWithoutPoints() -> [Parameter] {
        parameters.filter { $0.gridPoints == nil && !$0.distribution.isDiscrete }
    }
}
