import LinearAlgebra
import RandomStreams
import ReversibleCore
import Testing

/// A shape to try a property on; `description` is what a failure prints.
struct Shape: Sendable, CustomStringConvertible {
    var architecture: Architecture
    var batch: Int
    var seed: UInt64

    var description: String {
        "d=\(architecture.features) B=\(architecture.blocks) h=\(architecture.hidden.map(String.init) ?? "none") "
            + "K=\(architecture.classes.map(String.init) ?? "none") bias=\(architecture.bias) "
            + "\(architecture.activation) n=\(batch)"
    }

    /// Shapes drawn at random, the same on every run.
    static func drawn(_ count: Int, stream: UInt64, blocks: ClosedRange<Int> = 1...4) -> [Shape] {
        (0..<count).map { index in
            var random = RandomStream(seed: 5, stream: stream, UInt64(index))
            func integer(_ range: ClosedRange<Int>) -> Int {
                range.lowerBound + Int(random.integer(below: UInt64(range.count)))
            }
            let features = 2 * integer(1...8)
            return Shape(
                architecture: Architecture(
                    features: features, blocks: integer(blocks), hidden: integer(0...3) == 0 ? nil : integer(1...30),
                    bias: integer(0...3) > 0, classes: integer(0...3) == 0 ? nil : integer(1...features),
                    activation: [.identity, .relu, .relu, .relu, .leakyReLU, .tanh, .gelu][integer(0...6)]),
                batch: integer(1...20), seed: UInt64(index))
        }
    }

    /// A network with weights of size 1/√h, so that its blocks do something.
    func network<Scalar: BLASScalar>(_: Scalar.Type = Scalar.self) throws -> ReversibleNetwork<Scalar> {
        var network = try ReversibleNetwork<Scalar>(initializing: architecture, seed: seed)
        network.parameters = direction(stream: 1, deviation: 1 / Double(architecture.coefficientRows).squareRoot())
        return network
    }

    func direction<Scalar: BLASScalar>(stream: UInt64, deviation: Double = 1) -> Parameters<Scalar> {
        Parameters(
            coefficients: (0..<2 * architecture.blocks).map { index in
                gaussian(
                    architecture.coefficientRows, architecture.half, stream: stream, index, deviation: deviation)
            })
    }

    func states<Scalar: BLASScalar>(stream: UInt64) -> Halves<Scalar> {
        Halves(splitting: gaussian(batch, architecture.features, stream: stream, 0))
    }

    /// One-hot, at random.
    func targets<Scalar: BLASScalar>() -> Matrix<Scalar> {
        var random = RandomStream(seed: seed, stream: 9)
        var targets = Matrix<Scalar>(rows: batch, columns: architecture.outputs)
        for row in 0..<batch { targets[row, Int(random.integer(below: UInt64(architecture.outputs)))] = 1 }
        return targets
    }

    private func gaussian<Scalar: BLASScalar>(
        _ rows: Int, _ columns: Int, stream: UInt64, _ index: Int, deviation: Double = 1
    ) -> Matrix<Scalar> {
        var random = RandomStream(seed: seed, stream: stream, UInt64(index))
        return Matrix(
            rows: rows, columns: columns,
            elements: (0..<rows * columns).map { _ in Scalar(deviation * random.normal()) })
    }
}

func distance<Scalar: BLASScalar>(_ left: Halves<Scalar>, _ right: Halves<Scalar>) -> Double {
    var difference = left.joined
    difference.add(right.joined, scale: -1)
    return Double(difference.norm)
}

