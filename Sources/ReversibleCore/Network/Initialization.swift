import LinearAlgebra
import RandomStreams

/// How the trainable weights W, m×h, of a fresh network are drawn: normal, with a deviation that depends on their
/// shape.
///
/// ```swift
/// let network = try ReversibleNetwork<Float>(initializing: architecture, weights: .he, seed: 42)
/// ```
public enum Initialization: String, Hashable, Sendable, CaseIterable {
    /// One number whatever the shape, `publishedDeviation` unless another is asked for, so that every block begins near
    /// the identity. What the published research code of Buffelli et al. 2024 (arXiv:2411.07979) does; their appendix
    /// compares 1e-2, 1e-3 and 1e-6.
    case published
    /// √(2/(h + m)): the variance that Glorot and Bengio 2010 ask for, "Understanding the difficulty of training deep
    /// feedforward neural networks"; their own distribution is uniform.
    case xavier
    /// √(2/h): He et al. 2015, "Delving Deep into Rectifiers".
    case he

    /// The deviation of the research code.
    public static let publishedDeviation = 1e-3

    /// The standard deviation of a weight in a matrix from `inputs` (h) to `outputs` (m) numbers.
    ///
    /// - Parameter published: of `published`.
    func deviation(inputs: Int, outputs: Int, published: Double) -> Double {
        switch self {
        case .published: published
        case .xavier: (2 / Double(inputs + outputs)).squareRoot()
        case .he: (2 / Double(inputs)).squareRoot()
        }
    }
}

extension ReversibleNetwork {
    /// A fresh network: W as asked for, b = 0, C ~ N(0, 1/h), U the orthonormal factor of a d×K Gaussian.
    ///
    /// Every coupling has streams of its own, so that a deeper network begins with the couplings of a shallower one.
    /// The numbers are drawn in `Double` and rounded, so that networks of both precisions agree.
    ///
    /// - Parameter deviation: of the weights, for `published`. The same numbers are drawn, and multiplied by it.
    /// - Throws: `NumericalFailure` if the factorisation of the read-out finds no memory.
    public init(
        initializing architecture: Architecture, weights initialization: Initialization = .published,
        deviation: Double = Initialization.publishedDeviation, seed: UInt64
    ) throws(NumericalFailure) {
        let half = architecture.half
        let coefficients = (0..<2 * architecture.blocks).map { index in
            var random = RandomStream(seed: seed, stream: .weights, UInt64(index))
            let rows = architecture.hidden ?? half
            let weights: Matrix<Scalar> = gaussian(
                rows, half,
                deviation: initialization.deviation(inputs: rows, outputs: half, published: deviation), &random)
            guard architecture.bias else { return weights }
            return Matrix(
                rows: rows + 1, columns: half,
                elements: weights.elements + [Scalar](repeating: 0, count: half))
        }
        var readout: Matrix<Scalar>?
        if let classes = architecture.classes {
            var random = RandomStream(seed: seed, stream: .readout)
            let directions: Matrix<Double> = gaussian(classes, architecture.features, deviation: 1, &random)
            readout = try RowOrthogonalization(of: directions, pivoting: false).orthonormal.transposed()
                .converted(to: Scalar.self)
        }
        self.init(
            architecture: architecture, projections: Self.frozenProjections(of: architecture, seed: seed),
            readout: readout, parameters: Parameters(coefficients: coefficients))
    }

    /// C of every coupling of a fresh network, `[m, h]` each, in the order of the forward pass; none without
    /// projection.
    ///
    /// A network keeps its projections in the form that it computes with. To write them to a file, they are drawn
    /// again.
    public static func frozenProjections(of architecture: Architecture, seed: UInt64) -> [Matrix<Scalar>] {
        guard let hidden = architecture.hidden else { return [] }
        let deviation = 1 / Double(hidden).squareRoot()
        return (0..<2 * architecture.blocks).map { index in
            var random = RandomStream(seed: seed, stream: .projections, UInt64(index))
            return gaussian(architecture.half, hidden, deviation: deviation, &random)
        }
    }
}

/// Independent normal numbers of mean 0, drawn row by row.
private func gaussian<Scalar: BLASScalar>(
    _ rows: Int, _ columns: Int, deviation: Double, _ random: inout RandomStream
) -> Matrix<Scalar> {
    Matrix(
        rows: rows, columns: columns,
        elements: (0..<rows * columns).map { _ in Scalar(deviation * random.normal()) })
}
