import RandomStreams
import RealModule

/// The kernels of a mixture in one numeric dimension: normal distributions truncated to the quantiles 0…1.
///
///     κ(q) = φ((q − m)/σ) / (σ·Z)        Z = Φ((1 − m)/σ) − Φ((0 − m)/σ)
///
/// where m is the centre, σ the bandwidth, and φ and Φ belong to the standard normal distribution. A kernel that is the
/// prior has the density 1, which the inner loop computes from 1/σ = 0 and log 1/(σ·Z) = 0 without a branch.
///
/// In a discrete dimension many kernels have the same centre. The probability of a cell, which is expensive, is
/// computed once for each centre.
package struct NormalKernels {
    private let centres: [Double]
    private let inverseBandwidths: [Double]
    /// log 1/(√(2π)·σ·Z)
    private let logScales: [Double]
    /// 1/Z
    private let inverseMasses: [Double]
    /// The first kernel of every centre, and for every kernel the place of its centre there.
    private let firsts: [Int]
    private let places: [Int]

    /// A narrower cell is treated as a point. The mean density over a cell of the width h·σ differs from the density in
    /// its middle by the relative error h²/24·(z² − 1): 1e-5 for σ = 0.02 at three σ from the centre.
    package static let narrowCell = 1.0 / 8192

    /// - Parameters:
    ///   - centres: a quantile for each kernel, NaN for one that is the prior.
    ///   - bandwidth: σ.
    ///   - areShared: whether many kernels have one centre, as on a discrete dimension; only a matter of speed.
    package init(centres: [Double], bandwidth: Double, areShared: Bool = false) {
        self.centres = centres.map { $0.isNaN ? 0.5 : $0 }
        inverseBandwidths = centres.map { $0.isNaN ? 0 : 1 / bandwidth }
        let cumulative = NormalCumulative.table
        inverseMasses = zip(self.centres, inverseBandwidths).map { centre, inverse in
            inverse == 0 ? 1 : 1 / (cumulative((1 - centre) * inverse) - cumulative(-centre * inverse))
        }
        (firsts, places) = Self.distinct(centres, areShared: areShared)
        let logRootTwoPi = 0.91893853320467274178
        logScales = zip(inverseMasses, inverseBandwidths).map { $1 == 0 ? 0 : Double.log($0 * $1) - logRootTwoPi }
    }

    /// The first kernel of every distinct centre, and for every kernel the place of its centre in that list; all
    /// kernels by themselves unless `areShared`.
    private static func distinct(_ centres: [Double], areShared: Bool) -> (firsts: [Int], places: [Int]) {
        guard areShared else { return (Array(centres.indices), Array(centres.indices)) }
        // Kernels that are the prior are sorted as a centre of their own: 2, beyond all quantiles.
        let keys = centres.map { $0.isNaN ? 2 : $0 }
        var firsts: [Int] = []
        var places = [Int](repeating: 0, count: centres.count)
        for kernel in centres.indices.sorted(by: { keys[$0] < keys[$1] }) {
            if firsts.last.map({ keys[$0] != keys[kernel] }) ?? true { firsts.append(kernel) }
            places[kernel] = firsts.count - 1
        }
        return (firsts, places)
    }

    /// Draws a quantile from a kernel; nil if that kernel is the prior.
    package func sample(_ kernel: Int, using random: inout RandomStream) -> Double? {
        let inverse = inverseBandwidths[kernel]
        if inverse == 0 { return nil }
        let lower = NormalCumulative.table(-centres[kernel] * inverse)
        let upper = NormalCumulative.table((1 - centres[kernel]) * inverse)
        let distance = standardNormalQuantile(lower + random.openUniform() * (upper - lower)) / inverse
        return min(max(centres[kernel] + distance, 0), 1)
    }

    /// Multiplies the products by the mean density of every kernel over a cell.
    package func multiply(into products: inout KernelProducts, over cell: ClosedRange<Double>) {
        if cell.upperBound - cell.lowerBound > Self.narrowCell {
            multiplyMasses(into: &products, over: cell)
        } else {
            multiplyDensities(into: &products, at: cell.lowerBound + (cell.upperBound - cell.lowerBound) / 2)
        }
    }

    /// Adds log κ at a point to the exponents: no exponential is needed until all parameters have been multiplied.
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

    /// Multiplies the factors by the probability of a cell divided by its width, the mean density; at least 1e-15, so
    /// that the product of 16 of them stays above 0.
    private func multiplyMasses(into products: inout KernelProducts, over cell: ClosedRange<Double>) {
        let cumulative = NormalCumulative.table
        let inverseWidth = 1 / (cell.upperBound - cell.lowerBound)
        let means = firsts.map { kernel in
            let (centre, inverse) = (centres[kernel], inverseBandwidths[kernel])
            if inverse == 0 { return 1.0 }
            let mass =
                cumulative((cell.upperBound - centre) * inverse) - cumulative((cell.lowerBound - centre) * inverse)
            return max(mass * inverseMasses[kernel] * inverseWidth, 1e-15)
        }
        let places = places.span
        var factors = products.factors.mutableSpan
        precondition(places.count == factors.count)
        for kernel in places.indices { factors[kernel] *= means[places[kernel]] }
        products.factorWasMultiplied()
    }
}
