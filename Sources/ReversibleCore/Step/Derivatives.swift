import LinearAlgebra

/// The derivative of a scalar function of a network's output, by everything the output depends on.
public struct Gradient<Scalar: BLASScalar>: Sendable {
    /// By Θ of every coupling, in the same shapes.
    public let parameters: Parameters<Scalar>
    /// By the network's input, halves of `[n, m]`.
    public let input: Halves<Scalar>
}

extension ReversibleNetwork {
    /// Back-propagation with no stored activations: each block's input is recomputed from its output.
    ///
    /// - Parameters:
    ///   - output: of the last block.
    ///   - cotangent: the derivative of the function by that output, halves of `[n, m]`.
    public func gradient(output: Halves<Scalar>, cotangent: Halves<Scalar>) -> Gradient<Scalar> {
        gradient(pass(reversing: output), cotangent: cotangent)
    }

    /// Back-propagation, see `Workspace.backPropagate`.
    ///
    /// - Parameters:
    ///   - pass: whose output the function is of.
    ///   - cotangent: the derivative of the function by that output, halves of `[n, m]`.
    public func gradient(_ pass: ForwardPass<Scalar>, cotangent: Halves<Scalar>) -> Gradient<Scalar> {
        let gradient = collect(pass, from: cotangent) { workspace, sink in
            workspace.backPropagate(self, cotangent: nil, wantsInput: true, into: sink)
        }
        return Gradient(parameters: gradient, input: pass.workspace.flow.matrices)
    }

    /// `J Δθ`: the derivative of the output when the parameters move along `direction`, halves of `[n, m]`.
    ///
    ///     t1 ← t1 + dF(x2)[t2] + A_F Δ_F      t2 ← t2 + dG(y1)[t1] + A_G Δ_G
    public func jvp(input: Halves<Scalar>, direction: Parameters<Scalar>) -> Halves<Scalar> {
        check(input)
        var x = input
        let rest = Matrix<Scalar>(rows: input.batch, columns: architecture.half)
        var t = Halves(first: rest, second: rest)
        for block in 0..<architecture.blocks {
            let (f, g) = (2 * block, 2 * block + 1)
            let featuresF = couplings[f].differentiableFeatures(of: x.second)
            t.first.add(
                couplings[f].derivative(
                    along: t.second, features: featuresF, coefficients: parameters.coefficients[f]))
            t.first.add(featuresF.values, times: direction.coefficients[f])
            x.first.add(featuresF.values, times: parameters.coefficients[f])

            let featuresG = couplings[g].differentiableFeatures(of: x.first)
            t.second.add(
                couplings[g].derivative(
                    along: t.first, features: featuresG, coefficients: parameters.coefficients[g]))
            t.second.add(featuresG.values, times: direction.coefficients[g])
            x.second.add(featuresG.values, times: parameters.coefficients[g])
        }
        return t
    }
}
