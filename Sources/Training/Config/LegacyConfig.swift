import ConfigFile
import Datasets
import LinearAlgebra
import ReversibleCore

/// The config files of the paper's research code, read as they are: sections `Setup`, `Runtime` and `Output`.
///
/// `configs/legacy.md` says what becomes of each key. What cannot be done here is an error; what changes no number,
/// such as a device, is named in `TrainingConfig.keysWithoutEffect`.
///
///     Setup: {Data: {name: mnist, batch_size: 256}, Experiment: {train_ggn: true}, Model: {num_layers: 3}}
///     Runtime: {Train: {loss_function: {name: mse}, optimizer: {name: sgd, args: {lr: 0.1}}, args: {num_epochs: 5}}}
///     → data.name mnist, data.batchSize 256, model.blocks 3, loss mse, optimizer gauss_newton at 0.1, 5 epochs
///
/// Reading goes section by section. Each key that the research code knows is either taken over, checked to have the one
/// value that can be done here, or noted as being without effect; all others are unknown keys, and errors.
struct LegacyConfig {
    /// What has been read so far; of use only if no problem was reported.
    private(set) var config = TrainingConfig()
    /// Paths of keys that change no number, in the order in which they are read.
    private var withoutEffect: [String] = []

    /// Whether a file is in the research code's form.
    static func recognizes(_ root: ConfigNode) -> Bool {
        ["Setup", "Runtime", "Output"].contains { root[$0] != nil }
    }

    /// Reads all of a file. Mistakes are reported to the section's collector; the caller throws them. Validation is on
    /// the test images, as in the research code.
    init(_ file: ConfigSection) {
        config.data.validation = .test
        let (setup, runtime, output) = (file.section("Setup"), file.section("Runtime"), file.section("Output"))
        readData(setup.section("Data"))
        let isGaussNewton = readExperiment(setup.section("Experiment"))
        readModel(setup.section("Model"), isGaussNewton: isGaussNewton)
        readTrain(runtime.section("Train"), isGaussNewton: isGaussNewton)
        readResults(output.section("Results"))
        file.reportUnknownKeys()
        config.keysWithoutEffect = withoutEffect
    }

    // MARK: Setup

    /// The data sets of the research code.
    private enum DataName: String, CaseIterable { case mnist, cifar }

    /// Data, batches and augmentations.
    private mutating func readData(_ section: ConfigSection) {
        guard section.requiredNode("name", help: "known are mnist, cifar") != nil else {
            section.acceptOtherKeys()
            return
        }
        config.data.name = section.choice("name", of: DataName.self) == .cifar ? .cifar10 : .mnist
        config.data.path = section.string("path")
        if section.requiredNode("batch_size") != nil {
            config.data.batchSize = section.integer("batch_size", in: 1 ... .max) ?? config.data.batchSize
        }
        ignore("batch_size_test", in: section)
        require(section.integer("num_classes"), 10, "num_classes", in: section, why: "the images have ten classes")
        if !section.isOff("subset") { config.data.subset = section.integer("subset", in: 1 ... .max) }
        if !section.isOff("augmentations") {
            config.data.augmentations = Augmentation.legacyList(section, "augmentations", size: imageSize)
        }
        refuse("add_random", in: section, why: "random numbers behind the outputs are not supported")
        refuse("random_proj", in: section, why: "random targets instead of one per class are not supported")
    }

    /// Height and width of an image of the data set, in pixels.
    private var imageSize: Int { config.data.name == .cifar10 ? 32 : 28 }
    /// The numbers of one image: all pixels of all colours.
    private var features: Int { config.data.name == .cifar10 ? 3 * 32 * 32 : 28 * 28 }

    /// - Returns: whether Gauss-Newton trains the network, whatever the optimizer's name.
    private mutating func readExperiment(_ section: ConfigSection) -> Bool {
        config.seed = section.integer("seed", in: 0 ... .max) ?? config.seed
        if section.boolean("reversible") == false {
            section.problems.report(
                "'\(section.name("reversible"))' must be true", at: section.place(of: "reversible"),
                help: "the research code's other, invertible network is not supported")
        }
        for key in ["device", "version", "description"] { ignore(key, in: section) }
        guard section.requiredNode("train_ggn", help: "true: Gauss-Newton; false: the optimizer that is named") != nil
        else { return false }
        return section.boolean("train_ggn") ?? false
    }

