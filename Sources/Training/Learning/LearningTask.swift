import Datasets
import LinearAlgebra
import RandomStreams
import ReversibleCore

/// What a network is to learn: the targets of samples, whichever of the three tasks of a config they come from.
///
///     let task = try LearningTask(config, for: architecture)
///     let targets = task.targets(of: batch, in: .train, at: indices, width: architecture.outputs)
public struct LearningTask: Sendable {
    /// Where the targets come from.
    private enum Source: Sendable {
        /// The class of each sample: 1 at its place, 0 elsewhere.
        case classes
        /// The function `[d, K]`, and the noise.
        case linear(Matrix<Float>, noise: Double)
        /// A frozen random network. Its logits are the targets of the squared error, its probabilities those of the
        /// cross entropy.
        case teacher(ReversibleNetwork<Float>, probabilities: Bool)
    }

    private let source: Source
    /// Of the noise.
    private let seed: UInt64
    /// Whether the validation samples are the test samples; both then have the same noise.
    private let validatesOnTest: Bool

    /// The samples' own classes.
    public static let classification = LearningTask(source: .classes, seed: 0, validatesOnTest: false)

    private init(source: Source, seed: UInt64, validatesOnTest: Bool) {
        self.source = source
        self.seed = seed
        self.validatesOnTest = validatesOnTest
    }

    /// The task of a config.
    ///
    /// - Parameter architecture: of the network that is to learn it.
    ///
    /// - Throws: `NumericalFailure` if the factorisation of the teacher's read-out finds no memory.
    init(_ config: TrainingConfig, for architecture: Architecture) throws(NumericalFailure) {
        let task = config.task
        seed = UInt64(task.seed)
        validatesOnTest = config.data.validation == .test
        switch task.name {
        case .classification: source = .classes
        case .regression:
            var random = RandomStream(seed: seed, stream: .targetFunction)
            // Of standardised samples, its values have variance 1.
            let std = 1 / Double(architecture.features).squareRoot()
            source = .linear(
                Matrix(
                    rows: architecture.features, columns: architecture.outputs,
                    elements: (0..<architecture.features * architecture.outputs).map { _ in
                        Float(std * random.normal())
                    }), noise: task.noise)
        case .teacher:
            var teacher = architecture
            teacher.blocks = task.blocks
            teacher.hidden = task.hidden == 0 ? nil : task.hidden
            // Another seed than the learner's even where both are given the same.
            source = .teacher(
                try ReversibleNetwork(initializing: teacher, weights: .he, seed: seed ^ 0x7EAC_4E12_0000_0000),
                probabilities: config.loss.name == .crossEntropy)
        }
    }

    /// Whether accuracy is defined: whether each sample has one right output, which a regression has not.
    var hasAccuracy: Bool {
        switch source {
        case .classes, .teacher: true
        case .linear: false
        }
    }

    /// What is to be learned of some samples, shape `[n, width]`.
    ///
    /// - Parameters:
    ///   - split: the samples that these are among, and `indices` which of them, for the noise.
    ///
    /// The noise of a regression is a function of the split and the sample's index: the same in every epoch and in
    /// every run, also after a resume. So is the target, unless augmentations change the sample: it is then that of
    /// what they have made.
    func targets(
        of samples: LabelledImages, in split: SplitName, at indices: some Collection<Int>, width: Int
    ) -> Matrix<Float> {
        switch source {
        case .classes: return samples.targets(width: width)
        case .teacher(let teacher, let probabilities):
            let logits = teacher.logits(of: teacher.output(of: Halves(splitting: samples.images)))
            guard probabilities else { return logits }
            // p − y, of targets that are 0.
            return Loss.crossEntropy(.identity).gaussNewtonTangent(
                logits, targets: Matrix(rows: logits.rows, columns: logits.columns))
        case .linear(let function, let noise):
            var targets = samples.images.times(function)
            let kind: UInt64 = split == .train ? 0 : split == .validation && !validatesOnTest ? 1 : 2
            for (row, index) in indices.enumerated() {
                var random = RandomStream(seed: seed, stream: .targetNoise, UInt64(index), kind)
                for column in 0..<width { targets[row, column] += Float(noise * random.normal()) }
            }
            return targets
        }
    }
}
