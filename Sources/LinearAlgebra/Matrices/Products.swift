import COpenBLAS

// Products and sums of matrices by BLAS. All data is row-major and so is every call.

extension Matrix {
    /// `self · other`.
    public func times(_ other: Matrix) -> Matrix {
        precondition(columns == other.rows, "cannot multiply \(shape) by \(other.shape)")
        var product = Matrix(uninitializedRows: rows, columns: other.columns)
        product.assign(self, CblasNoTrans, other, CblasNoTrans, inner: columns, scale: 1, keeping: 0)
        return product
    }

    /// `self · otherᵀ`.
    public func timesTransposed(_ other: Matrix) -> Matrix {
        precondition(columns == other.columns, "cannot multiply \(shape) by the transpose of \(other.shape)")
        var product = Matrix(uninitializedRows: rows, columns: other.rows)
        product.assign(self, CblasNoTrans, other, CblasTrans, inner: columns, scale: 1, keeping: 0)
        return product
    }

    /// `selfᵀ · other`.
    public func transposedTimes(_ other: Matrix) -> Matrix {
        precondition(rows == other.rows, "cannot multiply the transpose of \(shape) by \(other.shape)")
        var product = Matrix(uninitializedRows: columns, columns: other.columns)
        product.assign(self, CblasTrans, other, CblasNoTrans, inner: rows, scale: 1, keeping: 0)
        return product
    }

    /// `self ← self + scale · left · right`.
    public mutating func add(_ left: Matrix, times right: Matrix, scale: Scalar = 1) {
        precondition(
            left.columns == right.rows && rows == left.rows && columns == right.columns,
            "cannot add \(left.shape) · \(right.shape) to \(shape)")
        assign(left, CblasNoTrans, right, CblasNoTrans, inner: left.columns, scale: scale, keeping: 1)
    }

    /// `self ← self + scale · left · rightᵀ`.
    public mutating func add(_ left: Matrix, timesTransposed right: Matrix, scale: Scalar = 1) {
        precondition(
            left.columns == right.columns && rows == left.rows && columns == right.rows,
            "cannot add \(left.shape) · \(right.shape)ᵀ to \(shape)")
        assign(left, CblasNoTrans, right, CblasTrans, inner: left.columns, scale: scale, keeping: 1)
    }

    /// `self ← self + scale · other`.
    public mutating func add(_ other: Matrix, scale: Scalar = 1) {
        precondition(rows == other.rows && columns == other.columns, "cannot add \(other.shape) to \(shape)")
        Scalar.serialRoutines.axpy(Int32(count), scale, other.pointer, 1, mutablePointer(), 1)
    }

    /// `self · selfᵀ` or `selfᵀ · self`; only the elements on and above the diagonal are written, the rest are 0.
    public func gram(_ side: GramSide) -> Matrix {
        let (size, inner) = side == .rows ? (rows, columns) : (columns, rows)
        var product = Matrix(rows: size, columns: size)
        guard size > 0, inner > 0 else { return product }
        Scalar.serialRoutines.syrk(
            CblasRowMajor, CblasUpper, side == .rows ? CblasNoTrans : CblasTrans, Int32(size), Int32(inner), 1,
            pointer, Int32(columns), 0, product.mutablePointer(), Int32(size))
        return product
    }

    /// The sum of the products of equal elements.
    public func dot(_ other: Matrix) -> Scalar {
        precondition(rows == other.rows && columns == other.columns, "\(shape) and \(other.shape) have no dot product")
        return Scalar.serialRoutines.dot(Int32(count), pointer, 1, other.pointer, 1)
    }

    /// The square root of the sum of squares, without overflow on the way.
    public var norm: Scalar { Scalar.serialRoutines.nrm2(Int32(count), pointer, 1) }

    /// Whether no element is infinite or NaN.
    public var isFinite: Bool { allFinite(buffer) }

    /// `self ← scale · op(left) · op(right) + keeping · self`; with `keeping` 0 what was there is never read.
    private mutating func assign(
        _ left: Matrix, _ leftForm: CBLAS_TRANSPOSE, _ right: Matrix, _ rightForm: CBLAS_TRANSPOSE, inner: Int,
        scale: Scalar, keeping: Scalar
    ) {
        guard count > 0 else { return }
        let target = mutablePointer()
        Scalar.serialRoutines.gemm(
            CblasRowMajor, leftForm, rightForm, Int32(rows), Int32(columns), Int32(inner), scale, left.pointer,
            Int32(max(left.columns, 1)), right.pointer, Int32(max(right.columns, 1)), keeping, target, Int32(columns))
    }
}

/// Which vectors of a matrix a Gram matrix multiplies with one another.
public enum GramSide: Sendable {
    /// `A Aᵀ`: the rows.
    case rows
    /// `Aᵀ A`: the columns.
    case columns
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func allFinite<Scalar: BLASScalar>(_ elements: UnsafeBufferPointer<Scalar>) -> Bool {
    var found = false
    // Without an early exit, so that the loop runs on vector registers.
    for index in 0..<elements.count { found = found || !(elements[index].magnitude <= .greatestFiniteMagnitude) }
    return !found
}
