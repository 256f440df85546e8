import RealModule

/// The products of densities, one for each kernel of a mixture, while they are multiplied together parameter by
/// parameter.
///
///     var products = KernelProducts([log(0.5), log(0.5)])         // two kernels of equal weight
///     kernels.multiply(into: &products, over: cell)               // once for each parameter
///     let logDensity = products.logSum()
///
/// Kernel k's product is exp(exponents[k])·factors[k]. Densities that are known by their logarithm are added to the
/// exponents. The others are multiplied into the factors, which are moved into the exponents only now and then: that
/// saves most of the logarithms.
package struct KernelProducts {
    package var exponents: [Double]
    package var factors: [Double]
    /// How many densities are in each factor.
    private var multiplied = 0

    /// - Parameter logarithms: of the values to begin with, one for each kernel.
    package init(_ logarithms: [Double]) {
        exponents = logarithms
        factors = [Double](repeating: 1, count: logarithms.count)
    }

    /// To be called after each multiplication of the factors by densities. These lie between 1e-15 and 1e3, so that the
    /// product of 16 neither vanishes nor overflows; then the factors are moved into the exponents.
    mutating func factorWasMultiplied() {
        multiplied += 1
        guard multiplied == 16 else { return }
        multiplied = 0
        for kernel in exponents.indices {
            exponents[kernel] += Double.log(factors[kernel])
            factors[kernel] = 1
        }
    }

    /// log Σ exp(exponent)·factor, without overflow.
    package func logSum() -> Double {
        let largest = exponents.max() ?? 0
        var sum = 0.0
        for kernel in exponents.indices { sum += factors[kernel] * Double.exp(exponents[kernel] - largest) }
        return largest + Double.log(sum)
    }
}
