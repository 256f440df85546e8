import LinearAlgebra
import Synchronization

/// What a Gauss-Newton step needs besides a pass.
///
/// `@unchecked Sendable`: it belongs to a workspace, which one step at a time uses. `evidence` and `failures` are
/// written by two tasks at the same time, with the lock held; all else that tasks write to are parts of the views, by
/// samples.
final class GaussNewtonViews<Scalar: BLASScalar>: @unchecked Sendable {
    typealias View = MatrixView<Scalar>

    let pseudoInverse: PseudoInverse
    /// Of F and G of the first block, and of all others.
    let solvers: [FeatureSolver<Scalar>]
    /// Of F and G: first the right-hand sides, then the solutions.
    let weights: [MutableMatrixView<Scalar>]
    /// What of a tangent is reached, and what is wanted of G.
    let reached: MutableMatrixView<Scalar>
    let wanted: MutableMatrixView<Scalar>
    var evidence: [PseudoInverse.Evidence]
    fileprivate var failures: [NumericalFailure?] = [nil, nil]
    /// The solutions of methods that make matrices of their own.
    private var solutions: [Matrix<Scalar>?] = [nil, nil]
    private let arena: Arena<Scalar>
    /// Guards `evidence` and `failures` while F and G are factored at the same time.
    fileprivate let lock = Mutex(())

    init(_ workspace: Workspace<Scalar>, _ pseudoInverse: PseudoInverse) {
        self.pseudoInverse = pseudoInverse
        let (batch, half) = (workspace.batch, workspace.architecture.half)
        let widths = workspace.functions.prefix(4).map(\.width)
        solvers =
            FeatureSolver<Scalar>.suits(pseudoInverse)
            ? widths.map { FeatureSolver(pseudoInverse, rows: batch, columns: $0, values: half) } : []
        let largest = widths.map { min(batch, $0) }.max() ?? 0
        arena = Arena([(largest, half), (largest, half), (batch, half), (batch, half)])
        let arena = arena
        weights = (0..<2).map { _ in arena.take(largest, half) }
        reached = arena.take(batch, half)
        wanted = arena.take(batch, half)
        evidence = Array(repeating: .init(), count: workspace.functions.count)
    }

    var byteCount: Int { solvers.reduce(arena.byteCount) { $0 + $1.byteCount } }

    /// A view of a matrix that lives until the next one for the same half.
    func keep(_ solution: Matrix<Scalar>, for half: Int) -> View {
        solutions[half] = solution
        return solution.view
    }

    func solver(_ index: Int) -> FeatureSolver<Scalar> { solvers[index < 2 ? index : 2 + index % 2] }
}

extension Workspace {
    /// The exact Gauss-Newton step, see `ReversibleNetwork.gaussNewtonStep`.
    ///
    /// - Parameters:
    ///   - tangent: V; `nil`: it is in `flow`; else its halves, of few numbers.
    ///   - describing: whether all of the evidence is asked for.
    ///   - sink: takes what the coefficients are to be moved against; a block's when they are no longer needed.
    /// - Throws: `NumericalFailure`; the blocks above the one that failed have then been given to the sink.
    func gaussNewtonStep(
        _ network: ReversibleNetwork<Scalar>, tangent: (Cotangent<Scalar>, Cotangent<Scalar>)?,
        pseudoInverse: PseudoInverse, draw: SketchDraw, describing: Bool, into sink: Sink
    ) throws(NumericalFailure) {
        precondition(draw.noise == 0 || reduced.isEmpty, "noise is added to the whole pseudo-inverse: reducing: false")
        var known = gaussNewton
        if known?.pseudoInverse != pseudoInverse { known = nil }
        let views = known ?? GaussNewtonViews(self, pseudoInverse)
        gaussNewton = views
        if let tangent { spread(tangent) }
        guard flow.first.view.isFinite, flow.second.view.isFinite else {
            throw .nonFinite("the right-hand side of a pseudo-inverse")
        }
        state.copy(from: output)
        let usesGram = FeatureSolver<Scalar>.suits(pseudoInverse)
        for block in (0..<architecture.blocks).reversed() {
            let (f, g) = (2 * block, 2 * block + 1)
            revisit(block)
            if usesGram { try factorize(f, g, describing: describing, views) }

            // D_F = A_F⁺ v1
            let low = usesGram ? fewNumbers(tangent?.0, at: block) : nil
            let v1 = low ?? Cotangent(values: flow.first.view, basis: nil)
            var stepF = try solve(f, v1, pseudoInverse, draw, usesGram: usesGram, views)
            if draw.noise > 0 { stepF = disturb(f, stepF, v1, draw, views) }
            // A_F D_F; where A_F has full row rank and nothing is truncated, that is v1.
            let isReached = stepF.isDual && views.solver(f).isInvertible
            let reached = isReached ? v1 : reached(f, v1, stepF, views)
            let lifted = lift(reached, through: g)
            inParallel(parts) { part in
                let samples = samples(part)
                let (v, wanted) = (flow.rows(samples), views.wanted.rows(samples))
                // v2 − R, with R = dG(y1)[A_F D_F]
                wanted.copy(from: v.second.view)
                addDerivative(g, along: reached.values.rows(samples), lifted: lifted, to: wanted, part: part, scale: -1)
                guard block > 0 else { return }
                // u2 = v2 − dG(y1)[v1];  u1 = v1 − dF(x2)[u2]
                if isReached {
                    v.second.copy(from: wanted.view)
                } else {
                    addDerivative(g, along: v.first.view, to: v.second, part: part, scale: -1)
                }
                addDerivative(f, along: v.second.view, to: v.first, part: part, scale: -1)
            }
            // D_G = A_G⁺ (v2 − R)
            let v2 = Cotangent(values: views.wanted.view, basis: nil)
            var stepG = try solve(g, v2, pseudoInverse, draw, usesGram: usesGram, views)
            if draw.noise > 0 { stepG = disturb(g, stepG, v2, draw, views) }
            multiplyOut(f, stepF, network: network, into: sink)
            multiplyOut(g, stepG, network: network, into: sink)
        }
    }

