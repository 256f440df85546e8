extension Matrix {
    /// The columns in `range`, as a matrix of their own.
    public func columns(_ range: Range<Int>) -> Matrix {
        precondition(range.lowerBound >= 0 && range.upperBound <= columns, "\(shape) has no columns \(range)")
        var part = Matrix(uninitializedRows: rows, columns: range.count)
        copy(from: range.lowerBound, to: 0, count: range.count, into: &part)
        return part
    }

    /// The rows in `range`, as a matrix of their own.
    public func rows(_ range: Range<Int>) -> Matrix {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "\(shape) has no rows \(range)")
        var part = Matrix(uninitializedRows: range.count, columns: columns)
        let first = range.lowerBound * columns
        _ = part.mutableBuffer().initialize(fromContentsOf: buffer[first..<first + part.count])
        return part
    }

    /// The rows named by `indices`, in that order.
    public func rows(at indices: some Collection<Int>) -> Matrix {
        var part = Matrix(uninitializedRows: indices.count, columns: columns)
        let (source, all) = (buffer, part.mutableBuffer())
        for (row, index) in indices.enumerated() {
            precondition(index >= 0 && index < rows, "\(shape) has no row \(index)")
            let target = all.extracting(row * columns..<(row + 1) * columns)
            _ = target.initialize(fromContentsOf: source[index * columns..<(index + 1) * columns])
        }
        return part
    }

    /// This matrix with `other` to the right of it.
    public func joined(with other: Matrix) -> Matrix {
        precondition(rows == other.rows, "cannot join \(shape) and \(other.shape)")
        var whole = Matrix(uninitializedRows: rows, columns: columns + other.columns)
        copy(from: 0, to: 0, count: columns, into: &whole)
        other.copy(from: 0, to: columns, count: other.columns, into: &whole)
        return whole
    }

    /// The matrix with rows and columns exchanged.
    public func transposed() -> Matrix {
        var result = Matrix(uninitializedRows: columns, columns: rows)
        let (source, target) = (buffer, result.mutableBuffer())
        // Tiles of 16 rows: one cache line of the result is filled while its sources are still in the cache.
        for tile in stride(from: 0, to: rows, by: 16) {
            for column in 0..<columns {
                for row in tile..<min(tile + 16, rows) {
                    target[column * rows + row] = source[row * columns + column]
                }
            }
        }
        return result
    }

    /// The same numbers in another precision, rounded where it is narrower.
    @specialized(where Scalar == Float, Other == Double)
    @specialized(where Scalar == Double, Other == Float)
    @specialized(where Scalar == Double, Other == Double)
    @specialized(where Scalar == Float, Other == Float)
    public func converted<Other: BLASScalar>(to: Other.Type) -> Matrix<Other> {
        var result = Matrix<Other>(uninitializedRows: rows, columns: columns)
        let (source, target) = (buffer, result.mutableBuffer())
        for index in 0..<source.count { target[index] = Other(source[index]) }
        return result
    }

    /// Copies `count` columns, beginning at `first`, to those of `target` that begin at `second`.
    private func copy(from first: Int, to second: Int, count: Int, into target: inout Matrix) {
        let (source, destination) = (buffer, target.mutableBuffer())
        for row in 0..<rows {
            let from = row * columns + first
            let to = row * target.columns + second
            _ = destination.extracting(to..<to + count).initialize(fromContentsOf: source[from..<from + count])
        }
    }
}
