import ConfigFile
import Datasets

extension TrainingConfig {
    /// The samples of a run.
    public struct Data: Hashable, Sendable {
        /// `digits`, the default, is built in and needs no files.
        public var name = DatasetName.digits
        /// The folder of its files; nil: the default of its name. See `DatasetName.read`.
        public var path: String?
        /// The check sum that the content of these files must have; nil: any. See `PublishedDataset.checksum`.
        public var checksum: String?
        /// The number of images to train on; nil: all. See `DataSplit`.
        public var subset: Int?
        /// The maximum number of samples of a batch; see `EpochOrder`.
        public var batchSize = 128
        /// The share of the training images that is held back, or the test images instead.
        public var validation = ValidationChoice.fraction(0.15)
        /// Decides which training images are held back for validation, and which make up the subset.
        public var validationSeed = 0
        /// What is done to training samples each time they are seen, in this order.
        public var augmentations: [Augmentation] = []
        /// The sizes of `gaussian` and `correlated`.
        public var synthetic = SyntheticDataset()
    }
}

extension DataSplit {
    /// The samples that a config names.
    ///
    /// - Throws: `DatasetError`, also where the files are not those of `data.checksum`.
    init(_ data: TrainingConfig.Data) throws(DatasetError) {
        do throws(DatasetError) {
            try self.init(
                data.name.read(path: data.path, synthetic: data.synthetic), validation: data.validation,
                subset: data.subset, seed: UInt64(data.validationSeed))
            if let expected = data.checksum, let checksum, checksum != expected {
                let path = data.path ?? data.name.defaultFolder
                throw DatasetError.otherSamples(path: path, expected: expected, found: checksum)
            }
        } catch {
            switch error {
            case .subsetOfPart, .otherSamples:
                throw .fetchable(error, command: data.name.fetchCommand(path: data.path))
            default: throw error
            }
        }
    }
}

// MARK: Reading

extension TrainingConfig.Data {
    /// Reads the section `data`; keys that are missing keep their values.
    ///
    /// - Parameter training: which of the validation samples are evaluated on.
    mutating func read(_ section: ConfigSection, training: TrainingConfig.Schedule) {
        name = section.choice("name", else: name)
        let files = DatasetName.allCases.filter(\.isFetched)
        path = section.string("path") ?? path
        let isFetched = EffectCondition(section.name("name"), name, isAmong: files)
        section.effect(of: "path", isDefault: path == nil, if: isFetched)
        checksum = section.checksum("checksum", help: "the resolved.yaml of a run has that of its data") ?? checksum
        section.effect(of: "checksum", isDefault: checksum == nil, if: isFetched)
        // What a resolved config says where nothing is asked for.
        if section.node("subset")?.value != .string("all") {
            subset = section.integer("subset", in: 1 ... .max) ?? subset
        }
        batchSize = section.integer("batch_size", in: 1 ... .max, else: batchSize)
        switch section.node("validation")?.value {
        case nil: break
        case .string("test"): validation = .test
        case .number(let fraction) where fraction > 0 && fraction < 1: validation = .fraction(fraction)
        case .some:
            section.problems.report(
                "'\(section.name("validation"))' must be a fraction between 0 and 1, or test",
                at: section.place(of: "validation"),
                help: "0.15 holds back 15 % of the training images; test validates on the test images")
        }
        validationSeed = section.integer(
            "validation_seed", in: 0 ... .max, else: validationSeed,
            if: .init(
                validation != .test || subset != nil || training.evaluationSamples != .all,
                otherwise: "all training images are trained on, and the test images validate",
                help: "it chooses the images of a fraction for validation, those of a subset, and those of "
                    + "training.evaluate_on"))
        augmentations = Augmentation.list(section, "augmentations", for: name) ?? augmentations
        let drawn = DatasetName.allCases.filter { !$0.hasImages }
        synthetic.read(
            section.section("synthetic", if: .init(section.name("name"), name, isAmong: drawn)),
            isCorrelated: .init(section.name("name"), name, isOneOf: .correlated))
    }
}

extension SyntheticDataset {
    /// - Parameter isCorrelated: whether neighbouring features are.
    fileprivate mutating func read(_ section: ConfigSection, isCorrelated: EffectCondition) {
        // Each alone wider and longer than any machine's memory allows.
        features = section.integer("features", in: 2...1_000_000, else: features)
        if features % 2 != 0 {
            section.problems.report(
                "'\(section.name("features"))' must be even, found \(features)", at: section.place(of: "features"),
                help: "the blocks of the network take the two halves of a sample in turn")
        }
        classes = section.integer("classes", in: 1...1_000_000, else: classes)
        if classes > features {
            section.problems.report(
                "'\(section.name("classes"))' must not exceed the \(features) features, found \(classes)",
                at: section.place(of: "classes"), help: "a network has as many outputs as features at most")
        }
        samples = section.integer("samples", in: 2...1_000_000_000, else: samples)
        testSamples = section.integer("test_samples", in: 1...1_000_000_000, else: testSamples)
        // More than 16 TiB in single precision.
        if (samples + testSamples) * features > 1 << 42 {
            section.problems.report(
                "\(samples + testSamples) samples of \(features) features are more than any memory holds",
                at: section.place(of: "samples"))
        }
        separation = section.number("separation", .nonNegative, else: separation)
        correlation = section.number("correlation", .halfOpen(0..<1), else: correlation, if: isCorrelated)
        seed = section.integer("seed", in: 0 ... .max, else: seed)
    }
}

// MARK: Writing

extension TrainingConfig.Data {
    /// As `TrainingConfig.resolved` has it: nothing that the named data set does not use.
    var resolved: ConfigNode.Value {
        var entries: [(String, ConfigNode.Value)] = [("name", .string(name.rawValue))]
        if name.isFetched {
            entries.append(("path", .string(path ?? name.defaultFolder)))
            entries.append(("checksum", .string(checksum ?? "none")))
        }
        if !name.hasImages { entries.append(("synthetic", synthetic.resolved(isCorrelated: name == .correlated))) }
        let validation: ConfigNode.Value =
            switch validation {
            case .fraction(let fraction): .number(fraction)
            case .test: .string("test")
            }
        return mapping(
            entries + [
                ("subset", subset.map { .integer($0) } ?? .string("all")), ("batch_size", .integer(batchSize)),
                ("validation", validation), ("validation_seed", .integer(validationSeed)),
                ("augmentations", .sequence(augmentations.map { ConfigNode($0.resolved) })),
            ])
    }
}

extension SyntheticDataset {
    fileprivate func resolved(isCorrelated: Bool) -> ConfigNode.Value {
        let correlation: [(String, ConfigNode.Value)] = isCorrelated ? [("correlation", .number(correlation))] : []
        return mapping(
            [
                ("features", .integer(features)), ("classes", .integer(classes)), ("samples", .integer(samples)),
                ("test_samples", .integer(testSamples)), ("separation", .number(separation)),
            ] + correlation + [("seed", .integer(seed))])
    }
}
