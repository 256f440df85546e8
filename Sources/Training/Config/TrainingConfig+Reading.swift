import ConfigFile
import Datasets
import LinearAlgebra
import ReversibleCore

extension TrainingConfig {
    /// Reads a config file, in our form or in the research code's; see `configs/legacy.md` for the second.
    ///
    /// - Parameters:
    ///   - settings: values that take the place of those in the file.
    ///   - warn: told of keys that are written and have no effect beside the others, such as `momentum` with Adam.
    /// - Throws: `DiagnosticsError` with every mistake in the file and in the settings.
    public static func read(
        path: String, settings: [ConfigSetting] = [], warn: (Diagnostic) -> Void = { _ in }
    ) throws(DiagnosticsError) -> TrainingConfig {
        try TrainingConfig(ConfigDocument.read(path: path), settings: settings, warn: warn)
    }

    /// Whether a file is in the research code's form, whose keys have other names.
    ///
    /// - Throws: `DiagnosticsError` if it cannot be read.
    public static func isLegacy(path: String) throws(DiagnosticsError) -> Bool {
        LegacyConfig.recognizes(try ConfigDocument.read(path: path).root)
    }

    /// Reads a config that is in memory.
    ///
    /// - Parameters:
    ///   - settings: values that take the place of those in the file.
    ///   - warn: told of keys that are written and have no effect beside the others, such as `momentum` with Adam.
    ///
    ///     let source = SourceFile(path: "a.yaml", text: "seed: 3\noptimizer: {name: sgd}")
    ///     let config = try TrainingConfig(ConfigDocument(parsing: source))
    ///     config.seed                     // 3
    ///     config.optimizer.rate           // 0.1, the default of sgd
    ///     config.data.batchSize           // 128
    ///
    /// - Throws: `DiagnosticsError` with every mistake in the file and in the settings.
    public init(
        _ document: ConfigDocument, settings: [ConfigSetting] = [], warn: (Diagnostic) -> Void = { _ in }
    ) throws(DiagnosticsError) {
        self.init()
        let problems = DiagnosticCollector(source: document.source)
        let root = document.root(with: settings, problems: problems)
        if root.value == .null {
            problems.report("the file is empty", at: nil, help: "a config begins, for example, with 'seed: 0'")
        }
        let file = ConfigSection(root, problems: problems)
        guard !LegacyConfig.recognizes(root) else {
            self = LegacyConfig(file).config
            try problems.throwIfAny()
            return
        }
        seed = file.integer("seed", in: 0 ... .max, else: seed)
        let (dataSection, modelSection) = (file.section("data"), file.section("model"))
        // What says when other keys count comes before them.
        optimizer.read(file.section("optimizer"))
        loss.read(file.section("loss"), optimizer: optimizer)
        let taskSection = file.section("task")
        training.read(file.section("training"))
        data.read(dataSection, training: training)
        model.read(modelSection, training: training)
        task.read(taskSection, loss: loss, model: model)
        output.read(file.section("output"), task: task)
        file.reportUnknownKeys()
        try problems.throwIfAny()
        file.warnOfKeysWithoutEffect()
        problems.warnings.forEach(warn)
    }
}

extension TrainingConfig.Model {
    /// Wider than any machine's memory allows.
    private static let maxHidden = 1_000_000
    /// As many weights leave each sample, of any size.
    private static let maxUnits = 100_000_000

    /// - Parameter training: whether it begins with weights that are given.
    fileprivate mutating func read(_ section: ConfigSection, training: TrainingConfig.Schedule) {
        blocks = section.integer("blocks", in: 1...10_000, else: blocks)
        switch section.node("hidden")?.value {
        // The research code's word, and the one that people try.
        case .boolean(false), .string("off"), .string("none"): hidden = 0
        case .none, .some: hidden = section.integer("hidden", in: 0...Self.maxHidden, else: hidden)
        }
        if blocks * hidden > Self.maxUnits {
            section.problems.report(
                "'\(section.name("blocks"))' times '\(section.name("hidden"))' must be at most \(Self.maxUnits), found "
                    + "\(blocks * hidden)", at: section.place(of: "hidden"))
        }
        bias = section.boolean("bias", else: bias)
        outputProjection = section.boolean("output_projection", else: outputProjection)
        activation = section.choice(
            "activation", else: activation,
            if: .init(blocks > 1, otherwise: "the only block is the first one, which is linear"))
        slope = section.number(
            "slope", .halfOpen(0..<1), else: slope, if: .init("model.activation", activation, isOneOf: .leakyReLU))
        let draws = EffectCondition(
            training.startFrom == nil, otherwise: "'training.start_from' says what the first weights are")
        initialization = section.choice("initialization", else: initialization, if: draws)
        initialDeviation = section.number(
            "initial_deviation", .nonNegative, else: initialDeviation,
            if: draws, .init("model.initialization", initialization, isOneOf: .published))
    }
}

extension TrainingConfig.LossChoice {
    fileprivate mutating func read(_ section: ConfigSection, optimizer: TrainingConfig.OptimizerChoice) {
        name = section.choice("name", else: name)
        let solves = optimizer.isOneOf(.gaussNewton)
        let isCrossEntropy = EffectCondition("loss.name", name, isOneOf: .crossEntropy)
        curvature = section.choice("curvature", else: curvature, if: isCrossEntropy, solves)
        damping = section.number(
            "damping", .positive, else: damping,
            if: isCrossEntropy, solves, .init("loss.curvature", curvature, isOneOf: .damped))
        labelSmoothing = section.number(
            "label_smoothing", .halfOpen(0..<1), else: labelSmoothing, if: isCrossEntropy)
        tangentFactor = section.number(
            "tangent_factor", .positive, else: tangentFactor, if: .init("loss.name", name, isOneOf: .mse), solves)
    }
}

