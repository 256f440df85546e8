/// A dense matrix, stored row by row without gaps, on memory aligned to a cache line.
///
/// A value: copies are independent, and share memory until one of them is changed. This layout is the only one in the
/// package; where a routine wants columns first, it is given the same memory with the opposite meaning.
public struct Matrix<Scalar: BLASScalar>: Sendable {
    public let rows: Int
    public let columns: Int

    @usableFromInline var storage: MatrixStorage<Scalar>

    /// A matrix whose elements are all `value`.
    public init(rows: Int, columns: Int, repeating value: Scalar = 0) {
        self.init(uninitializedRows: rows, columns: columns)
        storage.elements.initialize(repeating: value)
    }

    /// A matrix with the given elements, row by row.
    public init(rows: Int, columns: Int, elements: some Collection<Scalar>) {
        precondition(
            elements.count == rows * columns, "\(elements.count) elements do not fill a [\(rows), \(columns)] matrix")
        self.init(uninitializedRows: rows, columns: columns)
        _ = storage.elements.initialize(fromContentsOf: elements)
    }

    /// A matrix whose memory is garbage; the caller writes every element before anybody reads one.
    init(uninitializedRows rows: Int, columns: Int) {
        precondition(rows >= 0 && columns >= 0, "a matrix cannot be [\(rows), \(columns)]")
        self.rows = rows
        self.columns = columns
        storage = MatrixStorage(count: rows * columns)
    }

    /// The square matrix with ones on its diagonal.
    public static func identity(_ size: Int) -> Matrix {
        var identity = Matrix(rows: size, columns: size)
        for index in 0..<size { identity[index, index] = 1 }
        return identity
    }

    @inlinable
    public var count: Int { rows * columns }

    /// `[rows, columns]`, as messages print it.
    public var shape: String { "[\(rows), \(columns)]" }

    /// A copy of the elements, row by row.
    public var elements: [Scalar] { Array(storage.elements) }

    @inlinable
    public subscript(row: Int, column: Int) -> Scalar {
        get {
            precondition(row >= 0 && row < rows && column >= 0 && column < columns, "no such element")
            return storage.elements[row * columns + column]
        }
        set {
            precondition(row >= 0 && row < rows && column >= 0 && column < columns, "no such element")
            makeUnique()
            storage.elements[row * columns + column] = newValue
        }
    }

    /// Reads the elements, row by row, without copying them.
    @inlinable
    public func withElements<Result, Failure: Error>(
        _ body: (Span<Scalar>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // The storage is used again after `body`, so that it lives through the whole call.
        defer { withExtendedLifetime(storage) {} }
        let elements = UnsafeBufferPointer(storage.elements)
        return try body(Span(_unsafeElements: elements))
    }

    /// Changes the elements, row by row, in place.
    @inlinable
    public mutating func withMutableElements<Result, Failure: Error>(
        _ body: (inout MutableSpan<Scalar>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        makeUnique()
        defer { withExtendedLifetime(storage) {} }
        let elements = storage.elements
        var span = MutableSpan(_unsafeElements: elements)
        return try body(&span)
    }

    @inlinable
    mutating func makeUnique() {
        if !isKnownUniquelyReferenced(&storage) { storage = MatrixStorage(copying: storage) }
    }
}

extension Matrix: Equatable {
    public static func == (left: Matrix, right: Matrix) -> Bool {
        left.rows == right.rows && left.columns == right.columns
            && left.storage.elements.elementsEqual(right.storage.elements)
    }
}

/// The memory of a matrix.
///
/// `@unchecked Sendable` because it is written only through `Matrix`, which first makes sure that it is the only
/// owner: no other thread can then hold a reference.
@usableFromInline
final class MatrixStorage<Scalar: BLASScalar>: @unchecked Sendable {
    @usableFromInline let elements: UnsafeMutableBufferPointer<Scalar>

    @usableFromInline
    init(count: Int) {
        // A cache line and the widest vector register are both 64 bytes.
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: max(count, 1) * MemoryLayout<Scalar>.stride, alignment: 64)
        elements = UnsafeMutableBufferPointer(
            start: memory.bindMemory(to: Scalar.self, capacity: max(count, 1)), count: count)
    }

    @usableFromInline
    convenience init(copying other: MatrixStorage) {
        self.init(count: other.elements.count)
        _ = elements.initialize(fromContentsOf: other.elements)
    }

    deinit {
        UnsafeMutableRawPointer(elements.baseAddress!).deallocate()
    }
}
