import COpenBLAS

/// A `MatrixView` with leave to write: where products, factors and activations are put.
///
/// It comes from an `Arena` or from `Matrix.mutableView()`, which needs a `var`; a view for reading never becomes one.
/// Its methods change the numbers and not the window, so that they are not `mutating`: like a buffer pointer, a
/// constant view is a fixed place.
///
/// ```swift
/// let arena = Arena<Float>([(100, 50)])
/// let z = arena.take(100, 50)
/// z.set(x.view, times: c.view)            // z ← x c
/// y.add(z.view, times: theta.view)        // y ← y + z Θ
/// ```
///
/// `@unchecked Sendable` for the tasks of `inParallel`: each cuts a part of its own from the view, by rows or columns
/// that no other task touches, and `inParallel` returns only after all of them have ended. The compiler cannot see that
/// the parts are disjoint; the ranges come from `part(_:of:in:)`, which cuts without overlap.
package struct MutableMatrixView<Scalar: BLASScalar>: @unchecked Sendable {
    /// The same window, for reading.
    package let view: MatrixView<Scalar>

    init(rows: Int, columns: Int, stride: Int, start: UnsafeMutablePointer<Scalar>) {
        view = MatrixView(rows: rows, columns: columns, stride: stride, start: UnsafePointer(start))
    }

    @inlinable @inline(__always)
    init(part: MatrixView<Scalar>) { view = part }

    @inlinable @inline(__always)
    package var rows: Int { view.rows }
    @inlinable @inline(__always)
    package var columns: Int { view.columns }
    @inlinable @inline(__always)
    package var shape: String { view.shape }
    @inlinable @inline(__always)
    var stride: Int { view.stride }
    @inlinable @inline(__always)
    var isTransposed: Bool { view.isTransposed }

    /// The way back from reading to writing, which only this type has: its memory was given for writing.
    @inlinable @inline(__always)
    var start: UnsafeMutablePointer<Scalar> { UnsafeMutablePointer(mutating: view.start) }

    /// The same numbers with rows and columns exchanged, where they are.
    @inlinable @inline(__always)
    package var transposed: MutableMatrixView { MutableMatrixView(part: view.transposed) }

    /// A window on some of the rows.
    @inlinable @inline(__always)
    package func rows(_ range: Range<Int>) -> MutableMatrixView { MutableMatrixView(part: view.rows(range)) }

    /// A window on some of the columns.
    @inlinable @inline(__always)
    package func columns(_ range: Range<Int>) -> MutableMatrixView { MutableMatrixView(part: view.columns(range)) }

    /// The first elements of a single row as a matrix without gaps.
    @inlinable @inline(__always)
    package func reshaped(rows: Int, columns: Int) -> MutableMatrixView {
        MutableMatrixView(part: view.reshaped(rows: rows, columns: columns))
    }
}

// MARK: Products

extension MutableMatrixView {
    /// `self ← scale · left · right`; what was there is not read.
    package func set(_ left: MatrixView<Scalar>, times right: MatrixView<Scalar>, scale: Scalar = 1) {
        product(left, right, scale: scale, keeping: 0)
    }

    /// `self ← self + scale · left · right`.
    package func add(_ left: MatrixView<Scalar>, times right: MatrixView<Scalar>, scale: Scalar = 1) {
        product(left, right, scale: scale, keeping: 1)
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func product(_ left: MatrixView<Scalar>, _ right: MatrixView<Scalar>, scale: Scalar, keeping: Scalar) {
        precondition(
            left.columns == right.rows && rows == left.rows && columns == right.columns && !isTransposed,
            "\(left.shape) · \(right.shape) does not fit \(shape)")
        guard rows > 0, columns > 0 else { return }
        Scalar.routines.gemm(
            CblasRowMajor, left.form, right.form, Int32(rows), Int32(columns), Int32(left.columns), scale, left.start,
            Int32(left.stride), right.start, Int32(right.stride), keeping, start, Int32(stride))
    }

    /// On and above the diagonal, `self ← other · otherᵀ`, or with `keeping` 1 that added to what was there.
    package func setUpperGram(of other: MatrixView<Scalar>, keeping: Scalar = 0) {
        precondition(rows == columns && rows == other.rows && !isTransposed, "\(other.shape) has no Gram \(shape)")
        guard rows > 0 else { return }
        Scalar.routines.syrk(
            CblasRowMajor, CblasUpper, other.form, Int32(rows), Int32(other.columns), 1, other.start,
            Int32(other.stride), keeping, start, Int32(stride))
    }

    /// `self ← T⁻¹ self` for a triangle `T`, which is `factor`, or its transpose if it is transposed.
    package func solve(_ factor: MatrixView<Scalar>, isUpper: Bool) {
        precondition(factor.rows == rows && factor.columns == rows && !isTransposed, "no triangle of \(shape)")
        guard rows > 0, columns > 0 else { return }
        Scalar.routines.trsm(
            CblasRowMajor, CblasLeft, isUpper == factor.isTransposed ? CblasLower : CblasUpper, factor.form,
            CblasNonUnit, Int32(rows), Int32(columns), 1, factor.start, Int32(factor.stride), start, Int32(stride))
    }

    /// Replaces what is on and above the diagonal with the factor of `self = UᵀU`, if it is positive definite.
    func factorizeUpper() -> Bool {
        // Above our diagonal is below LAPACK's.
        rows == 0 || Scalar.routines.potrf(LAPACK_COL_MAJOR, letter("L"), Int32(rows), start, Int32(stride)) == 0
    }

    /// `self ← vector · matrix`, of which the elements on and above the diagonal count; vectors are matrices of one
    /// row.
    func setRow(_ vector: MatrixView<Scalar>, timesUpperSymmetric matrix: MatrixView<Scalar>) {
        Scalar.routines.symv(
            CblasRowMajor, CblasUpper, Int32(matrix.rows), 1, matrix.start, Int32(matrix.stride), vector.start, 1, 0,
            start, 1)
    }
}

// MARK: Elements

extension MutableMatrixView {
    /// One row; valid as long as the memory of the view.
    @inlinable @inline(__always)
    package subscript(row: Int) -> UnsafeMutableBufferPointer<Scalar> {
        UnsafeMutableBufferPointer(mutating: view[row])
    }

