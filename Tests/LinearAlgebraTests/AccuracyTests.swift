import LinearAlgebra
import Testing

/// Features as ReLU makes them: one large direction, a few less large, and a long tail through every threshold.
private func features(_ rows: Int, _ columns: Int, inputs: Int = 96) -> Matrix<Float> {
    var features = randomMatrix(rows, inputs, seed: 71, of: Double.self).times(
        randomMatrix(inputs, columns, seed: 72, of: Double.self))
    features.withMutableElements { elements in
        for index in 0..<elements.count { elements[index] = max(elements[index], 0) }
    }
    return features.converted(to: Float.self)
}

/// The step `A⁺ v` as training finds it, through the Gram matrix of the shorter side, and how many directions it kept.
private func step<Scalar: BLASScalar>(
    _ method: PseudoInverse, of matrix: Matrix<Scalar>, to values: Matrix<Scalar>
) throws -> (Matrix<Scalar>, kept: Int?) {
    let isDual = matrix.rows <= matrix.columns
    let solver = FeatureSolver<Scalar>(method, rows: matrix.rows, columns: matrix.columns, values: values.columns)
    let vectors = isDual ? matrix : matrix.transposed()
    for task in 0..<FeatureSolver<Scalar>.tasks { solver.formGram(of: vectors.view, task: task) }
    let evidence = try solver.factorize(describing: false)
    var solution = isDual ? values : matrix.transposedTimes(values)
    solver.solve(solution.mutableView())
    return (isDual ? matrix.transposedTimes(solution) : solution, evidence.keptRank)
}

@Suite struct AccuracyTests {
    /// On both sides of 128, where single precision takes over; wide, square and tall.
    static let shapes = [
        (100, 400), (100, 100), (127, 400), (128, 128), (128, 400), (129, 129), (160, 1000), (200, 200), (256, 1024),
        (400, 128), (333, 333), (512, 512), (512, 2000),
    ]

    @Test(arguments: shapes)
    func `a step in single precision is that of the singular values in double to three digits`(
        rows: Int, columns: Int
    ) throws {
        let matrix = features(rows, columns)
        let values: Matrix<Float> = randomMatrix(rows, 4, seed: 73)
        let exact = try SingularValueDecomposition(of: matrix.converted(to: Double.self))
        let coordinates = exact.left.transposedTimes(values.converted(to: Double.self))
        let largest = exact.values[0]
        for threshold in [1e-3, 5e-3, 8e-3, 1e-2, 2e-2, 5e-2, 0.1] {
            let kept = exact.values.prefix { $0 >= threshold * largest }.count
            var part = coordinates.rows(0..<kept)
            for row in 0..<kept {
                for column in 0..<part.columns { part[row, column] /= exact.values[row] }
            }
            let expected = exact.rightTransposed.rows(0..<kept).transposedTimes(part)
            let method = PseudoInverse(.svd, relativeThreshold: threshold, absoluteThreshold: 0)
            let found = try step(method, of: matrix, to: values)
            #expect(found.kept == kept || found.kept == nil, "rtol \(threshold)")
            let error = distance(found.0.converted(to: Double.self), expected)
            // At 1/125 and less the wider format works, as it does below order 128; above that, squaring costs less.
            let limit = threshold < 8e-3 || min(rows, columns) < 128 ? 1e-5 : threshold < 2e-2 ? 1e-3 : 3e-4
            #expect(error < limit, "rtol \(threshold)")
        }
    }

    /// Below 128 in double, from there on in single precision.
    @Test(arguments: [(100, 400), (200, 400)])
    func `the memory of eigenvectors counts from the first step that needs them`(rows: Int, columns: Int) throws {
        let method = PseudoInverse(.svd, relativeThreshold: 1e-2, absoluteThreshold: 0)
        let solver = FeatureSolver<Float>(method, rows: rows, columns: columns, values: 4)
        func factorize(_ matrix: Matrix<Float>) throws {
            for task in 0..<FeatureSolver<Float>.tasks { solver.formGram(of: matrix.view, task: task) }
            _ = try solver.factorize(describing: false)
        }
        let planned = solver.byteCount
        // Every singular value is far above a hundredth of the largest.
        try factorize(randomMatrix(rows, columns, seed: 71))
        #expect(solver.byteCount == planned)
        // Of rank 20.
        let flat = randomMatrix(rows, 20, seed: 72, of: Float.self).times(randomMatrix(20, columns, seed: 73))
        try factorize(flat)
        let grown = solver.byteCount
        // H once more, and the vectors: a matrix of the order of S each.
        #expect(grown > planned + 2 * rows * rows * (rows < 128 ? 8 : 4))
        try factorize(flat)
        #expect(solver.byteCount == grown)
    }

