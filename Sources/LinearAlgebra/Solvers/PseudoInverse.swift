/// A way to solve `A D = v` for `D` when `A` has no inverse: `D = A⁺ v`.
///
/// `A⁺` itself is never formed. With singular values s of `A`, the largest being s_max:
///
/// | method | A⁺ v |
/// |---|---|
/// | `svd` | the shortest least-squares solution, with every s < rtol·s_max or s < atol taken as 0 |
/// | `qr` | the same with no threshold but rounding, by orthogonal factorisations |
/// | `transpose` | Aᵀ v |
/// | `damped` | (AᵀA + λI)⁻¹Aᵀ v, λ = rtol·s_max² |
/// | `randomized_svd` | as `svd`, of `A` seen through `rank + oversampling` random directions, `rank` of them kept |
/// | `adaptive_randomized_svd` | the same, through as many directions as leave `tolerance·s_max` of `A` unseen |
///
/// In `Float`, `applied` forms and solves Gram matrices in double for `svd` and `damped`, and is within 1e-5 of the
/// solution in double; `qr` is within 30·max(n, c)·ε·κ, with κ the largest over the smallest singular value that is
/// kept, as PseudoInverseTests has it; the randomized methods miss what their directions do.
/// Training goes through `FeatureSolver`, which says how exact that is.
///
/// ```swift
/// let pseudoInverse = PseudoInverse(.svd, relativeThreshold: 1e-2)
/// let solution = try pseudoInverse.applied(of: features, to: tangent)
/// print(solution.evidence.keptRank ?? 0, "of", features.rows)
/// ```
public struct PseudoInverse: Hashable, Sendable {
    /// How `A⁺ v` is found, see the table; the raw values are the words of a configuration file.
    public enum Method: String, Hashable, Sendable, CaseIterable {
        case svd, qr, transpose, damped
        case randomizedSVD = "randomized_svd"
        case adaptiveRandomizedSVD = "adaptive_randomized_svd"
    }

    /// How the randomized methods look at a matrix.
    public struct Sketch: Hashable, Sendable {
        /// Of `randomized_svd`: the maximum number of directions that are kept.
        public var rank = 100
        /// Of `randomized_svd`: how many more directions are looked at than kept.
        public var oversampling = 10
        /// Of `randomized_svd`: how often the directions are sent through `A Aᵀ`. A slowly falling spectrum needs one
        /// or two.
        public var powerIterations = 2
        /// Of `adaptive_randomized_svd`: the part of the largest singular value below which directions may be missed.
        public var tolerance = 1e-2

        public init(rank: Int = 100, oversampling: Int = 10, powerIterations: Int = 2, tolerance: Double = 1e-2) {
            precondition(rank > 0 && oversampling >= 0 && powerIterations >= 0 && tolerance >= 0, "no such sketch")
            self.rank = rank
            self.oversampling = oversampling
            self.powerIterations = powerIterations
            self.tolerance = tolerance
        }
    }

    public var method: Method
    /// `svd`, also randomized: the smallest singular value that is kept, over the largest. `damped`: λ over the
    /// square of the largest.
    public var relativeThreshold: Double
    /// `svd`, also randomized: the smallest singular value that is kept.
    public var absoluteThreshold: Double
    /// Of the randomized methods.
    public var sketch: Sketch

    public init(
        _ method: Method = .svd, relativeThreshold: Double = 1e-2, absoluteThreshold: Double = 1e-5,
        sketch: Sketch = Sketch()
    ) {
        precondition(relativeThreshold >= 0 && absoluteThreshold >= 0, "a threshold is not negative")
        self.method = method
        self.relativeThreshold = relativeThreshold
        self.absoluteThreshold = absoluteThreshold
        self.sketch = sketch
    }

    /// `D = A⁺ v`, and what of `A` it rests on.
    public struct Solution<Scalar: BLASScalar>: Sendable {
        /// `D`, shape `[columns of A, columns of v]`.
        public let value: Matrix<Scalar>
        public let evidence: Evidence
    }

    /// What the factorisation saw of `A`.
    public struct Evidence: Hashable, Sendable {
        /// How many directions of `A` the solution uses; for `transpose`, which looks at none, `nil`.
        public var keptRank: Int?
        /// The largest singular value; for `qr` its estimate, the first pivot; `nil` for `transpose`.
        public var largestSingularValue: Double?
        /// The smallest singular value that was kept (`qr`: the last pivot); `nil` where none was.
        public var smallestKeptSingularValue: Double?

        public init(keptRank: Int? = nil, largestSingularValue: Double? = nil, smallestKeptSingularValue: Double? = nil)
        {
            self.keptRank = keptRank
            self.largestSingularValue = largestSingularValue
            self.smallestKeptSingularValue = smallestKeptSingularValue
        }
    }

