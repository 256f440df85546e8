import Testing

@testable import LinearAlgebra

/// Features as ReLU makes them: a few large directions, and a long tail through every threshold.
private func features(_ rows: Int, _ columns: Int, inputs: Int = 96) -> Matrix<Float> {
    var features = randomMatrix(rows, inputs, seed: 71, of: Double.self).times(
        randomMatrix(inputs, columns, seed: 72, of: Double.self))
    features.withMutableElements { elements in
        for index in 0..<elements.count { elements[index] = max(elements[index], 0) }
    }
    return features.converted(to: Float.self)
}

@Suite struct AccuracyTests {
    /// Orders on both sides of the change of format at 128, and the published threshold among others.
    @Test(arguments: [(100, 400), (127, 400), (128, 400), (200, 200), (256, 1024), (400, 128), (512, 512)])
    func `a step in single precision is that of the singular values in double to three digits`(
        rows: Int, columns: Int
    ) throws {
        let matrix = features(rows, columns)
        let values: Matrix<Float> = randomMatrix(rows, 4, seed: 73)
        let isDual = rows <= columns
        for threshold in [5e-3, 1e-2, 5e-2] {
            let method = PseudoInverse(.svd, relativeThreshold: threshold, absoluteThreshold: 0)
            let exact = try method.applied(
                of: matrix.converted(to: Double.self), to: values.converted(to: Double.self)
            ).value
            let solver = FeatureSolver<Float>(method, rows: rows, columns: columns, values: 4)
            let vectors = isDual ? matrix : matrix.transposed()
            for task in 0..<FeatureSolver<Float>.tasks { solver.formGram(of: vectors.view, task: task) }
            _ = try solver.factorize(describing: false)
            var solution = isDual ? values : matrix.transposedTimes(values)
            solver.solve(solution.mutableView())
            let step = isDual ? matrix.transposedTimes(solution) : solution
            #expect(distance(step.converted(to: Double.self), exact) < 1e-3, "rtol \(threshold)")
        }
    }
}
