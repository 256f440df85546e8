/// Memory for several matrices, allocated once from a list of their shapes, cut into views and freed as a whole.
///
/// A training step plans all its matrices so, and then allocates nothing from step to step.
///
/// ```swift
/// let arena = Arena<Float>([(100, 50), (100, 10)])
/// let (hidden, logits) = (arena.take(100, 50), arena.take(100, 10))
/// ```
///
/// The views do not keep the arena alive: whatever stores views stores their arena beside them.
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
    package func take(_ rows: Int, _ columns: Int) -> MutableMatrixView<Scalar> {
        let stride = Self.padded(columns)
        precondition(used + rows * stride <= capacity, "the plan has no place for [\(rows), \(columns)]")
        defer { used += rows * stride }
        return MutableMatrixView(rows: rows, columns: columns, stride: stride, start: memory + used)
    }

    package var byteCount: Int { capacity * MemoryLayout<Scalar>.stride }

    /// Rows begin at cache lines, an odd number of them apart: at powers of two they would compete for the same places.
    private static func padded(_ columns: Int) -> Int {
        let line = 64 / MemoryLayout<Scalar>.stride
        return ((columns + line - 1) / line | 1) * line
    }
}
