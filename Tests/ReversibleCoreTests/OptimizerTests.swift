import LinearAlgebra
import ReversibleCore
import Testing

/// Each rule against its equations, written out for one number.
@Suite struct OptimizerTests {
    private let directions = [0.5, -2, 0.25, 3, -0.125]

    private func path<Scalar: BLASScalar>(
        _ rule: UpdateRule, from start: Double, as type: Scalar.Type = Double.self
    ) -> [Double] {
        var optimizer = Optimizer<Scalar>(rule)
        var parameters = Parameters<Scalar>(coefficients: [Matrix(rows: 1, columns: 1, repeating: Scalar(start))])
        return directions.map { direction in
            optimizer.update(
                &parameters,
                along: Parameters(coefficients: [Matrix(rows: 1, columns: 1, repeating: Scalar(direction))]))
            return Double(parameters.coefficients[0][0, 0])
        }
    }

    /// Five updates of a few roundings each, of numbers of size 1.
    private func expectSame(_ left: [Double], _ right: [Double]) {
        for (left, right) in zip(left, right) { #expect(abs(left - right) < 5 * 8 * .ulpOfOne * 4) }
    }

    @Test(arguments: [0, 0.9], [0, 0.1])
    func `momentum looks ahead where it is asked to`(momentum: Double, decay: Double) {
        var (theta, velocity) = (1.0, 0.0)
        let expected = directions.map { direction in
            let gradient = direction + decay * theta
            velocity = momentum * velocity + gradient
            theta -= 0.1 * (gradient + momentum * velocity)
            return theta
        }
        expectSame(
            path(.descent(rate: 0.1, momentum: momentum, nesterov: true, weightDecay: decay), from: 1), expected)
    }

    @Test func `decoupled decay shrinks the weights and stays out of the moments`() {
        let (rate, beta1, beta2, epsilon, decay) = (0.1, 0.8, 0.95, 1e-3, 0.3)
        var (theta, mean, square) = (2.0, 0.0, 0.0)
        let expected = directions.enumerated().map { index, direction in
            theta -= rate * decay * theta
            mean = beta1 * mean + (1 - beta1) * direction
            square = beta2 * square + (1 - beta2) * direction * direction
            var (power1, power2) = (1.0, 1.0)
            for _ in 0...index {
                power1 *= beta1
                power2 *= beta2
            }
            theta -= rate * (mean / (1 - power1)) / ((square / (1 - power2)).squareRoot() + epsilon)
            return theta
        }
        func rule(decoupled: Bool) -> UpdateRule {
            .adam(
                rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: decay, decoupledDecay: decoupled)
        }
        expectSame(path(rule(decoupled: true), from: 2), expected)
        #expect(path(rule(decoupled: false), from: 2) != path(rule(decoupled: true), from: 2))
    }

    /// In single precision a β of 1 − 10⁻⁸ is 1.
    @Test(arguments: [0.9, 0.9999, 0.999999, 0.99999999], [0.999, 0.99999, 0.99999999])
    func `moments that hardly fade are the same in single precision`(beta1: Double, beta2: Double) {
        let rule = UpdateRule.adam(rate: 0.1, beta1: beta1, beta2: beta2, epsilon: 1e-8, weightDecay: 0.01)
        for (single, double) in zip(path(rule, from: 1, as: Float.self), path(rule, from: 1)) {
            #expect(abs(single - double) < 1e-5, "\(single) \(double)")
        }
    }

    @Test(arguments: [
        UpdateRule.descent(rate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.2),
        .adam(rate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.1, decoupledDecay: true),
    ])
    func `another rate changes nothing else of a rule`(rule: UpdateRule) {
        var changed = rule
        changed.rate = 0.5
        #expect(changed != rule && changed.rate == 0.5)
        changed.rate = 0.1
        #expect(changed == rule)
    }
}
