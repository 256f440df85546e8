import LinearAlgebra

extension Workspace {
    /// Back-propagation from a cotangent of the output.
    ///
    /// With `(g1, g2)` the derivative by a block's output:
    ///
    ///     dΘ_G = A_Gᵀ g2      g1 ← g1 + dG(y1)ᵀ[g2]
    ///     dΘ_F = A_Fᵀ g1      g2 ← g2 + dF(x2)ᵀ[g1]        then (g1, g2) is the derivative by its input
    ///
    /// - Parameters:
    ///   - cotangent: `nil`: it is in `flow`; else its halves, of few numbers.
    ///   - wantsInput: whether `flow` is to become the derivative by the network's input, which training does without.
    ///   - sink: takes the derivatives by the coefficients; a block's when the block's coefficients are no longer
    ///     needed.
    func backPropagate(
        _ network: ReversibleNetwork<Scalar>, cotangent: (Cotangent<Scalar>, Cotangent<Scalar>)?, wantsInput: Bool,
        into sink: Sink
    ) {
        if let cotangent { spread(cotangent) }
        state.copy(from: output)
        for block in (0..<architecture.blocks).reversed() {
            let (f, g) = (2 * block, 2 * block + 1)
            revisit(block)
            let second = fewNumbers(cotangent?.1, at: block)
            let liftedG = second?.basis.map { lowCoefficients(g, $0) }
            inParallel(parts) { part in
                let samples = samples(part)
                let flow = flow.rows(samples)
                addPullback(
                    g, of: liftedG == nil ? flow.second.view : (second?.values.rows(samples) ?? flow.second.view),
                    lifted: liftedG, to: flow.first, part: part)
            }
            multiplyOut(
                g, Direction(weights: second ?? Cotangent(values: flow.second.view, basis: nil), isDual: true),
                network: network, into: sink)
            if block > 0 || wantsInput {
                inParallel(parts) { part in
                    let flow = flow.rows(samples(part))
                    addPullback(f, of: flow.first.view, to: flow.second, part: part)
                }
            }
            multiplyOut(
                f, Direction(weights: Cotangent(values: flow.first.view, basis: nil), isDual: true), network: network,
                into: sink)
        }
    }

    /// What the output's cotangent is made of, in the last block and if it is less than the cotangent itself.
    func fewNumbers(_ cotangent: Cotangent<Scalar>?, at block: Int) -> Cotangent<Scalar>? {
        guard let cotangent, block == architecture.blocks - 1, cotangent.values.columns < architecture.half else {
            return nil
        }
        return cotangent
    }

    /// Makes `flow` of halves that are given by few numbers.
    func spread(_ halves: (Cotangent<Scalar>, Cotangent<Scalar>)) {
        spread(halves.0, to: flow.first)
        spread(halves.1, to: flow.second)
    }

    private func spread(_ half: Cotangent<Scalar>, to target: MutableView) {
        if let basis = half.basis { target.set(half.values, times: basis) } else { target.copy(from: half.values) }
    }
}
