import ConfigFile
import Datasets
import LinearAlgebra
import ReversibleCore

/// What one training run is: everything that its numbers depend on, and where they are put.
///
/// Every setting has a default, so a config file says only what differs from it.
///
///     let config = try TrainingConfig.read(path: "configs/digits.yaml")
///     var run = try TrainingRun(config, folder: "results/runs/digits")
public struct TrainingConfig: Hashable, Sendable {
    /// Of the initialisation and of the order of the samples.
    public var seed = 0
    /// Which samples, in which batches, and what is done to them.
    public var data = Data()
    /// What the network is to learn of them.
    public var task = Task()
    public var model = Model()
    /// The loss, and its curvature in a Gauss-Newton step.
    public var loss = LossChoice()
    public var optimizer = OptimizerChoice()
    /// How long, and with which threads.
    public var training = Schedule()
    public var output = Output()
    /// Keys of the research code's form that say nothing to this program, by their paths; see `configs/legacy.md`.
    public internal(set) var keysWithoutEffect: [String] = []

    public init() {}

    /// The network and how it is initialised.
    public struct Model: Hashable, Sendable {
        /// How many blocks follow one another, each of two couplings with a weight matrix each.
        public var blocks = 2
        /// The width of the frozen random projection; 0: none, and each half is activated as it is.
        public var hidden = 256
        /// Whether each coupling adds a trained vector to its output.
        public var bias = true
        /// Whether a frozen orthonormal projection makes the logits; without it they are the network's whole output.
        public var outputProjection = true
        /// s in F(x) = s(x C) W + b; the first block is linear whatever this says.
        public var activation = Activation.relu
        /// Of `leaky_relu`, below 0.
        public var slope = 0.01
        /// How large the first weights are.
        public var initialization = Initialization.published
        /// Of `published`: the standard deviation of the first weights.
        public var initialDeviation = Initialization.publishedDeviation
    }

    /// The loss, and what a Gauss-Newton step takes for its curvature.
    public struct LossChoice: Hashable, Sendable {
        public enum Name: String, Hashable, Sendable, CaseIterable {
            /// The mean over samples, by natural logarithms.
            case crossEntropy = "cross_entropy"
            /// The squared error, without ½: the mean over outputs and samples.
            case mse
        }

        /// What stands for the second derivative of the cross entropy in a Gauss-Newton step: nothing, itself, or
        /// itself with λ added.
        public enum Curvature: String, Hashable, Sendable, CaseIterable {
            case identity, exact, damped
        }

        public var name = Name.crossEntropy
        /// Of the cross entropy, in a Gauss-Newton step.
        public var curvature = Curvature.identity
        /// λ of the curvature `damped`.
        public var damping = 0.1
        /// What part of each label is spread over all classes, of `cross_entropy`.
        public var labelSmoothing = 0.0
        /// Of the Gauss-Newton tangent of `mse`: 2 as published, 1 for the Newton step.
        public var tangentFactor = 2.0

        /// The loss that steps are made from and that is reported.
        public var loss: Loss {
            switch name {
            case .mse: .squaredError(tangentFactor: tangentFactor)
            case .crossEntropy:
                switch curvature {
                case .identity: .crossEntropy(.identity, smoothing: labelSmoothing)
                case .exact: .crossEntropy(.exact, smoothing: labelSmoothing)
                case .damped: .crossEntropy(.damped(damping), smoothing: labelSmoothing)
                }
            }
        }
    }

    /// The optimizer and its settings; those that it does not use have no effect.
    public struct OptimizerChoice: Hashable, Sendable {
        public enum Name: String, Hashable, Sendable, CaseIterable {
            case sgd, adam, adamw
            case gaussNewton = "gauss_newton"
        }

        public var name = Name.gaussNewton
        /// The factor of a step; where it is not given, 0.001 for `adam` and `adamw`, 0.1 for `sgd` and `gauss_newton`.
        ///
        /// Where no singular value is dropped, a Gauss-Newton step moves the output by the whole tangent once for every
        /// block. With the curvature `exact` the Newton step in terms of the loss then has the rate 1/B for B blocks;
        /// with `mse` 1/(2B), since its tangent carries the published factor 2 unless told otherwise. With `identity`,
        /// the default, 1/B means nothing: the loss of a full batch falls about as 0.8/(rate · steps), and rates far
        /// above 1/B were stable.
        public var learningRate: Double?
        /// How the rate moves during the run.
        public var schedule = LearningRateSchedule()
        /// Of `sgd` and `gauss_newton`.
        public var momentum = 0.0
        /// Whether momentum looks ahead.
        public var nesterov = false
        /// Added to the direction as a multiple of the weights; in `adamw` subtracted from the weights in a step of its
        /// own.
        public var weightDecay = 0.0
        /// Of `adam` and `adamw`, like the next two.
        public var beta1 = 0.9
        public var beta2 = 0.999
        public var epsilon = 1e-8
        /// Of `gauss_newton`.
        public var pseudoInverse = PseudoInverse()
        /// Of `gauss_newton`: the standard deviation of the noise that is added to each number of A⁺, new in every
        /// step; see `SketchDraw.noise`.
        public var pseudoInverseNoise = 0.0

