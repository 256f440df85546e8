import COpenBLAS

// Factorizations by LAPACK. It is always told that matrices are stored by columns, which is twice as fast as having it
// transpose them: it sees the transpose of ours, and each initializer says what that makes of its factors.

/// `A = U S Vᵀ` with as many singular values as the shorter side of `A`, in descending order.
///
/// ```swift
/// let decomposition = try SingularValueDecomposition(of: matrix)
/// let condition = decomposition.values[0] / decomposition.values.last!
/// ```
public struct SingularValueDecomposition<Scalar: BLASScalar>: Sendable {
    /// `U`, shape `[rows, k]`.
    public let left: Matrix<Scalar>
    /// The diagonal of `S`, length k, descending.
    public let values: [Scalar]
    /// `Vᵀ`, shape `[k, columns]`.
    public let rightTransposed: Matrix<Scalar>

    /// - Throws: `NumericalFailure` if `matrix` has non-finite elements or the iteration does not converge.
    public init(of matrix: Matrix<Scalar>) throws(NumericalFailure) {
        let (rows, columns) = (matrix.rows, matrix.columns)
        let count = min(rows, columns)
        guard matrix.isFinite else { throw .nonFinite("a matrix whose singular values are asked for") }
        // LAPACK sees Aᵀ = V S Uᵀ: its left factor, by columns, is our Vᵀ by rows, and its right factor is our U.
        var work = matrix
        var left = Matrix<Scalar>(uninitializedRows: rows, columns: count)
        var rightTransposed = Matrix<Scalar>(uninitializedRows: count, columns: columns)
        var values = Matrix<Scalar>(uninitializedRows: 1, columns: count)
        if count > 0 {
            try check(
                Scalar.serialRoutines.gesdd(
                    LAPACK_COL_MAJOR, letter("S"), Int32(columns), Int32(rows), work.mutablePointer(), Int32(columns),
                    values.mutablePointer(), rightTransposed.mutablePointer(), Int32(columns), left.mutablePointer(),
                    Int32(count)), "gesdd")
            withExtendedLifetime(work) {}
        }
        self.left = left
        self.values = values.elements
        self.rightTransposed = rightTransposed
    }
}

/// `S = Eᵀ diag(values) E` of a symmetric matrix.
public struct SymmetricEigen<Scalar: BLASScalar>: Sendable {
    /// Ascending.
    public let values: [Scalar]
    /// `E`, shape `[size, size]`: row i is the eigenvector of `values[i]`.
    public let vectors: Matrix<Scalar>

    /// - Parameter matrix: square; only the elements on and above its diagonal are read.
    /// - Throws: `NumericalFailure` if there are non-finite elements or the iteration does not converge.
    public init(ofUpper matrix: consuming Matrix<Scalar>) throws(NumericalFailure) {
        precondition(matrix.rows == matrix.columns, "a symmetric matrix cannot be \(matrix.shape)")
        guard matrix.isFinite else { throw .nonFinite("a matrix whose eigenvalues are asked for") }
        var vectors = matrix
        var values = Matrix<Scalar>(uninitializedRows: 1, columns: vectors.rows)
        if vectors.rows > 0 {
            // Above our diagonal is below LAPACK's; its eigenvectors are columns, which are our rows.
            try check(
                Scalar.serialRoutines.syevd(
                    LAPACK_COL_MAJOR, letter("V"), letter("L"), Int32(vectors.rows),
                    vectors.mutablePointer(), Int32(vectors.rows), values.mutablePointer()),
                "syevd")
        }
        self.values = values.elements
        self.vectors = vectors
    }
}

/// `A = L Q` of a matrix with at most as many rows as columns: the QR factorisation of its transpose.
public struct RowOrthogonalization<Scalar: BLASScalar>: Sendable {
    /// `L`, lower triangular, shape `[rows, rows]`, belonging to the rows in the order of `pivots`.
    public let lower: Matrix<Scalar>
    /// `Q`, shape `[rows, columns]`, orthonormal rows.
    public let orthonormal: Matrix<Scalar>
    /// Row i of `L Q` is row `pivots[i]` of `A`.
    public let pivots: [Int]

    /// - Parameter pivoting: whether to take the rows in such an order that the diagonal of `L` does not grow, which
    ///   shows the rank.
    /// - Throws: `NumericalFailure` if there are non-finite elements.
    public init(of matrix: consuming Matrix<Scalar>, pivoting: Bool) throws(NumericalFailure) {
        let (rows, columns) = (matrix.rows, matrix.columns)
        precondition(rows <= columns, "\(matrix.shape) has more rows than columns")
        guard matrix.isFinite else { throw .nonFinite("a matrix to be factored") }
        var orthonormal = matrix
        var lower = Matrix<Scalar>(rows: rows, columns: rows)
        var pivots = [Int32](repeating: 0, count: rows)
        if rows > 0 {
            let elements = orthonormal.mutablePointer()
            var reflectors = Matrix<Scalar>(uninitializedRows: 1, columns: rows)
            let scales = reflectors.mutablePointer()
            if pivoting {
                try check(
                    Scalar.serialRoutines.geqp3(
                        LAPACK_COL_MAJOR, Int32(columns), Int32(rows), elements, Int32(columns), &pivots, scales),
                    "geqp3")
            } else {
                try check(
                    Scalar.serialRoutines.geqrf(
                        LAPACK_COL_MAJOR, Int32(columns), Int32(rows), elements, Int32(columns), scales), "geqrf")
                for row in 0..<rows { pivots[row] = Int32(row + 1) }
            }
            for row in 0..<rows {
                for column in 0...row { lower[row, column] = orthonormal[row, column] }
            }
            try check(
                Scalar.serialRoutines.orgqr(
                    LAPACK_COL_MAJOR, Int32(columns), Int32(rows), Int32(rows), elements, Int32(columns), scales),
                "orgqr")
            withExtendedLifetime(reflectors) {}
        }
        self.lower = lower
        self.orthonormal = orthonormal
        self.pivots = pivots.map { Int($0) - 1 }
    }
}

