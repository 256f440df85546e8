import LinearAlgebra
import RandomStreams

/// Which random numbers a randomized pseudo-inverse draws in one step: a function of the seed, the iteration and the
/// coupling alone, so that a run that is resumed draws what an unbroken one would have.
public struct SketchDraw: Hashable, Sendable {
    public var seed: UInt64
    /// The number of steps made before.
    public var iteration: Int

    public init(seed: UInt64 = 0, iteration: Int = 0) {
        self.seed = seed
        self.iteration = iteration
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
