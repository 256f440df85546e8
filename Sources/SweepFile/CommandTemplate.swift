import SweepSearch
import TrialProtocol

/// One argument of the trainer's command, with placeholders such as `{config}`; `{{` and `}}` stand for braces.
public struct CommandTemplate: Sendable, Hashable {
    public enum Placeholder: Sendable, Hashable {
        case config, trialDirectory, sweepDirectory, number, attempt, seed, threads
        /// The memory that a trial may use, in MiB.
        case memory
        /// How many GPUs a trial sees: 1 where it shares one.
        case gpus
        /// The part of a GPU that a trial has, as a number: 0.5, or 2.
        case gpuShare
        /// The value of one parameter; nothing where the parameter is not active.
        case parameter(String)
        /// `--NAME=VALUE` for every active parameter, each an argument of its own.
        case arguments
    }

    enum Segment: Sendable, Hashable {
        case text(String)
        case placeholder(Placeholder)
    }

    let segments: [Segment]

    /// What is known of a trial when its command is made.
    public struct Context: Sendable {
        public var config: String?
        public var trialDirectory: String
        public var sweepDirectory: String
        public var number: Int
        public var attempt: Int
        public var seed: UInt64
        public var resources: Resources
        /// The active parameters in the order of the sweep file.
        public var parameters: [(name: String, value: ParameterValue)]

        public init(
            config: String?, trialDirectory: String, sweepDirectory: String, number: Int, attempt: Int, seed: UInt64,
            resources: Resources, parameters: [(name: String, value: ParameterValue)]
        ) {
            self.config = config
            self.trialDirectory = trialDirectory
            self.sweepDirectory = sweepDirectory
            self.number = number
            self.attempt = attempt
            self.seed = seed
            self.resources = resources
            self.parameters = parameters
        }
    }

    /// The arguments that this template becomes: one, or with `{args}` one for each active parameter.
    public func arguments(in context: Context) -> [String] {
        if segments == [.placeholder(.arguments)] {
            return context.parameters.map { "--\($0.name)=\($0.value.argument)" }
        }
        let text = segments.map { segment in
            switch segment {
            case .text(let text): text
            case .placeholder(let placeholder): placeholder.text(in: context)
            }
        }
        return [text.joined()]
    }

    /// The template's text if it has no placeholder.
    public var text: String? {
        if segments.count == 1, case .text(let text) = segments[0] { text } else { nil }
    }

    var placeholders: [Placeholder] {
        segments.compactMap { if case .placeholder(let placeholder) = $0 { placeholder } else { nil } }
    }
}

extension CommandTemplate.Placeholder {
    static let fixed: [(name: String, placeholder: Self)] = [
        ("config", .config), ("trial_dir", .trialDirectory), ("sweep_dir", .sweepDirectory), ("number", .number),
        ("attempt", .attempt), ("seed", .seed), ("threads", .threads), ("memory_mib", .memory), ("gpus", .gpus),
        ("gpu_share", .gpuShare), ("args", .arguments),
    ]

    fileprivate func text(in context: CommandTemplate.Context) -> String {
        switch self {
        case .config: context.config ?? ""
        case .trialDirectory: context.trialDirectory
        case .sweepDirectory: context.sweepDirectory
        case .number: String(context.number)
        case .attempt: String(context.attempt)
        case .seed: String(context.seed)
        case .threads: String(context.resources.threads)
        case .memory: context.resources.memory.map { String(($0 + (1 << 20) - 1) >> 20) } ?? ""
        case .gpus: String(context.resources.gpus.visible)
        case .gpuShare: context.resources.gpus.share
        case .parameter(let name): context.parameters.first { $0.name == name }.map(\.value.argument) ?? ""
        case .arguments: context.parameters.map { "--\($0.name)=\($0.value.argument)" }.joined(separator: " ")
        }
    }
}

/// Why a text is no command template.
struct TemplateProblem: Error {
    var message: String
    var help: String?
}

extension CommandTemplate {
    /// - Parameter parameters: the names that `{param:NAME}` may take; nil for any.
    init(parsing text: String, parameters: [String]?) throws(TemplateProblem) {
        var segments: [Segment] = []
        var literal = ""
        var rest = text[...]
        while let character = rest.popFirst() {
            if character == "{" || character == "}", rest.first == character {
                rest.removeFirst()
                literal.append(character)
            } else if character == "{" {
                guard let end = rest.firstIndex(of: "}") else {
                    throw TemplateProblem(message: "'{' is never closed", help: "write '{{' for a brace")
                }
                if !literal.isEmpty { segments.append(.text(literal)) }
                literal = ""
                segments.append(.placeholder(try Self.placeholder(String(rest[..<end]), parameters: parameters)))
                rest = rest[rest.index(after: end)...]
            } else {
                literal.append(character)
            }
        }
        if !literal.isEmpty || segments.isEmpty { segments.append(.text(literal)) }
        if segments.count > 1, segments.contains(.placeholder(.arguments)) {
            throw TemplateProblem(
                message: "'{args}' must be an argument of its own", help: "it becomes one for each active parameter")
        }
        self.segments = segments
    }

    private static func placeholder(_ name: String, parameters: [String]?) throws(TemplateProblem) -> Placeholder {
        if let found = Placeholder.fixed.first(where: { $0.name == name }) { return found.placeholder }
        if name.hasPrefix("param:") {
            let parameter = String(name.dropFirst("param:".count))
            guard let parameters, !parameters.contains(parameter) else { return .parameter(parameter) }
            throw TemplateProblem(
                message: "'{\(name)}' names no parameter of this sweep",
                help: nearest(parameter, among: parameters).map { "did you mean '{param:\($0)}'?" })
        }
        let known = Placeholder.fixed.map(\.name) + ["param:NAME"]
        throw TemplateProblem(
            message: "'{\(name)}' is not a placeholder",
            help: nearest(name, among: known).map { "did you mean '{\($0)}'?" }
                ?? "known are \(known.map { "{\($0)}" }.joined(separator: " ")); write '{{' for a brace")
    }
}
