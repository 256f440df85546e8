import RandomStreams

/// What a model expects of the value of one trial, in the unit of the metric; lower is better.
///
///     Expectation(mean: 0.31, deviation: 0.02, low: 0.27, high: 0.35)
public struct Expectation: Sendable, Hashable {
    /// The expected value.
    public var mean: Double
    /// How uncertain the model is of it: the standard deviation of what it holds possible, without noise.
    public var deviation: Double
    /// Nine of ten trials should report a value from `low` to `high`: with the noise of a single trial.
    public var low: Double
    public var high: Double

    public init(mean: Double, deviation: Double, low: Double, high: Double) {
        self.mean = mean
        self.deviation = deviation
        self.low = low
        self.high = high
    }
}

extension ModelledValues {
    /// The 0.95-quantile of the standard normal distribution: 5 % lie beyond it on each side.
    static let intervalWidth = 1.6448536269514722

    /// The value that a modelled one stands for. A model is not believed that a point were worse than every trial.
    func reported(_ modelled: Double) -> Double {
        scale.value(ofScaled: min(modelled, worst) * spread + centre)
    }

    /// Normal quantiles at equal distances of probability, scaled to the variance 1.
    private static let nodes: [Double] = {
        let count = 64
        let raw = (0..<count).map { standardNormalQuantile((Double($0) + 0.5) / Double(count)) }
        let deviation = (raw.reduce(0) { $0 + $1 * $1 } / Double(count)).squareRoot()
        return raw.map { $0 / deviation }
    }()

    /// Mean and standard deviation of the value, where the modelled one is normal.
    ///
    ///     E y = ∫ y(z) N(z; μ, σ²) dz, by 64 points of equal probability
    ///
    /// On a linear scale that is exact; the interval is transformed by its ends, which keeps its probability.
    ///
    /// - Parameters:
    ///   - mean: μ of the modelled value.
    ///   - deviation: σ of the modelled value.
    ///   - noise: the variance of a single trial around it.
    func expectation(mean: Double, deviation: Double, noise: Double) -> Expectation {
        let values = Self.nodes.map { reported(mean + deviation * $0) }
        let average = values.reduce(0) { $0 + $1 / Double(values.count) }
        let variance = values.reduce(0) { $0 + ($1 - average) * ($1 - average) / Double(values.count) }
        let reach = Self.intervalWidth * (deviation * deviation + noise).squareRoot()
        return Expectation(
            mean: average, deviation: variance.squareRoot(), low: reported(mean - reach), high: reported(mean + reach))
    }

    /// How much less a value is than one that is modelled as `best`, in the unit of the metric.
    ///
    /// - Parameter improvement: how much less it is modelled.
    func improvement(_ improvement: Double, on best: Double) -> Double {
        reported(best) - reported(best - improvement)
    }

    /// A small difference of modelled values in the unit of the metric.
    ///
    /// - Parameter modelled: where the difference is: except on a linear scale it depends on that.
    func difference(_ difference: Double, at modelled: Double) -> Double {
        difference * spread * scale.valueSlope(atScaled: modelled * spread + centre)
    }
}