    /// Where a decomposition of A itself takes seconds, that of its Gram matrix in double serves: it is wrong by 1e-12.
    @Test(arguments: [(1024, 1024), (1000, 3000), (2000, 2000)])
    func `at the orders of the paper, too`(rows: Int, columns: Int) throws {
        let matrix = features(rows, columns, inputs: rows == columns ? 200 : 30)
        let values: Matrix<Float> = randomMatrix(rows, 4, seed: 73)
        let method = PseudoInverse(.svd, relativeThreshold: 1e-2, absoluteThreshold: 1e-5)
        let exact = try method.applied(of: matrix, to: values)
        let found = try step(method, of: matrix, to: values)
        #expect(found.kept == exact.evidence.keptRank)
        #expect(found.kept.map { $0 < rows } == true)
        #expect(distance(found.0, exact.value) < 1e-3)
    }

    @Test(arguments: [(128, 400), (300, 300), (400, 128)])
    func `a damped step is as good`(rows: Int, columns: Int) throws {
        let matrix = features(rows, columns)
        let values: Matrix<Float> = randomMatrix(rows, 4, seed: 73)
        for damping in [1e-6, 6.4e-5, 1e-4, 1e-3, 1e-2] {
            let method = PseudoInverse(.damped, relativeThreshold: damping)
            let exact = try method.applied(of: matrix.converted(to: Double.self), to: values.converted(to: Double.self))
            let found = try step(method, of: matrix, to: values)
            #expect(distance(found.0.converted(to: Double.self), exact.value) < 1e-3, "λ \(damping)")
        }
    }

    /// Equal singular values have singular vectors that only together make sense; those found one by one do not.
    @Test(arguments: [(10, 30), (150, 300), (300, 150)])
    func `directions of equal strength are kept or dropped together`(rows: Int, columns: Int) throws {
        func check<Scalar: BLASScalar>(_: Scalar.Type, within tolerance: Double) throws {
            let exact = try SingularValueDecomposition(of: randomMatrix(rows, columns, seed: 74, of: Double.self))
            let order = exact.values.count
            let strengths = (0..<order).map { $0 < order / 3 ? 2.0 : $0 < order / 2 ? 1 : 1e-3 }
            func product(_ factors: [Double]) -> Matrix<Double> {
                var right = exact.rightTransposed
                for row in 0..<order {
                    for column in 0..<columns { right[row, column] *= factors[row] }
                }
                return exact.left.times(right)
            }
            let matrix = product(strengths).converted(to: Scalar.self)
            let inverse = product(strengths.map { $0 < 0.1 ? 0 : 1 / $0 })
            let values: Matrix<Scalar> = randomMatrix(rows, 3, seed: 75)
            let found = try step(PseudoInverse(.svd, relativeThreshold: 1e-2), of: matrix, to: values)
            #expect(found.kept == order / 2)
            let expected = inverse.transposedTimes(values.converted(to: Double.self))
            #expect(distance(found.0.converted(to: Double.self), expected) < tolerance)
        }
        try check(Double.self, within: 1e-11)
        try check(Float.self, within: 1e-4)
    }

    /// Exactly equal eigenvalues are where one vector for each would be the same vector twice.
    @Test(arguments: [20, 140])
    func `a diagonal matrix has the inverse of its diagonal`(order: Int) throws {
        let levels: [Float] = [2, 1, 1e-3]
        let strengths = (0..<order).map { levels[$0 % 3] }
        var (matrix, expected) = (Matrix<Float>(rows: order, columns: order), Matrix<Float>(rows: order, columns: 2))
        let values: Matrix<Float> = randomMatrix(order, 2, seed: 77)
        for row in 0..<order {
            matrix[row, row] = strengths[row]
            for column in 0..<2 {
                expected[row, column] = strengths[row] < 0.1 ? 0 : values[row, column] / strengths[row]
            }
        }
        let found = try step(PseudoInverse(.svd, relativeThreshold: 1e-2), of: matrix, to: values)
        #expect(found.kept == strengths.filter { $0 > 0.1 }.count)
        #expect(distance(found.0, expected) < 1e-5)
    }

    @Test func `a matrix of zeros, or of one direction, has the step that it should`() throws {
        for order in [20, 140] {
            let values: Matrix<Float> = randomMatrix(order, 2, seed: 76)
            let method = PseudoInverse(.svd, relativeThreshold: 1e-2, absoluteThreshold: 1e-5)
            let zero = try step(method, of: Matrix<Float>(rows: order, columns: order), to: values)
            #expect(zero.kept == 0 && zero.0.norm == 0)
            let one = Matrix<Float>(rows: order, columns: order + 5, repeating: 1)
            let found = try step(method, of: one, to: values)
            let expected = try method.applied(of: one, to: values).value
            #expect(found.kept == 1 && distance(found.0, expected) < 1e-5)
        }
    }
}
