import ConfigFile
import Datasets
import LinearAlgebra
import RandomStreams
import ReversibleCore

extension TrainingConfig {
    /// What is to be learned of the samples.
    public struct Task: Hashable, Sendable {
        public enum Name: String, Hashable, Sendable, CaseIterable {
            /// Each sample's own class.
            case classification
            /// A linear function of the sample with noise, so that the best loss is known: the square of the noise.
            case regression
            /// What a frozen random network of the same family says of the sample; of the cross entropy, with what
            /// probability.
            case teacher
        }

        public var name = Name.classification
        /// The number of outputs of `regression` and `teacher`; `nil`: as many as there are classes.
        public var outputs: Int?
        /// The deviation of the noise of `regression`.
        public var noise = 0.1
        /// Of the function to be learned and of the noise.
        public var seed = 0
        /// Of the `teacher`, which has the model's activation and bias.
        public var blocks = 2
        public var hidden = 256
    }
}

/// Where the targets of samples come from.
public struct LearningTask: Sendable {
    private enum Source: Sendable {
        case classes
        /// The function `[d, K]`, and the noise.
        case linear(Matrix<Float>, noise: Double)
        case teacher(ReversibleNetwork<Float>, probabilities: Bool)
    }

    private let source: Source
    private let seed: UInt64
    /// Whether the samples to choose by are those to judge by, which then are to have the same noise.
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
    init(_ config: TrainingConfig, for architecture: Architecture) throws(NumericalFailure) {
        let task = config.task
        seed = UInt64(task.seed)
        validatesOnTest = config.data.validation == .test
        switch task.name {
        case .classification: source = .classes
        case .regression:
            var random = RandomStream(seed: seed, stream: .targetFunction)
            // Of standardised samples, its values have variance 1.
            let deviation = 1 / Double(architecture.features).squareRoot()
            source = .linear(
                Matrix(
                    rows: architecture.features, columns: architecture.outputs,
                    elements: (0..<architecture.features * architecture.outputs).map { _ in
                        Float(deviation * random.normal())
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

    /// Whether it means something that the largest output is where the largest target is.
    var hasAccuracy: Bool {
        switch source {
        case .classes, .teacher: true
        case .linear: false
        }
    }

    /// What is to be learned of some samples, shape `[n, width]`.
    ///
    /// - Parameters:
    ///   - part: the samples that these are among, and `indices` which of them, for the noise.
    func targets(
        of samples: LabelledImages, in part: TrainedNetwork.Part, at indices: some Collection<Int>, width: Int
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
            let kind: UInt64 = part == .train ? 0 : part == .validation && !validatesOnTest ? 1 : 2
            for (row, index) in indices.enumerated() {
                var random = RandomStream(seed: seed, stream: .targetNoise, UInt64(index), kind)
                for column in 0..<width { targets[row, column] += Float(noise * random.normal()) }
            }
            return targets
        }
    }
}

extension TrainingConfig.Task {
    /// - Parameter loss: what the task is to be learned with.
    mutating func read(_ section: ConfigSection, loss: TrainingConfig.LossChoice) {
        name = section.choice("name") ?? name
        if name == .regression && loss.name != .mse {
            section.problems.report(
                "'\(section.name("name"))' regression needs the loss mse", at: section.place(of: "name"),
                help: "loss: {name: mse}")
        }
        // What a resolved config says where nothing is asked for.
        if section.node("outputs")?.value != .string("classes") {
            outputs = section.integer("outputs", in: 1...1_000_000) ?? outputs
        }
        noise = section.number("noise", .nonNegative) ?? noise
        seed = section.integer("seed", in: 0 ... .max) ?? seed
        blocks = section.integer("blocks", in: 1...10_000) ?? blocks
        hidden = section.integer("hidden", in: 0...1_000_000) ?? hidden
    }

    var resolved: [(String, ConfigNode.Value)] {
        [
            ("name", .string(name.rawValue)), ("outputs", outputs.map { .integer($0) } ?? .string("classes")),
            ("noise", .number(noise)), ("seed", .integer(seed)), ("blocks", .integer(blocks)),
            ("hidden", .integer(hidden)),
        ]
    }
}
