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
    @Test(arguments: [Loss.crossEntropy(.damped(0.3)), .crossEntropy(.damped(1e-6)), .crossEntropy(.exact)])
    func `the tangent solves the system of its curvature`(loss: Loss) {
        let (logits, targets) = (row([0.5, -1, 2, 0]), row([0, 0.9, 0.1, 0]))
        let error = Loss.crossEntropy(.identity).gaussNewtonTangent(logits, targets: targets)
        let delta = loss.gaussNewtonTangent(logits, targets: targets)
        var p = error
        p.add(targets)
        let inner = p.dot(delta)
        let damping = if case .crossEntropy(.damped(let lambda)) = loss { lambda } else { 0.0 }
        for j in 0..<4 {
            let product = p[0, j] * delta[0, j] - p[0, j] * inner + damping * delta[0, j]
            // Conditioned by 1/min p, about 20 here, and 1/λ.
            #expect(abs(product - error[0, j]) < 1e-13)
        }
        if damping == 0 { #expect(abs(delta.elements.reduce(0, +)) < 1e-12) }
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
