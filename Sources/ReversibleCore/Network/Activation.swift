import LinearAlgebra

/// What is applied to each number of a projection.
public enum Activation: String, Hashable, Sendable, CaseIterable {
    case identity
    /// max(z, 0), with derivative 0 at 0.
    case relu
    /// z, or slope·z where z ≤ 0; the slope is `Architecture.slope`.
    case leakyReLU = "leaky_relu"
    case tanh
    /// z Φ(z) with the normal distribution function itself, not its approximation. Hendrycks and Gimpel 2016.
    case gelu
}

/// `A(x)` of a coupling, and what its derivative is computed from.
struct CouplingFeatures<Scalar: BLASScalar>: Sendable {
    /// `A(x) = [s(x C) | 1]`, shape `[n, c]`.
    var values: Matrix<Scalar>
    /// `s'(x C)` where it cannot be told from the values, which only `gelu` reaches twice; shape `[n, c]`.
    var slopes: Matrix<Scalar>?
}

extension Activation {
    /// `z ← s(z)`.
    package func apply<Scalar: BLASScalar>(to z: MutableMatrixView<Scalar>, slope: Double) {
        switch self {
        case .identity: break
        case .relu: z.forEachRow { applyReLU(&$0, slope: 0) }
        case .leakyReLU: z.forEachRow { applyReLU(&$0, slope: Scalar(slope)) }
        case .tanh: for row in 0..<z.rows { applyTanh(z[row]) }
        case .gelu: for row in 0..<z.rows { applyGELU(z[row]) }
        }
    }

    /// Whether `multiplyByDerivative` cannot tell s'(z) from s(z) and has to be given it.
    var needsSlopes: Bool { self == .gelu }

    /// `z ← s(z)`, and `slopes ← s'(z)` of the numbers that z was, for `gelu`.
    package func apply<Scalar: BLASScalar>(
        to z: MutableMatrixView<Scalar>, writing slopes: MutableMatrixView<Scalar>
    ) {
        for row in 0..<z.rows { applyGELU(z[row], slopes: slopes[row]) }
    }

    /// `t ← s'(z) ∘ t`, told from `s(z)` or from the slopes that were kept.
    func multiplyByDerivative<Scalar: BLASScalar>(
        _ t: MutableMatrixView<Scalar>, at values: MatrixView<Scalar>, slopes: MatrixView<Scalar>?, slope: Double
    ) {
        switch self {
        case .identity: break
        case .relu: t.forEachRow(beside: values) { multiplyByReLUDerivative(&$0, at: $1, slope: 0) }
        case .leakyReLU: t.forEachRow(beside: values) { multiplyByReLUDerivative(&$0, at: $1, slope: Scalar(slope)) }
        case .tanh:
            for row in 0..<t.rows { multiplyByTanhDerivative(t[row], values: values[row]) }
        case .gelu:
            guard let slopes else { preconditionFailure("gelu is derived from its slopes") }
            for row in 0..<t.rows { scale(t[row], by: slopes[row]) }
        }
    }
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func scale<Scalar: BLASScalar>(
    _ t: UnsafeMutableBufferPointer<Scalar>, by slopes: UnsafeBufferPointer<Scalar>
) {
    for index in 0..<t.count { t[index] *= slopes[index] }
}
