import LinearAlgebra
import ReversibleCore
import Testing

@Suite struct InitializationTests {
    private let architecture = Architecture(features: 40, blocks: 3, hidden: 50, bias: true, classes: 7)

    @Test func `weights are drawn with deviation one thousandth and biases begin at zero`() throws {
        let network = try ReversibleNetwork<Double>(initializing: architecture, seed: 1)
        var (sum, squares, count) = (0.0, 0.0, 0.0)
        for coefficients in network.parameters.coefficients {
            #expect(coefficients.rows(50..<51) == Matrix(rows: 1, columns: 20))
            for value in coefficients.rows(0..<50).elements {
                sum += value
                squares += value * value
                count += 1
            }
        }
        // Six standard deviations of the mean, 1e-3/√count, and of the variance, 1e-6·√(2/count).
        #expect(abs(sum / count) < 6e-3 / count.squareRoot())
        #expect(abs(squares / count - 1e-6) < 6e-6 * (2 / count).squareRoot())
    }

    @Test(arguments: [(Initialization.xavier, 2.0 / 70), (.he, 2.0 / 50)])
    func `weights are drawn with the variance that their shape asks for`(
        initialization: Initialization, variance: Double
    ) throws {
        let network = try ReversibleNetwork<Double>(initializing: architecture, weights: initialization, seed: 1)
        let weights = network.parameters.coefficients.flatMap { $0.rows(0..<50).elements }
        let count = Double(weights.count)
        let squares = weights.reduce(0) { $0 + $1 * $1 }
        // Six standard deviations of the variance, √(2/count) of it.
        #expect(abs(squares / count / variance - 1) < 6 * (2 / count).squareRoot())
        #expect(network.parameters.coefficients.allSatisfy { $0.rows(50..<51) == Matrix(rows: 1, columns: 20) })
    }

    @Test func `projections keep the size of what they project on average`() throws {
        let network = try ReversibleNetwork<Double>(initializing: architecture, seed: 1)
        // Block 0 is linear: A = [x C | 1], so the rows of the unit vectors' features are the rows of C.
        let units = Halves<Double>(first: .identity(20), second: .identity(20))
        let features = network.visit(0, output: units).featuresG
        let squares = features.columns(0..<50).elements.reduce(0) { $0 + $1 * $1 }
        // 1000 numbers of variance 1/50: their squares sum to 20, with deviation 20·√(2/1000); six of them.
        #expect(abs(squares - 20) < 6 * 20 * (2.0 / 1000).squareRoot())
    }

    @Test func `the read-out has orthonormal columns`() throws {
        let network = try ReversibleNetwork<Double>(initializing: architecture, seed: 2)
        let units = Halves(splitting: Matrix<Double>.identity(40))
        let readout = network.logits(of: units)
        var difference = readout.transposedTimes(readout)
        difference.add(.identity(7), scale: -1)
        #expect(difference.norm < 100 * .ulpOfOne)
    }

    @Test func `a network depends on its seed alone, and single precision is the rounded double`() throws {
        let first = try ReversibleNetwork<Double>(initializing: architecture, seed: 5)
        let again = try ReversibleNetwork<Double>(initializing: architecture, seed: 5)
        let other = try ReversibleNetwork<Double>(initializing: architecture, seed: 6)
        let single = try ReversibleNetwork<Float>(initializing: architecture, seed: 5)
        #expect(first.parameters == again.parameters)
        #expect(first.parameters != other.parameters)
        #expect(single.parameters.coefficients == first.parameters.coefficients.map { $0.converted(to: Float.self) })
        // The bits themselves are part of what a seed means.
        #expect(first.parameters.coefficients[0][0, 0] == 0.0003213987708006501)
    }

    @Test func `a deeper network begins with the blocks of a shallower one`() throws {
        var deeper = architecture
        deeper.blocks = 5
        let shallow = try ReversibleNetwork<Float>(initializing: architecture, seed: 5)
        let deep = try ReversibleNetwork<Float>(initializing: deeper, seed: 5)
        #expect(Array(deep.parameters.coefficients[..<6]) == shallow.parameters.coefficients)
    }

    @Test func `a batch of the wrong width traps`() async {
        await #expect(processExitsWith: .failure) {
            let architecture = Architecture(features: 4, blocks: 1, hidden: nil, bias: false, classes: nil)
            let network = try ReversibleNetwork<Float>(initializing: architecture, seed: 0)
            _ = network.output(of: Halves(splitting: Matrix(rows: 1, columns: 6)))
        }
    }
}
