import LinearAlgebra

/// Where a backward pass finds what the forward pass had in hand at each block.
///
/// For n samples and B blocks, of features d and a projection of width h, in numbers:
///
/// | | remembered | done again |
/// |---|---|---|
/// | `keep` | B·n·(2h + 2), for `gelu` twice that | nothing |
/// | `recompute` | B·n·d: the state before each block | the features, of the very same state |
/// | `reverse` | nothing | each block is run backwards, and its features with it |
///
/// `keep` and `recompute` give the same bits. `reverse` differs by rounding: x + F − F is not x.
public enum ActivationMemory: String, Hashable, Sendable, CaseIterable {
    case keep, recompute, reverse

    /// `keep`, the fastest, where what it remembers of a batch in single precision takes at most `bytes`, else
    /// `reverse`.
    ///
    /// A function of the shape alone and not of the machine, since the bits of a result depend on it.
    public static func fastest(for architecture: Architecture, batch: Int, within bytes: Int) -> ActivationMemory {
        let copies = architecture.activation.needsSlopes ? 2.0 : 1
        let features = 2 * Double(architecture.blocks) * Double(architecture.coefficientRows) * copies
        return 4 * Double(batch) * features <= Double(bytes) ? .keep : .reverse
    }
}

/// The output of a network for one batch, and what was remembered on the way there.
///
/// It belongs to the parameters it was computed with, and to one thread at a time: going back through it uses its
/// memory.
public struct ForwardPass<Scalar: BLASScalar> {
    /// y of the last block, halves of `[n, m]`.
    public let output: Halves<Scalar>
    let workspace: Workspace<Scalar>
}

extension ReversibleNetwork {
    /// The output for a batch, with as much remembered as `activations` says.
    ///
    /// - Parameter reducing: whether linear couplings may be computed with in a reduced form; not where noise is to be
    ///   added to pseudo-inverses, see `TrainingStep`.
    public func forward(
        _ input: Halves<Scalar>, activations: ActivationMemory, reducing: Bool = true
    ) -> ForwardPass<Scalar> {
        check(input)
        let workspace = Workspace(
            architecture, couplings: couplings, batch: input.batch, activations: activations, reducing: reducing)
        withExtendedLifetime((self, input)) {
            workspace.begin(self)
            workspace.state.first.copy(from: input.first.view)
            workspace.state.second.copy(from: input.second.view)
            workspace.forward()
        }
        return ForwardPass(output: workspace.output.matrices, workspace: workspace)
    }

    /// The pass that had this output and of which nothing is remembered.
    func pass(reversing output: Halves<Scalar>, reducing: Bool = true) -> ForwardPass<Scalar> {
        check(output)
        let workspace = Workspace(
            architecture, couplings: couplings, batch: output.batch, activations: .reverse, reducing: reducing)
        withExtendedLifetime(output) {
            workspace.output.first.copy(from: output.first.view)
            workspace.output.second.copy(from: output.second.view)
        }
        return ForwardPass(output: output, workspace: workspace)
    }

    /// Goes back through a pass with a tangent or cotangent of its output, and collects what comes of it.
    ///
    /// - Parameter body: is given the workspace, `flow` being the halves, and where the directions of all couplings go.
    func collect<Failure: Error>(
        _ pass: ForwardPass<Scalar>, from halves: Halves<Scalar>,
        _ body: (Workspace<Scalar>, Workspace<Scalar>.Sink) throws(Failure) -> Void
    ) throws(Failure) -> Parameters<Scalar> {
        check(halves)
        precondition(halves.batch == pass.output.batch, "\(halves.batch) tangents for \(pass.output.batch) samples")
        var directions = Parameters(zerosLike: parameters)
        let views = directions.coefficients.indices.map { directions.coefficients[$0].mutableView() }
        let workspace = pass.workspace
        defer { withExtendedLifetime((self, halves, directions)) {} }
        workspace.begin(self)
        workspace.flow.first.copy(from: halves.first.view)
        workspace.flow.second.copy(from: halves.second.view)
        try body(workspace) { coupling, rows, direction in views[coupling].rows(rows).copy(from: direction) }
        return directions
    }
}
