/// A `GramSolver` for the features of a batch, in the format that the thresholds need.
///
/// In single precision, a Gram matrix is formed and factored in double where its thresholds are too low for it, and
/// where it is small: rounding averages out over many rows, and for few the wider format costs nothing. In double
/// precision there is no wider format, and `suits` says no instead.
///
/// A step in single precision differs from that by an SVD in double, relative to its length and for random right-hand
/// sides, by at most
///
/// | | order below 128 | 128 to 2,000 |
/// |---|---|---|
/// | `svd`, rtol below 1/125 | 1e-5 | 1e-5 |
/// | rtol 1/125 to 1/50 | 1e-5 | 1e-3 (measured 5e-4) |
/// | rtol above 1/50 | 1e-5 | 3e-4 (measured 1e-4) |
/// | `damped`, any λ | 1e-5 | 1e-3 |
///
/// AccuracyTests keeps these figures; `GramSolver` says where they come from.
///
/// ```swift
/// let solver = FeatureSolver<Float>(pseudoInverse, rows: n, columns: c, values: m)
/// for task in 0..<FeatureSolver<Float>.tasks { solver.formGram(of: features, task: task) }    // [n, c], n ≤ c
/// let evidence = try solver.factorize(describing: false)
/// solver.solve(values)                                                                        // [n, m]
/// ```
///
/// `@unchecked Sendable`: its properties are constant; what they refer to is written by the tasks of `formGram`, each
/// to a block of its own of the Gram matrix, and by `factorize`, `solve` and `reach`, which a step calls one after the
/// other.
package final class FeatureSolver<Scalar: BLASScalar>: @unchecked Sendable {
    private let own: GramSolver<Scalar>?
    private let wide: WideSolver?
    private let size: Int
    private let rounding: (epsilon: Double, size: Int)
    private let pseudoInverse: PseudoInverse
    private let arenas: (Arena<Scalar>?, Arena<Double>?)

    private struct WideSolver {
        let solver: GramSolver<Double>
        /// Some columns of the vectors of which the Gram matrix is made.
        let vectors: MutableMatrixView<Double>
        /// Right-hand sides and solutions.
        let values: MutableMatrixView<Double>
        let solutions: MutableMatrixView<Double>
    }

    private static var singlePrecisionFrom: Int { 128 }
    private static var vectorColumns: Int { 256 }

    /// Whether features can be solved with in this way.
    package static func suits(_ pseudoInverse: PseudoInverse) -> Bool {
        switch pseudoInverse.method {
        // Single precision has a wider format: what squaring loses there is less than its own rounding.
        case .svd, .damped: Scalar.self == Float.self || GramSolver<Scalar>.suits(pseudoInverse)
        case .qr, .transpose, .randomizedSVD, .adaptiveRandomizedSVD: false
        }
    }

    /// - Parameters:
    ///   - rows: n, of `A`, and `columns`: c.
    ///   - values: the maximum number of right-hand sides.
    package init(_ pseudoInverse: PseudoInverse, rows: Int, columns: Int, values count: Int) {
        self.pseudoInverse = pseudoInverse
        size = min(rows, columns)
        rounding = (Double(Scalar.ulpOfOne), max(rows, columns))
        let shapes = GramSolver<Double>.shapes(size: size)
        if Scalar.self == Float.self,
            size < Self.singlePrecisionFrom || !GramSolver<Scalar>.suits(pseudoInverse)
        {
            let arena = Arena<Double>(shapes + [(size, Self.vectorColumns), (size, count), (size, count)])
            own = nil
            wide = WideSolver(
                solver: GramSolver(size: size, columns: count, from: arena),
                vectors: arena.take(size, Self.vectorColumns), values: arena.take(size, count),
                solutions: arena.take(size, count))
            arenas = (nil, arena)
        } else {
            let arena = Arena<Scalar>(shapes)
            own = GramSolver(size: size, columns: count, from: arena)
            wide = nil
            arenas = (arena, nil)
        }
    }

    /// Of the matrices that it has made so far; what eigenvectors take comes with the first step that needs them.
    package var byteCount: Int {
        (arenas.0?.byteCount ?? 0) + (arenas.1?.byteCount ?? 0) + (own?.spectrumByteCount ?? 0)
            + (wide?.solver.spectrumByteCount ?? 0)
    }

    /// Of the Gram matrix: the smaller side of the features.
    package var order: Int { size }

    /// How many tasks `formGram` consists of; the first takes longest.
    package static var tasks: Int { 3 }

    /// One part of `S = X Xᵀ`.
    ///
    /// - Parameter vectors: X, the features or their transpose, whichever has fewer rows.
    package func formGram(of vectors: MatrixView<Scalar>, task: Int) {
        precondition(vectors.rows == size, "features \(vectors.shape) for a Gram matrix of order \(size)")
        if let wide {
            guard task == 0 else { return }
            for start in stride(from: 0, to: vectors.columns, by: Self.vectorColumns) {
                let some = start..<min(start + Self.vectorColumns, vectors.columns)
                let converted = wide.vectors.columns(0..<some.count)
                converted.convert(from: vectors.columns(some))
                wide.solver.gram.setUpperGram(of: converted.view, keeping: start == 0 ? 0 : 1)
            }
        } else if let own {
            let (above, below) = (part(0, of: 2, in: size), part(1, of: 2, in: size))
            let gram = own.gram
            switch task {
            case 0: gram.rows(above).columns(below).set(vectors.rows(above), times: vectors.rows(below).transposed)
            case 1: gram.rows(above).columns(above).setUpperGram(of: vectors.rows(above))
            default: gram.rows(below).columns(below).setUpperGram(of: vectors.rows(below))
            }
        }
    }

    /// See `GramSolver.factorize`.
    package func factorize(describing: Bool) throws(NumericalFailure) -> PseudoInverse.Evidence {
        if let wide { return try wide.solver.factorize(pseudoInverse, rounding: rounding, describing: describing) }
        return try own?.factorize(pseudoInverse, rounding: rounding, describing: describing) ?? .init()
    }

    /// Whether `S S⁺` is the identity.
    package var isInvertible: Bool { wide?.solver.isInvertible ?? own?.isInvertible ?? false }

    /// `values ← S⁺ values`, shape `[order, k]`.
    package func solve(_ values: MutableMatrixView<Scalar>) {
        guard let wide else { return own?.solve(values) ?? () }
        let solutions = wide.solutions.columns(0..<values.columns)
        solutions.convert(from: values.view)
        wide.solver.solve(solutions)
        values.convert(from: solutions.view)
    }

    /// `values ← S S⁺ values`, what of them is reached, directly after they were solved with.
    ///
    /// - Parameter solutions: `S⁺ values`.
    package func reach(_ values: MutableMatrixView<Scalar>, solutions: MatrixView<Scalar>) {
        guard let wide else { return own?.reach(values, solutions: solutions) ?? () }
        let wider = wide.values.columns(0..<values.columns)
        wider.convert(from: values.view)
        wide.solver.reach(wider, solutions: wide.solutions.columns(0..<values.columns).view)
        values.convert(from: wider.view)
    }
}
