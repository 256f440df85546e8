import LinearAlgebra

/// The memory of a training step, planned once for a network's shape and a batch size, and used by every step.
///
/// Samples are independent of each other but for Gram matrices and sums over the batch. So a pass over the network is
/// done by parts of the batch, in parallel, each part going through a coupling in panels of the hidden width: a panel
/// is multiplied, activated or gated, and multiplied again while it is in the cache, and only what is asked for is
/// kept.
///
/// `@unchecked Sendable` for the tasks of `inParallel`. The properties that change, `functions` and `gaussNewton`, are
/// set between tasks and not in them; in the memory, a task writes to the samples of its part (`samples(_:)`) or to the
/// panels with its number. A workspace belongs to one `TrainingStep` or `ForwardPass`, which are not `Sendable`: no two
/// steps can use it at the same time.
final class Workspace<Scalar: BLASScalar>: @unchecked Sendable {
    typealias View = MatrixView<Scalar>
    typealias MutableView = MutableMatrixView<Scalar>

    let architecture: Architecture
    /// n.
    let batch: Int
    let activations: ActivationMemory
    /// How many parts the batch is done in; a function of its size alone, like everything that bits depend on.
    let parts: Int

    /// The couplings as they are computed with in this step.
    var functions: [CouplingFunction<Scalar>]
    /// The state that is passed on from block to block; after the forward pass, the output.
    let state: HalfViews<Scalar>
    let output: HalfViews<Scalar>
    /// Of every block's input, for `recompute`.
    let states: [HalfViews<Scalar>]
    /// A of every coupling for `keep`, else of F and G of the block that is worked on.
    let features: [MutableView]
    let slopes: [MutableView]
    /// What flows backwards: tangents or cotangents.
    let flow: HalfViews<Scalar>
    /// Q Θ of the couplings of block 0 where they are reduced, and for what is to become of it.
    let reduced: [MutableView]
    let reducedSteps: [MutableView]
    let logits: MutableView
    /// δ, or the derivative of the loss by the logits.
    let slopesOfLoss: MutableView
    /// δ's basis Uᵀ times a projection or coefficients, `[K, c]`.
    let lowRank: MutableView
    /// For a part of the batch, a panel of hidden numbers.
    let panels: [MutableView]
    /// For a part of a coupling's coefficients, a panel of rows of its direction.
    let directionPanels: [MutableView]
    /// The same before it is multiplied by a basis.
    let lowRankPanels: [MutableView]
    /// What a Gauss-Newton step needs besides, from the first one on.
    var gaussNewton: GaussNewtonViews<Scalar>?
    private let arena: Arena<Scalar>

    /// Columns of a panel of hidden numbers, and rows of a panel of directions.
    static var panelWidth: Int { 1024 }
    static var directionRows: Int { 512 }

    /// - Parameter reducing: whether linear couplings may be computed with in their reduced form, in which directions
    ///   that no output depends on are left out.
    init(
        _ architecture: Architecture, couplings: [Coupling<Scalar>], batch: Int, activations: ActivationMemory,
        reducing: Bool
    ) {
        self.architecture = architecture
        self.batch = batch
        self.activations = activations
        let parts = batch < 64 ? 1 : max(2, batch / 1000 * 2)
        self.parts = parts
        let half = architecture.half
        functions = couplings.map { CouplingFunction($0, half: half, batch: batch, reducing: reducing) }
        let widths = functions.map(\.width)
        let widest = widths.max() ?? 0
        let kept = activations == .keep ? widths : [max(widths[0], widest), max(widths[1], widest)]
        let hasSlopes = architecture.activation.needsSlopes
        let stateCount = activations == .recompute ? architecture.blocks : 0
        let reducedCount = functions.count { $0.isReduced }
        let classes = architecture.outputs
        let basisRows = architecture.classes ?? 0
        let (panelRows, panelWidth) = ((batch + parts - 1) / parts + 16, min(Self.panelWidth, widest) + 32)
        let directionRows = min(Self.directionRows, architecture.coefficientRows)
        let state = [(batch, half), (batch, half)]
        arena = Arena(
            state + state + state + (0..<stateCount).flatMap { _ in state } + kept.map { (batch, $0) }
                + (hasSlopes ? kept.map { (batch, $0) } : []) + (0..<2 * reducedCount).map { _ in (half + 1, half) }
                + [(batch, classes), (batch, classes), (basisRows, widest)]
                + (0..<parts).flatMap { _ in
                    [(panelRows, panelWidth), (1, directionRows * half), (directionRows, basisRows)]
                })
        let arena = arena
        func halves() -> HalfViews<Scalar> {
            HalfViews(first: arena.take(batch, half), second: arena.take(batch, half))
        }
        self.state = halves()
        output = halves()
        flow = halves()
        states = (0..<stateCount).map { _ in halves() }
        features = kept.map { arena.take(batch, $0) }
        slopes = hasSlopes ? kept.map { arena.take(batch, $0) } : []
        reduced = (0..<reducedCount).map { _ in arena.take(half + (architecture.bias ? 1 : 0), half) }
        reducedSteps = (0..<reducedCount).map { _ in arena.take(half + (architecture.bias ? 1 : 0), half) }
        logits = arena.take(batch, classes)
        slopesOfLoss = arena.take(batch, classes)
        lowRank = arena.take(basisRows, widest)
        panels = (0..<parts).map { _ in arena.take(panelRows, panelWidth) }
        directionPanels = (0..<parts).map { _ in arena.take(1, directionRows * half) }
        lowRankPanels = (0..<parts).map { _ in arena.take(directionRows, basisRows) }
    }

