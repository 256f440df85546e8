extension CholeskyFactorization {
    /// `L⁻¹`, shape `[size, size]`, lower triangular.
    ///
    /// For somebody who solves with one right-hand side after the other and lets the factor grow by a row at a time.
    public func inverseLowerFactor() -> Matrix<Scalar> {
        let lower = upperFactor.transposed()
        return Matrix<Scalar>.identity(lower.rows).solvingLowerTriangle(lower, transposed: false)
    }
}
