import Foundation
import LinearAlgebra
import ReversibleCore
import Testing

@Suite struct ActivationTests {
    private static let references: [(Activation, @Sendable (Double) -> Double)] = [
        (.identity, { $0 }), (.relu, { max($0, 0) }), (.leakyReLU, { $0 > 0 ? $0 : 0.2 * $0 }),
        (.tanh, { x in 1 - 2 / (exp(2 * x) + 1) }), (.gelu, { x in x * normalDistribution(x) }),
    ]

    /// Where the functions bend and where they are flat, but not on a kink.
    private static let points = [-6, -2.5, -1, -0.75, -0.01, 0.02, 0.3, 1, 1.5, 4, 7]

    private static func shape(_ activation: Activation) -> Architecture {
        Architecture(
            features: 2 * points.count, blocks: 2, hidden: nil, bias: true, classes: nil, activation: activation,
            slope: 0.2)
    }

    /// The features of block 1 where it is given the points: block 0 does nothing, its weights being 0.
    private func visit(_ activation: Activation) throws -> (ReversibleNetwork<Double>, BlockVisit<Double>) {
        let architecture = Self.shape(activation)
        var network = try ReversibleNetwork<Double>(initializing: architecture, seed: 0)
        network.parameters = Parameters(zerosLike: network.parameters)
        let row = Matrix(rows: 1, columns: Self.points.count, elements: Self.points)
        let input = Halves(first: row, second: row)
        return (network, network.visit(1, output: network.output(of: input)))
    }

    @Test(arguments: references.indices)
    func `an activation is the function it is named after`(index: Int) throws {
        let (activation, function) = Self.references[index]
        let features = try visit(activation).1.featuresF
        for (column, point) in Self.points.enumerated() {
            // The references are good to a few units of rounding of numbers of size 1 or the point's.
            #expect(abs(features[0, column] - function(point)) < 1e-14 * max(1, abs(point)), "at \(point)")
        }
        #expect(features[0, Self.points.count] == 1)
    }

    @Test(arguments: Activation.allCases)
    func `the derivative of an activation is its central difference`(activation: Activation) throws {
        var (network, _) = try visit(activation)
        // F of block 1 is the activation itself, G stays 0: the output moves as s(x2) does.
        network.parameters.coefficients[2] = Matrix.identity(Self.points.count).onZeroRow
        let zero = Matrix<Double>(rows: 1, columns: Self.points.count)
        func output(_ shift: Double) -> Matrix<Double> {
            let moved = Matrix(rows: 1, columns: Self.points.count, elements: Self.points.map { $0 + shift })
            return network.output(of: Halves(first: zero, second: moved)).first
        }
        // Error h²/6 of a third derivative of size 1, and ε·7/h of rounding: both below 1e-10.
        let h = 1e-5
        var difference = output(h)
        difference.add(output(-h), scale: -1)
        let ones = Matrix<Double>(rows: 1, columns: Self.points.count, repeating: 1)
        let pass = network.output(
            of: Halves(
                first: zero, second: Matrix(rows: 1, columns: Self.points.count, elements: Self.points)))
        let slopes = network.gradient(output: pass, cotangent: Halves(first: ones, second: zero)).input.second
        for column in Self.points.indices {
            #expect(abs(slopes[0, column] - difference[0, column] / (2 * h)) < 1e-9, "at \(Self.points[column])")
        }
    }

    /// From −20 to 20, more densely around 0, and what is no ordinary number.
    private static let sweep: [Float] =
        (-20_000...20_000).map { Float($0) / 1000 } + (-200...200).map { Float($0) * 1e-7 } + [-1e30, 1e30, -.infinity]

    private func applied(_ activation: Activation) -> (single: Matrix<Float>, double: Matrix<Double>) {
        var single = Matrix(rows: 1, columns: Self.sweep.count, elements: Self.sweep)
        var double = Matrix(rows: 1, columns: Self.sweep.count, elements: Self.sweep.map(Double.init))
        activation.apply(to: single.mutableView(), slope: 0)
        activation.apply(to: double.mutableView(), slope: 0)
        return (single, double)
    }

