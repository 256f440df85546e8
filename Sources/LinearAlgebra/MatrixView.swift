import COpenBLAS

/// A window on memory that somebody else owns: rows of equal length at equal distances, or their transpose.
///
/// What a `Workspace` consists of, and how products reach parts of a matrix without copying them. Shapes and ranges are
/// checked like those of `Matrix`. The owner of the memory must live as long as the view is used, and of two threads at
/// most one may write where the other reads: views are for those who plan memory, not for passing around.
///
/// `@unchecked Sendable` for the tasks of `inParallel`, each of which writes to a part of its own.
package struct MatrixView<Scalar: BLASScalar>: @unchecked Sendable {
    package let rows: Int
    package let columns: Int
    /// The distance of rows, or of columns if transposed.
    let stride: Int
    let isTransposed: Bool
    let start: UnsafeMutablePointer<Scalar>

    init(rows: Int, columns: Int, stride: Int, isTransposed: Bool = false, start: UnsafeMutablePointer<Scalar>) {
        self.rows = rows
        self.columns = columns
        self.stride = stride
        self.isTransposed = isTransposed
        self.start = start
    }

    package var shape: String { "[\(rows), \(columns)]" }

    package var transposed: MatrixView {
        MatrixView(rows: columns, columns: rows, stride: stride, isTransposed: !isTransposed, start: start)
    }

    package func rows(_ range: Range<Int>) -> MatrixView {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "\(shape) has no rows \(range)")
        return MatrixView(
            rows: range.count, columns: columns, stride: stride, isTransposed: isTransposed,
            start: start + range.lowerBound * (isTransposed ? 1 : stride))
    }

    /// The first elements of a single row as a matrix without gaps.
    package func reshaped(rows: Int, columns: Int) -> MatrixView {
        precondition(
            self.rows == 1 && rows * columns <= self.columns, "\(shape) is too short for [\(rows), \(columns)]")
        return MatrixView(rows: rows, columns: columns, stride: columns, start: start)
    }

    /// All elements of a matrix without gaps.
    package var elements: UnsafeMutableBufferPointer<Scalar> {
        precondition(stride == columns || rows <= 1, "the rows of \(shape) are \(stride) apart")
        return UnsafeMutableBufferPointer(start: start, count: rows * columns)
    }

    package func columns(_ range: Range<Int>) -> MatrixView { transposed.rows(range).transposed }
}

// MARK: Products

extension MatrixView {
    /// `self ← scale · left · right`; what was there is not read.
    package func set(_ left: MatrixView, times right: MatrixView, scale: Scalar = 1) {
        product(left, right, scale: scale, keeping: 0)
    }

