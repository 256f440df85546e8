import RealModule

/// The scale on which the numbers of a range are uniformly distributed: equal lengths of the axis are equally likely.
///
/// On `.logarithmic` a number between 0.001 and 0.01 is as likely as one between 0.01 and 0.1. On `.normal` the axis is
/// the cumulative distribution function, so that the numbers are normally distributed.
public enum NumberAxis: Sendable, Hashable {
    /// The numbers themselves.
    case linear
    /// Their logarithms. For positive numbers only, as is `logNormal`.
    case logarithmic
    /// The cumulative distribution function of a normal distribution, with its mean and standard deviation.
    case normal(mean: Double, std: Double)
    /// The same for the logarithms of the numbers, whose mean and standard deviation these are.
    case logNormal(mean: Double, std: Double)

    /// Whether all numbers on it are above 0.
    var isPositive: Bool {
        switch self {
        case .linear, .normal: false
        case .logarithmic, .logNormal: true
        }
    }

    /// How many standard deviations from the mean the range of a normal axis ends, where no bounds are given.
    static let stdsReached = 8.0

    /// The bounds where none are given: 8 standard deviations to both sides of the mean, or on an axis without a mean
    /// the smallest and largest numbers that a Double can be.
    ///
    ///     NumberAxis.normal(mean: 0, std: 1).reach        // (-8, 8)
    package var reach: (min: Double, max: Double) {
        let all = Double.greatestFiniteMagnitude
        switch self {
        case .linear: return (-all, all)
        case .logarithmic: return (.leastNonzeroMagnitude, all)
        case .normal(let mean, let std):
            let distance = Self.stdsReached * std
            return (clamp(mean - distance, -all, all), clamp(mean + distance, -all, all))
        case .logNormal(let mean, let std):
            let distance = Self.stdsReached * std
            return (
                clamp(Double.exp(mean - distance), .leastNonzeroMagnitude, all),
                clamp(Double.exp(mean + distance), .leastNonzeroMagnitude, all)
            )
        }
    }
}
