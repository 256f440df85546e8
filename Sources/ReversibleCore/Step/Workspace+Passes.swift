import LinearAlgebra

// What is done sample by sample: each function works on one part of the batch.

extension Workspace {
    /// Takes the network's parameters; views of them are used until the next step begins.
    func begin(_ network: ReversibleNetwork<Scalar>) {
        refresh(network)
        guard !reduced.isEmpty else { return }
        // Ψ = Q Θ = L⁻¹ C Θ, and the bias as it is.
        let (half, columnParts) = (architecture.half, 2)
        inParallel(columnParts * reduced.count) { task in
            let (index, columns) = (task / columnParts, part(task % columnParts, of: columnParts, in: half))
            guard let projection = network.couplings[index].projection, let triangle = functions[index].projection
            else { return }
            let theta = network.parameters.coefficients[index].view.columns(columns)
            let psi = reduced[index].columns(columns)
            psi.rows(0..<half).set(projection.view, times: theta)
            psi.rows(0..<half).solve(triangle.columns(0..<half), isUpper: false)
            if architecture.bias { psi.rows(half..<half + 1).copy(from: theta.rows(theta.rows - 1..<theta.rows)) }
        }
    }

    /// Takes the parameters anew where they may have moved in memory without having changed.
    func refresh(_ network: ReversibleNetwork<Scalar>) {
        for index in functions.indices {
            functions[index].coefficients =
                functions[index].isReduced ? reduced[index].view : network.parameters.coefficients[index].view
        }
    }

    /// From the input in `state` to the output in `state` and `output`, remembering what the plan says.
    func forward() {
        inParallel(parts) { forward(part: $0, blocks: 0..<architecture.blocks) }
    }

    /// The same, and the logits, `Z = y1 U1 + y2 U2`, or y itself where there is no U.
    ///
    /// Where U is narrow, the value of the last coupling is not needed for them, and not made:
    ///
    ///     G(y1) U2 = A (Θ U2)        A: [n, c]   Θ U2: [c, K]
    ///
    /// `output.second` is then x2, and `lowRank` holds `(Θ U2)ᵀ`.
    ///
    /// - Parameter goingBack: whether a backward pass follows, which starts at y2 if it goes by `reverse`.
    func forward(reading network: ReversibleNetwork<Scalar>, goingBack: Bool) {
        guard let readout = network.readout, isNarrow(readout.second), activations != .reverse || !goingBack else {
            forward()
            guard let readout = network.readout else {
                let half = architecture.half
                logits.columns(0..<half).copy(from: output.first.view)
                logits.columns(half..<2 * half).copy(from: output.second.view)
                return
            }
            inParallel(parts) { part in
                let (output, logits) = (output.rows(samples(part)), logits.rows(samples(part)))
                logits.set(output.first.view, times: readout.first.view)
                logits.add(output.second.view, times: readout.second.view)
            }
            return
        }
        let (last, block) = (2 * architecture.blocks - 1, architecture.blocks - 1)
        let low = lowCoefficients(last, readout.second.view.transposed)
        inParallel(parts) { part in
            forward(part: part, blocks: 0..<block)
            let (state, logits) = (state.rows(samples(part)), logits.rows(samples(part)))
            if activations == .recompute { states[block].rows(samples(part)).copy(from: state) }
            logits.set(state.second.view, times: readout.second.view)
            add(last - 1, of: state.second.view, to: state.first, part: part, remembering: activations == .keep)
            logits.add(state.first.view, times: readout.first.view)
            add(
                last, of: state.first.view, to: logits, part: part, remembering: activations == .keep,
                coefficients: low.transposed)
            output.rows(samples(part)).copy(from: state)
        }
    }

    /// Whether it takes fewer operations to multiply by K columns first.
    private func isNarrow(_ basis: Matrix<Scalar>) -> Bool { basis.columns < architecture.half }

    /// `basis · Θᵀ`, `[K, c]`, in `lowRank`.
    func lowCoefficients(_ index: Int, _ basis: View) -> View {
        let function = functions[index]
        let low = lowRank.rows(0..<basis.rows).columns(0..<function.width)
        inParallel(parts) { task in
            let some = part(task, of: parts, in: function.width)
            low.columns(some).set(basis, times: function.theta.rows(some).transposed)
        }
        return low.view
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func forward(part: Int, blocks: Range<Int>) {
        let samples = samples(part)
        let state = state.rows(samples)
        for block in blocks {
            if activations == .recompute { states[block].rows(samples).copy(from: state) }
            let keeps = activations == .keep
            add(2 * block, of: state.second.view, to: state.first, part: part, remembering: keeps)
            add(2 * block + 1, of: state.first.view, to: state.second, part: part, remembering: keeps)
        }
        output.rows(samples).copy(from: state)
    }

    /// Finds A of both couplings of a block, and makes `state`, the block's output, its input.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func revisit(_ block: Int) {
        let (f, g) = (2 * block, 2 * block + 1)
        inParallel(parts) { part in
            let samples = samples(part)
            let state = state.rows(samples)
            switch activations {
            case .keep: break
            case .recompute:
                let before = states[block].rows(samples)
                remember(g, of: state.first.view, part: part)
                remember(f, of: before.second.view, part: part)
                state.copy(from: before)
            case .reverse:
                add(g, of: state.first.view, to: state.second, part: part, scale: -1, remembering: true)
                add(f, of: state.second.view, to: state.first, part: part, scale: -1, remembering: true)
            }
        }
    }