    /// The pseudo-inverses of the research code under its names, and under ours.
    private enum InverseMethod: String, CaseIterable {
        case `default`, tp, qr, damped
        case fast = "fast-rsvd"
        case adaptive = "adaptive-rsvd"

        var method: PseudoInverse.Method {
            switch self {
            case .default: .svd
            case .tp: .transpose
            case .qr: .qr
            case .damped: .damped
            case .fast: .randomizedSVD
            case .adaptive: .adaptiveRandomizedSVD
            }
        }
    }

    /// The network and, since the research code has it there, the pseudo-inverse.
    private mutating func readModel(_ section: ConfigSection, isGaussNewton: Bool) {
        require(
            section.integer("feature_dim"), features, "feature_dim", in: section,
            why: "that is the size of the images")
        if section.requiredNode("num_layers", help: "the number of blocks") != nil {
            config.model.blocks = section.integer("num_layers", in: 1...10_000) ?? config.model.blocks
        }
        config.model.hidden = section.isOff("hidden_dim") ? 0 : section.integer("hidden_dim", in: 0...1_000_000) ?? 0
        config.model.outputProjection = !section.isOff("output_dim")
        if config.model.outputProjection {
            require(section.integer("output_dim"), 10, "output_dim", in: section, why: "the images have ten classes")
        }
        config.model.bias = section.boolean("bias") ?? false
        refuse(
            "layer_norm", in: section,
            why: "the research code takes this key and builds no normalisation, so that false gives the same network")
        config.model.activation = section.legacyActivation("non_linearity")

        var inverse = PseudoInverse()
        inverse.method = section.choice("inv_method", of: InverseMethod.self)?.method ?? .svd
        let options = section.section("inv_method_args")
        inverse.relativeThreshold = options.number("rtol", .nonNegative) ?? inverse.relativeThreshold
        inverse.absoluteThreshold = options.number("atol", .nonNegative) ?? inverse.absoluteThreshold
        inverse.sketch.rank = options.integer("rank", in: 1...1_000_000) ?? inverse.sketch.rank
        inverse.sketch.oversampling = options.integer("over_sample", in: 0...1_000_000) ?? inverse.sketch.oversampling
        inverse.sketch.powerIterations = options.integer("power", in: 0...100) ?? inverse.sketch.powerIterations
        inverse.sketch.tolerance = options.number("tolerance", .halfOpen(0..<1)) ?? inverse.sketch.tolerance
        config.optimizer.pseudoInverse = inverse
        guard isGaussNewton else {
            for key in ["inv_method", "inv_method_args"] { ignore(key, in: section) }
            return
        }
        let used: Set<String> =
            switch inverse.method {
            case .transpose, .qr: []
            case .damped: ["rtol"]
            case .svd: ["rtol", "atol"]
            case .randomizedSVD: ["rtol", "atol", "rank", "over_sample", "power"]
            case .adaptiveRandomizedSVD: ["rtol", "atol", "tolerance"]
            }
        let known = ["rtol", "atol", "rank", "over_sample", "power", "tolerance"]
        for key in known where !used.contains(key) { ignore(key, in: options) }
    }

    // MARK: Runtime

    /// `labeller` is our task `teacher`: a random network labels the samples.
    private enum TaskName: String, CaseIterable { case classification, labeller }
    private enum LossName: String, CaseIterable {
        case mse
        case crossEntropy = "cross_entropy"
    }

