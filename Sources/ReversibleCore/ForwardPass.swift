import LinearAlgebra

/// Where a backward pass finds what the forward pass had in hand at each block.
///
/// For n samples and B blocks, of features d and a projection of width h, in numbers:
///
/// | | remembered | done again |
/// |---|---|---|
/// | `keep` | B·n·(2h + 2 + d), for `gelu` B·n·2h more | nothing |
/// | `recompute` | B·n·d: the state before each block | the features, of the very same state |
/// | `reverse` | nothing | each block is run backwards, and its features with it |
///
/// `keep` and `recompute` give the same bits. `reverse` differs by rounding: x + F − F is not x.
public enum ActivationMemory: String, Hashable, Sendable, CaseIterable {
    case keep, recompute, reverse
}

/// The output of a network for one batch, and what was remembered on the way there.
///
/// It belongs to the parameters it was computed with.
public struct ForwardPass<Scalar: BLASScalar>: Sendable {
    /// y of the last block, halves of `[n, m]`.
    public let output: Halves<Scalar>
    fileprivate let memory: Memory

    fileprivate enum Memory: Sendable {
        case visits([BlockVisit<Scalar>])
        /// The input of every block.
        case states([Halves<Scalar>])
        case nothing
    }

    /// The pass that had this output and of which nothing is remembered.
    init(reversing output: Halves<Scalar>) {
        self.init(output: output, memory: .nothing)
    }

    fileprivate init(output: Halves<Scalar>, memory: Memory) {
        self.output = output
        self.memory = memory
    }
}

extension ReversibleNetwork {
    /// The output for a batch, with as much remembered as `activations` says.
    public func forward(_ input: Halves<Scalar>, activations: ActivationMemory) -> ForwardPass<Scalar> {
        switch activations {
        case .reverse: return ForwardPass(reversing: output(of: input))
        case .recompute:
            let outputs = blockOutputs(of: input)
            return ForwardPass(
                output: outputs[outputs.count - 1], memory: .states([input] + outputs.dropLast()))
        case .keep:
            check(input)
            var state = input
            let visits = (0..<architecture.blocks).map { block in
                let (f, g) = (2 * block, 2 * block + 1)
                let before = state
                let featuresF = couplings[f].differentiableFeatures(of: state.second)
                state.first.add(featuresF.values, times: parameters.coefficients[f])
                let featuresG = couplings[g].differentiableFeatures(of: state.first)
                state.second.add(featuresG.values, times: parameters.coefficients[g])
                return BlockVisit(input: before, f: featuresF, g: featuresG)
            }
            return ForwardPass(output: state, memory: .visits(visits))
        }
    }

    /// What a block had in hand when it computed `output`, in a pass.
    func visit(_ block: Int, output: Halves<Scalar>, in pass: ForwardPass<Scalar>) -> BlockVisit<Scalar> {
        switch pass.memory {
        case .visits(let visits): return visits[block]
        case .states(let states):
            return BlockVisit(
                input: states[block],
                f: couplings[2 * block].differentiableFeatures(of: states[block].second),
                g: couplings[2 * block + 1].differentiableFeatures(of: output.first))
        case .nothing: return visit(block, output: output)
        }
    }
}
