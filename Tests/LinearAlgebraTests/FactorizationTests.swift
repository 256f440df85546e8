import LinearAlgebra
import Testing

@Suite struct FactorizationTests {
    /// Backward stable algorithms: a modest multiple of (rows + columns)·ε; 10 covers every constant in use.
    private func tolerance(_ matrix: Matrix<Double>) -> Double {
        10 * Double(matrix.rows + matrix.columns) * .ulpOfOne
    }

    private func diagonal(_ values: [Double]) -> Matrix<Double> {
        var matrix = Matrix<Double>(rows: values.count, columns: values.count)
        for (index, value) in values.enumerated() { matrix[index, index] = value }
        return matrix
    }

    @Test(arguments: shapes)
    func `the factors of the singular value decomposition multiply to the matrix`(rows: Int, columns: Int) throws {
        let matrix = randomMatrix(rows, columns, seed: 11, of: Double.self)
        let factors = try SingularValueDecomposition(of: matrix)
        let product = factors.left.times(diagonal(factors.values)).times(factors.rightTransposed)
        #expect(distance(product, matrix) < tolerance(matrix))
        #expect(distance(factors.left.transposedTimes(factors.left), .identity(min(rows, columns))) < tolerance(matrix))
        #expect(factors.values == factors.values.sorted(by: >))
    }

    @Test(arguments: [1, 2, 9, 40])
    func `the eigenvectors of a symmetric matrix make it diagonal`(size: Int) throws {
        let root = randomMatrix(size, size + 1, seed: 12, of: Double.self)
        let matrix = root.timesTransposed(root)
        let eigen = try SymmetricEigen(ofUpper: root.gram(.rows))
        let product = eigen.vectors.transposedTimes(diagonal(eigen.values)).times(eigen.vectors)
        #expect(distance(product, matrix) < tolerance(matrix))
        #expect(eigen.values == eigen.values.sorted())
    }

    @Test(arguments: shapes.filter { $0.0 <= $0.1 }, [true, false])
    func `a triangle times orthonormal rows is the matrix`(shape: (Int, Int), pivoting: Bool) throws {
        let matrix = randomMatrix(shape.0, shape.1, seed: 13, of: Double.self)
        let factors = try RowOrthogonalization(of: matrix, pivoting: pivoting)
        let product = factors.lower.times(factors.orthonormal)
        #expect(distance(product, matrix.rows(at: factors.pivots)) < tolerance(matrix))
        #expect(
            distance(factors.orthonormal.timesTransposed(factors.orthonormal), .identity(shape.0)) < tolerance(matrix))
        #expect(pivoting || factors.pivots == Array(0..<shape.0))
    }

    @Test(arguments: [1, 5, 40])
    func `a positive definite system is solved`(size: Int) throws {
        let root = randomMatrix(size, 2 * size, seed: 14, of: Double.self)
        let matrix = root.timesTransposed(root)
        let right = randomMatrix(size, 3, seed: 15, of: Double.self)
        let factor = try CholeskyFactorization(ofUpper: matrix)
        #expect(distance(factor.upperFactor.transposedTimes(factor.upperFactor), matrix) < tolerance(matrix))
        let inverse = factor.inverseLowerFactor()
        let identity = Matrix<Double>.identity(size)
        #expect(distance(inverse.timesTransposed(factor.upperFactor), identity) < 100 * tolerance(identity))
        #expect(factor.diagonal == (0..<size).map { factor.upperFactor[$0, $0] })
        // Below the diagonal, what was computed has no meaning.
        let half = try factor.upperInverse()
        var whole = half
        for row in 0..<size { for column in 0..<row { whole[row, column] = half[column, row] } }
        #expect(distance(whole.times(matrix), identity) < 1000 * tolerance(identity))
        // The condition of G Gᵀ for a Gaussian G of [n, 2n] is below 100 with room to spare.
        #expect(distance(try matrix.times(factor.solution(of: right)), right) < 100 * tolerance(matrix))
    }

    @Test(arguments: [(1, 1), (5, 3), (3, 40), (70, 33), (0, 4)])
    func `a product with the transpose of a lower triangle is that with any matrix`(rows: Int, size: Int) {
        let left = randomMatrix(rows, size, seed: 18, of: Double.self)
        var lower = randomMatrix(size, size, seed: 19, of: Double.self)
        for row in 0..<size { for column in row + 1..<max(size, row + 1) { lower[row, column] = 0 } }
        let product = left.timesTransposed(lower)
        // What is above the diagonal is not read.
        var cluttered = lower
        for row in 0..<size { for column in row + 1..<max(size, row + 1) { cluttered[row, column] = .nan } }
        #expect(distance(left.timesTransposed(lowerTriangle: cluttered), product) <= tolerance(product))
    }

    @Test func `an indefinite matrix has no cholesky factor`() {
        let matrix = Matrix<Double>(rows: 2, columns: 2, elements: [1, 2, 2, 1])
        #expect(throws: NumericalFailure.notPositiveDefinite(minor: 2)) {
            try CholeskyFactorization(ofUpper: matrix)
        }
    }

    @Test(arguments: [Double.nan, .infinity])
    func `no factorisation is tried on numbers that are not finite`(value: Double) {
        var matrix = randomMatrix(4, 4, seed: 16, of: Double.self)
        matrix[2, 3] = value
        #expect(throws: NumericalFailure.self) { try SingularValueDecomposition(of: matrix) }
        #expect(throws: NumericalFailure.self) { try SymmetricEigen(ofUpper: matrix) }
        #expect(throws: NumericalFailure.self) { try RowOrthogonalization(of: matrix, pivoting: true) }
        #expect(throws: NumericalFailure.self) { try CholeskyFactorization(ofUpper: matrix) }
        for method in PseudoInverse.Method.allCases {
            #expect(throws: NumericalFailure.self) {
                try PseudoInverse(method).applied(
                    of: matrix, to: .identity(4), drawing: normalNumbers(seed: 17))
            }
            #expect(throws: NumericalFailure.self) {
                try PseudoInverse(method).applied(
                    of: .identity(4), to: matrix, drawing: normalNumbers(seed: 17))
            }
        }
    }
}
