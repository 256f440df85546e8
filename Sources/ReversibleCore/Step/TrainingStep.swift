import LinearAlgebra

/// How a step finds what to move the parameters against.
public enum StepDirection: Hashable, Sendable {
    /// The gradient of the loss.
    case gradient
    /// The exact Gauss-Newton step, its random numbers (if any) named.
    case gaussNewton(PseudoInverse, SketchDraw = SketchDraw())
}

/// What a step saw.
public struct StepReport<Scalar: BLASScalar>: Sendable {
    /// The mean loss of the batch before the step.
    public var loss: Double
    /// How many samples were classified correctly before it.
    public var correct: Int
    /// What was subtracted, before the rule of the optimizer made something of it; where it was asked for.
    public var direction: Parameters<Scalar>?
    /// Of every coupling in a Gauss-Newton step; where it was asked for.
    public var evidence: [PseudoInverse.Evidence]
}

/// Training steps of one network on batches of one size, in memory that is planned once.
///
/// From the second step on, hardly anything is allocated: activations, Gram matrices and what flows backwards have
/// their places, and directions are multiplied out panel by panel, each panel moving its parameters at once. These
/// allocate:
///
/// - the first step that needs eigenvectors of a Gram matrix, since a singular value is below the threshold, or its
///   eigenvalues, since evidence is asked for: room for them, which later steps use again;
/// - each step with noise: the direction that the noise is added to, and the noise;
/// - each step with a method of the pseudo-inverse that takes singular values or orthogonal factors: matrices of its
///   own, and LAPACK's;
/// - each step that is asked for its direction: a copy of it.
///
/// ```swift
/// let step = TrainingStep(for: network, batch: 512, activations: .keep)
/// let report = try step.perform(
///     on: &network, &optimizer, loss: .crossEntropy(.identity), .gaussNewton(PseudoInverse()),
///     input: images, targets: labels)
/// print(report.loss)
/// ```
///
/// Results do not depend on the number of threads.
public final class TrainingStep<Scalar: BLASScalar> {
    private let workspace: Workspace<Scalar>
    private let update = ParameterUpdate<Scalar>()

    /// - Parameters:
    ///   - network: of the shape, and with the projections, that all networks to be trained with this have.
    ///   - batch: n.
    ///   - reducing: whether linear couplings may be computed with in a reduced form, which is faster and leaves out
    ///     directions that no output depends on. Noise added to a pseudo-inverse also goes in those: steps with noise
    ///     take false.
    public init(
        for network: ReversibleNetwork<Scalar>, batch: Int, activations: ActivationMemory, reducing: Bool = true
    ) {
        workspace = Workspace(
            network.architecture, couplings: network.couplings, batch: batch, activations: activations,
            reducing: reducing)
    }

    /// n.
    public var batch: Int { workspace.batch }

    /// The memory that is kept from step to step, beside the network and the optimizer. The first Gauss-Newton step
    /// adds to it, and so does the first that needs eigenvalues. What steps allocate each for itself is not in it.
    public var byteCount: Int { workspace.byteCount }

    /// Makes one step.
    ///
    /// - Parameters:
    ///   - input: `[n, d]`.
    ///   - targets: `[n, K]`.
    ///   - describing: whether direction and evidence are asked for, which costs time and memory.
    /// - Throws: `NumericalFailure` where numbers stop being finite or a factorisation does not converge; parameters of
    ///   the last blocks may have been moved then.
    public func perform(
        on network: inout ReversibleNetwork<Scalar>, _ optimizer: inout Optimizer<Scalar>, loss: Loss,
        _ direction: StepDirection, input: Matrix<Scalar>, targets: Matrix<Scalar>, describing: Bool = false
    ) throws(NumericalFailure) -> StepReport<Scalar> {
        forward(network, input, goingBack: true)
        let (logits, slopes) = (workspace.logits, workspace.slopesOfLoss)
        let before = loss.value(logits.view, targets: targets.view)
        guard before.isFinite else { throw .nonFinite("the output before the step") }
        var report = StepReport<Scalar>(
            loss: before, correct: Loss.correct(logits.view, targets: targets.view), direction: nil, evidence: [])

        optimizer.begin(update, of: &network.parameters)
        // Making the parameters their own only owner may have moved them.
        workspace.refresh(network)
        var copies: [MutableMatrixView<Scalar>] = []
        if describing {
            var direction = Parameters(zerosLike: network.parameters)
            copies = direction.coefficients.indices.map { direction.coefficients[$0].mutableView() }
            report.direction = direction
        }
        let (update, kept) = (update, copies)
        // Said twice: a closure with a name would be put on the heap.
        switch direction {
        case .gradient:
            loss.write(gradient: logits.view, targets: targets.view, into: slopes)
            workspace.backPropagate(network, cotangent: atOutput(network), wantsInput: false) {
                move(update, $0, rows: $1, along: $2, copying: kept)
            }
        case .gaussNewton(let pseudoInverse, let draw):
            loss.write(gaussNewtonTangent: logits.view, targets: targets.view, into: slopes)
            try workspace.gaussNewtonStep(
                network, tangent: atOutput(network), pseudoInverse: pseudoInverse, draw: draw, describing: describing
            ) {
                move(update, $0, rows: $1, along: $2, copying: kept)
            }
            if describing { report.evidence = workspace.gaussNewton?.evidence ?? [] }
        }
        withExtendedLifetime((network, input, targets, report)) {}
        return report
    }

    /// The loss of a batch as the network is, without a step.
    public func loss(
        of network: ReversibleNetwork<Scalar>, _ loss: Loss, input: Matrix<Scalar>, targets: Matrix<Scalar>
    ) -> (loss: Double, correct: Int) {
        forward(network, input, goingBack: false)
        defer { withExtendedLifetime((network, input, targets)) {} }
        return (
            loss.value(workspace.logits.view, targets: targets.view),
            Loss.correct(workspace.logits.view, targets: targets.view)
        )
    }

    private func forward(_ network: ReversibleNetwork<Scalar>, _ input: Matrix<Scalar>, goingBack: Bool) {
        network.check(columns: input.columns)
        precondition(input.rows == batch, "a batch \(input.shape) for steps with \(batch) samples")
        workspace.begin(network)
        workspace.state.copy(fromWhole: input.view)
        workspace.forward(reading: network, goingBack: goingBack)
    }

    /// `δ Uᵀ`, in two factors.
    private func atOutput(_ network: ReversibleNetwork<Scalar>) -> (Cotangent<Scalar>, Cotangent<Scalar>) {
        let slopes = workspace.slopesOfLoss.view
        guard let readout = network.readout else {
            let half = network.architecture.half
            return (
                Cotangent(values: slopes.columns(0..<half), basis: nil),
                Cotangent(values: slopes.columns(half..<2 * half), basis: nil)
            )
        }
        return (
            Cotangent(values: slopes, basis: readout.first.view.transposed),
            Cotangent(values: slopes, basis: readout.second.view.transposed)
        )
    }
}

/// Moves some rows of a coupling's parameters, and copies what they moved along to where it is asked for, if it is.
private func move<Scalar: BLASScalar>(
    _ update: ParameterUpdate<Scalar>, _ coupling: Int, rows: Range<Int>, along direction: MatrixView<Scalar>,
    copying copies: [MutableMatrixView<Scalar>]
) {
    update.move(coupling, rows: rows, along: direction)
    if !copies.isEmpty { copies[coupling].rows(rows).copy(from: direction) }
}
