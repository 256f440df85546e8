import RandomStreams

#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

/// The kernels of a mixture on one numeric axis: normals truncated to the quantiles 0…1.
///
///     κ(q) = φ((q − m)/σ) / (σ·Z)        Z = Φ((1 − m)/σ) − Φ((0 − m)/σ)
///
/// A kernel that is the prior has the density 1, which the inner loop gets from 1/σ = 0 and log 1/(σ·Z) = 0.
package struct NormalKernels {
    private let centres: [Double]
    private let inverseBandwidths: [Double]
    /// log 1/(√(2π)·σ·Z)
    private let logScales: [Double]
    /// 1/Z
    private let inverseMasses: [Double]

    /// A cell narrower than this is taken for a point. The mean over one as wide as h·σ differs from the density in its
    /// middle by the share h²/24·(z² − 1): 1e-5 for σ = 0.02 and three σ from the centre.
    package static let narrowCell = 1.0 / 8192

    /// - Parameters:
    ///   - centres: a quantile for each kernel, NaN for one that is the prior.
    ///   - bandwidth: σ.
    package init(centres: [Double], bandwidth: Double) {
        self.centres = centres.map { $0.isNaN ? 0.5 : $0 }
        inverseBandwidths = centres.map { $0.isNaN ? 0 : 1 / bandwidth }
        let cumulative = NormalCumulative.table
        inverseMasses = zip(self.centres, inverseBandwidths).map { centre, inverse in
            inverse == 0 ? 1 : 1 / (cumulative((1 - centre) * inverse) - cumulative(-centre * inverse))
        }
        let logRootTwoPi = 0.91893853320467274178
        logScales = zip(inverseMasses, inverseBandwidths).map { $1 == 0 ? 0 : log($0 * $1) - logRootTwoPi }
    }

    /// Draws a quantile; nil if the kernel leaves it to the prior.
    package func sample(_ kernel: Int, using random: inout RandomStream) -> Double? {
        let inverse = inverseBandwidths[kernel]
        if inverse == 0 { return nil }
        let lower = NormalCumulative.table(-centres[kernel] * inverse)
        let upper = NormalCumulative.table((1 - centres[kernel]) * inverse)
        let distance = standardNormalQuantile(lower + random.openUniform() * (upper - lower)) / inverse
        return min(max(centres[kernel] + distance, 0), 1)
    }

    /// Multiplies every kernel's mean over a cell into the products.
    package func multiply(into products: inout KernelProducts, over cell: ClosedRange<Double>) {
        if cell.upperBound - cell.lowerBound > Self.narrowCell {
            multiplyMasses(into: &products, over: cell)
        } else {
            multiplyDensities(into: &products, at: cell.lowerBound + (cell.upperBound - cell.lowerBound) / 2)
        }
    }

    private func multiplyDensities(into products: inout KernelProducts, at quantile: Double) {
        let (centres, inverses, scales) = (centres.span, inverseBandwidths.span, logScales.span)
        var exponents = products.exponents.mutableSpan
        let count = exponents.count
        precondition(centres.count == count && inverses.count == count && scales.count == count)
        for kernel in 0..<count {
            let z = (quantile - centres[kernel]) * inverses[kernel]
            exponents[kernel] += scales[kernel] - 0.5 * z * z
        }
    }

    private func multiplyMasses(into products: inout KernelProducts, over cell: ClosedRange<Double>) {
        let (centres, inverses, inverseMasses) = (centres.span, inverseBandwidths.span, inverseMasses.span)
        let cumulative = NormalCumulative.table
        let inverseWidth = 1 / (cell.upperBound - cell.lowerBound)
        products.factors.withUnsafeMutableBufferPointer { factors in
            precondition(centres.count == factors.count)
            for kernel in factors.indices where inverses[kernel] > 0 {
                let mass =
                    cumulative((cell.upperBound - centres[kernel]) * inverses[kernel])
                    - cumulative((cell.lowerBound - centres[kernel]) * inverses[kernel])
                factors[kernel] *= max(mass * inverseMasses[kernel] * inverseWidth, 1e-15)
            }
        }
        products.factorWasMultiplied()
    }
}