@Suite struct ReversibilityTests {
    private func check<Scalar: BLASScalar>(_ shape: Shape, _: Scalar.Type) throws {
        let network = try shape.network(Scalar.self)
        let input: Halves<Scalar> = shape.states(stream: 2)
        let outputs = network.blockOutputs(of: input)
        let back = network.input(of: outputs[outputs.count - 1])
        // Each half of each block is added and taken away again, both times rounded to within its size at that depth.
        // What is wrong in a half grows by at most the block's Lipschitz constant on the way down, and that is what
        // the outputs themselves show, to be doubled for safety in each block.
        let sizes = [input] + outputs
        let size = sizes.map { Double($0.joined.norm) }.max() ?? 0
        let growth = (0..<outputs.count).reduce(1.0) { growth, _ in growth * 4 }
        let roundings = Double(2 * shape.architecture.blocks * (shape.architecture.coefficientRows + 2))
        #expect(distance(back, input) <= growth * roundings * Double(Scalar.ulpOfOne) * size)
    }

    @Test(arguments: Shape.drawn(60, stream: 51))
    func `a network run backwards finds its input`(shape: Shape) throws {
        try check(shape, Double.self)
        try check(shape, Float.self)
    }

    @Test(arguments: [2, 8, 32, 128])
    func `depth costs no more than its own rounding`(blocks: Int) throws {
        let architecture = Architecture(features: 16, blocks: blocks, hidden: 24, bias: true, classes: nil)
        let network = try ReversibleNetwork<Float>(initializing: architecture, seed: 1)
        let input: Halves<Float> = Shape(architecture: architecture, batch: 10, seed: 1).states(stream: 2)
        let back = network.input(of: network.output(of: input))
        // Published initialisation: every block is the identity to 1e-3·√h, so nothing grows; one rounding on the way
        // out and one on the way back, of numbers as large as the input.
        let size = Double(input.joined.norm)
        #expect(distance(back, input) <= Double(2 * blocks) * Double(Float.ulpOfOne) * size)
    }
}

@Suite struct DerivativeTests {
    private static let losses: [Loss] = [
        .meanSquaredError, .crossEntropy(.identity), .crossEntropy(.exact, smoothing: 0.2),
    ]

    /// Central differences along a random direction. Their error is h²/6 of a third derivative and ε/h of rounding,
    /// 1e-10 each at h = 1e-5; thousandfold for the constants. Kinks within h of a pre-activation are rare enough that
    /// none of these fixed seeds meets one.
    @Test(arguments: Shape.drawn(40, stream: 52), losses)
    func `the gradient is what the loss does along a direction`(shape: Shape, loss: Loss) throws {
        let network = try shape.network(Double.self)
        let input: Halves<Double> = shape.states(stream: 2)
        let targets: Matrix<Double> = shape.targets()
        let output = network.output(of: input)
        let gradient = network.gradient(
            output: output,
            cotangent: network.atOutput(loss.gradient(network.logits(of: output), targets: targets)))

        let direction: Parameters<Double> = shape.direction(stream: 3)
        let towards: Halves<Double> = shape.states(stream: 4)
        func value(_ h: Double) -> Double {
            var moved = network
            moved.parameters.add(direction, scale: h)
            var start = input
            start.first.add(towards.first, scale: h)
            start.second.add(towards.second, scale: h)
            return loss.value(moved.logits(of: moved.output(of: start)), targets: targets)
        }
        let h = 1e-5
        let difference = (value(h) - value(-h)) / (2 * h)
        let slope =
            gradient.parameters.dot(direction) + gradient.input.first.dot(towards.first)
            + gradient.input.second.dot(towards.second)
        #expect(abs(difference - slope) < 1e-7 * (1 + abs(slope)))
    }

    @Test(arguments: Shape.drawn(40, stream: 53))
    func `the derivative along a direction and the gradient are each other's transposes`(shape: Shape) throws {
        let network = try shape.network(Double.self)
        let input: Halves<Double> = shape.states(stream: 2)
        let direction: Parameters<Double> = shape.direction(stream: 3)
        let cotangent: Halves<Double> = shape.states(stream: 4)
        let forward = network.jvp(input: input, direction: direction)
        let backward = network.gradient(output: network.output(of: input), cotangent: cotangent).parameters
        let left = forward.first.dot(cotangent.first) + forward.second.dot(cotangent.second)
        let size = Double(backward.norm * direction.norm)
        #expect(abs(left - backward.dot(direction)) < 1000 * .ulpOfOne * size)
    }
}
