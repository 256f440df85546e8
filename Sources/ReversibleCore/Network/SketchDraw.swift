import LinearAlgebra
import RandomStreams

/// Which random numbers the pseudo-inverses of one step draw: a function of the seed, the iteration and the coupling
/// alone, so that a run that is resumed draws what an unbroken one would have.
///
///     SketchDraw(seed: 42, iteration: 7)                   // for the directions of a randomized pseudo-inverse
///     SketchDraw(seed: 42, iteration: 7, noise: 1e-3)      // and for A⁺ + 1e-3 Ω in the place of A⁺
public struct SketchDraw: Hashable, Sendable {
    public var seed: UInt64
    /// The number of steps made before.
    public var iteration: Int
    /// σ: `A⁺ + σ Ω` is applied in the place of `A⁺`, Ω having independent standard normal numbers, new ones for every
    /// coupling in every step. 0: nothing is added.
    ///
    /// Buffelli et al. 2024 (arXiv:2411.07979) compare a truncated, a damped and a noisy pseudo-inverse in their
    /// appendix. Their published code has no noise in it: this is what the words "noise added to the pseudo-inverse"
    /// say, and σ is in units of the numbers of A⁺.
    public var noise: Double

    public init(seed: UInt64 = 0, iteration: Int = 0, noise: Double = 0) {
        precondition(noise >= 0, "a deviation is not negative")
        self.seed = seed
        self.iteration = iteration
        self.noise = noise
    }

    /// Some rows of Ω of a coupling, `[rows, n]`. Each row has a stream of its own, so that rows can be drawn in any
    /// order and by any thread.
    func noise<Scalar: BLASScalar>(coupling: Int, rows: Range<Int>, samples: Int) -> Matrix<Scalar> {
        var elements: [Scalar] = []
        elements.reserveCapacity(rows.count * samples)
        for row in rows {
            var random = RandomStream(
                seed: seed, stream: .inverseNoise, UInt64(bitPattern: Int64(iteration)),
                UInt64(coupling) << 32 | UInt64(row))
            for _ in 0..<samples { elements.append(Scalar(random.normal())) }
        }
        return Matrix(rows: rows.count, columns: samples, elements: elements)
    }

    /// The source of standard normal numbers for one coupling.
    public func normals<Scalar: BLASScalar>(coupling: Int) -> PseudoInverse.NormalNumbers<Scalar> {
        var random = RandomStream(
            seed: seed, stream: .sketch, UInt64(bitPattern: Int64(iteration)), UInt64(coupling))
        return { rows, columns in
            Matrix(
                rows: rows, columns: columns,
                elements: (0..<rows * columns).map { _ in Scalar(random.normal()) })
        }
    }
}
