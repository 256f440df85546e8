import Foundation
import LinearAlgebra
import ReversibleCore
import Testing

@Suite struct LossTests {
    private func row(_ values: [Double]) -> Matrix<Double> {
        Matrix(rows: 1, columns: values.count, elements: values)
    }

    @Test(arguments: [-1e4, -700, 0, 700, 1e4])
    func `the cross entropy and its tangents do not see a shift of all logits`(shift: Double) {
        let (logits, targets) = (row([0.5, -1, 2]), row([0, 1, 0]))
        var shifted = logits
        shifted.add(row([shift, shift, shift]))
        // A logit of 1e4 is known to 2e-12, and its exponential relative to the others no better.
        let allowed = 1e-11
        for curvature in [Loss.Curvature.identity, .exact, .damped(0.1)] {
            let loss = Loss.crossEntropy(curvature)
            #expect(
                abs(loss.value(logits, targets: targets) - loss.value(shifted, targets: targets)) < allowed)
            var difference = loss.gaussNewtonTangent(logits, targets: targets)
            difference.add(loss.gaussNewtonTangent(shifted, targets: targets), scale: -1)
            #expect(difference.norm < 100 * allowed)
        }
    }

    /// (H + λ·1) δ = p − y, and with λ = 0 on the space where H is invertible: the differences of the logits.
    @Test(
        arguments: [Loss.Curvature.damped(0.3), .damped(1e-6), .exact],
        [0, 0.1, 0.9])
    func `the tangent solves the system of its curvature`(curvature: Loss.Curvature, smoothing: Double) {
        let loss = Loss.crossEntropy(curvature, smoothing: smoothing)
        let logits = row([0.5, -1, 2, 0])
        // The smoothed labels, written out.
        let targets = row([0, 0.9, 0.1, 0].map { (1 - smoothing) * $0 + smoothing / 4 })
        let error = Loss.crossEntropy(.identity).gaussNewtonTangent(logits, targets: targets)
        let delta = loss.gaussNewtonTangent(logits, targets: row([0, 0.9, 0.1, 0]))
        var p = error
        p.add(targets)
        let inner = p.dot(delta)
        let damping = if case .damped(let lambda) = curvature { lambda } else { 0.0 }
        for j in 0..<4 {
            let product = p[0, j] * delta[0, j] - p[0, j] * inner + damping * delta[0, j]
            // Conditioned by 1/min p, about 20 here, and 1/λ.
            #expect(abs(product - error[0, j]) < 1e-13)
        }
        if damping == 0 { #expect(abs(delta.elements.reduce(0, +)) < 1e-12) }
    }

    private static let smoothings = [0, 0.05, 0.5, 0.99]

    /// (H + λ·1)⁻¹ goes to H⁺ as λ goes to 0, since the gradient has no part in the direction that H⁺ leaves out.
    @Test(arguments: [1e-10, 1e-14, 1e-18, 1e-60, 1e-300])
    func `with little damping the tangent is the exact one`(lambda: Double) {
        let logits = Matrix<Double>(rows: 1, columns: 4, elements: [0.3, -1.2, 2, 0.7])
        let targets = Matrix<Double>(rows: 1, columns: 4, elements: [0, 0, 0, 1])
        let exact = Loss.crossEntropy(.exact).gaussNewtonTangent(logits, targets: targets)
        let damped = Loss.crossEntropy(.damped(lambda)).gaussNewtonTangent(logits, targets: targets)
        for (damped, exact) in zip(damped.elements, exact.elements) {
            #expect(abs(damped - exact) < 1e-8 * abs(exact), "\(damped) \(exact)")
        }
    }

    @Test(arguments: smoothings, [Loss.Curvature.identity, .exact, .damped(0.2)])
    func `smoothing labels is training on smoothed targets, in every respect`(
        smoothing: Double, curvature: Loss.Curvature
    ) {
        let classes = 5
        let logits = Matrix(
            rows: 2, columns: classes, elements: [0.5, -1, 2, 0, 0.25, 3, 1, -2, 0.1, -0.75])
        var (targets, smoothed) = (
            Matrix<Double>(rows: 2, columns: classes),
            Matrix(rows: 2, columns: classes, repeating: smoothing / Double(classes))
        )
        for (row, label) in [1, 4].enumerated() {
            targets[row, label] = 1
            smoothed[row, label] += 1 - smoothing
        }
        let (loss, plain) = (Loss.crossEntropy(curvature, smoothing: smoothing), Loss.crossEntropy(curvature))
        #expect(abs(loss.value(logits, targets: targets) - plain.value(logits, targets: smoothed)) < 1e-15)
        for (left, right) in [
            (loss.gradient(logits, targets: targets), plain.gradient(logits, targets: smoothed)),
            (loss.gaussNewtonTangent(logits, targets: targets), plain.gaussNewtonTangent(logits, targets: smoothed)),
        ] {
            var difference = left
            difference.add(right, scale: -1)
            // One rounding in a smoothed label, multiplied by 1/p, 150 at most.
            #expect(difference.norm < 1e-13)
        }
        #expect(loss.unsmoothed == plain)
        // At the optimum the probabilities are the smoothed labels, and there is nowhere to go.
        if smoothing > 0 {
            var best = smoothed
            for row in 0..<2 { for column in 0..<classes { best[row, column] = log(best[row, column]) } }
            #expect(loss.gradient(best, targets: targets).norm < 1e-15)
            #expect(loss.gaussNewtonTangent(best, targets: targets).norm < 1e-13)
        }
    }

    @Test func `one step of the factor 1 makes a squared error vanish`() {
        let (logits, targets) = (row([0.5, -1, 2]), row([0, 1, 0]))
        var reached = logits
        reached.add(Loss.squaredError(tangentFactor: 1).gaussNewtonTangent(logits, targets: targets), scale: -1)
        #expect(reached == targets)
        // As published, half of the step does.
        reached = logits
        reached.add(Loss.meanSquaredError.gaussNewtonTangent(logits, targets: targets), scale: -0.5)
        #expect(reached == targets)
    }

    @Test func `an exact tangent too long for its precision is not a number to go on with`() {
        let logits = Matrix<Float>(rows: 1, columns: 2, elements: [0, 200])
        let targets = Matrix<Float>(rows: 1, columns: 2, elements: [1, 0])
        #expect(!Loss.crossEntropy(.exact).gaussNewtonTangent(logits, targets: targets).isFinite)
        #expect(Loss.crossEntropy(.damped(0.01)).gaussNewtonTangent(logits, targets: targets).isFinite)
        #expect(Loss.crossEntropy(.identity).value(logits, targets: targets) == 200)
    }

    @Test(arguments: [Double.nan, .infinity])
    func `logits that are not finite make a loss that is not finite`(value: Double) {
        for loss in [Loss.meanSquaredError, .crossEntropy(.identity)] {
            #expect(!loss.value(row([0, value]), targets: row([1, 0])).isFinite)
        }
    }
}
