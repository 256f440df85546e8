import ConfigFile
import Files
import RandomStreams

extension TrainingConfig {
    /// Which of the validation samples the network is evaluated on.
    ///
    ///     EvaluationSamples.count(100).chosen(of: 1000, seed: 0)      // 100 of 0..<1000, ascending
    ///     EvaluationSamples.all.chosen(of: 1000, seed: 0)             // nil: all of them
    public enum EvaluationSamples: Hashable, Sendable {
        case all
        /// So many of them.
        case count(Int)
        /// This share of them, rounded, and one at least.
        case fraction(Double)

        /// The indices of the samples, ascending; `nil`: all of them.
        ///
        /// They are drawn at random, since files are often sorted by how hard their images are (the first half of
        /// MNIST's test images is the easier one). They depend on the seed and on `count` alone, so that all epochs,
        /// and all runs with the same `data.validation_seed`, are judged on the same samples; a smaller choice is part
        /// of a larger one.
        ///
        /// - Throws: `SettingError` if there are fewer samples than were asked for.
        func chosen(of count: Int, seed: UInt64) throws(SettingError) -> [Int]? {
            let size: Int
            switch self {
            case .all: return nil
            case .count(let number): size = number
            case .fraction(let fraction): size = min(max(Int((fraction * Double(count)).rounded()), 1), count)
            }
            guard size <= count else {
                throw SettingError(
                    key: "training.evaluate_on",
                    problem: "'training.evaluate_on' is \(size), and there are \(count) validation samples",
                    help: "all takes all of them, a number below 1 a share")
            }
            var random = RandomStream(seed: seed, stream: .evaluationSubset)
            return random.permutation(of: count).prefix(size).sorted()
        }
    }
}

extension TrainingConfig.Schedule {
    /// Whether the network is evaluated after an epoch, counted from 1: after each N-th, and after the last.
    ///
    /// As in PyTorch Lightning's `check_val_every_n_epoch`, the first epoch is not among them unless N is 1. Unlike
    /// there the last one always is: what a sweep compares is the end of each run.
    func isEvaluated(epoch: Int) -> Bool { epoch % evaluateEvery == 0 || epoch == epochs }

    /// `startFrom` with the seed in its place.
    func startPath(seed: Int) -> String? { startFrom?.replacing("{seed}", with: "\(seed)") }
}

// MARK: Reading and writing

extension TrainingConfig.Schedule {
    /// Reads the section `training`; keys that are missing keep their values.
    mutating func read(_ section: ConfigSection) {
        epochs = section.integer("epochs", in: 1...1_000_000, else: epochs)
        activations = section.choice("activations", else: activations)
        evaluateEvery = section.integer("evaluate_every", in: 1...1_000_000, else: evaluateEvery)
        evaluationSamples = evaluationSamples(section) ?? evaluationSamples
        evaluatesTrainingSet = section.boolean("evaluate_training_set", else: evaluatesTrainingSet)
        readStart(section)
        threads = section.integer("threads", in: 1...TrainingConfig.maxThreads) ?? threads
    }

    private func evaluationSamples(_ section: ConfigSection) -> TrainingConfig.EvaluationSamples? {
        switch section.node("evaluate_on")?.value {
        case nil: return nil
        case .string("all"): return .all
        case .integer(let count) where count > 0: return .count(count)
        case .number(let number) where number > 0 && number < 1: return .fraction(number)
        case .number(let number) where number > 1:
            // Whole numbers are also written as 1e3.
            if let count = Int(exactly: number) { return .count(count) }
        case .some: break
        }
        section.problems.report(
            "'\(section.name("evaluate_on"))' must be all, a whole number of samples, or a share between 0 and 1",
            at: section.place(of: "evaluate_on"),
            help: "1000 evaluates on that many of the validation samples, 0.1 on a tenth of them")
        return nil
    }

    private mutating func readStart(_ section: ConfigSection) {
        // What a resolved config says where nothing is asked for.
        if section.node("start_from")?.value != .string("none") {
            startFrom = section.string("start_from") ?? startFrom
        }
        if let path = startFrom, path.isEmpty || path.contains("{") && !path.contains("{seed}") {
            section.problems.report(
                "'\(section.name("start_from"))' must be a path, found '\(path)'", at: section.place(of: "start_from"),
                help: path.isEmpty
                    ? "a run's folder, a checkpoint, or a file of weights" : "{seed} stands for the run's seed")
        }
        startChecksum =
            section.checksum("start_checksum", help: "the resolved.yaml of a run has that of the weights it began with")
            ?? startChecksum
        guard startChecksum != nil else { return }
        section.effect(
            of: "start_checksum", isDefault: false,
            if: .init(startFrom != nil, otherwise: "'training.start_from' is not given"))
    }

    /// In the form that `read` reads, but for the threads, which change no number.
    var resolved: [(String, ConfigNode.Value)] {
        let samples: ConfigNode.Value =
            switch evaluationSamples {
            case .all: .string("all")
            case .count(let count): .integer(count)
            case .fraction(let fraction): .number(fraction)
            }
        return [
            ("epochs", .integer(epochs)), ("activations", .string(activations.rawValue)),
            ("evaluate_every", .integer(evaluateEvery)), ("evaluate_on", samples),
            ("evaluate_training_set", .boolean(evaluatesTrainingSet)), ("start_from", .string(startFrom ?? "none")),
            ("start_checksum", .string(startChecksum ?? "none")),
        ]
    }
}

extension ConfigSection {
    /// A check sum as a resolved config has it; nil where the key is missing or `none`.
    ///
    /// - Parameter help: where the right one is found.
    func checksum(_ key: String, help: String) -> String? {
        guard node(key)?.value != .string("none"), let checksum = string(key) else { return nil }
        if !CheckSum.isDigits(checksum) {
            problems.report(
                "'\(name(key))' must be 16 hexadecimal digits, found '\(checksum)'", at: place(of: key), help: help)
        }
        return checksum
    }
}