extension TrainingConfig.OptimizerChoice {
    /// In single precision less would be 0, and more infinite.
    static let epsilons = NumberBounds.closed(1e-30...1e30)

    /// That the optimizer is one of these.
    fileprivate func isOneOf(_ names: Name...) -> EffectCondition {
        EffectCondition("optimizer.name", name, isAmong: names)
    }

    fileprivate mutating func read(_ section: ConfigSection) {
        name = section.choice("name", else: name)
        learningRate = section.number("learning_rate", .positive) ?? learningRate
        let (descends, isAdam) = (isOneOf(.sgd, .gaussNewton), isOneOf(.adam, .adamw))
        momentum = section.number("momentum", .halfOpen(0..<1), else: momentum, if: descends)
        nesterov = section.boolean("nesterov", else: nesterov, if: descends)
        if nesterov && momentum == 0 {
            section.problems.report(
                "'\(section.name("nesterov"))' needs a momentum", at: section.place(of: "nesterov"),
                help: "momentum: 0.9 is usual")
        }
        weightDecay = section.number("weight_decay", .nonNegative, else: weightDecay)
        beta1 = section.number("beta1", .halfOpen(0..<1), else: beta1, if: isAdam)
        beta2 = section.number("beta2", .halfOpen(0..<1), else: beta2, if: isAdam)
        epsilon = section.number("epsilon", Self.epsilons, else: epsilon, if: isAdam)
        schedule.read(section.section("schedule"), base: rate)
        let inverse = section.section("pseudo_inverse", if: isOneOf(.gaussNewton))
        pseudoInverse.read(inverse)
        pseudoInverseNoise = inverse.number("noise", .nonNegative, else: pseudoInverseNoise)
    }
}

extension PseudoInverse {
    fileprivate mutating func read(_ section: ConfigSection) {
        method = section.choice("method", else: method)
        func isOneOf(_ methods: Method...) -> EffectCondition {
            EffectCondition(section.name("method"), method, isAmong: methods)
        }
        // Beyond the largest singular value there is nothing to keep.
        relativeThreshold = section.number(
            "rtol", method == .damped ? .nonNegative : .halfOpen(0..<1), else: relativeThreshold,
            if: isOneOf(.svd, .damped, .randomizedSVD, .adaptiveRandomizedSVD))
        absoluteThreshold = section.number(
            "atol", .nonNegative, else: absoluteThreshold, if: isOneOf(.svd, .randomizedSVD, .adaptiveRandomizedSVD))
        let (isRandomized, isAdaptive) = (isOneOf(.randomizedSVD), isOneOf(.adaptiveRandomizedSVD))
        sketch.rank = section.integer("rank", in: 1...1_000_000, else: sketch.rank, if: isRandomized)
        sketch.oversampling = section.integer(
            "oversampling", in: 0...1_000_000, else: sketch.oversampling, if: isRandomized)
        sketch.powerIterations = section.integer(
            "power_iterations", in: 0...100, else: sketch.powerIterations, if: isRandomized)
        sketch.tolerance = section.number("tolerance", .halfOpen(0..<1), else: sketch.tolerance, if: isAdaptive)
    }
}

extension TrainingConfig.Output {
    fileprivate mutating func read(_ section: ConfigSection, task: TrainingConfig.Task) {
        directory = section.string("directory") ?? directory
        diagnostics = section.choice("diagnostics", else: diagnostics)
        checkpointEvery = section.integer("checkpoint_every", in: 1...1_000_000, else: checkpointEvery)
        if section.node("keep_last")?.value == .string("all") {
            keepLast = .max
        } else {
            keepLast = section.integer("keep_last", in: 0 ... .max) ?? keepLast
        }
        keepEvery = section.integer("keep_every", in: 0...1_000_000, else: keepEvery)
        best = section.choice("best") ?? best
        if task.name == .regression && best == .validationAccuracy {
            section.problems.report(
                "'\(section.name("best"))' cannot be val_accuracy, which a regression has not",
                at: section.place(of: "best"), help: "best: val_loss")
        }
        trainMetrics = section.choices("train_metrics") ?? trainMetrics
        logs = section.choices("logs") ?? logs
        logEvery = section.choice(
            "log_every", else: logEvery,
            if: .init(!logs.isEmpty, otherwise: "'output.logs' is empty", help: "for example logs: [csv]"))
    }
}

extension ConfigSection {
    /// Several of the names of a closed set, in a list.
    func choices<Choice: RawRepresentable<String> & CaseIterable & Hashable>(_ key: String) -> Set<Choice>? {
        guard let node = node(key) else { return nil }
        guard case .sequence(let items) = node.value else {
            problems.report(
                "'\(name(key))' must be a list, found \(node.kindDescription)", at: node.location,
                help: "[\(Choice.allCases.map(\.rawValue).joined(separator: ", "))]")
            return nil
        }
        var choices: Set<Choice> = []
        for item in items {
            if case .string(let text) = item.value, let choice = Choice(rawValue: text) {
                choices.insert(choice)
            } else {
                let text = if case .string(let text) = item.value { text } else { item.kindDescription }
                reportUnknownName(text, of: name(key), among: Choice.allCases.map(\.rawValue), at: item.location)
            }
        }
        return choices
    }
}