    /// All elements of a matrix without gaps, row by row.
    @inlinable @inline(__always)
    package var elements: UnsafeMutableBufferPointer<Scalar> { UnsafeMutableBufferPointer(mutating: view.elements) }

    /// `self ← other`.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func copy(from other: MatrixView<Scalar>) {
        precondition(rows == other.rows && columns == other.columns, "\(other.shape) does not fit \(shape)")
        guard other.isTransposed else {
            for row in 0..<rows { _ = self[row].update(fromContentsOf: other[row]) }
            return
        }
        for row in 0..<rows {
            let target = self[row]
            for column in 0..<columns { target[column] = other.start[column * other.stride + row] }
        }
    }

    /// Copies what is on and above the diagonal.
    func copyUpper(from other: MatrixView<Scalar>) {
        precondition(rows == columns && rows == other.rows && rows == other.columns, "\(other.shape) has no diagonal")
        for row in 0..<rows {
            _ = self[row].extracting(row..<columns).update(fromContentsOf: other[row].extracting(row..<columns))
        }
    }

    /// Takes the numbers of a matrix in another format, or of its transpose.
    func convert<Other: BLASScalar>(from other: MatrixView<Other>) {
        precondition(rows == other.rows && columns == other.columns && !isTransposed, "\(other.shape) is not \(shape)")
        for row in 0..<rows {
            let first = other.start + row * (other.isTransposed ? 1 : other.stride)
            convertAll(self[row], from: first, stride: other.isTransposed ? other.stride : 1)
        }
    }

    /// Makes all elements `value`.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func fill(_ value: Scalar) {
        for row in 0..<rows { self[row].update(repeating: value) }
    }

    /// `self ← self + scale · other`.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func add(_ other: MatrixView<Scalar>, scale: Scalar) {
        precondition(rows == other.rows && columns == other.columns, "cannot add \(other.shape) to \(shape)")
        for row in 0..<rows {
            Scalar.routines.axpy(Int32(columns), scale, other[row].baseAddress, 1, self[row].baseAddress, 1)
        }
    }

    /// `self ← factor · self`.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func scale(by factor: Scalar) {
        for row in 0..<rows { multiplyAll(self[row], by: factor) }
    }

    /// Changes every row, seen beside the same row of `other`.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func forEachRow(
        beside other: MatrixView<Scalar>, _ body: (inout MutableSpan<Scalar>, Span<Scalar>) -> Void
    ) {
        precondition(rows == other.rows && columns == other.columns, "\(other.shape) beside \(shape)")
        for row in 0..<rows {
            var span = MutableSpan(_unsafeElements: self[row])
            body(&span, Span(_unsafeElements: other[row]))
        }
    }

    /// Changes every row.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func forEachRow(_ body: (inout MutableSpan<Scalar>) -> Void) {
        for row in 0..<rows {
            var span = MutableSpan(_unsafeElements: self[row])
            body(&span)
        }
    }
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func multiplyAll<Scalar: BLASScalar>(_ elements: UnsafeMutableBufferPointer<Scalar>, by factor: Scalar) {
    for index in 0..<elements.count { elements[index] *= factor }
}

@specialized(where Scalar == Float, Other == Double)
@specialized(where Scalar == Double, Other == Float)
private func convertAll<Scalar: BLASScalar, Other: BLASScalar>(
    _ elements: UnsafeMutableBufferPointer<Scalar>, from other: UnsafePointer<Other>, stride: Int
) {
    for index in 0..<elements.count { elements[index] = Scalar(other[index * stride]) }
}
