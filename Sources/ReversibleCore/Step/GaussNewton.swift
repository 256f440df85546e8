import LinearAlgebra

/// A proposed change of the parameters, with what each coupling's pseudo-inverse saw.
public struct GaussNewtonStep<Scalar: BLASScalar>: Sendable {
    /// Δθ, to be subtracted.
    public let update: Parameters<Scalar>
    /// In the order of the couplings: F and G of block 0, F and G of block 1, ….
    public let evidence: [PseudoInverse.Evidence]
}

extension ReversibleNetwork {
    /// The exact Gauss-Newton step: every block is asked for the whole tangent at its output.
    ///
    /// Blocks from last to first, with `(y, V)` at the block's output and `V = [v1 | v2]`:
    ///
    ///     D_F = A_F⁺ v1                       A_F: [n, c]   v1: [n, m]   D_F: [c, m]
    ///     R   = dG(y1)[A_F D_F]               what F's own change leaks into the second half
    ///     D_G = A_G⁺ (v2 − R)
    ///     to the block below:  u2 = v2 − dG(y1)[v1];  u1 = v1 − dF(x2)[u2]
    ///
    /// The tangent passed down uses v1 and not the A_F D_F that was reached, so that the blocks below aim at the
    /// tangent itself. Where every A has full row rank and nothing is truncated, `J Δθ = B·V`.
    ///
    /// - Parameters:
    ///   - pass: whose output is to change.
    ///   - tangent: V, what the output should change by, with the sign of a gradient.
    ///   - draw: names the random numbers of a randomized pseudo-inverse, and of the noise that is added to any; a pass
    ///     for steps with noise is made with `reducing: false`.
    /// - Throws: `NumericalFailure`; nothing has then been changed.
    ///
    /// ```swift
    /// let pass = network.forward(input, activations: .keep)
    /// let delta = loss.gaussNewtonTangent(network.logits(of: pass.output), targets: targets)      // δ, [n, K]
    /// let step = try network.gaussNewtonStep(
    ///     pass, tangent: network.atOutput(delta), pseudoInverse: PseudoInverse())
    /// network.parameters.add(step.update, scale: -rate)
    /// ```
    ///
    /// Source: Buffelli et al. 2024 (arXiv:2411.07979), whose exact update this is, as its published code computes it:
    /// J, the derivative of the output by all parameters, is inverted block by block and never formed. For V see
    /// `Loss.gaussNewtonTangent`. With one block, `Δθ = J⁺ V`.
    public func gaussNewtonStep(
        _ pass: ForwardPass<Scalar>, tangent: Halves<Scalar>, pseudoInverse: PseudoInverse,
        draw: SketchDraw = SketchDraw()
    ) throws(NumericalFailure) -> GaussNewtonStep<Scalar> {
        let update = try collect(pass, from: tangent) { workspace, sink throws(NumericalFailure) in
            try workspace.gaussNewtonStep(
                self, tangent: nil, pseudoInverse: pseudoInverse, draw: draw, describing: true, into: sink)
        }
        return GaussNewtonStep(update: update, evidence: pass.workspace.gaussNewton?.evidence ?? [])
    }

    /// The same, with every block run backwards from the output of the last one.
    public func gaussNewtonStep(
        output: Halves<Scalar>, tangent: Halves<Scalar>, pseudoInverse: PseudoInverse, draw: SketchDraw = SketchDraw()
    ) throws(NumericalFailure) -> GaussNewtonStep<Scalar> {
        try gaussNewtonStep(
            pass(reversing: output, reducing: draw.noise == 0), tangent: tangent, pseudoInverse: pseudoInverse,
            draw: draw)
    }

    /// The tangent at a block's input that its output's tangent comes from: `u2 = v2 − dG(y1)[v1]; u1 = v1 −
    /// dF(x2)[u2]`.
    package func tangentBelow(
        _ block: Int, visit: BlockVisit<Scalar>, tangent v: Halves<Scalar>
    ) -> Halves<Scalar> {
        let (f, g) = (2 * block, 2 * block + 1)
        var u = v
        u.second.add(
            couplings[g].derivative(
                along: v.first, features: visit.g, coefficients: parameters.coefficients[g]), scale: -1)
        u.first.add(
            couplings[f].derivative(
                along: u.second, features: visit.f, coefficients: parameters.coefficients[f]), scale: -1)
        return u
    }
}