    /// The memory of the plan, that of a Gauss-Newton step included once there was one.
    var byteCount: Int { arena.byteCount + (gaussNewton?.byteCount ?? 0) }

    /// A task's panel of some rows of a direction, without gaps.
    func directionPanel(_ task: Int, rows: Int) -> MutableView {
        directionPanels[task].reshaped(rows: rows, columns: architecture.half)
    }

    /// The samples of one part.
    func samples(_ part: Int) -> Range<Int> { LinearAlgebra.part(part, of: parts, in: batch) }

    /// A of a coupling.
    func features(_ index: Int) -> MutableView {
        let whole = features[activations == .keep ? index : index % 2]
        return whole.columns(0..<functions[index].width)
    }

    func slopes(_ index: Int) -> MutableView? {
        guard functions[index].activation.needsSlopes else { return nil }
        let whole = slopes[activations == .keep ? index : index % 2]
        return whole.columns(0..<functions[index].width)
    }
}

/// The two halves of a batch of states.
struct HalfViews<Scalar: BLASScalar> {
    let first: MutableMatrixView<Scalar>
    let second: MutableMatrixView<Scalar>

    func rows(_ range: Range<Int>) -> HalfViews { HalfViews(first: first.rows(range), second: second.rows(range)) }

    func copy(from other: HalfViews) {
        first.copy(from: other.first.view)
        second.copy(from: other.second.view)
    }

    /// `[x1 | x2]`, side by side.
    func copy(fromWhole whole: MatrixView<Scalar>) {
        let half = first.columns
        first.copy(from: whole.columns(0..<half))
        second.copy(from: whole.columns(half..<2 * half))
    }

    var matrices: Halves<Scalar> { Halves(first: first.view.matrix, second: second.view.matrix) }
}

/// A coupling with its coefficients, as a step computes with it: `A(x) = [s(x P) | 1]`, `F(x) = A(x) Θ`.
///
/// A linear coupling may be reduced: P = L in the place of C and Ψ in that of Θ, see `Coupling.triangle`.
struct CouplingFunction<Scalar: BLASScalar> {
    let activation: Activation
    let slope: Double
    let bias: Bool
    let isReduced: Bool
    /// c, the columns of A.
    let width: Int
    /// `[P | 0]`, `[m, c]`; `nil`: x itself is activated.
    let projection: MatrixView<Scalar>?
    /// Θ or Ψ, `[c, m]`; set with every step.
    var coefficients: MatrixView<Scalar>?

    init(_ coupling: Coupling<Scalar>, half: Int, batch: Int, reducing: Bool) {
        activation = coupling.activation
        slope = coupling.slope
        bias = coupling.bias
        let columns = coupling.projection?.columns ?? half + (coupling.bias ? 1 : 0)
        // Ψ = Q Θ and ΔΘ = Qᵀ ΔΨ take 2 m²h operations each; three products at least are shorter by 2 n m (h − m).
        isReduced =
            reducing && coupling.triangle.map { 2 * half * columns <= 3 * batch * (columns - $0.columns) } ?? false
        projection = (isReduced ? coupling.triangle : coupling.projection)?.view
        width = projection?.columns ?? columns
    }

    var theta: MatrixView<Scalar> {
        guard let coefficients else { preconditionFailure("no step has begun") }
        return coefficients
    }

    /// `z ← [x P | 0]`, some columns of it.
    func lift(_ x: MatrixView<Scalar>, columns: Range<Int>, into z: MutableMatrixView<Scalar>) {
        if let projection { return z.set(x, times: projection.columns(columns)) }
        let some = columns.clamped(to: 0..<x.columns)
        z.columns(0..<some.count).copy(from: x.columns(some))
        z.columns(some.count..<columns.count).fill(0)
    }
}
