import Foundation

/// Student's t distribution, by which the mean of a few numbers is judged.
///
///     StudentDistribution(degreesOfFreedom: 9).quantile(0.975)       // 2.2622
///
/// The distribution function is an incomplete beta function, computed by its continued fraction (Abramowitz and Stegun,
/// Handbook of Mathematical Functions, 26.5.8 and 26.7.1).
package struct StudentDistribution: Sendable {
    /// At least 1.
    let degreesOfFreedom: Double

    package init(degreesOfFreedom: Int) { self.degreesOfFreedom = Double(max(1, degreesOfFreedom)) }

    /// The probability that a value is at least as far from 0 as `t`, on either side.
    package func probability(beyond t: Double) -> Double {
        if t.isInfinite { return 0 }
        return Self.incompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5)
    }

    /// The value below which a share `probability` of all values lies; for shares of a half and above, below 1.
    package func quantile(_ probability: Double) -> Double {
        precondition((0.5..<1).contains(probability), "a quantile of \(probability)")
        let tails = 2 * (1 - probability)
        var (low, high) = (0.0, 1.0)
        while self.probability(beyond: high) > tails { high *= 2 }
        while high - low > 1e-12 * high {
            let middle = low + (high - low) / 2
            if middle == low || middle == high { break }
            if self.probability(beyond: middle) > tails { low = middle } else { high = middle }
        }
        return high
    }

    /// Iₓ(a, b), the regularized incomplete beta function, for x from 0 to 1.
    private static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        if x <= 0 { return 0 }
        if x >= 1 { return 1 }
        let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
        // The fraction converges quickly on one side of the mean; the other side is its mirror image.
        return x < (a + 1) / (a + b + 2)
            ? front * fraction(x, a, b) / a : 1 - front * fraction(1 - x, b, a) / b
    }

    /// The continued fraction, from front to back (Lentz's method).
    private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        func safe(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
        var (c, d) = (1.0, 1 / safe(1 - (a + b) * x / (a + 1)))
        var result = d
        for step in 1...1000 {
            let m = Double(step)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            var factor = 1.0
            for coefficient in [even, odd] {
                d = 1 / safe(1 + coefficient * d)
                c = safe(1 + coefficient / c)
                factor = c * d
                result *= factor
            }
            if abs(factor - 1) < 1e-15 { break }
        }
        return result
    }
}
