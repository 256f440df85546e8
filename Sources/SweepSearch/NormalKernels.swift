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
struct NormalKernels {
    private let centres: [Double]
    private let inverseBandwidths: [Double]
    /// log 1/(√(2π)·σ·Z)
    private let logScales: [Double]
    /// 1/Z
    private let inverseMasses: [Double]

    /// A cell narrower than this is taken for a point: the density changes by less than 1e-5 inside it, at 3 of the
    /// narrowest bandwidths from the centre.
    static let narrowCell = 1.0 / 8192

    /// - Parameter centres: a quantile for each kernel, NaN for one that is the prior.
    init(centres: [Double]) {
        let bandwidths = Self.bandwidths(centres)
        self.centres = centres.map { $0.isNaN ? 0.5 : $0 }
        inverseBandwidths = bandwidths.map { 1 / $0 }
        let cumulative = NormalCumulative.table
        inverseMasses = zip(self.centres, inverseBandwidths).map { centre, inverse in
            inverse == 0 ? 1 : 1 / (cumulative((1 - centre) * inverse) - cumulative(-centre * inverse))
        }
        let logRootTwoPi = 0.91893853320467274178
        logScales = zip(inverseMasses, bandwidths).map { $1.isInfinite ? 0 : log($0 / $1) - logRootTwoPi }
    }

    /// The larger gap to the neighbours' centres, within [1 / min(100, n + 2), 1] for n trials; infinite for the prior.
    ///
    /// The middle of the axis, where a normal prior would be centred, counts as a neighbour.
    private static func bandwidths(_ centres: [Double]) -> [Double] {
        var sorted = [(centre: Double, kernel: Int)]()
        sorted.reserveCapacity(centres.count + 1)
        for (kernel, centre) in centres.enumerated() where !centre.isNaN { sorted.append((centre, kernel)) }
        let narrowest = 1 / min(100, Double(sorted.count) + 2)
        sorted.append((0.5, -1))
        sorted.sort { ($0.centre, $0.kernel) < ($1.centre, $1.kernel) }
        var bandwidths = [Double](repeating: .infinity, count: centres.count)
        for place in sorted.indices where sorted[place].kernel >= 0 {
            let left = place > 0 ? sorted[place].centre - sorted[place - 1].centre : 0
            let right = place + 1 < sorted.count ? sorted[place + 1].centre - sorted[place].centre : 0
            bandwidths[sorted[place].kernel] = min(1, max(narrowest, left, right))
        }
        return bandwidths
    }

    /// Draws a quantile; nil if the kernel leaves it to the prior.
    func sample(_ kernel: Int, using random: inout RandomStream) -> Double? {
        let inverse = inverseBandwidths[kernel]
        if inverse == 0 { return nil }
        let lower = NormalCumulative.table(-centres[kernel] * inverse)
        let upper = NormalCumulative.table((1 - centres[kernel]) * inverse)
        let distance = standardNormalQuantile(lower + random.openUniform() * (upper - lower)) / inverse
        return min(max(centres[kernel] + distance, 0), 1)
    }

    /// Multiplies every kernel's mean over a cell into the products.
    func multiply(into products: inout KernelProducts, over cell: ClosedRange<Double>) {
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