    /// Task, epochs, loss, optimizer and schedule.
    private mutating func readTrain(_ section: ConfigSection, isGaussNewton: Bool) {
        let task = section.section("Task")
        if task.choice("name", of: TaskName.self) == .labeller {
            config.task.name = .teacher
            (config.task.blocks, config.task.hidden) = (config.model.blocks, config.model.hidden)
        }
        let from = task.section("args").string("load_from") ?? "random"
        if from != "random" {
            task.problems.report(
                "'\(task.name("args.load_from"))' cannot be '\(from)'", at: task.location, help: "only 'random' is")
        }

        let loop = section.section("args")
        if loop.requiredNode("num_epochs") != nil {
            config.training.epochs = loop.integer("num_epochs", in: 1...1_000_000) ?? config.training.epochs
        }
        if !loop.isOff("save_checkpoint_every") {
            config.output.checkpointEvery = loop.integer("save_checkpoint_every", in: 1...1_000_000) ?? 1
        }
        config.training.evaluatesTrainingSet = loop.boolean("log_full_train") ?? true
        ignore("steps_for_printing", in: loop)
        // The end of a run is what planners and analyses compare, so that it is evaluated all the same.
        if loop.boolean("log_test") == false { config.training.evaluateEvery = config.training.epochs }

        readLoss(section.section("loss_function"), isGaussNewton: isGaussNewton)
        readOptimizer(section.section("optimizer"), isGaussNewton: isGaussNewton)
        if !section.isOff("scheduler") { readSchedule(section.section("scheduler")) }
        if !section.isOff("checkpoint_path") {
            section.problems.report(
                "'\(section.name("checkpoint_path"))' names weights of PyTorch, which are not read here",
                at: section.place(of: "checkpoint_path"),
                help: "save them as .safetensors, then: revmlp weights import; a run of ours goes on by itself")
        }
    }

    /// The loss. Its curvature is the identity where `use_identity` says so, damped where there is damping, and else
    /// exact.
    private mutating func readLoss(_ section: ConfigSection, isGaussNewton: Bool) {
        guard section.requiredNode("name", help: "known are mse, cross_entropy") != nil else { return }
        let options = section.section("args")
        switch section.choice("name", of: LossName.self) {
        case nil: options.acceptOtherKeys()
        case .mse: config.loss.name = .mse
        case .crossEntropy:
            config.loss.labelSmoothing = options.number("label_smoothing", .halfOpen(0..<1)) ?? 0
            let damping = options.number("damping", .nonNegative) ?? 0
            let isIdentity = options.boolean("use_identity") ?? false
            if !isGaussNewton { ignore("use_identity", in: options) }
            if !isGaussNewton || isIdentity { ignore("damping", in: options) }
            if isIdentity {
                config.loss.curvature = .identity
            } else if damping > 0 {
                (config.loss.curvature, config.loss.damping) = (.damped, damping)
            } else {
                config.loss.curvature = .exact
            }
        }
    }

    private enum OptimizerName: String, CaseIterable { case adam, sgd }

    /// The optimizer. Where Gauss-Newton trains, its learning rate, momentum and weight decay are used, and its own
    /// name is not.
    private mutating func readOptimizer(_ section: ConfigSection, isGaussNewton: Bool) {
        guard section.requiredNode("name", help: "known are adam, sgd") != nil else { return }
        let options = section.section("args")
        guard let name = section.choice("name", of: OptimizerName.self) else { return options.acceptOtherKeys() }
        if options.requiredNode("lr") != nil { config.optimizer.learningRate = options.number("lr", .positive) }
        config.optimizer.weightDecay = options.number("weight_decay", .nonNegative) ?? 0
        config.optimizer.name = isGaussNewton ? .gaussNewton : name == .adam ? .adam : .sgd
        switch name {
        case .adam:
            if let (first, second) = options.pair("betas") {
                (config.optimizer.beta1, config.optimizer.beta2) = (first, second)
            }
            config.optimizer.epsilon =
                options.number("eps", TrainingConfig.OptimizerChoice.epsilons) ?? config.optimizer.epsilon
            // The direction is Gauss-Newton's, and the step that of plain descent.
            if isGaussNewton { for key in ["betas", "eps"] { ignore(key, in: options) } }
            refuse("amsgrad", in: options, why: "this variant of Adam is not supported")
        case .sgd:
            config.optimizer.momentum = options.number("momentum", .halfOpen(0..<1)) ?? 0
            config.optimizer.nesterov = options.boolean("nesterov") ?? false
            require(
                options.number("dampening"), 0, "dampening", in: options, why: "damped momentum is not supported")
        }
    }

    private enum ScheduleName: String, CaseIterable { case step }

    /// The one schedule of the research code, which counts batches.
    private mutating func readSchedule(_ section: ConfigSection) {
        _ = section.choice("name", of: ScheduleName.self)
        let options = section.section("args")
        config.optimizer.schedule.name = .step
        config.optimizer.schedule.unit = .batch
        if options.requiredNode("step_size", help: "in batches, as the research code counts") != nil {
            config.optimizer.schedule.stepSize =
                options.integer("step_size", in: 1 ... .max) ?? config.optimizer.schedule.stepSize
        }
        config.optimizer.schedule.gamma = options.number("gamma", .positive) ?? 0.1
    }

