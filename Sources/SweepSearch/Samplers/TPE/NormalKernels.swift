import RandomStreams
import RealModule

/// The kernels of a mixture on one numeric axis: normals truncated to the quantiles 0…1.
///
///     κ(q) = φ((q − m)/σ) / (σ·Z)        Z = Φ((1 − m)/σ) − Φ((0 − m)/σ)
///
/// A kernel that is the prior has the density 1, which the inner loop gets from 1/σ = 0 and log 1/(σ·Z) = 0.
///
/// On a discrete axis many kernels have one centre, and a cell's mass, which is dear, is the same for all of them.
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

    /// A cell narrower than this is taken for a point. The mean over one as wide as h·σ differs from the density in its
    /// middle by the share h²/24·(z² − 1): 1e-5 for σ = 0.02 and three σ from the centre.
    package static let narrowCell = 1.0 / 8192

    /// - Parameters:
    ///   - centres: a quantile for each kernel, NaN for one that is the prior.
    ///   - bandwidth: σ.
    ///   - areShared: whether many kernels have one centre, as on a discrete axis; only a matter of speed.
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

    /// Where `areShared` does not hold, every kernel stands for itself.
    private static func distinct(_ centres: [Double], areShared: Bool) -> (firsts: [Int], places: [Int]) {
        guard areShared else { return (Array(centres.indices), Array(centres.indices)) }
        // Quantiles end at 1: at 2 are those that are the prior.
        let keys = centres.map { $0.isNaN ? 2 : $0 }
        var firsts: [Int] = []
        var places = [Int](repeating: 0, count: centres.count)
        for kernel in centres.indices.sorted(by: { keys[$0] < keys[$1] }) {
            if firsts.last.map({ keys[$0] != keys[kernel] }) ?? true { firsts.append(kernel) }
            places[kernel] = firsts.count - 1
        }
        return (firsts, places)
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
