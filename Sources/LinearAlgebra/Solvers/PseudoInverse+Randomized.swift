// A⁺ v through a basis of few directions that are found by looking at A in random ones.
//
// Everything is kept transposed, as rows: rows of a row-major matrix are what `RowOrthogonalization` makes orthonormal.

extension PseudoInverse {
    /// Independent standard normal numbers, as many rows and columns as asked for, new ones with every call.
    public typealias NormalNumbers<Scalar: BLASScalar> = (_ rows: Int, _ columns: Int) -> Matrix<Scalar>

    /// With `Qᵀ`, shape `[l, n]`, orthonormal rows that nearly span the columns of `A`, and `B = Qᵀ A = Ũ S Vᵀ`, `[l,
    /// c]`:
    ///
    ///     A ≈ Q B        A⁺ v ≈ V f(S) Ũᵀ (Qᵀ v)
    ///
    /// The thresholds apply to S as they do to the singular values of `A`.
    func appliedByBasis<Scalar: BLASScalar>(
        of matrix: Matrix<Scalar>, to values: Matrix<Scalar>, drawing normals: NormalNumbers<Scalar>
    ) throws(NumericalFailure) -> Solution<Scalar> {
        guard matrix.isFinite else { throw .nonFinite("the matrix of a pseudo-inverse") }
        let basis =
            method == .adaptiveRandomizedSVD
            ? try adaptiveBasis(of: matrix, drawing: normals) : try fixedBasis(of: matrix, drawing: normals)
        let decomposition = try SingularValueDecomposition(of: basis.times(matrix))
        let found = decomposition.values.map { Double($0) }
        let singular = method == .randomizedSVD ? Array(found.prefix(sketch.rank)) : found
        let (filter, evidence) = filter(
            singular, size: max(matrix.rows, matrix.columns), epsilon: Double(Scalar.ulpOfOne))
        let kept = 0..<filter.kept
        var coordinates = decomposition.left.columns(kept).transposedTimes(basis.times(values))
        coordinates.scaleRows(by: singular[kept].map { filter.factor($0, power: 1) })
        return Solution(
            value: decomposition.rightTransposed.rows(kept).transposedTimes(coordinates), evidence: evidence)
    }

    /// A basis of `rank + oversampling` directions, or of all that there are.
    ///
    ///     Yᵀ = Ωᵀ Aᵀ    Ωᵀ: [l, c], standard normal     Qᵀ: the orthonormalised rows of Yᵀ
    ///     then q times:  Wᵀ from Qᵀ A,  Qᵀ from Wᵀ Aᵀ, orthonormalised each, which damps what lies beyond the rank
    ///
    /// Source: Halko, Martinsson, Tropp, "Finding Structure with Randomness", SIAM Review 53 (2011), algorithms 4.4
    /// and 5.1.
    private func fixedBasis<Scalar: BLASScalar>(
        of matrix: Matrix<Scalar>, drawing normals: NormalNumbers<Scalar>
    ) throws(NumericalFailure) -> Matrix<Scalar> {
        let count = min(sketch.rank + sketch.oversampling, matrix.rows, matrix.columns)
        var basis = try orthonormalized(normals(count, matrix.columns).timesTransposed(matrix))
        for _ in 0..<sketch.powerIterations {
            basis = try orthonormalized(orthonormalized(basis.times(matrix)).timesTransposed(matrix))
        }
        return basis
    }

    /// As many directions as it takes until `‖A − Q Qᵀ A‖ ≤ tolerance·‖A‖` (largest singular values), but for one case
    /// in 10¹⁰ for each of the shorter side's directions.
    ///
    /// Ten random directions are looked at in a round. If what the basis misses of `A` in each of them is no longer
    /// than `tolerance·‖A‖ / (10 √(2/π))`, the bound holds with that probability; else what is missed joins the basis.
    /// The norm of `A` is taken as the largest singular value of what the first basis sees of it, which is at most the
    /// true one, so that the bound is kept rather too well.
    ///
    /// Source: the same article, algorithm 4.2 and equation 4.3, ten directions at a time rather than one.
    private func adaptiveBasis<Scalar: BLASScalar>(
        of matrix: Matrix<Scalar>, drawing normals: NormalNumbers<Scalar>
    ) throws(NumericalFailure) -> Matrix<Scalar> {
        let (probes, limit) = (10, min(matrix.rows, matrix.columns))
        var basis = Matrix<Scalar>(rows: 0, columns: matrix.rows)
        var norm: Double?
        while basis.rows < limit {
            var missed = normals(probes, matrix.columns).timesTransposed(matrix)
            missed.removeComponents(along: basis)
            let longest = (0..<probes).reduce(0.0) { max($0, Double(missed.rows($1..<$1 + 1).norm)) }
            if longest <= sketch.tolerance * (norm ?? 0) / (10 * (2 / Double.pi).squareRoot()) { break }
            let count = min(probes, limit - basis.rows)
            // Rows that depend on each other come out as arbitrary directions: a second pass makes those, too, new
            // ones.
            var new = try orthonormalized(missed.rows(0..<count))
            new.removeComponents(along: basis)
            basis = basis.stacked(on: try orthonormalized(new))
            if norm == nil {
                norm = try SingularValueDecomposition(of: basis.times(matrix)).values.first.map { Double($0) }
            }
        }
        return basis
    }
}

private func orthonormalized<Scalar: BLASScalar>(_ rows: Matrix<Scalar>) throws(NumericalFailure) -> Matrix<Scalar> {
    try RowOrthogonalization(of: rows, pivoting: false).orthonormal
}

extension Matrix {
    /// Makes every row orthogonal to the orthonormal rows of `basis`; twice, since rounding spoils the first time.
    fileprivate mutating func removeComponents(along basis: Matrix) {
        guard basis.rows > 0 else { return }
        for _ in 0..<2 { add(timesTransposed(basis), times: basis, scale: -1) }
    }

    /// This matrix with `other` below it.
    fileprivate func stacked(on other: Matrix) -> Matrix {
        Matrix(rows: rows + other.rows, columns: other.columns, elements: elements + other.elements)
    }
}
