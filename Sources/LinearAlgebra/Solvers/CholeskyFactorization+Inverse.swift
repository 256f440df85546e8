extension CholeskyFactorization {
    /// `L⁻¹`, shape `[size, size]`, lower triangular.
    ///
    /// It pays where one right-hand side comes after the other and the factor grows by a row at a time, as in a
    /// Gaussian process that proposes several points: a product with it costs less than a call that solves.
    public func inverseLowerFactor() -> Matrix<Scalar> {
        let lower = upperFactor.transposed()
        return Matrix<Scalar>.identity(lower.rows).solvingLowerTriangle(lower, transposed: false)
    }
}
