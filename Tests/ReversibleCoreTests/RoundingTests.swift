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

    /// - Returns: the parameters at the end, and for each step which rank each coupling kept.
    func end<Scalar: BLASScalar>(in _: Scalar.Type) throws -> (parameters: [Matrix<Double>], ranks: [[Int?]]) {
        let shape = Architecture(features: 64, blocks: 2, hidden: 200, bias: true, classes: 10)
        var network = try ReversibleNetwork<Scalar>(initializing: shape, seed: 6)
        var optimizer = Optimizer<Scalar>(.descent(rate: rate, momentum: 0.5, weightDecay: 0.01))
        let step = TrainingStep(for: network, batch: 100, activations: .keep)
        var random = RandomStream(seed: 8, stream: 1)
        var noise = RandomStream(seed: 9, stream: 1)
        let inputs = (0..<7).map { _ in (0..<6400).map { _ in Double(Float(random.normal())) } }
        var targets = Matrix<Scalar>(rows: 100, columns: 10)
        for row in 0..<100 { targets[row, row % 10] = 1 }
        var ranks: [[Int?]] = []
        for iteration in 0..<28 {
            let numbers = inputs[iteration % 7].map { Scalar($0 * (1 + disturbance * noise.normal())) }
            let report = try step.perform(
                on: &network, &optimizer, loss: loss, .gaussNewton(PseudoInverse()),
                input: Matrix(rows: 100, columns: 64, elements: numbers), targets: targets, describing: true)
            ranks.append(report.evidence.map(\.keptRank))
        }
        return (network.parameters.coefficients.map { $0.converted(to: Double.self) }, ranks)
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

/// Why a run in single precision can end where one in double does not.
@Suite struct RoundingTests {
    @Test func `many steps with momentum and decay add up to rounding, where the loss falls`() throws {
        let run = LongRun(loss: .crossEntropy(.identity), rate: 0.3)
        let (single, double) = (try run.end(in: Float.self), try run.end(in: Double.self))
        #expect(single.ranks == double.ranks)
        #expect(distance(single.parameters, double.parameters) < 1e-5)
    }

    /// On the border of stability every step enlarges what the last ones left. Single precision ends no farther from
    /// double than double itself does once its inputs are disturbed by single precision's rounding; and the distance is
    /// proportional to the disturbance, so that nothing but rounding was enlarged.
    @Test func `where a run enlarges differences, single precision is as far off as its rounding explains`() throws {
        let run = LongRun(loss: .squaredError(tangentFactor: 2), rate: 0.2)
        var (much, little) = (run, run)
        (much.disturbance, little.disturbance) = (6e-8, 6e-10)
        let exact = try run.end(in: Double.self)
        let single = distance(try run.end(in: Float.self).parameters, exact.parameters)
        let disturbed = distance(try much.end(in: Double.self).parameters, exact.parameters)
        let less = distance(try little.end(in: Double.self).parameters, exact.parameters)
        #expect(disturbed > 6e-7, "differences are not enlarged")
        #expect(single < 100 * disturbed)
        #expect(disturbed / less > 50 && disturbed / less < 200)
    }
}
