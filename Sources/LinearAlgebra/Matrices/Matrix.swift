/// A dense matrix, stored row by row without gaps, on memory aligned to a cache line.
///
/// A value: copies are independent, and share memory until one of them is changed. This layout is the only one in the
/// package; where a routine wants columns first, it is given the same memory with the opposite meaning.
///
/// ```swift
/// let a = Matrix<Double>(rows: 2, columns: 3, elements: [1, 2, 3, 4, 5, 6])
/// let gram = a.timesTransposed(a)         // [2, 2]
/// print(gram[0, 1])                       // 32
/// ```
///
/// Only a `var` can be written to: reading goes through `pointer`, `view` and `withElements`, writing through what is
/// `mutating`, which first makes the memory its own.
public struct Matrix<Scalar: BLASScalar>: Sendable {
    public let rows: Int
    public let columns: Int

    // Used in this file only; the rest of the module goes through `pointer` and `mutablePointer()`.
    @usableFromInline var storage: MatrixStorage<Scalar>

    /// A matrix whose elements are all `value`.
    public init(rows: Int, columns: Int, repeating value: Scalar = 0) {
        self.init(uninitializedRows: rows, columns: columns)
        if value == 0, value.sign == .plus {
            storage.start.clear(count: count)
        } else {
            storage.elements.initialize(repeating: value)
        }
    }

    /// A matrix with the given elements, row by row.
    public init(rows: Int, columns: Int, elements: some Collection<Scalar>) {
        precondition(
            elements.count == rows * columns, "\(elements.count) elements do not fill a [\(rows), \(columns)] matrix")
        self.init(uninitializedRows: rows, columns: columns)
        _ = storage.elements.initialize(fromContentsOf: elements)
    }

    /// A matrix whose memory is garbage; the caller writes every element before one is read.
    init(uninitializedRows rows: Int, columns: Int) {
        precondition(rows >= 0 && columns >= 0, "a matrix cannot be [\(rows), \(columns)]")
        self.rows = rows
        self.columns = columns
        storage = MatrixStorage(count: rows * columns)
    }

    /// The square matrix with ones on its diagonal.
    public static func identity(_ size: Int) -> Matrix {
        var identity = Matrix(rows: size, columns: size)
        let elements = identity.mutablePointer()
        for index in 0..<size { elements[index * (size + 1)] = 1 }
        return identity
    }

    /// The number of elements.
    @inlinable
    public var count: Int { rows * columns }

    /// `[rows, columns]`, as messages print it.
    public var shape: String { "[\(rows), \(columns)]" }

    /// A copy of the elements, row by row.
    public var elements: [Scalar] { Array(storage.elements) }

    /// One element, rows and columns counted from 0.
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

    /// The first element, for reading; valid as long as the matrix lives and is not changed.
    ///
    /// An empty matrix has memory, too.
    var pointer: UnsafePointer<Scalar> { UnsafePointer(storage.start) }

    /// The first element, for writing; valid as long as the matrix lives and is not copied.
    mutating func mutablePointer() -> UnsafeMutablePointer<Scalar> {
        makeUnique()
        return storage.start
    }

    /// All elements, for reading.
    var buffer: UnsafeBufferPointer<Scalar> { UnsafeBufferPointer(storage.elements) }

    /// All elements, for writing.
    mutating func mutableBuffer() -> UnsafeMutableBufferPointer<Scalar> {
        makeUnique()
        return storage.elements
    }

    @inlinable
    mutating func makeUnique() {
        if !isKnownUniquelyReferenced(&storage) { storage = MatrixStorage(copying: storage) }
    }
}

extension UnsafeMutablePointer where Pointee: BLASScalar {
    /// Makes so many elements 0, whose bits are all 0: much faster than an assignment for each where the type is not
    /// known to the compiler.
    func clear(count: Int) {
        UnsafeMutableRawPointer(self).initializeMemory(
            as: UInt8.self, repeating: 0, count: count * MemoryLayout<Pointee>.stride)
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
/// `@unchecked Sendable`: matrices on several threads may share it, but then all of them only read. It is written only
/// by mutating methods of `Matrix`, which first make sure by `isKnownUniquelyReferenced` that theirs is the only
/// reference to it (else they write to a copy), and what is exclusive to a `var` on one thread is in no other's reach.
@usableFromInline
final class MatrixStorage<Scalar: BLASScalar>: @unchecked Sendable {
    @usableFromInline let elements: UnsafeMutableBufferPointer<Scalar>
    /// The first element's place, also where there is none.
    let start: UnsafeMutablePointer<Scalar>

    @usableFromInline
    init(count: Int) {
        // A cache line and the widest vector register are both 64 bytes.
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: max(count, 1) * MemoryLayout<Scalar>.stride, alignment: 64)
        start = memory.bindMemory(to: Scalar.self, capacity: max(count, 1))
        elements = UnsafeMutableBufferPointer(start: start, count: count)
    }

    @usableFromInline
    convenience init(copying other: MatrixStorage) {
        self.init(count: other.elements.count)
        _ = elements.initialize(fromContentsOf: other.elements)
    }

    deinit {
        UnsafeMutableRawPointer(start).deallocate()
    }
}
