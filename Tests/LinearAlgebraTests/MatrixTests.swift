import LinearAlgebra
import Testing

@Suite struct MatrixTests {
    @Test func `a copy does not see what happens to the original`() {
        var original = Matrix<Float>(rows: 2, columns: 2, elements: [1, 2, 3, 4])
        let copy = original
        original[0, 0] = 9
        original.withMutableElements { $0[3] = 7 }
        original.add(copy)
        #expect(copy.elements == [1, 2, 3, 4])
        #expect(original.elements == [10, 4, 6, 11])
    }

    @Test(arguments: [0, 1, 3, 100])
    func `elements begin on a cache line`(count: Int) {
        let matrix = Matrix<Float>(rows: 1, columns: count)
        matrix.withElements { span in
            span.withUnsafeBufferPointer { #expect(UInt(bitPattern: $0.baseAddress) % 64 == 0) }
        }
    }

    @Test(arguments: shapes)
    func `parts put together are the whole`(rows: Int, columns: Int) {
        let matrix = randomMatrix(rows, columns, seed: 3, of: Double.self)
        let cut = columns / 2
        #expect(matrix.columns(0..<cut).joined(with: matrix.columns(cut..<columns)) == matrix)
        #expect(matrix.rows(at: Array(0..<rows)) == matrix)
        #expect(matrix.rows(rows - 1..<rows) == matrix.rows(at: [rows - 1]))
        #expect(matrix.transposed().transposed() == matrix)
        #expect(matrix.transposed()[columns - 1, 0] == matrix[0, columns - 1])
        #expect(matrix.converted(to: Float.self).converted(to: Double.self).rows == rows)
    }

    @Test(arguments: [Float.infinity, -.infinity, .nan, .signalingNaN])
    func `one element that is not finite is found wherever it stands`(value: Float) {
        for place in [0, 7, 16, 34] {
            var matrix = Matrix<Float>(rows: 5, columns: 7, repeating: .greatestFiniteMagnitude)
            #expect(matrix.isFinite)
            matrix[place / 7, place % 7] = value
            #expect(!matrix.isFinite, "at \(place)")
        }
    }
}

@Suite struct ProductTests {
    /// Sums of at most 70 products of numbers of size 1, each rounded once: 70 · ε/2 of the sum of magnitudes.
    private static let tolerance = 70 * Double.ulpOfOne

    private func naive(_ left: Matrix<Double>, _ right: Matrix<Double>) -> Matrix<Double> {
        var product = Matrix<Double>(rows: left.rows, columns: right.columns)
        for row in 0..<left.rows {
            for column in 0..<right.columns {
                for inner in 0..<left.columns { product[row, column] += left[row, inner] * right[inner, column] }
            }
        }
        return product
    }

    @Test(arguments: shapes)
    func `every form of the product is the sum it stands for`(rows: Int, columns: Int) {
        let left = randomMatrix(rows, columns, seed: 1, of: Double.self)
        let right = randomMatrix(columns, 5, seed: 2, of: Double.self)
        let expected = naive(left, right)
        #expect(distance(left.times(right), expected) < Self.tolerance)
        #expect(distance(left.timesTransposed(right.transposed()), expected) < Self.tolerance)
        #expect(distance(left.transposed().transposedTimes(right), expected) < Self.tolerance)

        let start = randomMatrix(rows, 5, seed: 4, of: Double.self)
        var sum = start
        sum.add(left, times: right, scale: -2)
        sum.add(left, timesTransposed: right.transposed(), scale: 2)
        #expect(distance(sum, start) < 10 * Self.tolerance)
    }

    @Test(arguments: shapes)
    func `a gram matrix has the dot products on and above its diagonal`(rows: Int, columns: Int) {
        let matrix = randomMatrix(rows, columns, seed: 5, of: Double.self)
        for (gram, expected) in [
            (matrix.gram(.rows), matrix.timesTransposed(matrix)),
            (matrix.gram(.columns), matrix.transposedTimes(matrix)),
        ] {
            for row in 0..<gram.rows {
                for column in 0..<gram.rows {
                    let value = column < row ? 0 : expected[row, column]
                    #expect(abs(gram[row, column] - value) < 70 * Self.tolerance)
                }
            }
        }
    }

    @Test func `norm and dot product agree`() {
        let matrix = randomMatrix(13, 7, seed: 6, of: Float.self)
        #expect(abs(matrix.dot(matrix).squareRoot() - matrix.norm) < 91 * .ulpOfOne * matrix.norm)
    }

    @Test func `a view of a matrix reads what its shape says`() {
        let matrix = Matrix<Double>(rows: 2, columns: 3, elements: [1, 2, 3, 4, 5, 6])
        let part = matrix.view.columns(1..<3)
        #expect(part.matrix.elements == [2, 3, 5, 6])
        #expect(part.transposed.matrix.elements == [2, 5, 3, 6])
        #expect(part.rows(1..<2).matrix.elements == [5, 6])
    }

    @Test func `what is written through a view is not seen by an earlier copy`() {
        var matrix = Matrix<Float>(rows: 2, columns: 2, elements: [1, 2, 3, 4])
        let copy = matrix
        matrix.mutableView().columns(0..<1).fill(9)
        #expect(matrix.elements == [9, 2, 9, 4])
        #expect(copy.elements == [1, 2, 3, 4])
    }
}
