import LinearAlgebra

/// A reversible multilayer perceptron: blocks that can be run backwards, and a frozen linear read-out.
///
///     forward   y1 = x1 + F(x2)    y2 = x2 + G(y1)        F, G: see `Coupling`; block 0 is linear
///     inverse   x2 = y2 − G(y1)    x1 = y1 − F(x2)
///     logits    Z = y U            U: [d, K], orthonormal columns; without U, Z = y
///
/// Batches are matrices with one sample per row. A backward pass needs no activations to be kept: it finds them again
/// by running the blocks backwards, unless a `ForwardPass` remembers them.
///
/// ```swift
/// let network = try ReversibleNetwork<Double>(initializing: architecture, seed: 1)
/// let input = Halves(splitting: samples)                  // samples: [n, d]
/// let output = network.output(of: input)
/// let again = network.input(of: output)                   // the input, to rounding
/// let logits = network.logits(of: output)                 // [n, K]
/// ```
///
/// Source: Buffelli et al. 2024 (arXiv:2411.07979); the block is that of Gomez et al. 2017, "The Reversible
/// Residual Network: Backpropagation Without Storing Activations", with F and G of one layer each.
public struct ReversibleNetwork<Scalar: BLASScalar>: Sendable {
    public let architecture: Architecture
    public var parameters: Parameters<Scalar>
    let couplings: [Coupling<Scalar>]
    /// U, its first and its last m rows.
    let readout: Halves<Scalar>?

    /// - Parameters:
    ///   - projections: C of every coupling in the order of the parameters, `[m, h]` each; empty where there is none.
    ///   - readout: U, `[d, K]`, or `nil` where the architecture has no classes.
    public init(
        architecture: Architecture, projections: [Matrix<Scalar>], readout: Matrix<Scalar>?,
        parameters: Parameters<Scalar>
    ) {
        let (half, count) = (architecture.half, 2 * architecture.blocks)
        precondition(
            projections.count == (architecture.hidden == nil ? 0 : count)
                && projections.allSatisfy { $0.rows == half && $0.columns == architecture.hidden },
            "the projections \(projections.map(\.shape)) do not fit \(architecture)")
        precondition(
            readout?.columns == architecture.classes && readout.map { $0.rows == architecture.features } ?? true,
            "the read-out \(readout?.shape ?? "nil") does not fit \(architecture)")
        precondition(
            parameters.coefficients.count == count
                && parameters.coefficients.allSatisfy {
                    $0.rows == architecture.coefficientRows && $0.columns == half
                }, "the parameters \(parameters.coefficients.map(\.shape)) do not fit \(architecture)")
        self.architecture = architecture
        self.parameters = parameters
        couplings = (0..<count).map { index in
            Coupling(
                activation: architecture.activation(ofBlock: index / 2), slope: architecture.slope,
                bias: architecture.bias, projection: projections.isEmpty ? nil : projections[index])
        }
        self.readout = readout.map { Halves(first: $0.rows(0..<half), second: $0.rows(half..<2 * half)) }
    }
}

// MARK: Forward and back

extension ReversibleNetwork {
    /// `y` of the last block, halves of `[n, m]`.
    public func output(of input: Halves<Scalar>) -> Halves<Scalar> {
        forward(input, activations: .reverse).output
    }

    /// `y` of every block, first to last.
    public func blockOutputs(of input: Halves<Scalar>) -> [Halves<Scalar>] {
        check(input)
        var state = input
        return (0..<architecture.blocks).map { block in
            apply(block, to: &state)
            return state
        }
    }

    /// The input that `output(of:)` maps to `output`, to rounding.
    public func input(of output: Halves<Scalar>) -> Halves<Scalar> {
        check(output)
        var state = output
        for block in (0..<architecture.blocks).reversed() { state = visit(block, output: state).input }
        return state
    }

    /// `Z`, shape `[n, K]`.
    public func logits(of output: Halves<Scalar>) -> Matrix<Scalar> {
        check(output)
        guard let readout else { return output.joined }
        var logits = output.first.times(readout.first)
        logits.add(output.second, times: readout.second)
        return logits
    }

    /// `V = δ Uᵀ`: a cotangent or tangent of the logits, `[n, K]`, as one of the output.
    public func atOutput(_ logits: Matrix<Scalar>) -> Halves<Scalar> {
        guard let readout else { return Halves(splitting: logits) }
        return Halves(
            first: logits.timesTransposed(readout.first), second: logits.timesTransposed(readout.second))
    }

    private func apply(_ block: Int, to state: inout Halves<Scalar>) {
        let (f, g) = (2 * block, 2 * block + 1)
        state.first.add(couplings[f].features(of: state.second), times: parameters.coefficients[f])
        state.second.add(couplings[g].features(of: state.first), times: parameters.coefficients[g])
    }

    func check(columns: Int) {
        precondition(
            columns == architecture.features,
            "a batch with \(columns) columns does not fit a network with \(architecture.features) features")
    }

    func check(_ state: Halves<Scalar>) {
        precondition(
            state.first.columns == architecture.half,
            "halves \(state.first.shape) of a state do not fit a network with \(architecture.features) features")
    }
}

// MARK: One block, from its output

/// What a block had in hand when it computed its output.
package struct BlockVisit<Scalar: BLASScalar>: Sendable {
    package let input: Halves<Scalar>
    let f, g: CouplingFeatures<Scalar>

    /// `A_F = A(x2)`, `[n, c]`.
    package var featuresF: Matrix<Scalar> { f.values }
    /// `A_G = A(y1)`, `[n, c]`.
    package var featuresG: Matrix<Scalar> { g.values }
}

extension ReversibleNetwork {
    /// Runs one block backwards: `x2 = y2 − G(y1)`, `x1 = y1 − F(x2)`.
    package func visit(_ block: Int, output: Halves<Scalar>) -> BlockVisit<Scalar> {
        let (f, g) = (2 * block, 2 * block + 1)
        var input = output
        let featuresG = couplings[g].differentiableFeatures(of: output.first)
        input.second.add(featuresG.values, times: parameters.coefficients[g], scale: -1)
        let featuresF = couplings[f].differentiableFeatures(of: input.second)
        input.first.add(featuresF.values, times: parameters.coefficients[f], scale: -1)
        return BlockVisit(input: input, f: featuresF, g: featuresG)
    }
}
