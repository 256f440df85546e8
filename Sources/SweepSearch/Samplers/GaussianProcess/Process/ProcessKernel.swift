import RealModule

/// The kernel of a Gaussian process: how strongly values at the distance r are correlated.
///
///     matern               k(r) = σ_f²·(1 + √5·r + 5/3·r²)·exp(−√5·r)
///     roughMatern          k(r) = σ_f²·(1 + √3·r)·exp(−√3·r)
///     squaredExponential   k(r) = σ_f²·exp(−r²/2)
///
/// The Matérn kernel with ν = 5/2 assumes two derivatives, which suits most functions; with ν = 3/2 it assumes one. The
/// squared exponential assumes infinitely many, and learns far more from the same trials where the function has them.
///
/// Source: Rasmussen and Williams, Gaussian Processes for Machine Learning (2006), eqs. 4.17 and 4.9.
package enum ProcessKernel: Hashable, Sendable {
    /// ν = 5/2; the default.
    case matern
    /// ν = 3/2; selected only where the trials speak for it: see `ModelSelection`.
    case roughMatern
    /// Selected only where the trials speak for it.
    case squaredExponential

    /// k and its derivative dk/d(r²), as functions of the squared distance r².
    ///
    ///     ProcessKernel.matern(0, 1)                  // (1, -5/6)
    ///     ProcessKernel.squaredExponential(0, 1)      // (1, -1/2)
    ///
    /// The derivative is taken with respect to r², not r, as it is then finite at r = 0.
    @inline(__always)
    func callAsFunction(_ square: Double, _ signalVariance: Double) -> (value: Double, derivative: Double) {
        switch self {
        case .matern:
            let distance = (5 * square).squareRoot()
            let decay = signalVariance * Double.exp(-distance)
            return ((1 + distance + 5.0 / 3 * square) * decay, -5.0 / 6 * (1 + distance) * decay)
        case .roughMatern:
            let distance = (3 * square).squareRoot()
            let decay = signalVariance * Double.exp(-distance)
            return ((1 + distance) * decay, -1.5 * decay)
        case .squaredExponential:
            let value = signalVariance * Double.exp(-0.5 * square)
            return (value, -0.5 * value)
        }
    }
}