    // MARK: Output

    private enum LogName: String, CaseIterable { case stdout, log, csv, json, tensorboard }

    /// Where results go. Logs as text are left out: reports are on standard output anyway.
    private mutating func readResults(_ section: ConfigSection) {
        if !section.isOff("output_dir") { config.output.runsFolder = section.string("output_dir") }
        ignore("weight_root_dir", in: section)
        ignore("files", in: section)
        let logs: Set<LogName> = section.isOff("format_strs") ? [] : section.choices("format_strs") ?? []
        config.output.logs = Set(
            logs.compactMap { log -> LogFormat? in
                switch log {
                case .stdout, .log: nil
                case .csv: .csv
                case .json: .jsonl
                case .tensorboard: .tensorboard
                }
            })
        config.output.logEvery = .batch
    }

    // MARK: Keys of no use here

    /// A key that changes no number.
    private mutating func ignore(_ key: String, in section: ConfigSection) {
        if section.node(key) != nil, !section.isOff(key) { withoutEffect.append(section.name(key)) }
    }

    /// A switch that must be off.
    private func refuse(_ key: String, in section: ConfigSection, why: String) {
        guard section.node(key) != nil, !section.isOff(key) else { return }
        section.problems.report("'\(section.name(key))' must be false", at: section.place(of: key), help: why)
    }

    /// A number that, if it is there, can only be this one.
    private func require<Number: Equatable>(
        _ number: Number?, _ expected: Number, _ key: String, in section: ConfigSection, why: String
    ) {
        guard let number, number != expected else { return }
        section.problems.report(
            "'\(section.name(key))' must be \(expected), found \(number)", at: section.place(of: key), help: why)
    }
}

// MARK: Values

extension ConfigSection {
    /// Whether a key is absent, or has one of the values by which the research code turns something off.
    fileprivate func isOff(_ key: String) -> Bool {
        switch node(key)?.value {
        case nil, .null, .boolean(false), .integer(0), .string(""): true
        case .sequence(let items): items.isEmpty
        case .mapping(let entries): entries.isEmpty
        case .boolean, .integer, .number, .string: false
        }
    }

    /// `true` for ReLU, false for none, or the name of a module of PyTorch; a list must name the same for every block.
    fileprivate func legacyActivation(_ key: String) -> Activation {
        guard let node = node(key), !isOff(key) else { return .identity }
        var names = [node]
        if case .sequence(let items) = node.value { names = items }
        let known: [(String, Activation)] = [
            ("ReLU", .relu), ("LeakyReLU", .leakyReLU), ("Tanh", .tanh), ("GELU", .gelu), ("Identity", .identity),
        ]
        var found: [Activation] = []
        for name in names {
            switch name.value {
            case .boolean(let flag): found.append(flag ? .relu : .identity)
            case .string(let text):
                if let activation = known.first(where: { $0.0.lowercased() == text.lowercased() }) {
                    found.append(activation.1)
                } else {
                    reportUnknownName(text, of: self.name(key), among: known.map(\.0), at: name.location)
                }
            case .null, .integer, .number, .sequence, .mapping:
                problems.report(
                    "'\(self.name(key))' must be true, false or a name, found \(name.kindDescription)",
                    at: name.location, help: "known are \(known.map(\.0).joined(separator: ", "))")
            }
        }
        // The first block is linear, whatever stands at its place.
        if Set(found.count > 1 ? found.dropFirst() : found[...]).count > 1 {
            problems.report("'\(self.name(key))' must be the same for every block", at: node.location)
        }
        return found.last ?? .relu
    }

    /// The decay rates of Adam's moments.
    fileprivate func pair(_ key: String) -> (Double, Double)? {
        guard let node = node(key) else { return nil }
        if case .sequence(let items) = node.value, items.count == 2 {
            let numbers = items.compactMap(\.finiteNumber)
            if numbers.count == 2, numbers.allSatisfy({ (0..<1).contains($0) }) { return (numbers[0], numbers[1]) }
        }
        problems.report(
            "'\(name(key))' must be two numbers, at least 0 and less than 1", at: node.location,
            help: "for example [0.9, 0.999]")
        return nil
    }
}
