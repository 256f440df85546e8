import LinearAlgebra

/// Numbers for each sample, `[n, m]`, given as `values · basis`.
///
/// What comes from the logits is `V = δ Uᵀ`, of rank K: in the last block it costs less to work with δ and multiply by
/// Uᵀ last.
struct Cotangent<Scalar: BLASScalar> {
    /// `[n, k]`.
    let values: MatrixView<Scalar>
    /// `[k, m]`; `nil`: the identity.
    let basis: MatrixView<Scalar>?
}

/// What a coupling's coefficients are to change by, before it is multiplied out: `D = Aᵀ W`, or `D = W`.
struct Direction<Scalar: BLASScalar> {
    /// W, `[n, k]`, or `[c, k]`.
    let weights: Cotangent<Scalar>
    /// Whether Aᵀ is still to be applied.
    let isDual: Bool
}

extension Workspace {
    /// Takes rows of ΔΘ: the coupling, which of its rows, and their numbers, without gaps. It is called by several
    /// tasks at a time, for other rows each.
    typealias Sink = @Sendable (_ coupling: Int, _ rows: Range<Int>, _ direction: View) -> Void

    /// Multiplies a direction out, panel by panel, so that it is never stored as a whole.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func multiplyOut(_ index: Int, _ direction: Direction<Scalar>, network: ReversibleNetwork<Scalar>, into sink: Sink)
    {
        let function = functions[index]
        guard function.isReduced, let projection = network.couplings[index].projection,
            let triangle = function.projection
        else {
            forEachPanelOfRows(function.width) { task, rows in
                let panel = directionPanel(task, rows: rows.count)
                multiplyOut(index, direction, rows: rows, task: task, into: panel)
                sink(index, rows, panel.view)
            }
            return
        }
        // ΔΘ = Qᵀ ΔΨ = Cᵀ L⁻ᵀ ΔΨ, and the bias as it is.
        let (half, step) = (architecture.half, reducedSteps[index])
        forEachPanelOfRows(function.width) { task, rows in
            multiplyOut(index, direction, rows: rows, task: task, into: step.rows(rows))
        }
        let weights = step.rows(0..<half)
        inParallel(2) { task in
            weights.columns(part(task, of: 2, in: half)).solve(triangle.columns(0..<half).transposed, isUpper: true)
        }
        let hidden = architecture.coefficientRows - (architecture.bias ? 1 : 0)
        forEachPanelOfRows(hidden) { task, rows in
            let panel = directionPanel(task, rows: rows.count)
            panel.set(projection.view.columns(rows).transposed, times: weights.view)
            sink(index, rows, panel.view)
        }
        if architecture.bias {
            let panel = directionPanel(0, rows: 1)
            panel.copy(from: step.view.rows(half..<half + 1))
            sink(index, hidden..<hidden + 1, panel.view)
        }
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func multiplyOut(
        _ index: Int, _ direction: Direction<Scalar>, rows: Range<Int>, task: Int, into panel: MutableView
    ) {
        let (values, basis) = (direction.weights.values, direction.weights.basis)
        let transposed = features(index).view.columns(rows).transposed
        switch (direction.isDual, basis) {
        case (true, nil): panel.set(transposed, times: values)
        case (true, let basis?):
            let low = lowRankPanels[task].rows(0..<rows.count).columns(0..<values.columns)
            low.set(transposed, times: values)
            panel.set(low.view, times: basis)
        case (false, nil): panel.copy(from: values.rows(rows))
        case (false, let basis?): panel.set(values.rows(rows), times: basis)
        }
    }

    /// Cuts `count` rows into panels, which as many tasks as there are parts share.
    private func forEachPanelOfRows(_ count: Int, _ body: @Sendable (_ task: Int, _ rows: Range<Int>) -> Void) {
        inParallel(parts) { task in
            let rows = part(task, of: parts, in: count)
            var start = rows.lowerBound
            while start < rows.upperBound {
                let end = min(start + Self.directionRows, rows.upperBound)
                body(task, start..<end)
                start = end
            }
        }
    }
}
