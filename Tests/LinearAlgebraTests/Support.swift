import LinearAlgebra
import RandomStreams

/// A matrix of standard normal numbers, the same for the same seed.
func randomMatrix<Scalar: BLASScalar>(
    _ rows: Int, _ columns: Int, seed: UInt64, of: Scalar.Type = Scalar.self
) -> Matrix<Scalar> {
    var random = RandomStream(seed: seed, stream: 1, UInt64(rows), UInt64(columns))
    return Matrix(rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in Scalar(random.normal()) })
}

/// Standard normal numbers, other ones with every call, the same for the same seed.
func normalNumbers<Scalar: BLASScalar>(seed: UInt64) -> PseudoInverse.NormalNumbers<Scalar> {
    var random = RandomStream(seed: seed, stream: 31)
    return { rows, columns in
        Matrix(rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in Scalar(random.normal()) })
    }
}

/// A matrix of the given rank with singular values 1, 1/2, 1/3, …
func matrix<Scalar: BLASScalar>(_ rows: Int, _ columns: Int, rank: Int, seed: UInt64) throws -> Matrix<Scalar> {
    let decomposition = try SingularValueDecomposition(of: randomMatrix(rows, columns, seed: seed, of: Double.self))
    var right = decomposition.rightTransposed.rows(0..<rank)
    for row in 0..<rank {
        for column in 0..<columns { right[row, column] /= Double(row + 1) }
    }
    return decomposition.left.columns(0..<rank).times(right).converted(to: Scalar.self)
}

/// |left − right| / |right|, by the square root of the sums of squares.
func distance<Scalar: BLASScalar>(_ left: Matrix<Scalar>, _ right: Matrix<Scalar>) -> Double {
    var difference = left
    difference.add(right, scale: -1)
    return Double(difference.norm) / max(Double(right.norm), .leastNormalMagnitude)
}

/// Shapes that are wide, tall and square, and one of a single row and of a single column.
let shapes = [(4, 9), (9, 4), (6, 6), (1, 5), (5, 1), (40, 33), (33, 70)]