    /// Returns `A⁺ v`.
    ///
    /// - Parameters:
    ///   - matrix: `A`, shape `[n, c]`.
    ///   - values: `v`, shape `[n, m]`.
    ///   - normals: where the randomized methods get their numbers from; the others draw none.
    /// - Throws: `NumericalFailure` if `A` or `v` has non-finite elements, or the factorisation does not converge.
    public func applied<Scalar: BLASScalar>(
        of matrix: Matrix<Scalar>, to values: Matrix<Scalar>, drawing normals: NormalNumbers<Scalar>? = nil
    ) throws(NumericalFailure) -> Solution<Scalar> {
        precondition(
            matrix.rows == values.rows, "the pseudo-inverse of \(matrix.shape) does not apply to \(values.shape)")
        guard values.isFinite else { throw .nonFinite("the right-hand side of a pseudo-inverse") }
        switch method {
        case .svd, .damped:
            // Double has no wider format to form a Gram matrix in without losing half the digits.
            return Scalar.self == Float.self
                ? try appliedByGram(of: matrix, to: values) : try appliedBySVD(of: matrix, to: values)
        case .qr: return try appliedByQR(of: matrix, to: values)
        case .transpose:
            guard matrix.isFinite else { throw .nonFinite("the matrix of a pseudo-inverse") }
            return Solution(value: matrix.transposedTimes(values), evidence: Evidence())
        case .randomizedSVD, .adaptiveRandomizedSVD:
            guard let normals else { preconditionFailure("\(method.rawValue) needs random numbers") }
            return try appliedByBasis(of: matrix, to: values, drawing: normals)
        }
    }
}

extension PseudoInverse {
    /// What a singular value is multiplied by on its way through `A⁺`.
    struct Filter {
        var kept: Int
        var threshold: Double
        var damping: Double

        /// The factor of `s`, times `s^(1 - power)`: 1/s^power for a kept value, 0 for a dropped one.
        func factor(_ s: Double, power: Int) -> Double {
            guard s > 0, s >= threshold else { return 0 }
            let inverse = s / (s * s + damping)
            return power == 1 ? inverse : inverse / s
        }
    }

    /// The rule of `svd` and `damped` for singular values in descending order.
    ///
    /// A direction below one unit of rounding of the largest is noise whatever the thresholds say; where both are 0,
    /// the floor is the usual one of numerical rank, max(n, c)·ε·s_max.
    func filter(
        _ descending: some BidirectionalCollection<Double>, size: Int, epsilon: Double
    ) -> (Filter, Evidence) {
        let largest = descending.first ?? 0
        let floor = epsilon * largest * (relativeThreshold == 0 && absoluteThreshold == 0 ? Double(size) : 1)
        var filter =
            method == .damped
            ? Filter(
                kept: 0, threshold: epsilon * largest * Double(size), damping: relativeThreshold * largest * largest)
            : Filter(kept: 0, threshold: max(relativeThreshold * largest, absoluteThreshold, floor), damping: 0)
        // With damping, rounding noise is harmless and every direction counts.
        if filter.damping > 0 { filter.threshold = 0 }
        var smallest: Double?
        for value in descending {
            guard value > 0, value >= filter.threshold else { break }
            filter.kept += 1
            smallest = value
        }
        let evidence = Evidence(
            keptRank: filter.kept, largestSingularValue: largest, smallestKeptSingularValue: smallest)
        return (filter, evidence)
    }

    /// With A = U S Vᵀ: `A⁺ v = V f(S) Uᵀ v`, f(s) = 1/s or s/(s² + λ).
    func appliedBySVD<Scalar: BLASScalar>(
        of matrix: Matrix<Scalar>, to values: Matrix<Scalar>
    ) throws(NumericalFailure) -> Solution<Scalar> {
        let decomposition = try SingularValueDecomposition(of: matrix)
        let singular = decomposition.values.map { Double($0) }
        let (filter, evidence) = filter(
            singular, size: max(matrix.rows, matrix.columns), epsilon: Double(Scalar.ulpOfOne))
        let kept = 0..<filter.kept
        var coordinates = decomposition.left.columns(kept).transposedTimes(values)
        coordinates.scaleRows(by: singular[kept].map { filter.factor($0, power: 1) })
        return Solution(
            value: decomposition.rightTransposed.rows(kept).transposedTimes(coordinates), evidence: evidence)
    }