/// `S = L Lᵀ` of a symmetric positive definite matrix.
public struct CholeskyFactorization<Scalar: BLASScalar>: Sendable {
    /// Lᵀ on and above the diagonal; below it, what the matrix had there.
    let upper: Matrix<Scalar>

    /// - Parameter matrix: square; only the elements on and above its diagonal are read.
    /// - Throws: `NumericalFailure.notPositiveDefinite`, or `.nonFinite`.
    public init(ofUpper matrix: consuming Matrix<Scalar>) throws(NumericalFailure) {
        precondition(matrix.rows == matrix.columns, "a symmetric matrix cannot be \(matrix.shape)")
        guard matrix.isFinite else { throw .nonFinite("a matrix to be factored") }
        var factor = matrix
        if factor.rows > 0 {
            let info = Scalar.serialRoutines.potrf(
                LAPACK_COL_MAJOR, letter("L"), Int32(factor.rows), factor.mutablePointer(), Int32(factor.rows))
            if info > 0 { throw .notPositiveDefinite(minor: Int(info)) }
            try check(info, "potrf")
        }
        upper = factor
    }

    /// `Lᵀ`, shape `[size, size]`, 0 below the diagonal.
    public var upperFactor: Matrix<Scalar> {
        var clean = upper
        let size = upper.rows
        let elements = clean.mutablePointer()
        for row in 0..<size { elements.advanced(by: row * size).clear(count: row) }
        return clean
    }

    /// The diagonal of `L`: the determinant of the matrix is the product of its squares.
    public var diagonal: [Scalar] {
        let elements = upper.pointer
        let diagonal = (0..<upper.rows).map { elements[$0 * (upper.rows + 1)] }
        withExtendedLifetime(upper) {}
        return diagonal
    }

    /// `X` with `S X = right`, shape of `right`.
    ///
    /// - Throws: `NumericalFailure` if `right` is not finite or LAPACK finds no memory.
    public func solution(of right: Matrix<Scalar>) throws(NumericalFailure) -> Matrix<Scalar> {
        precondition(right.rows == upper.rows, "\(upper.shape) and \(right.shape) make no system of equations")
        // Row-major right-hand sides are LAPACK's transposed; few or many, transposing them costs less than the solve.
        var columns = right.transposed()
        guard columns.count > 0 else { return right }
        try check(
            Scalar.serialRoutines.potrs(
                LAPACK_COL_MAJOR, letter("L"), Int32(upper.rows), Int32(right.columns), upper.pointer,
                Int32(upper.rows), columns.mutablePointer(), Int32(upper.rows)), "potrs")
        return columns.transposed()
    }
}

extension Matrix {
    /// `self Lᵀ` for a lower triangular `L`, in half the time of a product with any matrix.
    public func timesTransposed(lowerTriangle lower: Matrix) -> Matrix {
        precondition(
            lower.rows == lower.columns && lower.rows == columns, "\(shape) and \(lower.shape) make no product")
        var product = self
        guard count > 0 else { return product }
        Scalar.serialRoutines.trmm(
            CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, Int32(rows), Int32(columns), 1,
            lower.pointer, Int32(lower.columns), product.mutablePointer(), Int32(columns))
        return product
    }

    /// `X` with `L X = self`, or `Lᵀ X = self`, for a lower triangular `L`.
    func solvingLowerTriangle(_ lower: Matrix, transposed: Bool) -> Matrix {
        precondition(
            lower.rows == lower.columns && lower.rows == rows, "\(lower.shape) and \(shape) make no system of equations"
        )
        var solution = self
        guard count > 0 else { return solution }
        Scalar.serialRoutines.trsm(
            CblasRowMajor, CblasLeft, CblasLower, transposed ? CblasTrans : CblasNoTrans, CblasNonUnit, Int32(rows),
            Int32(columns), 1, lower.pointer, Int32(lower.columns), solution.mutablePointer(), Int32(columns))
        return solution
    }
}

func letter(_ character: Unicode.Scalar) -> CChar {
    CChar(UInt8(ascii: character))
}

func check(_ info: Int32, _ routine: String) throws(NumericalFailure) {
    // -1010 and -1011 are LAPACKE's own: no memory for work space or for a transposed copy.
    if info <= -1010 { throw .outOfMemory(routine) }
    if info > 0 { throw .didNotConverge(routine) }
    // Other negative values name an argument that is wrong: NaN, since the sizes come from the matrices themselves.
    if info < 0 { throw .nonFinite("the input of \(routine)") }
}