    /// `basis · P`, for what is given by few numbers.
    private func lift(_ tangent: Cotangent<Scalar>, through index: Int) -> View? {
        guard let basis = tangent.basis else { return nil }
        let lifted = lowRank.rows(0..<basis.rows).columns(0..<functions[index].width)
        functions[index].lift(basis, columns: 0..<functions[index].width, into: lifted)
        return lifted.view
    }

    /// `A⁺ v`.
    ///
    ///     n ≤ c:  A⁺ v = Aᵀ (A Aᵀ)⁺ v        n > c:  A⁺ v = (AᵀA)⁺ Aᵀ v
    private func solve(
        _ index: Int, _ v: Cotangent<Scalar>, _ pseudoInverse: PseudoInverse, _ draw: SketchDraw, usesGram: Bool,
        _ views: GaussNewtonViews<Scalar>
    ) throws(NumericalFailure) -> Direction<Scalar> {
        let (features, isDual) = (features(index).view, batch <= functions[index].width)
        guard usesGram else {
            let solution = try pseudoInverse.applied(
                of: features.matrix, to: v.values.matrix, drawing: draw.normals(coupling: index))
            views.evidence[index] = solution.evidence
            let value = views.keep(solution.value, for: index % 2)
            return Direction(weights: Cotangent(values: value, basis: v.basis), isDual: false)
        }
        let solver = views.solver(index)
        let weights = views.weights[index % 2].rows(0..<solver.order).columns(0..<v.values.columns)
        if isDual {
            weights.copy(from: v.values)
        } else {
            inParallel(2) { task in
                let rows = part(task, of: 2, in: weights.rows)
                weights.rows(rows).set(features.columns(rows).transposed, times: v.values)
            }
        }
        solver.solve(weights)
        return Direction(weights: Cotangent(values: weights.view, basis: v.basis), isDual: isDual)
    }

    /// `D + σ Ω v`, the direction of `A⁺ + σ Ω`, written out; panel by panel, so that Ω is never stored as a whole.
    private func disturb(
        _ index: Int, _ step: Direction<Scalar>, _ v: Cotangent<Scalar>, _ draw: SketchDraw,
        _ views: GaussNewtonViews<Scalar>
    ) -> Direction<Scalar> {
        var sum = Matrix<Scalar>(rows: functions[index].width, columns: step.weights.values.columns)
        let result = sum.mutableView()
        let (parts, samples) = (parts, batch)
        inParallel(parts) { task in
            let own = part(task, of: parts, in: result.rows)
            for start in stride(from: own.lowerBound, to: own.upperBound, by: Self.noiseRows) {
                let rows = start..<min(start + Self.noiseRows, own.upperBound)
                let panel = result.rows(rows)
                if step.isDual {
                    panel.set(features(index).view.columns(rows).transposed, times: step.weights.values)
                } else {
                    panel.copy(from: step.weights.values.rows(rows))
                }
                let noise: Matrix<Scalar> = draw.noise(coupling: index, rows: rows, samples: samples)
                withExtendedLifetime(noise) { panel.add(noise.view, times: v.values, scale: Scalar(draw.noise)) }
            }
        }
        let view = views.keep(sum, for: index % 2)
        return Direction(weights: Cotangent(values: view, basis: v.basis), isDual: false)
    }

    /// Rows of Ω that are drawn at a time.
    private static var noiseRows: Int { 64 }

    /// `A D`, what of v is reached.
    private func reached(
        _ index: Int, _ v: Cotangent<Scalar>, _ step: Direction<Scalar>, _ views: GaussNewtonViews<Scalar>
    ) -> Cotangent<Scalar> {
        let reached = views.reached.columns(0..<step.weights.values.columns)
        if step.isDual {
            reached.copy(from: v.values)
            views.solver(index).reach(reached, solutions: step.weights.values)
        } else {
            inParallel(parts) { part in
                reached.rows(samples(part)).set(features(index).view.rows(samples(part)), times: step.weights.values)
            }
        }
        return Cotangent(values: reached.view, basis: step.weights.basis)
    }

    /// The Gram matrices of both couplings of a block, in parts, and then their factors, one for each thread.
    private func factorize(
        _ f: Int, _ g: Int, describing: Bool, _ views: GaussNewtonViews<Scalar>
    ) throws(NumericalFailure) {
        let batch = batch
        @Sendable func vectors(_ index: Int) -> View {
            batch <= functions[index].width ? features(index).view : features(index).view.transposed
        }
        let couplings = (f, g)
        inParallel(2 * FeatureSolver<Scalar>.tasks) { task in
            let index = task % 2 == 0 ? couplings.0 : couplings.1
            views.solver(index).formGram(of: vectors(index), task: task / 2)
        }
        inParallel(2) { task in views.factorize(task == 0 ? couplings.0 : couplings.1, describing: describing) }
        for failure in views.failures { if let failure { throw failure } }
    }
}

extension GaussNewtonViews {
    /// Leaves what happened in `evidence` and `failures`, where the tasks of F and G have a place each.
    fileprivate func factorize(_ index: Int, describing: Bool) {
        do throws(NumericalFailure) {
            let found = try solver(index).factorize(describing: describing)
            lock.withLock { _ in
                evidence[index] = found
                failures[index % 2] = nil
            }
        } catch {
            lock.withLock { _ in failures[index % 2] = error }
        }
    }
}
