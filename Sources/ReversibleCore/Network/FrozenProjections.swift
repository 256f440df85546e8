import LinearAlgebra
import RandomStreams

extension ReversibleNetwork {
    /// C of every coupling that `init(initializing:seed:)` gives to a network, `[m, h]` each; none without projection.
    ///
    /// A network keeps them in the form it computes with. Who writes them to a file draws them again, from the same
    /// stream; a test holds the two together.
    public static func frozenProjections(of architecture: Architecture, seed: UInt64) -> [Matrix<Scalar>] {
        guard let hidden = architecture.hidden else { return [] }
        let deviation = 1 / Double(hidden).squareRoot()
        return (0..<2 * architecture.blocks).map { index in
            var random = RandomStream(seed: seed, stream: projectionStream, UInt64(index))
            return Matrix(
                rows: architecture.half, columns: hidden,
                elements: (0..<architecture.half * hidden).map { _ in Scalar(deviation * random.normal()) })
        }
    }
}

private let projectionStream: UInt64 = 0x1002
