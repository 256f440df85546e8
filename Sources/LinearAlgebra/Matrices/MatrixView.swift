import COpenBLAS

/// A window for reading on memory that something else owns: rows of equal length at equal distances, or their
/// transpose.
///
/// Views are how products reach parts of a matrix without copying them, and what the memory plan of a training step
/// consists of. Nothing can be written through this one; code that may write holds a `MutableMatrixView`.
///
/// ```swift
/// let left = matrix.view.rows(0..<100)     // of a `let` matrix, which must outlive it
/// product.mutableView().set(left, times: other.view.transposed)
/// ```
///
/// Shapes and ranges are checked like those of `Matrix`. The owner of the memory must live as long as the view is used.
///
/// Why not `Span`: it describes a gapless row of numbers, while a panel of a matrix has a stride and may be transposed,
/// and until its lifetimes can be spelled in stored properties and in closures that run on several threads, it cannot
/// be part of a plan.
///
/// `@unchecked Sendable` since it only reads. That nothing else writes there meanwhile is the promise of the code that
/// hands out the `MutableMatrixView`.
package struct MatrixView<Scalar: BLASScalar>: @unchecked Sendable {
    package let rows: Int
    package let columns: Int
    /// The distance of rows, or of columns if transposed.
    @usableFromInline let stride: Int
    @usableFromInline let isTransposed: Bool
    @usableFromInline let start: UnsafePointer<Scalar>

    // The geometry is inlined, into other modules too: called as generic functions, which look up the metadata of their
    // types each time, it took a tenth of a step of 16 samples.
    @inlinable @inline(__always)
    init(rows: Int, columns: Int, stride: Int, isTransposed: Bool = false, start: UnsafePointer<Scalar>) {
        self.rows = rows
        self.columns = columns
        self.stride = stride
        self.isTransposed = isTransposed
        self.start = start
    }

    /// `[rows, columns]`, as messages print it.
    @inlinable @inline(__always)
    package var shape: String { "[\(rows), \(columns)]" }

    /// The same numbers with rows and columns exchanged, where they are.
    @inlinable @inline(__always)
    package var transposed: MatrixView {
        MatrixView(rows: columns, columns: rows, stride: stride, isTransposed: !isTransposed, start: start)
    }

    /// A window on some of the rows.
    @inlinable @inline(__always)
    package func rows(_ range: Range<Int>) -> MatrixView {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "\(shape) has no rows \(range)")
        return MatrixView(
            rows: range.count, columns: columns, stride: stride, isTransposed: isTransposed,
            start: start + range.lowerBound * (isTransposed ? 1 : stride))
    }

    /// A window on some of the columns.
    @inlinable @inline(__always)
    package func columns(_ range: Range<Int>) -> MatrixView { transposed.rows(range).transposed }

    /// The first elements of a single row as a matrix without gaps.
    @inlinable @inline(__always)
    package func reshaped(rows: Int, columns: Int) -> MatrixView {
        precondition(
            self.rows == 1 && rows * columns <= self.columns, "\(shape) is too short for [\(rows), \(columns)]")
        return MatrixView(rows: rows, columns: columns, stride: columns, start: start)
    }

    /// How BLAS is told of it.
    var form: CBLAS_TRANSPOSE { isTransposed ? CblasTrans : CblasNoTrans }
}

// MARK: Elements

extension MatrixView {
    /// One row; valid as long as the memory of the view.
    @inlinable @inline(__always)
    package subscript(row: Int) -> UnsafeBufferPointer<Scalar> {
        precondition(row >= 0 && row < rows && !isTransposed, "\(shape) has no row \(row)")
        return UnsafeBufferPointer(start: start + row * stride, count: columns)
    }

    /// All elements of a matrix without gaps, row by row.
    @inlinable @inline(__always)
    package var elements: UnsafeBufferPointer<Scalar> {
        precondition(stride == columns || rows <= 1, "the rows of \(shape) are \(stride) apart")
        return UnsafeBufferPointer(start: start, count: rows * columns)
    }

    /// Whether no element is infinite or NaN.
    package var isFinite: Bool {
        for row in 0..<rows where !allFinite(self[row]) { return false }
        return true
    }

    /// A copy of the elements as a matrix of their own.
    package var matrix: Matrix<Scalar> {
        var matrix = Matrix<Scalar>(uninitializedRows: rows, columns: columns)
        matrix.mutableView().copy(from: self)
        return matrix
    }

    /// Of two matrices of one row: the sum of the products of equal elements.
    func dot(_ other: MatrixView) -> Scalar {
        Scalar.routines.dot(Int32(columns), start, 1, other.start, 1)
    }

    /// Of a matrix of one row: the square root of the sum of squares, without overflow on the way.
    var norm: Scalar { Scalar.routines.nrm2(Int32(columns), start, 1) }
}

extension Matrix {
    /// The memory of the matrix, for reading; the matrix must outlive the view, and must not be changed meanwhile.
    package var view: MatrixView<Scalar> {
        MatrixView(rows: rows, columns: columns, stride: max(columns, 1), start: pointer)
    }

    /// The memory of the matrix, for changing; the matrix must outlive the view, and must not be copied meanwhile.
    package mutating func mutableView() -> MutableMatrixView<Scalar> {
        let start = mutablePointer()
        return MutableMatrixView(rows: rows, columns: columns, stride: max(columns, 1), start: start)
    }
}
