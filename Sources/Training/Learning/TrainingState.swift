import LinearAlgebra
import ReversibleCore
import TrialProtocol

/// Everything that the rest of a run depends on: what a checkpoint holds.
///
/// What the config determines is not in it: samples, their order, projections, targets. All of that is a function of
/// the config, the epoch and the batch.
public struct TrainingState: Sendable {
    /// Its trained parameters, and the frozen projections that the config's seed draws.
    public internal(set) var network: ReversibleNetwork<Float>
    /// With its moments and the number of updates so far.
    var optimizer: Optimizer<Float>
    /// The epoch that is under way, from 1; one more than the run's last when it is complete.
    public internal(set) var epoch = 1
    /// The batch to be done next, from 0.
    var batch = 0
    /// What the epoch under way adds up to.
    var tally = EpochTally()
    /// One report for every epoch that has ended.
    public internal(set) var log: [MetricReport] = []
}

/// What has been summed up over the batches of an epoch so far.
struct EpochTally: Hashable, Sendable {
    /// Over samples, before each batch's step.
    var loss = 0.0
    /// Samples classified correctly, before each batch's step.
    var correct = 0
    var samples = 0
    /// Over batches: by how many percent of the loss before it the step changed the loss of its own batch.
    var change = 0.0
    /// The batches that count in `change`.
    var changes = 0
    /// Over samples, after each batch's step, and how many samples that were: all of them, unless the epoch was begun
    /// by a program that did not count this.
    var lossAfter = 0.0
    var correctAfter = 0
    var samplesAfter = 0
    /// Of work on batches, evaluation and waiting excluded.
    var seconds = 0.0

    /// Adds one batch.
    ///
    /// - Parameter count: the samples of the batch.
    mutating func add(_ step: StepResult, samples count: Int) {
        loss += step.before * Double(count)
        correct += step.correct
        samples += count
        lossAfter += step.after * Double(count)
        correctAfter += step.correctAfter
        samplesAfter += count
        if let percentage = step.percentageChange {
            change += percentage
            changes += 1
        }
    }
}

/// What a step did to the batch it was made from.
struct StepResult: Hashable, Sendable {
    /// The loss before and after the step.
    var before: Double
    var after: Double
    /// The samples that were classified correctly before it, and after it.
    var correct: Int
    var correctAfter: Int
    /// Of every coupling, where they were asked for.
    var layers: [LayerDiagnostics] = []

    /// By how many percent of the loss before it the step changed the loss; nil where that was 0, which has nothing to
    /// change.
    var percentageChange: Double? { before > 0 ? 100 * (after - before) / before : nil }
}

extension TrainingState {
    /// A fresh run.
    ///
    /// - Parameters:
    ///   - features: the numbers of a sample.
    ///   - classes: of the data set.
    /// - Throws: `NumericalFailure` if the factorisation of the read-out finds no memory.
    init(_ config: TrainingConfig, features: Int, classes: Int) throws(NumericalFailure) {
        network = try ReversibleNetwork(
            initializing: config.architecture(features: features, classes: classes),
            weights: config.model.initialization, deviation: config.model.initialDeviation, seed: UInt64(config.seed))
        optimizer = Optimizer(config.optimizer.rule)
    }

    /// One step on one batch.
    ///
    /// The loss after the step costs another forward pass: a quarter of an SGD or Adam step, a few percent of a
    /// Gauss-Newton step.
    ///
    /// - Parameters:
    ///   - step: for batches of this size.
    ///   - input: `[n, d]`.
    ///   - diagnosing: whether to look at every layer, which costs a pass over the parameters.
    /// - Throws: `NumericalFailure` where numbers stop being finite, with the parameters before the step or after it.
    mutating func step(
        _ config: TrainingConfig, with step: TrainingStep<Float>, input: Matrix<Float>, targets: Matrix<Float>,
        diagnosing: Bool = false
    ) throws(NumericalFailure) -> StepResult {
        let loss = config.loss.loss
        let direction: StepDirection =
            switch config.optimizer.name {
            case .gaussNewton:
                .gaussNewton(
                    config.optimizer.pseudoInverse,
                    SketchDraw(
                        seed: UInt64(config.seed), iteration: optimizer.updates,
                        noise: config.optimizer.pseudoInverseNoise))
            case .sgd, .adam, .adamw: .gradient
            }
        let report = try step.perform(
            on: &network, &optimizer, loss: loss, direction, input: input, targets: targets, describing: diagnosing)
        let after = step.loss(of: network, loss, input: input, targets: targets)
        guard after.loss.isFinite else { throw .nonFinite("the output after the step") }
        return StepResult(
            before: report.loss, after: after.loss, correct: report.correct, correctAfter: after.correct,
            layers: report.direction.map { LayerDiagnostics.all(network, direction: $0, evidence: report.evidence) }
                ?? [])
    }
}
