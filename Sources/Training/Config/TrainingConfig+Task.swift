import ConfigFile

extension TrainingConfig {
    /// What is to be learned of the samples.
    public struct Task: Hashable, Sendable {
        /// Where the targets come from; the raw values are the words of a config.
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
        /// Of the `teacher`: the width of its frozen random projection; 0: none.
        public var hidden = 256
    }
}

extension TrainingConfig.Task {
    /// - Parameter loss: what the task is to be learned with.
    /// - Parameter model: what is to learn it.
    mutating func read(_ section: ConfigSection, loss: TrainingConfig.LossChoice, model: TrainingConfig.Model) {
        name = section.choice("name", else: name)
        if name == .regression && loss.name != .mse {
            section.problems.report(
                "'\(section.name("name"))' regression needs the loss mse", at: section.place(of: "name"),
                help: "loss: {name: mse}")
        }
        // What a resolved config says where nothing is asked for.
        if section.node("outputs")?.value != .string("classes") {
            outputs = section.integer("outputs", in: 1...1_000_000) ?? outputs
        }
        section.effect(
            of: "outputs", isDefault: outputs == nil,
            if: .init(
                model.outputProjection, otherwise: "'model.output_projection' is false",
                help: "without it the network has as many outputs as features"))
        func isOneOf(_ names: Name...) -> EffectCondition {
            EffectCondition(section.name("name"), name, isAmong: names)
        }
        noise = section.number("noise", .nonNegative, else: noise, if: isOneOf(.regression))
        seed = section.integer("seed", in: 0 ... .max, else: seed, if: isOneOf(.regression, .teacher))
        blocks = section.integer("blocks", in: 1...10_000, else: blocks, if: isOneOf(.teacher))
        hidden = section.integer("hidden", in: 0...1_000_000, else: hidden, if: isOneOf(.teacher))
    }

    /// In the form that `read` reads; a number of outputs that is not given is `classes`.
    var resolved: [(String, ConfigNode.Value)] {
        [
            ("name", .string(name.rawValue)), ("outputs", outputs.map { .integer($0) } ?? .string("classes")),
            ("noise", .number(noise)), ("seed", .integer(seed)), ("blocks", .integer(blocks)),
            ("hidden", .integer(hidden)),
        ]
    }
}
