import Datasets
import LinearAlgebra
import RepresentationAnalysis
import ReversibleCore
import Testing
import Training

@Suite struct GoldenTests {
    @Test func `alignments are the reference's`() throws {
        let golden = try GoldenCase("p07_cka")
        let (x, y): (Matrix<Double>, Matrix<Double>) = (try golden.matrix("X"), try golden.matrix("Y"))
        let linear = (CentredKernel(of: x, .linear), CentredKernel(of: y, .linear))
        let median = (CentredKernel(of: x, .radial(.median)), CentredKernel(of: y, .radial(.median)))
        let given = (
            CentredKernel(of: x, .radial(.squared(2.25))), CentredKernel(of: y, .radial(.squared(2.25)))
        )
        func check(_ value: Double?, _ key: String, scale: Double = 1) throws {
            let (value, expected) = (try #require(value), try golden.expected(key))
            #expect(abs(value - expected) <= 1e-11 * scale, "\(key)")
        }
        try check(linear.0.alignment(with: linear.1), "linear_cka")
        try check(linear.0.alignment(with: linear.0), "linear_cka_self")
        try check(linear.0.independence(from: linear.1), "linear_hsic_xy", scale: 237)
        try check(median.0.alignment(with: median.1), "kernel_cka_median_np_correct")
        try check(given.0.alignment(with: given.1), "kernel_cka_sigma_1.5")
        for (name, features) in [("sigma2_X", x), ("sigma2_Y", y)] {
            guard case .squared(let variance) = SampleKernel.medianBandwidth(of: features) else {
                Issue.record("the median of \(name) is no variance")
                continue
            }
            let wanted = try golden.expected(name, "np_median")
            #expect(abs(variance - wanted) <= 1e-11, "\(name)")
        }
    }

    @Test func `tangent kernels are the reference's, exact and by its probes`() throws {
        let golden = try GoldenCase("p08_ntk")
        let input = Halves<Double>(splitting: try golden.matrix("X"))
        func kernels(_ output: TangentKernel<Double>.Output) throws -> (TangentKernel<Double>, TangentKernel<Double>) {
            (
                TangentKernel(try golden.network("theta"), on: input, of: output),
                TangentKernel(try golden.network("theta1"), on: input, of: output)
            )
        }
        let (first, second) = try kernels(.features)
        let exact = try TangentSimilarity(exactly: first, second)
        func check(_ value: Double, _ path: String...) throws {
            let wanted = try path.count == 1 ? golden.expected(path[0]) : golden.expected(path[0], path[1])
            #expect(abs(value - wanted) <= 1e-10, "\(path)")
        }
        try check(exact.kernel, "ntk_similarity_exact")
        try check(exact.jacobian, "jacobian_similarity_exact")
        #expect(exact.standardError == nil)
        let (logits0, logits1) = try kernels(.logits)
        try check(TangentSimilarity(exactly: logits0, logits1).kernel, "ntk_similarity_exact_logits")

        let (shape, numbers) = try golden.tensor("probes")
        let size = shape[1] * shape[2]
        let probes = (0..<shape[0]).map { index in
            Matrix(rows: shape[1], columns: shape[2], elements: numbers[index * size..<(index + 1) * size])
        }
        let products = try golden.tensor("K0v").values
        for (index, probe) in probes.enumerated() {
            let wanted = Matrix(
                rows: shape[1], columns: shape[2], elements: products[index * size..<(index + 1) * size])
            var difference = first.times(probe)
            difference.add(wanted, scale: -1)
            #expect(difference.norm <= 1e-10, "probe \(index)")
        }
        let estimate = try TangentSimilarity(estimating: first, second, with: probes)
        try check(estimate.kernel, "corrected_estimate_with_probes", "ntk")
        try check(estimate.jacobian, "corrected_estimate_with_probes", "jacobian")
        #expect(estimate.probes == 3)
    }

    @Test func `weight changes are the reference's`() throws {
        let golden = try GoldenCase("p09_misc")
        let (before, after) = (try golden.network("theta"), try golden.network("theta1"))
        let changes = NamedWeightChange.changes(
            from: before.parameters, to: after.parameters, of: golden.architecture)
        #expect(changes.count == 10)
        for named in changes {
            let path =
                switch named.name {
                case "all": ["all"]
                case "weights": ["weights_only"]
                case let name where name.hasSuffix("weight"): ["per_tensor", "\(name.prefix(3)).W"]
                case let name: ["per_tensor", "\(name.prefix(3)).b"]
                }
            func expected(_ key: String) throws -> Double {
                path.count == 1
                    ? try golden.expected("weight_difference", path[0], key)
                    : try golden.expected("weight_difference", path[0], path[1], key)
            }
            let change = named.change
            for (value, key) in [
                (change.normBefore, "norm0"), (change.normAfter, "norm1"), (change.difference, "diff_norm"),
                (try #require(change.relative), "relative_diff"), (try #require(change.cosine), "cosine"),
            ] {
                let wanted = try expected(key)
                #expect(abs(value - wanted) <= 1e-12 * wanted, "\(named.name) \(key)")
            }
        }
    }

    /// The research code averages the batches, and so over-weighs a short last one.
    @Test func `an evaluation weighs every sample the same`() throws {
        let golden = try GoldenCase("p09_misc")
        let targets: Matrix<Float> = try golden.matrix("Yeval", as: Float.self)
        let labels = (0..<targets.rows).map { row in (0..<3).first { targets[row, $0] == 1 } ?? -1 }
        let samples = LabelledImages(
            images: try golden.matrix("Xeval", as: Float.self), labels: labels, classes: 3)
        let evaluation = Evaluation(
            try golden.network("theta", as: Float.self), on: samples, loss: .crossEntropy(.identity))
        let expected = (golden["expected", "evaluation", "sample_weighted_correct"] as? [Double]) ?? []
        try #require(expected.count == 2)
        // Single precision through two blocks of products of ten terms: some 50 roundings of 2⁻²⁴.
        #expect(abs(evaluation.loss - expected[0]) <= 50 * 0x1p-24 * expected[0])
        #expect(100 * evaluation.accuracy == expected[1])
    }
}
