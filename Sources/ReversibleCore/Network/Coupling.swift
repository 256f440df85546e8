import LinearAlgebra

/// One of the two functions of a block, F or G, apart from its trainable numbers.
///
///     A(x) = [s(x C) | 1]        A: [n, c]   C: [m, h]   c = h + 1, or h without bias; h = m where there is no C
///     F(x) = A(x) Θ              Θ: [c, m], the transposed weights above the bias: Θ = [Wᵀ; b]
///
/// Keeping Wᵀ and b in one matrix makes the function, its gradient `Aᵀ g` and its Gauss-Newton step `A⁺ v` one product
/// each. C is kept with a column of zeros in the place of the ones, so that it makes and takes whole A-shaped matrices.
struct Coupling<Scalar: BLASScalar>: Sendable {
    let activation: Activation
    /// Of the activation, below 0.
    let slope: Double
    let bias: Bool
    /// `[C | 0]`, shape `[m, c]`.
    let projection: Matrix<Scalar>?
    /// Of a linear coupling with h ≥ 2m: `[L | 0]` with `C = L Q`, L lower triangular, Q with orthonormal rows; `[m,
    /// m + 1]`.
    ///
    /// It stands for C: `A = B Q` with `B = [x L | 1]`, narrower and of the same singular values (Q being continued
    /// by a 1 for the ones). So `A Θ = B Ψ` with `Ψ = Q Θ`, `A⁺ v = Qᵀ B⁺ v` and `Aᵀ g = Qᵀ Bᵀ g`, where `Q = L⁻¹ C`.
    let triangle: Matrix<Scalar>?

    /// - Parameter projection: C, shape `[m, h]`.
    init(activation: Activation, slope: Double, bias: Bool, projection: Matrix<Scalar>?) {
        triangle = projection.flatMap { projection in
            guard activation == .identity, projection.columns >= 2 * projection.rows,
                // Where LAPACK finds no memory, C stands for itself.
                let lower = try? RowOrthogonalization(of: projection, pivoting: false).lower
            else { return nil }
            return bias ? lower.joined(with: Matrix(rows: lower.rows, columns: 1)) : lower
        }
        self.activation = activation
        self.slope = slope
        self.bias = bias
        self.projection = projection.map { bias ? $0.joined(with: Matrix(rows: $0.rows, columns: 1)) : $0 }
    }

    /// `A(x)`, shape `[n, c]`.
    func features(of x: Matrix<Scalar>) -> Matrix<Scalar> {
        var features = lifted(x)
        activation.apply(to: features.mutableView(), slope: slope)
        return withOnes(features)
    }

    /// `A(x)` with what the derivative there is computed from.
    func differentiableFeatures(of x: Matrix<Scalar>) -> CouplingFeatures<Scalar> {
        guard activation.needsSlopes else { return CouplingFeatures(values: features(of: x), slopes: nil) }
        var features = lifted(x)
        var slopes = Matrix<Scalar>(rows: features.rows, columns: features.columns)
        activation.apply(to: features.mutableView(), writing: slopes.mutableView())
        return CouplingFeatures(values: withOnes(features), slopes: slopes)
    }

    /// A 1 for the bias at the end of each row.
    private func withOnes(_ features: consuming Matrix<Scalar>) -> Matrix<Scalar> {
        guard bias else { return features }
        var features = features
        features.mutableView().columns(features.columns - 1..<features.columns).fill(1)
        return features
    }

    /// The derivative of the function along `t`, where its features are `features`: `(s'(x C) ∘ (t C)) Wᵀ`, `[n, m]`.
    func derivative(
        along t: Matrix<Scalar>, features: CouplingFeatures<Scalar>, coefficients: Matrix<Scalar>
    ) -> Matrix<Scalar> {
        gated(lifted(t), by: features).times(coefficients)
    }

    /// `[x C | 0]`, shape `[n, c]`.
    private func lifted(_ x: Matrix<Scalar>) -> Matrix<Scalar> {
        if let projection { return x.times(projection) }
        return bias ? x.joined(with: Matrix(rows: x.rows, columns: 1)) : x
    }

    /// `s'(x C) ∘ t`. Whatever the slope in the column of ones is, it meets a column that is 0 or will be dropped.
    private func gated(
        _ t: consuming Matrix<Scalar>, by features: CouplingFeatures<Scalar>
    ) -> Matrix<Scalar> {
        var t = t
        withExtendedLifetime(features) {
            activation.multiplyByDerivative(
                t.mutableView(), at: features.values.view, slopes: features.slopes?.view, slope: slope)
        }
        return t
    }
}
