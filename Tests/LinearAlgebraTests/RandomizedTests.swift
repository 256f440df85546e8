import LinearAlgebra
import Testing

/// Six directions of the singular values 1, 1/2, …, 1/6.
private let narrow = PseudoInverse.Sketch(rank: 6, oversampling: 4, powerIterations: 1, tolerance: 1e-4)

@Suite struct RandomizedTests {
    static let sizes = [(40, 33), (33, 70), (12, 12), (6, 50), (50, 6)]

    private func check<Scalar: BLASScalar>(
        _ rows: Int, _ columns: Int, rank: Int, _ method: PseudoInverse.Method, _: Scalar.Type
    ) throws {
        let matrix: Matrix<Scalar> = try matrix(rows, columns, rank: rank, seed: 61)
        let values: Matrix<Scalar> = randomMatrix(rows, 5, seed: 62)
        let exact = try PseudoInverse(.svd, relativeThreshold: 0.01).applied(of: matrix, to: values)
        let random = try PseudoInverse(method, relativeThreshold: 0.01, sketch: narrow).applied(
            of: matrix, to: values, drawing: normalNumbers(seed: 63))
        #expect(random.evidence.keptRank == exact.evidence.keptRank)
        // Where the directions span the columns of A there is rounding only: 30 units of it per row, as for the exact
        // methods, times the square of the condition, 6, since the basis is itself made of A's columns.
        let allowed = 30 * Double(max(rows, columns) * 36) * Double(Scalar.ulpOfOne)
        #expect(distance(random.value, exact.value) < allowed)
    }

    @Test(arguments: sizes, [PseudoInverse.Method.randomizedSVD, .adaptiveRandomizedSVD])
    func `enough random directions give the pseudo-inverse itself`(
        size: (rows: Int, columns: Int), method: PseudoInverse.Method
    ) throws {
        for rank in [0, 1, 6] {
            try check(size.rows, size.columns, rank: rank, method, Double.self)
            try check(size.rows, size.columns, rank: rank, method, Float.self)
        }
    }

    @Test func `no more directions than the rank are kept, and the strongest`() throws {
        // Singular values 1, 1/2, …, 1/12, of which the first three are asked for.
        let matrix: Matrix<Double> = try matrix(60, 50, rank: 12, seed: 64)
        let strong: Matrix<Double> = try LinearAlgebraTests.matrix(60, 50, rank: 3, seed: 64)
        let exact = try PseudoInverse(.svd).applied(of: strong, to: .identity(60))
        func error(powerIterations: Int) throws -> Double {
            let method = PseudoInverse(
                .randomizedSVD, sketch: .init(rank: 3, oversampling: 4, powerIterations: powerIterations))
            let solution = try method.applied(of: matrix, to: .identity(60), drawing: normalNumbers(seed: 65))
            #expect(solution.evidence.keptRank == 3)
            return distance(solution.value, exact.value)
        }
        // What is left of the 8th direction beside the third falls by (3/8)² with every iteration.
        #expect(try error(powerIterations: 0) > 1e-2)
        #expect(try error(powerIterations: 6) < 1e-3)
        #expect(try error(powerIterations: 12) < 1e-7)
    }

    @Test(arguments: [0.5, 0.1, 0.02])
    func `the adaptive basis is as good as its tolerance says, and not of full size`(tolerance: Double) throws {
        // Singular values 2⁻ⁱ: the basis that a tolerance needs is short.
        let base = try SingularValueDecomposition(of: randomMatrix(90, 80, seed: 66, of: Double.self))
        var right = base.rightTransposed
        var scale = 1.0
        for row in 0..<80 {
            for column in 0..<80 { right[row, column] *= scale }
            scale /= 2
        }
        let matrix = base.left.times(right)
        let method = PseudoInverse(
            .adaptiveRandomizedSVD, relativeThreshold: 1e-12, absoluteThreshold: 0,
            sketch: .init(tolerance: tolerance))
        let solution = try method.applied(of: matrix, to: matrix, drawing: normalNumbers(seed: 67))
        // Applied to A itself, A A⁺A is the part of A in the basis.
        var missed = matrix
        missed.add(matrix.times(solution.value), scale: -1)
        let worst = try SingularValueDecomposition(of: missed).values[0]
        #expect(worst < tolerance)
        #expect(solution.evidence.keptRank! <= 30)
    }

    @Test(arguments: [PseudoInverse.Method.randomizedSVD, .adaptiveRandomizedSVD])
    func `the same random numbers give the same bits, others give others`(method: PseudoInverse.Method) throws {
        let matrix = randomMatrix(30, 40, seed: 68, of: Float.self)
        let sketched = PseudoInverse(method, sketch: .init(rank: 5, oversampling: 2, tolerance: 0.5))
        func solution(_ seed: UInt64) throws -> Matrix<Float> {
            try sketched.applied(of: matrix, to: .identity(30), drawing: normalNumbers(seed: seed)).value
        }
        #expect(try solution(1) == solution(1))
        #expect(try solution(1) != solution(2))
    }
}
