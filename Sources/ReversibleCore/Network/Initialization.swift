import LinearAlgebra
import RandomStreams

/// The names of the random streams of a network. Together with the seed and the coupling's index they say where every
/// number of a fresh network comes from, so that changing the depth leaves the couplings below as they were.
private enum Stream {
    static let weights: UInt64 = 0x1001
    static let projections: UInt64 = 0x1002
    static let readout: UInt64 = 0x1003
}

/// How the weights W, m×h, begin: normal, with a deviation that depends on their shape.
public enum Initialization: String, Hashable, Sendable, CaseIterable {
    /// 1e-3, so that every block begins near the identity.
    case published
    /// √(2/(h + m)): Glorot and Bengio 2010.
    case xavier
    /// √(2/h): He et al. 2015.
    case he

    func deviation(inputs: Int, outputs: Int) -> Double {
        switch self {
        case .published: 1e-3
        case .xavier: (2 / Double(inputs + outputs)).squareRoot()
        case .he: (2 / Double(inputs)).squareRoot()
        }
    }
}

extension ReversibleNetwork {
    /// A fresh network: W as asked for, b = 0, C ~ N(0, 1/h), U the orthonormal factor of a d×K Gaussian.
    ///
    /// The numbers are drawn in `Double` and rounded, so that networks of both precisions agree.
    ///
    /// - Throws: `NumericalFailure` if the factorisation of the read-out finds no memory.
    public init(
        initializing architecture: Architecture, weights initialization: Initialization = .published, seed: UInt64
    ) throws(NumericalFailure) {
        let (half, count) = (architecture.half, 2 * architecture.blocks)
        var projections: [Matrix<Scalar>] = []
        if let hidden = architecture.hidden {
            let deviation = 1 / Double(hidden).squareRoot()
            for index in 0..<count {
                var random = RandomStream(seed: seed, stream: Stream.projections, UInt64(index))
                projections.append(gaussian(half, hidden, deviation: deviation, &random))
            }
        }
        let coefficients = (0..<count).map { index in
            var random = RandomStream(seed: seed, stream: Stream.weights, UInt64(index))
            let rows = architecture.hidden ?? half
            let weights: Matrix<Scalar> = gaussian(
                rows, half, deviation: initialization.deviation(inputs: rows, outputs: half), &random)
            guard architecture.bias else { return weights }
            return Matrix(
                rows: rows + 1, columns: half,
                elements: weights.elements + [Scalar](repeating: 0, count: half))
        }
        var readout: Matrix<Scalar>?
        if let classes = architecture.classes {
            var random = RandomStream(seed: seed, stream: Stream.readout)
            let directions: Matrix<Double> = gaussian(classes, architecture.features, deviation: 1, &random)
            readout = try RowOrthogonalization(of: directions, pivoting: false).orthonormal.transposed()
                .converted(to: Scalar.self)
        }
        self.init(
            architecture: architecture, projections: projections, readout: readout,
            parameters: Parameters(coefficients: coefficients))
    }
}

private func gaussian<Scalar: BLASScalar>(
    _ rows: Int, _ columns: Int, deviation: Double, _ random: inout RandomStream
) -> Matrix<Scalar> {
    Matrix(
        rows: rows, columns: columns,
        elements: (0..<rows * columns).map { _ in Scalar(deviation * random.normal()) })
}
