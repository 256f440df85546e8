import COpenBLAS

extension CholeskyFactorization {
    /// `S⁻¹` on and above its diagonal, shape `[size, size]`; what is below the diagonal has no meaning. A third of the
    /// work of a solution with the identity.
    ///
    /// - Throws: `NumericalFailure` if LAPACK finds no memory.
    public func upperInverse() throws(NumericalFailure) -> Matrix<Scalar> {
        var inverse = upper
        if upper.rows > 0 {
            try check(
                Scalar.serialRoutines.potri(
                    LAPACK_COL_MAJOR, letter("L"), Int32(upper.rows), inverse.mutablePointer(), Int32(upper.rows)),
                "potri")
        }
        return inverse
    }

    /// `L⁻¹`, shape `[size, size]`, lower triangular.
    ///
    /// It pays where one right-hand side comes after the other and the factor grows by a row at a time, as in a
    /// Gaussian process that proposes several points: a product with it costs less than a call that solves.
    public func inverseLowerFactor() -> Matrix<Scalar> {
        let lower = upperFactor.transposed()
        return Matrix<Scalar>.identity(lower.rows).solvingLowerTriangle(lower, transposed: false)
    }
}
