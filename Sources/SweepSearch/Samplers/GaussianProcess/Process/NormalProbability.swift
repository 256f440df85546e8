import RealModule

/// The logarithm of the standard normal distribution function.
package enum NormalProbability {
    /// log Φ(u), and its derivative φ(u)/Φ(u).
    ///
    ///     NormalProbability.logarithm(0)          // (-0.693, 0.798)
    ///     NormalProbability.logarithm(-40)        // about (-804.6, 40.0), where Φ itself is 0 as a Double
    package static func logarithm(_ u: Double) -> (value: Double, slope: Double) {
        let logRootTwoPi = 0.91893853320467274178
        if u > -12 {
            let cumulative = 0.5 * Double.erfc(-u * 0.70710678118654752440)
            return (Double.log(cumulative), Double.exp(-0.5 * u * u - logRootTwoPi) / cumulative)
        }
        // The asymptotic series of Φ to u⁻⁶.
        let s = 1 / (u * u)
        let series = 1 - s + 3 * s * s - 15 * s * s * s
        return (-0.5 * u * u - logRootTwoPi + Double.log(series / -u), -u / series)
    }
}
