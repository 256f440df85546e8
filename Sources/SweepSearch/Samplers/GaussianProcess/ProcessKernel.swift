import RealModule

/// How smooth a process takes the function to be.
///
///     matern               k(r) = s·(1 + √5·r + 5/3·r²)·exp(−√5·r)
///     squaredExponential   k(r) = s·exp(−r²/2)
///
/// The Matérn kernel of smoothness 5/2 expects two derivatives and forgives most things; the other one expects a function
/// that is analytic, and of such it learns far more from as many trials.
///
/// Source: Rasmussen and Williams, Gaussian Processes for Machine Learning (2006), section 4.2.1.
package enum ProcessKernel: Hashable {
    case matern
    case squaredExponential

    /// The kernel and its derivative at the squared distance r².
    @inline(__always)
    func callAsFunction(_ square: Double, _ signal: Double) -> (value: Double, derivative: Double) {
        switch self {
        case .matern:
            let distance = (5 * square).squareRoot()
            let decay = signal * Double.exp(-distance)
            return ((1 + distance + 5.0 / 3 * square) * decay, -5.0 / 6 * (1 + distance) * decay)
        case .squaredExponential:
            let value = signal * Double.exp(-0.5 * square)
            return (value, -0.5 * value)
        }
    }
}