    /// The same through the eigenvectors of the smaller Gram matrix, formed and factored in `Double`.
    ///
    ///     n ≤ c:  A Aᵀ = Eᵀ S² E,  A⁺ v = Aᵀ (Eᵀ f(S)/S E v)
    ///     n > c:  Aᵀ A = Eᵀ S² E,  A⁺ v = Eᵀ f(S)/S E (Aᵀ v)
    ///
    /// For `Float` this loses nothing against its SVD: squaring leaves s uncertain by ε_Double·s_max²/s, which is less
    /// than the ε_Float·s_max of the SVD down to s ≈ 1e-9 s_max, and what is below ε_Float·s_max is never kept.
    /// Hence no fallback to `gesdd`.
    func appliedByGram<Scalar: BLASScalar>(
        of matrix: Matrix<Scalar>, to values: Matrix<Scalar>
    ) throws(NumericalFailure) -> Solution<Scalar> {
        guard matrix.isFinite else { throw .nonFinite("the matrix of a pseudo-inverse") }
        let wide = matrix.rows <= matrix.columns
        let exact = matrix.converted(to: Double.self)
        let eigen = try SymmetricEigen(ofUpper: exact.gram(wide ? .rows : .columns))
        let singular = eigen.values.map { max($0, 0).squareRoot() }
        let (filter, evidence) = filter(
            singular.reversed(), size: max(matrix.rows, matrix.columns), epsilon: Double(Scalar.ulpOfOne))
        // 1/s² leaves the range of single precision where 1/s does not: half of it waits for the return to Scalar.
        let unit = evidence.largestSingularValue.map { $0 > 0 ? $0.binade : 1 } ?? 1
        let factors = singular.map { unit * filter.factor($0, power: 2) }

        let right = values.converted(to: Double.self)
        var coordinates = eigen.vectors.times(wide ? right : exact.transposedTimes(right))
        coordinates.scaleRows(by: factors)
        let solution = eigen.vectors.transposedTimes(coordinates).converted(to: Scalar.self)
        var value = wide ? matrix.transposedTimes(solution) : solution
        value.scaleRows(by: [Double](repeating: 1 / unit, count: value.rows))
        return Solution(value: value, evidence: evidence)
    }

    /// By orthogonal factorisations, of the rows of `A` or, where there are more rows than columns, of `Aᵀ`.
    ///
    /// With pivots P, the shorter side factors as P W = L Q; of rank r, only the first r columns of L count, and they
    /// are made square by a second factorisation, L = (M Z)ᵀ = Zᵀ Mᵀ. Then
    ///
    ///     W⁺ = Qᵀ M⁻ᵀ Z P        (full rank: Qᵀ L⁻¹ P)
    func appliedByQR<Scalar: BLASScalar>(
        of matrix: Matrix<Scalar>, to values: Matrix<Scalar>
    ) throws(NumericalFailure) -> Solution<Scalar> {
        let wide = matrix.rows <= matrix.columns
        let first = try RowOrthogonalization(of: wide ? matrix : matrix.transposed(), pivoting: true)
        let pivots = (0..<first.lower.rows).map { Double(first.lower[$0, $0].magnitude) }
        let largest = pivots.first ?? 0
        let floor = Double(max(matrix.rows, matrix.columns)) * Double(Scalar.ulpOfOne) * largest
        let rank = pivots.prefix { $0 > 0 && $0 >= floor }.count
        let evidence = Evidence(
            keptRank: rank, largestSingularValue: largest, smallestKeptSingularValue: rank > 0 ? pivots[rank - 1] : nil)

        let orthonormal = first.orthonormal.rows(0..<rank)
        let second =
            rank == pivots.count
            ? nil : try RowOrthogonalization(of: first.lower.columns(0..<rank).transposed(), pivoting: false)
        let triangle = second?.lower ?? first.lower
        if wide {
            let ordered = values.rows(at: first.pivots)
            let coordinates = second?.orthonormal.times(ordered) ?? ordered
            let solved = coordinates.solvingLowerTriangle(triangle, transposed: second != nil)
            return Solution(value: orthonormal.transposedTimes(solved), evidence: evidence)
        }
        let coordinates = orthonormal.times(values)
        let solved = coordinates.solvingLowerTriangle(triangle, transposed: second == nil)
        let ordered = second?.orthonormal.transposedTimes(solved) ?? solved
        var places = [Int](repeating: 0, count: pivots.count)
        for (position, pivot) in first.pivots.enumerated() { places[pivot] = position }
        return Solution(value: ordered.rows(at: places), evidence: evidence)
    }
}

extension Matrix {
    /// Multiplies row i by `factors[i]`.
    mutating func scaleRows(by factors: [Double]) {
        precondition(factors.count == rows, "\(factors.count) factors for a \(shape) matrix")
        let all = mutableBuffer()
        for (row, factor) in factors.enumerated() {
            let factor = Scalar(factor)
            let elements = all.extracting(row * columns..<(row + 1) * columns)
            for index in elements.indices { elements[index] *= factor }
        }
    }
}
