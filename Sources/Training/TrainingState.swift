import LinearAlgebra
import ReversibleCore
import TrialProtocol

/// Everything that the rest of a run depends on: what a checkpoint holds.
public struct TrainingState: Sendable {
    public internal(set) var network: ReversibleNetwork<Float>
    var optimizer: Optimizer<Float>
    /// The epoch that is under way, from 1; one more than the run's last when it is complete.
    public internal(set) var epoch = 1
    /// The batch to be done next, from 0.
    var batch = 0
    var tally = EpochTally()
    /// One report for every epoch that has ended.
    public internal(set) var log: [MetricReport] = []
}

/// What has been summed up over the batches of an epoch so far.
struct EpochTally: Hashable, Sendable {
    /// Over samples, before each batch's step.
    var loss = 0.0
    var correct = 0
    var samples = 0
    /// Over batches: by how many percent of the loss before it the step changed the loss of its own batch.
    var change = 0.0
    var changes = 0
    /// Of work on batches, evaluation and waiting excluded.
    var seconds = 0.0

    mutating func add(_ step: StepResult, samples count: Int) {
        loss += step.before * Double(count)
        correct += step.correct
        samples += count
        // A batch whose loss is 0 has nothing to change.
        if step.before > 0 {
            change += 100 * (step.after - step.before) / step.before
            changes += 1
        }
    }
}

/// What a step did to the batch it was made from.
struct StepResult: Hashable, Sendable {
    /// The loss before and after the step.
    var before: Double
    var after: Double
    /// The samples that were classified correctly before it.
    var correct: Int
    /// Of every coupling, where they were asked for.
    var layers: [LayerDiagnostics] = []
}

extension TrainingState {
    /// A fresh run.
    init(_ config: TrainingConfig, features: Int, classes: Int) throws(NumericalFailure) {
        network = try ReversibleNetwork(
            initializing: config.architecture(features: features, classes: classes),
            weights: config.model.initialization, seed: UInt64(config.seed))
        optimizer = Optimizer(config.optimizer.rule)
    }

    /// One step on one batch.
    ///
    /// The loss after the step costs another forward pass: a fifth of an SGD or Adam step, whose backward pass runs the
    /// blocks once more besides its own products, and a few percent of a Gauss-Newton step.
    ///
    /// - Parameter diagnosing: whether to look at every layer, which costs a pass over the parameters.
    /// - Throws: `NumericalFailure` where numbers stop being finite, with the parameters before the step or after it.
    mutating func step(
        _ config: TrainingConfig, input: Halves<Float>, targets: Matrix<Float>, diagnosing: Bool = false
    ) throws(NumericalFailure) -> StepResult {
        let loss = config.loss.loss
        let pass = network.forward(input, activations: config.training.activations)
        let logits = network.logits(of: pass.output)
        let before = loss.value(logits, targets: targets)
        guard before.isFinite else { throw .nonFinite("the output before the step") }

        let direction: Parameters<Float>
        var evidence: [PseudoInverse.Evidence] = []
        switch config.optimizer.name {
        case .gaussNewton:
            let tangent = loss.gaussNewtonTangent(logits, targets: targets)
            let step = try network.gaussNewtonStep(
                pass, tangent: network.atOutput(tangent), pseudoInverse: config.optimizer.pseudoInverse,
                draw: SketchDraw(seed: UInt64(config.seed), iteration: optimizer.updates))
            (direction, evidence) = (step.update, step.evidence)
        case .sgd, .adam, .adamw:
            let slope = loss.gradient(logits, targets: targets)
            direction = network.gradient(pass, cotangent: network.atOutput(slope)).parameters
        }
        optimizer.update(&network.parameters, along: direction)

        let after = loss.value(network.logits(of: network.output(of: input)), targets: targets)
        guard after.isFinite else { throw .nonFinite("the output after the step") }
        return StepResult(
            before: before, after: after, correct: Loss.correct(logits, targets: targets),
            layers: diagnosing ? LayerDiagnostics.all(network, direction: direction, evidence: evidence) : [])
    }
}
