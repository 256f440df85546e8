import RealModule

/// The logarithm of the expected improvement on the best value so far.
///
/// Far from the optimum the improvement itself is so small that a Double is 0 and has no slope; its logarithm can still
/// be climbed.
///
///     EI = σ·h(z)        z = (best − μ)/σ        h(z) = φ(z) + z·Φ(z)
///
/// Source: Ament et al. 2023, "Unexpected Improvements to Expected Improvement for Bayesian Optimization"
/// (arXiv:2310.20708).
package enum ExpectedImprovement {
    /// log h(z), and its derivative Φ(z)/h(z).
    ///
    ///     ExpectedImprovement.logarithm(0)            // (-0.919, 1.253): h(0) = φ(0) = 0.399
    ///     ExpectedImprovement.logarithm(-40).value    // about -808.3, where h itself is 0 as a Double
    package static func logarithm(_ z: Double) -> (value: Double, slope: Double) {
        let logRootTwoPi = 0.91893853320467274178
        if z > -12 {
            // The terms cancel, by a factor of at most z² ≤ 144; both have a small relative error, so enough digits are
            // left.
            let cumulative = 0.5 * Double.erfc(-z * 0.70710678118654752440)
            let h = Double.exp(-0.5 * z * z - logRootTwoPi) + z * cumulative
            return (Double.log(h), cumulative / h)
        }
        // The asymptotic series of Φ to z⁻⁸; the relative error is below 3e-6.
        let s = 1 / (z * z)
        let series = 1 - 3 * s + 15 * s * s - 105 * s * s * s
        let cumulative = 1 - s + 3 * s * s - 15 * s * s * s
        return (-0.5 * z * z - logRootTwoPi + Double.log(s * series), -z * cumulative / series)
    }
}
