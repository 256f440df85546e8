import LinearAlgebra
import RandomStreams
import ReversibleCore
import Testing

/// Four passes over seven batches of 100: 28 steps with momentum and weight decay, through Gram matrices of order 100.
private struct LongRun {
    var loss: Loss
    var rate: Double
    /// By which every number of the inputs is disturbed, relative to it.
    var disturbance = 0.0

    /// - Returns: the parameters at the end.
    func end<Scalar: BLASScalar>(in _: Scalar.Type) throws -> [Matrix<Double>] {
        let shape = Architecture(
            features: 64, blocks: 2, hidden: 200, bias: true, classes: 10, activation: .tanh)
        var network = try ReversibleNetwork<Scalar>(initializing: shape, seed: 6)
        var optimizer = Optimizer<Scalar>(.descent(rate: rate, momentum: 0.5, weightDecay: 0.01))
        let step = TrainingStep(for: network, batch: 100, activations: .keep)
        var random = RandomStream(seed: 8, stream: 1)
        var noise = RandomStream(seed: 9, stream: 1)
        let inputs = (0..<7).map { _ in (0..<6400).map { _ in Double(Float(random.normal())) } }
        var targets = Matrix<Scalar>(rows: 100, columns: 10)
        for row in 0..<100 { targets[row, row % 10] = 1 }
        for iteration in 0..<28 {
            let numbers = inputs[iteration % 7].map { Scalar($0 * (1 + disturbance * noise.normal())) }
            _ = try step.perform(
                on: &network, &optimizer, loss: loss, .gaussNewton(PseudoInverse()),
                input: Matrix(rows: 100, columns: 64, elements: numbers), targets: targets)
        }
        return network.parameters.coefficients.map { $0.converted(to: Double.self) }
    }
}

private func distance(_ left: [Matrix<Double>], _ right: [Matrix<Double>]) -> Double {
    var (difference, length) = (0.0, 0.0)
    for (first, second) in zip(left, right) {
        var rest = first
        rest.add(second, scale: -1)
        difference += rest.dot(rest)
        length += second.dot(second)
    }
    return (difference / length).squareRoot()
}

/// How far a run in single precision ends from one in double. With tanh: a unit of ReLU whose input is 0 to rounding
/// has the slope 0 in one run and 1 in the other, which makes two runs of them; see docs/revmlp.md.
@Suite struct RoundingTests {
    /// Single precision ends no farther from double than double itself does once its inputs are disturbed by single
    /// precision's rounding, but for a factor; and the distance is proportional to the disturbance, so that rounding is
    /// all that it comes from. The second run is close to the border of stability, where steps enlarge differences.
    @Test(arguments: [true, false])
    func `many steps with momentum and decay differ by what their rounding explains`(isCrossEntropy: Bool) throws {
        let run =
            isCrossEntropy
            ? LongRun(loss: .crossEntropy(.identity), rate: 0.3)
            : LongRun(loss: .squaredError(tangentFactor: 2), rate: 0.13)
        var (much, little) = (run, run)
        (much.disturbance, little.disturbance) = (6e-8, 6e-10)
        let exact = try run.end(in: Double.self)
        let single = distance(try run.end(in: Float.self), exact)
        let disturbed = distance(try much.end(in: Double.self), exact)
        let less = distance(try little.end(in: Double.self), exact)
        #expect(disturbed < 1e-4)
        #expect(single < 100 * disturbed)
        #expect(disturbed / less > 30 && disturbed / less < 300)
    }
}