        /// The learning rate as given, else the default of the optimizer.
        public var rate: Double {
            if let learningRate { return learningRate }
            return switch name {
            case .sgd: 0.1
            case .adam, .adamw: 1e-3
            case .gaussNewton: 0.1
            }
        }

        /// How a direction becomes a change of the weights, at the rate that the run begins with.
        public var rule: UpdateRule {
            switch name {
            case .sgd, .gaussNewton:
                .descent(rate: rate, momentum: momentum, nesterov: nesterov, weightDecay: weightDecay)
            case .adam, .adamw:
                .adam(
                    rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay,
                    decoupledDecay: name == .adamw)
            }
        }
    }

    /// How long to train, and how steps are computed.
    public struct Schedule: Hashable, Sendable {
        /// Passes over all training samples.
        public var epochs = 20
        public var activations = ActivationChoice.auto
        /// The distance between the epochs after which the network is evaluated: N, 2 N, 3 N, … and always the last.
        public var evaluateEvery = 1
        /// Which of the validation samples it is then evaluated on.
        public var evaluationSamples = EvaluationSamples.all
        /// Whether the loss and accuracy on all training samples are taken after each epoch that is evaluated, without
        /// augmentations; else they are the means over the epoch's batches, each before its step.
        public var evaluatesTrainingSet = false
        /// Where the first weights come from: a file of weights, a checkpoint or a run's folder, in which `{seed}`
        /// stands for the run's seed; nil: they are drawn.
        public var startFrom: String?
        /// Of the weights that `startFrom` leads to, as `StartingWeights` computes it; nil: not known yet.
        public var startChecksum: String?
        /// The number of threads that compute; `nil`: what `OPENBLAS_NUM_THREADS` says, else 1. Results are the same
        /// bits for any number.
        public var threads: Int?
    }

    /// Where the run is put, and what is kept and logged of it. No number of the run depends on it.
    public struct Output: Hashable, Sendable {
        /// Relative to the working directory.
        public var directory: String?
        /// Where a run without a directory of its own is put, under the name of its config, unless it is a planner's
        /// trial.
        public var runsFolder: String?
        /// In epochs. A run that is asked to stop writes one at once, wherever it is.
        public var checkpointEvery = 1
        /// How many of these checkpoints are kept, beside the one that the run resumes from; `.max`: all.
        public var keepLast = 0
        /// The checkpoints of every so many epochs are kept besides, whatever the two before say; 0: none.
        public var keepEvery = 0
        /// By which metric the checkpoint of the best epoch is chosen and kept; `nil`: none is.
        public var best: BestMetric?
        /// Losses and accuracies on the training samples that are reported besides, under names that say at which
        /// weights they were taken.
        public var trainMetrics: Set<TrainMetric> = []
        /// The forms in which the run is logged, beside the reports.
        public var logs: Set<LogFormat> = []
        public var logEvery = LogInterval.epoch
        /// How often every layer is looked at.
        public var diagnostics = DiagnosticsFrequency.none
    }
}

extension TrainingConfig {
    /// The network that the config asks for.
    ///
    /// - Parameters:
    ///   - features: the numbers of a sample.
    ///   - classes: of the data set; fewer or more outputs where the task says so.
    func architecture(features: Int, classes: Int) -> Architecture {
        Architecture(
            features: features, blocks: model.blocks, hidden: model.hidden == 0 ? nil : model.hidden,
            bias: model.bias, classes: model.outputProjection ? task.outputs ?? classes : nil,
            activation: model.activation, slope: model.slope)
    }

    /// Where the run keeps its files: as configured, else the trial's folder under a planner, else by the config's
    /// name. Under a planner a relative path starts at the trial's folder.
    ///
    ///     var config = TrainingConfig()
    ///     config.directory(configPath: "configs/digits.yaml", environment: [:])       // "results/runs/digits"
    ///     config.output.directory = "here"
    ///     config.directory(configPath: "configs/digits.yaml", environment: ["REVSWEEP_TRIAL_DIR": "/trials/000012"])
    ///     // "/trials/000012/here"
    public func directory(configPath: String, environment: [String: String]) -> String {
        let trial = PlannerEnvironment.trialDirectory(environment)
        if let directory = output.directory {
            return trial.flatMap { directory.hasPrefix("/") ? nil : "\($0)/\(directory)" } ?? directory
        }
        if let trial { return trial }
        var stem = configPath.split(separator: "/").last.map(String.init) ?? "run"
        if let dot = stem.lastIndex(of: "."), dot != stem.startIndex { stem = String(stem[..<dot]) }
        return "\(output.runsFolder ?? "results/runs")/\(stem)"
    }

    /// More than any machine has cores.
    static let maxThreads = 1024

    /// The number of BLAS threads: as configured, else as the environment says, else 1; 1024 at most.
    ///
    ///     TrainingConfig().threads(environment: ["OPENBLAS_NUM_THREADS": "8"])      // 8
    ///     TrainingConfig().threads(environment: [:])                                // 1
    public func threads(environment: [String: String]) -> Int {
        if let threads = training.threads { return threads }
        guard let text = environment["OPENBLAS_NUM_THREADS"], let count = Int(text), count > 0 else { return 1 }
        return min(count, Self.maxThreads)
    }
}
