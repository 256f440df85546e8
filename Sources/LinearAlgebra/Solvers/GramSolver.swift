/// Applies the pseudo-inverse of a Gram matrix `S = A Aᵀ` or `AᵀA`, with the thresholds of a `PseudoInverse` of `A`.
///
/// With A = U Σ Vᵀ, or its transpose, `S⁺ = U f(Σ²) Uᵀ`, and `A⁺ v = Aᵀ (A Aᵀ)⁺ v = (AᵀA)⁺ Aᵀ v`; f(σ²) is 1/σ², or 0
/// below the threshold τ, or 1/(σ² + λ). Only the work that is needed is done:
///
/// 1. σ_max² by the method of Lanczos: some dozen products of S and a vector, which also bound what they leave open.
/// 2. If S − τ²·1 has a Cholesky factor, every σ is above the threshold, and the factor of S itself solves. Each takes
///    N³/3 operations; eigenvectors take 9 N³ and more, most of them slow ones.
/// 3. Else S is made tridiagonal, `S = H T Hᵀ`, then `T = Zᵀ diag(σ²) Z`, and `S⁺ v = H Zᵀ f Z Hᵀ v` without forming Z
///    Hᵀ.
///
/// Squaring costs digits: S⁺ v is good to about 3e-8·(σ_max/τ)² in `Float`, which `suits` limits; a direction below
/// 1e-4·σ_max is lost in single precision altogether. Where that is too little, `PseudoInverse.applied` takes a wider
/// format or the singular values of `A` itself. How far `A⁺ v` in `Float` was from that of an SVD in `Double`, at
/// most, of features of MNIST and CIFAR-10 and of Gaussian inputs, at orders 128 to 2,000, random v:
///
/// | τ/σ_max | S formed in `Float`, the rest exact | all in `Float`, T in `Double` | with T in `Float`, `sstedc` |
/// |---|---|---|---|
/// | 1/200 | 2.6e-4 | 1.5e-3 | 1.7e-1 |
/// | 1/125 | 9e-5 | 5e-4 | not measured |
/// | 1/100 | 7e-5 | 3.5e-4 | 7.8e-2 |
/// | 1/20 | 1e-5 | 3e-5 | 5.8e-4 |
///
/// Most of the second column is H, made and applied in single precision. All of it grows with the part of v that lies
/// in the dropped directions: were that 100 times the kept part, errors would be 100 times these (in training on 512
/// images of MNIST it was 0.3 to 0.95 of the kept part). A singular value within 1e-5·τ of τ may be kept by one format
/// and dropped by another, which changes the step as much as any other direction does.
///
/// A class because it is memory that is filled again and again.
///
/// `@unchecked Sendable`: what changes, `factor`, `form`, `damping` and the vectors of Lanczos' method, is written by
/// `factorize` alone. A step calls it from one task for each solver, `inParallel` waits for those tasks, and only then
/// `solve` and `reach` read, whose own tasks write to different columns of what they are given.
package final class GramSolver<Scalar: BLASScalar>: @unchecked Sendable {
    /// S. Only the elements on and above its diagonal count, which the caller writes.
    package let gram: MutableMatrixView<Scalar>
    /// The Cholesky factor on and above the diagonal; or, above it, the reflectors of H.
    private let factor: MutableMatrixView<Scalar>
    /// What Lanczos' method goes through, and a vector to work with.
    private let directions: MutableMatrixView<Scalar>
    private var diagonal: [Double]
    private var offDiagonal: [Double]
    private let columns: Int
    private var spectrum: TridiagonalSpectrum<Scalar>?
    private var form = Form.cholesky
    /// λ.
    private var damping = 0.0

    private enum Form {
        case cholesky
        /// The eigenvectors above the threshold.
        case spectral
    }

    private static var lanczosSteps: Int { 40 }

    /// - Parameters:
    ///   - size: N, of S.
    ///   - columns: the maximum number of right-hand sides.
    ///   - arena: planned with `shapes(size:)`.
    package init(size: Int, columns: Int, from arena: Arena<Scalar>) {
        gram = arena.take(size, size)
        factor = arena.take(size, size)
        directions = arena.take(Self.lanczosSteps + 1, size)
        diagonal = [Double](repeating: 0, count: Self.lanczosSteps)
        offDiagonal = diagonal
        self.columns = columns
    }

    package static func shapes(size: Int) -> [(rows: Int, columns: Int)] {
        [(size, size), (size, size), (lanczosSteps + 1, size)]
    }

    private var size: Int { gram.rows }

    /// Whether the thresholds alone keep what squaring loses small: τ ≥ σ_max/125, for 3 of the 7 digits of `Float`;
    /// see the table above.
    package static func suits(_ pseudoInverse: PseudoInverse) -> Bool {
        switch pseudoInverse.method {
        case .svd: pseudoInverse.relativeThreshold >= 1.0 / 125
        // λ = rtol·σ_max², which is added to every σ².
        case .damped: pseudoInverse.relativeThreshold >= 1.0 / (125 * 125)
        case .qr, .transpose, .randomizedSVD, .adaptiveRandomizedSVD: false
        }
    }

    /// Prepares to solve with what `gram` now holds.
    ///
    /// - Parameters:
    ///   - rounding: ε of the format that `A` came in, and the longer side of `A`, for the floor below all thresholds.
    ///   - describing: whether the smallest singular value is asked for even where the solution does without.
    /// - Throws: `NumericalFailure` if `gram` is not finite or has eigenvalues that do not converge.
    package func factorize(
        _ pseudoInverse: PseudoInverse, rounding: (epsilon: Double, size: Int), describing: Bool
    ) throws(NumericalFailure) -> PseudoInverse.Evidence {
        let (largest, error) = largestEigenvalue()
        guard largest.isFinite, error.isFinite else { throw .nonFinite("the matrix of a pseudo-inverse") }
        let isDamped = pseudoInverse.method == .damped
        damping = isDamped ? pseudoInverse.relativeThreshold * largest : 0
        let absolute = pseudoInverse.absoluteThreshold
        let relative = max(pseudoInverse.relativeThreshold, rounding.epsilon * Double(rounding.size))
        // A hundredth above the threshold: what is as close to it is decided by the eigenvalues themselves.
        let threshold = isDamped ? 0 : 1.01 * max(relative * relative * (largest + error), absolute * absolute)
        if largest > 0, !isDamped || (damping > 0 && error <= 1e-4 * largest),
            isDamped || hasCholeskyFactor(adding: -threshold), hasCholeskyFactor(adding: damping)
        {
            form = .cholesky
            var evidence = PseudoInverse.Evidence(
                keptRank: size, largestSingularValue: largest.squareRoot(), smallestKeptSingularValue: nil)
            if describing {
                let spectrum = readySpectrum()
                try spectrum.findValues(of: gram.view)
                evidence.smallestKeptSingularValue = max(spectrum.values[0], 0).squareRoot()
            }
            return evidence
        }
        let spectrum = readySpectrum()
        try spectrum.findValues(of: gram.view, reflectors: factor)
        // Lazily, since a step must not allocate.
        let singular = spectrum.values.lazy.map { max($0, 0).squareRoot() }
        let (filter, evidence) = pseudoInverse.filter(
            singular.reversed(), size: rounding.size, epsilon: rounding.epsilon)
        damping = filter.damping
        form = .spectral
        try spectrum.findVectors(from: size - filter.kept, reflectors: factor)
        return evidence
    }

    /// Of what eigenvalues and eigenvectors take, once they were needed; all else is in the arena.
    package var spectrumByteCount: Int { spectrum?.byteCount ?? 0 }

    private func readySpectrum() -> TridiagonalSpectrum<Scalar> {
        let spectrum = spectrum ?? TridiagonalSpectrum(size: size, columns: columns)
        self.spectrum = spectrum
        return spectrum
    }

    /// Leaves the upper factor of `S + shift·1`, if it is positive definite, in `factor`.
    private func hasCholeskyFactor(adding shift: Double) -> Bool {
        factor.copyUpper(from: gram.view)
        for index in 0..<size { factor[index][index] += Scalar(shift) }
        return factor.factorizeUpper()
    }

    // MARK: Solving

    /// `values ← S⁺ values`, shape `[N, k]`.
    package func solve(_ values: MutableMatrixView<Scalar>) {
        inParts(values) { task, part in
            switch form {
            case .cholesky:
                part.solve(factor.view.transposed, isUpper: false)
                part.solve(factor.view, isUpper: true)
            case .spectral:
                spectrum?.apply(to: part, reflectors: factor, task: task) { 1 / ($0 + self.damping) }
            }
        }
    }

    /// Whether `S S⁺` is the identity.
    package var isInvertible: Bool {
        if case .cholesky = form { damping == 0 } else { false }
    }

    /// `values ← S S⁺ values`, shape `[N, k]`: what of them is reached.
    ///
    /// - Parameter solutions: `S⁺ values`.
    package func reach(_ values: MutableMatrixView<Scalar>, solutions: MatrixView<Scalar>) {
        guard !isInvertible else { return }
        inParts(values) { task, part in
            switch form {
            // S (S + λ)⁻¹ = 1 − λ (S + λ)⁻¹
            case .cholesky: part.add(solutions.columns(columnPart(task, values)), scale: Scalar(-damping))
            case .spectral:
                spectrum?.apply(to: part, reflectors: factor, task: task) { $0 / ($0 + self.damping) }
            }
        }
    }

    private func inParts(
        _ values: MutableMatrixView<Scalar>, _ body: @Sendable (Int, MutableMatrixView<Scalar>) -> Void
    ) {
        precondition(values.rows == size && values.columns <= columns, "no right-hand sides \(values.shape)")
        inParallel(2) { task in body(task, values.columns(columnPart(task, values))) }
    }

    private func columnPart(_ task: Int, _ values: MutableMatrixView<Scalar>) -> Range<Int> {
        part(task, of: 2, in: values.columns)
    }

    // MARK: The largest eigenvalue

    /// θ and a bound on how far the largest eigenvalue of S is above it.
    ///
    /// The method of Lanczos with every direction made orthogonal to all before it, from a fixed irregular direction.
    /// The bound is the length of `S u − θ u`, which is what θ's own vector leaves of an eigenvector.
    ///
    /// Source: Golub and Van Loan, Matrix Computations, 4th edition, sections 10.1 and 10.3.
    private func largestEigenvalue() -> (value: Double, error: Double) {
        guard size > 0 else { return (0, 0) }
        var bits: UInt64 = 0x9E37_79B9_7F4A_7C15
        for index in 0..<size {
            bits = bits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            directions[0][index] = Scalar(Double(bits >> 40) / Double(1 << 24) - 0.45)
        }
        directions.rows(0..<1).scale(by: 1 / directions.view.rows(0..<1).norm)
        var (value, error) = (0.0, Double.infinity)
        for step in 0..<min(Self.lanczosSteps, size) {
            let (current, next) = (directions.view.rows(step..<step + 1), directions.rows(step + 1..<step + 2))
            next.setRow(current, timesUpperSymmetric: gram.view)
            diagonal[step] = Double(next.view.dot(current))
            // Twice, for rounding leaves some of it the first time.
            for _ in 0..<2 {
                for before in 0...step {
                    let row = directions.view.rows(before..<before + 1)
                    next.add(row, scale: -next.view.dot(row))
                }
            }
            let rest = Double(next.view.norm)
            offDiagonal[step] = rest
            guard rest.isFinite, diagonal[step].isFinite else { return (.nan, .nan) }
            let isLast = step == min(Self.lanczosSteps, size) - 1 || rest == 0
            if isLast || step % 4 == 3 {
                (value, error) = largestOfTridiagonal(count: step + 1)
                if isLast || error <= 1e-5 * value { break }
            }
            next.scale(by: Scalar(1 / rest))
        }
        return (value, error)
    }

    /// The largest eigenvalue θ of what the first steps found, by bisection, and the residual `β_k |s_k|` of its vector
    /// s.
    private func largestOfTridiagonal(count: Int) -> (value: Double, error: Double) {
        // Gershgorin's bounds.
        var (low, high) = (diagonal[0], diagonal[0])
        for index in 0..<count {
            let reach = (index > 0 ? offDiagonal[index - 1] : 0) + (index < count - 1 ? offDiagonal[index] : 0)
            high = max(high, diagonal[index] + reach)
            low = max(low, diagonal[index])
        }
        // From the last row up: every pivot is positive just if θ lies above all eigenvalues.
        func isAbove(_ theta: Double) -> Bool {
            var pivot = 1.0
            for index in stride(from: count - 1, through: 0, by: -1) {
                let coupling = index < count - 1 ? offDiagonal[index] : 0
                pivot = theta - diagonal[index] - coupling * coupling / pivot
                if pivot <= 0 { return false }
            }
            return true
        }
        for _ in 0..<60 {
            let middle = 0.5 * (low + high)
            if isAbove(middle) { high = middle } else { low = middle }
        }
        var (pivot, product, squares) = (1.0, 1.0, 1.0)
        var last = 1.0
        // s_{i+1} = s_i β_i / pivot_{i+1}; the pivots come from the end, so that the vector is summed up backwards.
        for index in stride(from: count - 1, through: 1, by: -1) {
            let coupling = index < count - 1 ? offDiagonal[index] : 0
            pivot = high - diagonal[index] - coupling * coupling / pivot
            product = pivot / offDiagonal[index - 1]
            // In units of the last component: s_i = s_{i+1}·product.
            last *= product
            squares += last * last
        }
        return (high, offDiagonal[count - 1] / squares.squareRoot())
    }
}
