import RandomStreams
import RealModule

/// A truncated normal distribution: a normal one, given that the number lies between two bounds.
///
///     F(x) = (Φ((x − μ)/σ) − Φ((min − μ)/σ)) / (Φ((max − μ)/σ) − Φ((min − μ)/σ))
///
/// Where the whole range lies above the mean it is computed for the mirror image: there Φ(z) is so close to 1 that its
/// last digits are lost, while Φ(−z) has all of them.
struct TruncatedNormal {
    private let mean: Double
    private let std: Double
    private let isMirrored: Bool
    /// Φ at the bound that comes first, and the probability that the untruncated distribution gives to the range.
    private let start: Double
    private let mass: Double

    /// Nil where the range is so short, or so far from the mean, that the difference of two Φ would lose most of its
    /// digits. The density then hardly varies within the range, and the caller takes it for uniform.
    init?(mean: Double, std: Double, from min: Double, to max: Double) {
        self.mean = mean
        self.std = std
        isMirrored = min > mean
        let (low, high) = (Self.cumulative((min - mean) / std), Self.cumulative((max - mean) / std))
        let (mirroredLow, mirroredHigh) = (
            Self.cumulative((mean - max) / std), Self.cumulative((mean - min) / std)
        )
        start = isMirrored ? mirroredLow : low
        mass = isMirrored ? mirroredHigh - mirroredLow : high - low
        guard mass > 1e-9 * (isMirrored ? mirroredHigh : high) else { return nil }
    }

    /// The x with F(x) = `quantile`, which is from 0 to 1; rounding may put it a little outside the bounds.
    func number(atQuantile quantile: Double) -> Double {
        let share = start + (isMirrored ? 1 - quantile : quantile) * mass
        let distance = std * standardNormalQuantile(Swift.min(share, 1.0.nextDown))
        return isMirrored ? mean - distance : mean + distance
    }

    /// F at a number; a little outside 0…1 for numbers beyond the bounds.
    func quantile(of number: Double) -> Double {
        let z = (isMirrored ? mean - number : number - mean) / std
        let share = (Self.cumulative(z) - start) / mass
        return isMirrored ? 1 - share : share
    }

    /// Φ(z) = ½ erfc(−z/√2).
    private static func cumulative(_ z: Double) -> Double { 0.5 * Double.erfc(-z * 0.70710678118654752440) }
}
