#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

/// The values of all kernels at one point, as they are multiplied together: exp(exponent)·factor for each.
package struct KernelProducts {
    package var exponents: [Double]
    package var factors: [Double]
    private var factorsInside = 0

    package init(_ logarithms: [Double]) {
        exponents = logarithms
        factors = [Double](repeating: 1, count: logarithms.count)
    }

    /// To be called after every factor. One lies between 1e-15 and 1e3, so that 16 of them neither vanish nor overflow;
    /// then they move into the exponents, which saves 15 of 16 logarithms.
    mutating func factorWasMultiplied() {
        factorsInside += 1
        guard factorsInside == 16 else { return }
        factorsInside = 0
        for kernel in exponents.indices {
            exponents[kernel] += log(factors[kernel])
            factors[kernel] = 1
        }
    }

    /// log Σ exp(exponent)·factor, without overflow.
    package func logSum() -> Double {
        let largest = exponents.max() ?? 0
        var sum = 0.0
        for kernel in exponents.indices { sum += factors[kernel] * exp(exponents[kernel] - largest) }
        return largest + log(sum)
    }
}
