import LinearAlgebra

/// A vector in the space of a network's trainable numbers: the numbers themselves, a gradient, a step, a moment.
public struct Parameters<Scalar: BLASScalar>: Equatable, Sendable {
    /// Θ of every coupling, `[c, m]` each, in the order of the forward pass: F and G of block 0, F and G of block 1, ….
    /// The rows are those of the transposed weights, then, where there is a bias, the bias.
    public var coefficients: [Matrix<Scalar>]

    public init(coefficients: [Matrix<Scalar>]) { self.coefficients = coefficients }

    /// The origin of the space of another vector.
    public init(zerosLike other: Parameters) {
        coefficients = other.coefficients.map { Matrix(rows: $0.rows, columns: $0.columns) }
    }

    /// How many numbers all matrices have together.
    public var count: Int { coefficients.reduce(0) { $0 + $1.count } }

    /// `self ← self + scale · other`.
    public mutating func add(_ other: Parameters, scale: Scalar = 1) {
        precondition(coefficients.count == other.coefficients.count, "vectors of different networks")
        for index in coefficients.indices { coefficients[index].add(other.coefficients[index], scale: scale) }
    }

    /// The sum of the products of all numbers with those of another vector of the same network.
    public func dot(_ other: Parameters) -> Scalar {
        precondition(coefficients.count == other.coefficients.count, "vectors of different networks")
        return zip(coefficients, other.coefficients).reduce(0) { $0 + $1.0.dot($1.1) }
    }

    /// The Euclidean norm, over all matrices together.
    public var norm: Scalar { dot(self).squareRoot() }

    public var isFinite: Bool { coefficients.allSatisfy(\.isFinite) }
}