    /// `y ← y + scale · A(x) Θ`, or with other coefficients in the place of Θ.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func add(
        _ index: Int, of x: View, to y: MutableView, part: Int, scale: Scalar = 1, remembering: Bool,
        coefficients: View? = nil
    ) {
        let coefficients = coefficients ?? functions[index].theta
        forEachPanel(of: functions[index].width) { columns in
            let z = activated(index, of: x, part: part, columns: columns, remembering: remembering)
            y.add(z.view, times: coefficients.rows(columns), scale: scale)
        }
    }

    private func remember(_ index: Int, of x: View, part: Int) {
        forEachPanel(of: functions[index].width) { columns in
            _ = activated(index, of: x, part: part, columns: columns, remembering: true)
        }
    }

    /// Some columns of `A(x)`, and s' there where it is to be remembered.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func activated(
        _ index: Int, of x: View, part: Int, columns: Range<Int>, remembering: Bool
    ) -> MutableView {
        let (function, samples) = (functions[index], samples(part))
        let z =
            remembering
            ? features(index).rows(samples).columns(columns)
            : panels[part].rows(0..<samples.count).columns(0..<columns.count)
        function.lift(x, columns: columns, into: z)
        if remembering, let slopes = slopes(index) {
            function.activation.apply(to: z, writing: slopes.rows(samples).columns(columns))
        } else {
            function.activation.apply(to: z, slope: function.slope)
        }
        if function.bias, columns.upperBound == function.width { z.columns(columns.count - 1..<columns.count).fill(1) }
        return z
    }

    /// `result ← result + scale · dF(x)[t]`, with `dF(x)[t] = (s'(x P) ∘ (t P)) Θ`.
    ///
    /// - Parameters:
    ///   - t: the part's samples, `[n, m]`; or, with `lifted`, what it takes to make `t P`.
    ///   - lifted: `t P = t · lifted`, where t is given by fewer numbers.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func addDerivative(
        _ index: Int, along t: View, lifted: View? = nil, to result: MutableView, part: Int, scale: Scalar
    ) {
        let (function, samples) = (functions[index], samples(part))
        forEachPanel(of: function.width) { columns in
            let z = panels[part].rows(0..<samples.count).columns(0..<columns.count)
            if let lifted {
                z.set(t, times: lifted.columns(columns))
            } else {
                function.lift(t, columns: columns, into: z)
            }
            multiplyByDerivative(z, index, samples: samples, columns: columns)
            result.add(z.view, times: function.theta.rows(columns), scale: scale)
        }
    }

    /// `result ← result + dF(x)ᵀ[g]`, with `dF(x)ᵀ[g] = (s'(x P) ∘ (g Θᵀ)) Pᵀ`.
    ///
    /// - Parameter lifted: `g Θᵀ = g · lifted`, where g is given by fewer numbers.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func addPullback(_ index: Int, of g: View, lifted: View? = nil, to result: MutableView, part: Int) {
        let (function, samples) = (functions[index], samples(part))
        forEachPanel(of: function.width) { columns in
            let z = panels[part].rows(0..<samples.count).columns(0..<columns.count)
            z.set(g, times: (lifted ?? function.theta.transposed).columns(columns))
            multiplyByDerivative(z, index, samples: samples, columns: columns)
            if let projection = function.projection {
                result.add(z.view, times: projection.columns(columns).transposed)
            } else {
                let some = columns.clamped(to: 0..<result.columns)
                result.columns(some).add(z.view.columns(0..<some.count), scale: 1)
            }
        }
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func multiplyByDerivative(_ z: MutableView, _ index: Int, samples: Range<Int>, columns: Range<Int>) {
        let function = functions[index]
        function.activation.multiplyByDerivative(
            z, at: features(index).view.rows(samples).columns(columns),
            slopes: slopes(index)?.view.rows(samples).columns(columns), slope: function.slope)
    }

    private func forEachPanel(of width: Int, _ body: (Range<Int>) -> Void) {
        let count = max((width + Self.panelWidth - 1) / Self.panelWidth, 1)
        for index in 0..<count { body(LinearAlgebra.part(index, of: count, in: width)) }
    }
}
