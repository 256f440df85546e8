import ConfigFile
import Datasets
import LinearAlgebra
import ReversibleCore

extension TrainingConfig {
    /// Reads a config file, in our form or in the research code's; see `configs/legacy.md` for the second.
    ///
    /// - Throws: `DiagnosticsError` with every mistake in the file.
    public static func read(path: String) throws(DiagnosticsError) -> TrainingConfig {
        try TrainingConfig(ConfigDocument.read(path: path))
    }

    /// Reads a config that is in memory.
    ///
    /// - Throws: `DiagnosticsError` with every mistake in the file.
    ///
    ///     let source = SourceFile(path: "a.yaml", text: "seed: 3\noptimizer: {name: sgd}")
    ///     let config = try TrainingConfig(ConfigDocument(parsing: source))
    ///     config.seed                     // 3
    ///     config.optimizer.rate           // 0.1, the default of sgd
    ///     config.data.batchSize           // 128
    public init(_ document: ConfigDocument) throws(DiagnosticsError) {
        self.init()
        let problems = DiagnosticCollector(source: document.source)
        if document.root.value == .null {
            problems.report("the file is empty", at: nil, help: "a config begins, for example, with 'seed: 0'")
        }
        let file = ConfigSection(document.root, problems: problems)
        guard !LegacyConfig.recognizes(document.root) else {
            self = LegacyConfig(file).config
            try problems.throwIfAny()
            return
        }
        seed = file.integer("seed", in: 0 ... .max) ?? seed
        data.read(file.section("data"))
        model.read(file.section("model"))
        loss.read(file.section("loss"))
        task.read(file.section("task"), loss: loss)
        optimizer.read(file.section("optimizer"))
        training.read(file.section("training"))
        output.read(file.section("output"), task: task)
        file.reportUnknownKeys()
        try problems.throwIfAny()
    }
}

extension TrainingConfig.Model {
    /// Wider than any machine's memory allows, and far from overflow.
    private static let maxHidden = 1_000_000

    fileprivate mutating func read(_ section: ConfigSection) {
        blocks = section.integer("blocks", in: 1...10_000) ?? blocks
        hidden = section.integer("hidden", in: 0...Self.maxHidden) ?? hidden
        bias = section.boolean("bias") ?? bias
        outputProjection = section.boolean("output_projection") ?? outputProjection
        activation = section.choice("activation") ?? activation
        slope = section.number("slope", .halfOpen(0..<1)) ?? slope
        initialization = section.choice("initialization") ?? initialization
    }
}

extension TrainingConfig.LossChoice {
    fileprivate mutating func read(_ section: ConfigSection) {
        name = section.choice("name") ?? name
        curvature = section.choice("curvature") ?? curvature
        damping = section.number("damping", .positive) ?? damping
        labelSmoothing = section.number("label_smoothing", .halfOpen(0..<1)) ?? labelSmoothing
        tangentFactor = section.number("tangent_factor", .positive) ?? tangentFactor
    }
}

extension TrainingConfig.OptimizerChoice {
    fileprivate mutating func read(_ section: ConfigSection) {
        name = section.choice("name") ?? name
        learningRate = section.number("learning_rate", .positive) ?? learningRate
        momentum = section.number("momentum", .halfOpen(0..<1)) ?? momentum
        nesterov = section.boolean("nesterov") ?? nesterov
        if nesterov && momentum == 0 {
            section.problems.report(
                "'\(section.name("nesterov"))' needs a momentum", at: section.place(of: "nesterov"),
                help: "momentum: 0.9 is usual")
        }
        weightDecay = section.number("weight_decay", .nonNegative) ?? weightDecay
        beta1 = section.number("beta1", .halfOpen(0..<1)) ?? beta1
        beta2 = section.number("beta2", .halfOpen(0..<1)) ?? beta2
        epsilon = section.number("epsilon", .positive) ?? epsilon
        schedule.read(section.section("schedule"), base: rate)
        pseudoInverse.read(section.section("pseudo_inverse"))
    }
}

extension PseudoInverse {
    fileprivate mutating func read(_ section: ConfigSection) {
        method = section.choice("method") ?? method
        relativeThreshold = section.number("rtol", .nonNegative) ?? relativeThreshold
        absoluteThreshold = section.number("atol", .nonNegative) ?? absoluteThreshold
        sketch.rank = section.integer("rank", in: 1...1_000_000) ?? sketch.rank
        sketch.oversampling = section.integer("oversampling", in: 0...1_000_000) ?? sketch.oversampling
        sketch.powerIterations = section.integer("power_iterations", in: 0...100) ?? sketch.powerIterations
        sketch.tolerance = section.number("tolerance", .halfOpen(0..<1)) ?? sketch.tolerance
    }
}

extension TrainingConfig.Schedule {
    fileprivate mutating func read(_ section: ConfigSection) {
        epochs = section.integer("epochs", in: 1...1_000_000) ?? epochs
        activations = section.choice("activations") ?? activations
        evaluatesTrainingSet = section.boolean("evaluate_training_set") ?? evaluatesTrainingSet
        threads = section.integer("threads", in: 1...1024) ?? threads
    }
}

extension TrainingConfig.Output {
    fileprivate mutating func read(_ section: ConfigSection, task: TrainingConfig.Task) {
        directory = section.string("directory") ?? directory
        diagnostics = section.choice("diagnostics") ?? diagnostics
        checkpointEvery = section.integer("checkpoint_every", in: 1...1_000_000) ?? checkpointEvery
        if section.node("keep_last")?.value == .string("all") {
            keepLast = .max
        } else {
            keepLast = section.integer("keep_last", in: 0 ... .max) ?? keepLast
        }
        best = section.choice("best") ?? best
        if task.name == .regression && best == .validationAccuracy {
            section.problems.report(
                "'\(section.name("best"))' cannot be val_accuracy, which a regression has not",
                at: section.place(of: "best"), help: "best: val_loss")
        }
        logs = section.choices("logs") ?? logs
        logEvery = section.choice("log_every") ?? logEvery
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
