import LinearAlgebra
import Testing

/// `A⁺` as a matrix: what it makes of the identity.
private func dense<Scalar: BLASScalar>(_ method: PseudoInverse, of matrix: Matrix<Scalar>) throws -> Matrix<Scalar> {
    try method.applied(of: matrix, to: .identity(matrix.rows)).value
}

/// The error of a pseudo-inverse is at most a modest multiple of ε·κ; our matrices have κ = rank, and 30 is the
/// multiple.
private func tolerance<Scalar: BLASScalar>(_ matrix: Matrix<Scalar>, condition: Int) -> Double {
    30 * Double(max(matrix.rows, matrix.columns) * condition) * Double(Scalar.ulpOfOne)
}

private let exactMethods = [
    PseudoInverse(.svd, relativeThreshold: 0, absoluteThreshold: 0),
    PseudoInverse(.qr, relativeThreshold: 0, absoluteThreshold: 0),
    PseudoInverse(.damped, relativeThreshold: 0, absoluteThreshold: 0),
]

@Suite struct PseudoInverseTests {
    /// Every rank from none to full, of every shape.
    static let cases = shapes.flatMap { rows, columns in
        Set([0, 1, min(rows, columns) / 2, min(rows, columns)]).sorted().map { (rows, columns, $0) }
    }

    private func checkPenrose<Scalar: BLASScalar>(
        _ rows: Int, _ columns: Int, _ rank: Int, _ method: PseudoInverse, _: Scalar.Type
    ) throws {
        let matrix: Matrix<Scalar> = try matrix(rows, columns, rank: rank, seed: 21)
        let solution = try method.applied(of: matrix, to: .identity(rows))
        let inverse = solution.value
        #expect(solution.evidence.keptRank == rank)
        guard rank > 0 else {
            #expect(inverse == Matrix(rows: columns, columns: rows))
            return
        }
        let tolerance = tolerance(matrix, condition: rank)
        #expect(distance(matrix.times(inverse).times(matrix), matrix) < tolerance)
        #expect(distance(inverse.times(matrix).times(inverse), inverse) < tolerance)
        let (left, right) = (matrix.times(inverse), inverse.times(matrix))
        #expect(distance(left.transposed(), left) < tolerance)
        #expect(distance(right.transposed(), right) < tolerance)
        if method.method != .qr {
            let evidence = solution.evidence
            #expect(abs((evidence.largestSingularValue ?? 0) - 1) < tolerance)
            #expect(abs((evidence.smallestKeptSingularValue ?? 0) * Double(rank) - 1) < tolerance * Double(rank))
        }
    }

    @Test(arguments: cases, exactMethods)
    func `the four conditions of Penrose hold at any rank`(
        shape: (rows: Int, columns: Int, rank: Int), method: PseudoInverse
    ) throws {
        try checkPenrose(shape.rows, shape.columns, shape.rank, method, Double.self)
        try checkPenrose(shape.rows, shape.columns, shape.rank, method, Float.self)
    }

    @Test(arguments: [(12, 20), (20, 12), (12, 12)])
    func `singular values below either threshold are taken as zero`(rows: Int, columns: Int) throws {
        // Singular values 1, 1/2, …, 1/12; between 1/6 and 1/7 falls 0.15.
        func check<Scalar: BLASScalar>(_: Scalar.Type) throws {
            let matrix: Matrix<Scalar> = try matrix(rows, columns, rank: 12, seed: 22)
            let kept: Matrix<Scalar> = try LinearAlgebraTests.matrix(rows, columns, rank: 6, seed: 22)
            let exact = try dense(exactMethods[0], of: kept)
            for method in [
                PseudoInverse(.svd, relativeThreshold: 0.15, absoluteThreshold: 0),
                PseudoInverse(.svd, relativeThreshold: 0, absoluteThreshold: 0.15),
                PseudoInverse(.svd, relativeThreshold: 0.01, absoluteThreshold: 0.15),
            ] {
                let solution = try method.applied(of: matrix, to: .identity(rows))
                #expect(solution.evidence.keptRank == 6)
                // The kept and the dropped part are told apart by a gap of 1/6 − 1/7.
                #expect(distance(solution.value, exact) < tolerance(matrix, condition: 6 * 42))
            }
        }
        try check(Double.self)
        try check(Float.self)
    }

    @Test(arguments: [(12, 20), (20, 12)])
    func `the damped inverse solves the damped normal equations`(rows: Int, columns: Int) throws {
        func check<Scalar: BLASScalar>(_: Scalar.Type) throws {
            let matrix: Matrix<Scalar> = try matrix(rows, columns, rank: min(rows, columns), seed: 23)
            let values: Matrix<Scalar> = randomMatrix(rows, 3, seed: 24)
            let solution = try PseudoInverse(.damped, relativeThreshold: 0.01).applied(of: matrix, to: values).value
            // (AᵀA + λI) D = Aᵀ v, with λ = 0.01·1².
            var left = matrix.transposedTimes(matrix.times(solution))
            left.add(solution, scale: 0.01)
            #expect(distance(left, matrix.transposedTimes(values)) < tolerance(matrix, condition: 100))
        }
        try check(Double.self)
        try check(Float.self)
    }

    @Test func `the transpose stands in for the inverse`() throws {
        let matrix = randomMatrix(4, 7, seed: 25, of: Double.self)
        let solution = try PseudoInverse(.transpose).applied(of: matrix, to: .identity(4))
        #expect(solution.value == matrix.transposed())
        #expect(solution.evidence.keptRank == nil)
    }

    @Test func `single precision keeps directions as weak as its own rounding allows`() throws {
        // Singular values 1 and 1e-5: a Gram matrix in single precision would lose the second altogether.
        let values: [Float] = [1, 0, 0, 0, 1e-5, 0]
        let matrix = Matrix<Float>(rows: 2, columns: 3, elements: values)
        let solution = try exactMethods[0].applied(of: matrix, to: .identity(2))
        #expect(solution.evidence.keptRank == 2)
        #expect(abs(solution.value[1, 1] / 1e5 - 1) < 4 * .ulpOfOne)
    }

    @Test func `numbers near the limits of single precision do not overflow on the way`() throws {
        let matrix = Matrix<Float>(rows: 2, columns: 3, elements: [1e30, 0, 0, 0, 2e30, 0])
        let solution = try exactMethods[0].applied(of: matrix, to: .identity(2))
        #expect(abs(solution.value[0, 0] * 1e30 - 1) < 4 * .ulpOfOne)
    }
}