    /// The bounds are those of the functions' documentation.
    @Test(arguments: [(Activation.tanh, 4.0), (.gelu, 8)])
    func `single precision differs from double by some units of the last place`(activation: Activation, units: Double) {
        let (single, double) = applied(activation)
        for (column, point) in Self.sweep.enumerated() {
            // −∞·0 is what the library makes of the weight of −∞, and 0 is meant.
            let expected = double[0, column].isNaN ? 0 : double[0, column]
            let bound = units * Double(Float.ulpOfOne) * abs(expected) + Double(Float.leastNormalMagnitude) * 20
            #expect(abs(Double(single[0, column]) - expected) <= bound, "at \(point)")
        }
    }

    @Test func `the slopes of gelu are as good, but where they cross 0`() {
        var (single, double) = (
            Matrix(rows: 1, columns: Self.sweep.count, elements: Self.sweep),
            Matrix(rows: 1, columns: Self.sweep.count, elements: Self.sweep.map(Double.init))
        )
        var (slopes, expected) = (single, double)
        Activation.gelu.apply(to: single.mutableView(), writing: slopes.mutableView())
        Activation.gelu.apply(to: double.mutableView(), writing: expected.mutableView())
        #expect(single == applied(.gelu).single)
        for (column, point) in Self.sweep.enumerated() where point.isFinite {
            #expect(abs(Double(slopes[0, column]) - expected[0, column]) <= 8 * Double(Float.ulpOfOne), "at \(point)")
        }
    }

    @Test(arguments: Activation.allCases)
    func `what is undefined stays undefined`(activation: Activation) {
        var z = Matrix<Float>(rows: 1, columns: 9, repeating: .nan)
        activation.apply(to: z.mutableView(), slope: 0.2)
        #expect(z.elements.allSatisfy { $0.isNaN })
    }

    private static let remembering = Activation.allCases.flatMap { activation in
        Shape.drawn(4, stream: 71, blocks: 2...5).map { shape in
            var shape = shape
            shape.architecture.activation = activation
            return shape
        }
    }

    @Test(arguments: remembering)
    func `keeping and recomputing give the same bits, and reversing the same but for rounding`(shape: Shape) throws {
        let network = try shape.network(Double.self)
        let input: Halves<Double> = shape.states(stream: 2)
        let aim: Halves<Double> = shape.states(stream: 3)
        let pseudoInverse = PseudoInverse(.damped, relativeThreshold: 0.1)
        func results(_ memory: ActivationMemory) throws -> (Gradient<Double>, Parameters<Double>) {
            let pass = network.forward(input, activations: memory)
            #expect(pass.output == network.output(of: input))
            return (
                network.gradient(pass, cotangent: aim),
                try network.gaussNewtonStep(pass, tangent: aim, pseudoInverse: pseudoInverse).update
            )
        }
        let (kept, recomputed, reversed) = (try results(.keep), try results(.recompute), try results(.reverse))
        #expect(kept.0.parameters == recomputed.0.parameters && kept.0.input == recomputed.0.input)
        #expect(kept.1 == recomputed.1)
        // As in the test of reversibility: rounding grows fourfold with each block, and there are five at most; the
        // step is conditioned by 1/0.1.
        var difference = kept.0.parameters
        difference.add(reversed.0.parameters, scale: -1)
        #expect(difference.norm <= 1e-10 * (1 + kept.0.parameters.norm))
        difference = kept.1
        difference.add(reversed.1, scale: -1)
        #expect(difference.norm <= 1e-9 * (1 + kept.1.norm))
    }
}

extension Matrix<Double> {
    /// This matrix with a row of zeros below it: weights above a bias of 0.
    fileprivate var onZeroRow: Matrix<Double> {
        Matrix(rows: rows + 1, columns: columns, elements: elements + [Double](repeating: 0, count: columns))
    }
}

/// Φ(x) = ½ + φ(x)·(x + x³/3 + x⁵/(3·5) + …), Marsaglia 2004.
private func normalDistribution(_ x: Double) -> Double {
    var (term, sum, n) = (x, x, 1.0)
    for _ in 0..<200 {
        n += 2
        term *= x * x / n
        sum += term
    }
    return 0.5 + sum * exp(-x * x / 2) / (2 * Double.pi).squareRoot()
}