    /// `self ← self + scale · left · right`.
    package func add(_ left: MatrixView, times right: MatrixView, scale: Scalar = 1) {
        product(left, right, scale: scale, keeping: 1)
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func product(_ left: MatrixView, _ right: MatrixView, scale: Scalar, keeping: Scalar) {
        precondition(
            left.columns == right.rows && rows == left.rows && columns == right.columns && !isTransposed,
            "\(left.shape) · \(right.shape) does not fit \(shape)")
        guard rows > 0, columns > 0 else { return }
        Scalar.routines.gemm(
            CblasRowMajor, left.form, right.form, Int32(rows), Int32(columns), Int32(left.columns), scale, left.start,
            Int32(left.stride), right.start, Int32(right.stride), keeping, start, Int32(stride))
    }

    /// On and above the diagonal, `self ← other · otherᵀ`, or with `keeping` 1 that added to what was there.
    package func setUpperGram(of other: MatrixView, keeping: Scalar = 0) {
        precondition(rows == columns && rows == other.rows && !isTransposed, "\(other.shape) has no Gram \(shape)")
        guard rows > 0 else { return }
        Scalar.routines.syrk(
            CblasRowMajor, CblasUpper, other.form, Int32(rows), Int32(other.columns), 1, other.start,
            Int32(other.stride), keeping, start, Int32(stride))
    }

    /// `self ← T⁻¹ self` for a triangle `T`, which is `factor`, or its transpose if it is transposed.
    package func solve(_ factor: MatrixView, isUpper: Bool) {
        precondition(factor.rows == rows && factor.columns == rows && !isTransposed, "no triangle of \(shape)")
        guard rows > 0, columns > 0 else { return }
        Scalar.routines.trsm(
            CblasRowMajor, CblasLeft, isUpper == factor.isTransposed ? CblasLower : CblasUpper, factor.form,
            CblasNonUnit, Int32(rows), Int32(columns), 1, factor.start, Int32(factor.stride), start, Int32(stride))
    }

    private var form: CBLAS_TRANSPOSE { isTransposed ? CblasTrans : CblasNoTrans }
}

// MARK: Elements

extension MatrixView {
    /// One row.
    package subscript(row: Int) -> UnsafeMutableBufferPointer<Scalar> {
        precondition(row >= 0 && row < rows && !isTransposed, "\(shape) has no row \(row)")
        return UnsafeMutableBufferPointer(start: start + row * stride, count: columns)
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func copy(from other: MatrixView) {
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
    func copyUpper(from other: MatrixView) {
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

    package func fill(_ value: Scalar) {
        for row in 0..<rows { self[row].update(repeating: value) }
    }

    /// Changes every row, seen beside the same row of `other`.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func forEachRow(
        beside other: MatrixView, _ body: (inout MutableSpan<Scalar>, Span<Scalar>) -> Void
    ) {
        precondition(rows == other.rows && columns == other.columns, "\(other.shape) beside \(shape)")
        for row in 0..<rows {
            var span = MutableSpan(_unsafeElements: self[row])
            body(&span, Span(_unsafeElements: UnsafeBufferPointer(other[row])))
        }
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func forEachRow(_ body: (inout MutableSpan<Scalar>) -> Void) {
        for row in 0..<rows {
            var span = MutableSpan(_unsafeElements: self[row])
            body(&span)
        }
    }

    package var isFinite: Bool {
        for row in 0..<rows where !allFinite(UnsafeBufferPointer(self[row])) { return false }
        return true
    }

    /// The elements as a matrix of their own.
    package var matrix: Matrix<Scalar> {
        let matrix = Matrix<Scalar>(uninitializedRows: rows, columns: columns)
        matrix.view.copy(from: self)
        return matrix
    }
}

extension Matrix {
    /// The memory of the matrix, to be read; it must outlive the view, and nobody may change it meanwhile.
    package var view: MatrixView<Scalar> {
        // An empty matrix has memory, too.
        MatrixView(rows: rows, columns: columns, stride: max(columns, 1), start: storage.elements.baseAddress!)
    }

    /// The memory of the matrix, to be changed.
    package mutating func mutableView() -> MatrixView<Scalar> {
        makeUnique()
        return view
    }
}

/// Memory from which views are cut, given back as a whole.
package final class Arena<Scalar: BLASScalar> {
    private let memory: UnsafeMutablePointer<Scalar>
    private let capacity: Int
    private var used = 0

    /// - Parameter shapes: of all the matrices that will be asked for.
    package init(_ shapes: [(rows: Int, columns: Int)]) {
        capacity = shapes.reduce(0) { $0 + $1.rows * Self.padded($1.columns) }
        let raw = UnsafeMutableRawPointer.allocate(
            byteCount: max(capacity, 1) * MemoryLayout<Scalar>.stride, alignment: 64)
        memory = raw.bindMemory(to: Scalar.self, capacity: max(capacity, 1))
    }

    deinit { UnsafeMutableRawPointer(memory).deallocate() }

    /// The next matrix, its contents garbage.
    package func take(_ rows: Int, _ columns: Int) -> MatrixView<Scalar> {
        let stride = Self.padded(columns)
        precondition(used + rows * stride <= capacity, "the plan has no place for [\(rows), \(columns)]")
        defer { used += rows * stride }
        return MatrixView(rows: rows, columns: columns, stride: stride, start: memory + used)
    }

    package var byteCount: Int { capacity * MemoryLayout<Scalar>.stride }

    /// Rows begin at cache lines, an odd number of them apart: at powers of two they would compete for the same places.
    private static func padded(_ columns: Int) -> Int {
        let line = 64 / MemoryLayout<Scalar>.stride
        return ((columns + line - 1) / line | 1) * line
    }
}

// MARK: Vectors, as matrices of one row

extension MatrixView {
    /// `self ← self + scale · other`.
    package func add(_ other: MatrixView, scale: Scalar) {
        precondition(rows == other.rows && columns == other.columns, "cannot add \(other.shape) to \(shape)")
        for row in 0..<rows {
            Scalar.routines.axpy(Int32(columns), scale, other[row].baseAddress, 1, self[row].baseAddress, 1)
        }
    }

    /// `self ← factor · self`.
    package func scale(by factor: Scalar) {
        for row in 0..<rows { multiplyAll(self[row], by: factor) }
    }

    func dot(_ other: MatrixView) -> Scalar {
        Scalar.routines.dot(Int32(columns), start, 1, other.start, 1)
    }

    var norm: Scalar { Scalar.routines.nrm2(Int32(columns), start, 1) }

    /// `self ← vector · matrix`, of which the elements on and above the diagonal count.
    func setRow(_ vector: MatrixView, timesUpperSymmetric matrix: MatrixView) {
        Scalar.routines.symv(
            CblasRowMajor, CblasUpper, Int32(matrix.rows), 1, matrix.start, Int32(matrix.stride), vector.start, 1, 0,
            start, 1)
    }

    /// Replaces what is on and above the diagonal with the factor of `self = UᵀU`, if it is positive definite.
    func factorizeUpper() -> Bool {
        // Above our diagonal is below LAPACK's.
        rows == 0 || Scalar.routines.potrf(LAPACK_COL_MAJOR, letter("L"), Int32(rows), start, Int32(stride)) == 0
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
