import RandomStreams
import RealModule

/// Where the numbers of a range lie dense: the measure that a range's distribution is uniform in.
public enum NumberAxis: Sendable, Hashable {
    case linear
    /// The logarithm; for positive numbers alone, as is `logNormal`.
    case logarithmic
    case normal(mean: Double, deviation: Double)
    /// Mean and deviation are the logarithm's.
    case logNormal(mean: Double, deviation: Double)

    /// Whether the numbers on it are all above 0.
    var isPositive: Bool {
        switch self {
        case .linear, .normal: false
        case .logarithmic, .logNormal: true
        }
    }

    /// How far numbers lie from the mean at most, in deviations, where nothing else is said.
    static let deviationsReached = 8.0

    /// The smallest and the largest number where nothing else is said; all there are on an axis without a mean.
    package var reach: (min: Double, max: Double) {
        let all = Double.greatestFiniteMagnitude
        switch self {
        case .linear: return (-all, all)
        case .logarithmic: return (.leastNonzeroMagnitude, all)
        case .normal(let mean, let deviation):
            let distance = Self.deviationsReached * deviation
            return (clamp(mean - distance, -all, all), clamp(mean + distance, -all, all))
        case .logNormal(let mean, let deviation):
            let distance = Self.deviationsReached * deviation
            return (
                clamp(Double.exp(mean - distance), .leastNonzeroMagnitude, all),
                clamp(Double.exp(mean + distance), .leastNonzeroMagnitude, all)
            )
        }
    }
}

/// The numbers from `min` to `max` on an axis.
struct Continuum {
    let min: Double
    let max: Double
    private let axis: Straightened

    /// The axis with what its two ends are mapped to.
    private enum Straightened {
        case linear
        case logarithmic(log: ClosedRange<Double>)
        case normal(Bell, isLogarithmic: Bool)
    }

    init(_ axis: NumberAxis, min: Double, max: Double) {
        self.min = min
        self.max = max
        switch axis {
        case .linear: self.axis = .linear
        case .logarithmic: self.axis = .logarithmic(log: Double.log(min)...Double.log(max))
        case .normal(let mean, let deviation):
            let bell = Bell(mean: mean, deviation: deviation, from: min, to: max)
            self.axis = bell.map { .normal($0, isLogarithmic: false) } ?? .linear
        case .logNormal(let mean, let deviation):
            let bell = Bell(mean: mean, deviation: deviation, from: Double.log(min), to: Double.log(max))
            self.axis =
                bell.map { .normal($0, isLogarithmic: true) } ?? .logarithmic(log: Double.log(min)...Double.log(max))
        }
    }

    /// The number below which a share `quantile` of the range lies; at 0 and 1 exactly the ends.
    func number(atQuantile quantile: Double) -> Double {
        quantile <= 0 ? min : quantile >= 1 ? max : computed(atQuantile: quantile)
    }

    /// The same as far as the arithmetic of the axis goes, also at the ends.
    func computed(atQuantile quantile: Double) -> Double {
        let number =
            switch axis {
            case .linear: Self.interpolate(min, max, quantile)
            case .logarithmic(let log): Double.exp(Self.interpolate(log.lowerBound, log.upperBound, quantile))
            case .normal(let bell, false): bell.number(atQuantile: quantile)
            case .normal(let bell, true): Double.exp(bell.number(atQuantile: quantile))
            }
        return clamp(number, min, max)
    }

    /// The share of the range that lies below `number`, from 0 to 1; half if the range is a single number.
    func quantile(of number: Double) -> Double {
        if min == max { return 0.5 }
        let quantile =
            switch axis {
            case .linear: Self.fraction(number, min, max)
            case .logarithmic(let log): Self.fraction(Self.logarithm(number), log.lowerBound, log.upperBound)
            case .normal(let bell, false): bell.quantile(of: number)
            case .normal(let bell, true): bell.quantile(of: Self.logarithm(number))
            }
        return clamp(quantile, 0, 1)
    }

    private static func logarithm(_ number: Double) -> Double { number > 0 ? Double.log(number) : -.infinity }

    /// The number `fraction` of the way from `min` to `max`, also where their difference overflows.
    private static func interpolate(_ min: Double, _ max: Double, _ fraction: Double) -> Double {
        let span = max - min
        return span.isFinite ? min + fraction * span : 2 * (min / 2 + fraction * (max / 2 - min / 2))
    }

    /// Where `number` lies between `min` and `max`, from 0 to 1; in the middle if they are equal.
    private static func fraction(_ number: Double, _ min: Double, _ max: Double) -> Double {
        let span = max - min
        if span == 0 { return 0.5 }
        return clamp(span.isFinite ? (number - min) / span : (number / 2 - min / 2) / (max / 2 - min / 2), 0, 1)
    }
}

/// A piece of a normal distribution.
///
/// Above its mean it is seen in the mirror: 1 − Φ(z) has no digits left where Φ(−z) has all of them.
private struct Bell {
    private let mean: Double
    private let deviation: Double
    private let isMirrored: Bool
    /// Φ at the end that comes first, and the share of the whole distribution that the piece has.
    private let start: Double
    private let mass: Double

    /// Nil where the piece is so short, or so far out, that rounding would show: it is then as good as uniform.
    init?(mean: Double, deviation: Double, from min: Double, to max: Double) {
        self.mean = mean
        self.deviation = deviation
        isMirrored = min > mean
        let (low, high) = (Self.cumulative((min - mean) / deviation), Self.cumulative((max - mean) / deviation))
        let (mirroredLow, mirroredHigh) = (
            Self.cumulative((mean - max) / deviation), Self.cumulative((mean - min) / deviation)
        )
        start = isMirrored ? mirroredLow : low
        mass = isMirrored ? mirroredHigh - mirroredLow : high - low
        guard mass > 1e-9 * (isMirrored ? mirroredHigh : high) else { return nil }
    }

    func number(atQuantile quantile: Double) -> Double {
        let share = start + (isMirrored ? 1 - quantile : quantile) * mass
        let distance = deviation * standardNormalQuantile(Swift.min(share, 1.0.nextDown))
        return isMirrored ? mean - distance : mean + distance
    }

    func quantile(of number: Double) -> Double {
        let z = (isMirrored ? mean - number : number - mean) / deviation
        let share = (Self.cumulative(z) - start) / mass
        return isMirrored ? 1 - share : share
    }

    private static func cumulative(_ z: Double) -> Double { 0.5 * Double.erfc(-z * 0.70710678118654752440) }
}

func clamp(_ number: Double, _ lower: Double, _ upper: Double) -> Double {
    min(max(number, lower), upper)
}
