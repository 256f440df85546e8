import Foundation
import SweepSearch
import TrialProtocol

/// A text with placeholders such as `{config}`: one argument of a command, or the value of an environment variable.
///
/// The whole command stays a list of arguments from the file to the operating system. No shell reads it, so values
/// need no quoting; in exchange, what users expect of a shell is done here: `$NAME`, `${NAME}` and a `~` at the
/// beginning are replaced. `{{` and `}}` stand for braces, and `$$NAME` for the text `$NAME`.
///
/// A command of the sweep file, and what `arguments(in:)` makes of it for one trial:
///
///     [train, "--out={trial_dir}/model", --seed, "{seed}"]
///     train --out=/home/ada/results/digits/trials/000012/model --seed 42
public struct CommandTemplate: Sendable, Hashable {
    /// What the text between braces, or behind a `$`, stands for.
    public enum Placeholder: Sendable, Hashable {
        /// What ``Context`` has under these names: nothing for `config` where it is nil, and for `threads` those of the
        /// resources.
        case config, trialDirectory, sweepDirectory, number, attempt, seed, threads
        /// The memory that a trial may use, in MiB, rounded up.
        case memory
        /// How many GPUs a trial sees, which is 1 where it shares one.
        case gpus
        /// How many GPUs a trial has, as a decimal number: 0.5 of a shared one, or 2.
        case gpuShare
        /// The value of one parameter; empty in trials in which the parameter is not active.
        case parameter(String)
        /// All active parameters.
        case arguments(ArgumentForm)
        /// The value of an environment variable; if it is not set, or empty, the other text, or else an empty one.
        case variable(String, otherwise: String? = nil)
        /// The user's home folder.
        case home
    }

    package enum Segment: Sendable, Hashable {
        case text(String)
        case placeholder(Placeholder)
    }

    package let segments: [Segment]

    package init(segments: [Segment]) { self.segments = segments }

    /// A text without placeholders: braces and `$` in it stand for themselves.
    public init(literal text: String) { segments = [.text(text)] }

    /// The facts about a trial from which its command is made.
    public struct Context: Sendable {
        /// The path of the trial's configuration file; nil where the sweep has no base configuration.
        public var config: String?
        /// The trial's own folder, absolute.
        public var trialDirectory: String
        /// The folder of the sweep file, absolute; not that of the results.
        public var sweepDirectory: String
        /// The trial's number, from 0.
        public var number: Int
        /// From 1.
        public var attempt: Int
        /// The seed that the trainer is given.
        public var seed: UInt64
        public var resources: Resources
        /// The active parameters in the order of the sweep file.
        public var parameters: [(name: String, value: ParameterValue)]
        /// How the sweep file spells their values.
        public var written: WrittenValues
        /// Gives the value of an environment variable. Passed in so that tests need not change the process's own.
        public var variable: @Sendable (String) -> String?

        public init(
            config: String?, trialDirectory: String, sweepDirectory: String, number: Int, attempt: Int, seed: UInt64,
            resources: Resources, parameters: [(name: String, value: ParameterValue)],
            written: WrittenValues = WrittenValues(),
            variable: @escaping @Sendable (String) -> String? = CommandTemplate.environmentVariable
        ) {
            self.config = config
            self.trialDirectory = trialDirectory
            self.sweepDirectory = sweepDirectory
            self.number = number
            self.attempt = attempt
            self.seed = seed
            self.resources = resources
            self.parameters = parameters
            self.written = written
            self.variable = variable
        }

        /// The file with the parameters as JSON; it is written if the command mentions it, or if the
        /// parameters are too large for an environment variable.
        public var parametersFile: String { "\(trialDirectory)/params.json" }

        /// The file with the parameters as JSON in which dotted names are nested objects.
        public var nestedParametersFile: String { "\(trialDirectory)/params.nested.json" }

        /// The parameters as JSON.
        public var parametersJSON: String { Self.json(parameters) }

        /// The parameters as JSON, dotted names as nested objects.
        public var nestedParametersJSON: String { Self.json(ParameterValue.nested(parameters)) }

        private static func json(_ parameters: [(name: String, value: ParameterValue)]) -> String {
            ParameterValue.mapping(parameters.map { .init($0.name, $0.value) }).json(.spaced)
        }

        fileprivate func text(of parameter: String) -> String? {
            parameters.first { $0.name == parameter }.map { written.text(of: $0.value, of: $0.name) }
        }
    }

    /// Gives the value of a variable of this process's environment.
    public static let environmentVariable: @Sendable (String) -> String? = { name in
        getenv(name).map { String(cString: $0) }
    }

    /// The template's text if it has no placeholder; nil otherwise.
    public var text: String? {
        if segments.count == 1, case .text(let text) = segments[0] { text } else { nil }
    }

    /// The text if it is the same for all trials of a sweep; nil otherwise. A trainer's program has to be known before
    /// the first trial, so that a missing one is reported at once.
    ///
    /// - Parameter directory: the folder of the sweep file.
    public func commonText(
        sweepDirectory directory: String, variable: (String) -> String? = CommandTemplate.environmentVariable
    ) -> String? {
        var result = ""
        for segment in segments {
            switch segment {
            case .text(let text): result += text
            case .placeholder(.sweepDirectory): result += directory
            case .placeholder(.variable(let name, let other)):
                result += Placeholder.text(of: variable(name), otherwise: other)
            case .placeholder(.home): result += variable("HOME") ?? NSHomeDirectory()
            case .placeholder: return nil
            }
        }
        return result
    }

    /// The environment variables that it needs: those that it names without a text to use in their place.
    public var variables: [String] {
        placeholders.compactMap { if case .variable(let name, nil) = $0 { name } else { nil } }
    }

    /// Whether it mentions the file with the parameters, which is then written for each trial.
    public var needsParametersFile: Bool { placeholders.contains(.arguments(ArgumentForm(.file))) }

    /// Whether it mentions the file with the parameters as nested objects.
    public var needsNestedParametersFile: Bool {
        placeholders.contains(.arguments(ArgumentForm(.file, isNested: true)))
    }

    package var placeholders: [Placeholder] {
        segments.compactMap { if case .placeholder(let placeholder) = $0 { placeholder } else { nil } }
    }
}

// MARK: Filling in

extension CommandTemplate {
    /// The template with everything filled in; nil if it has placeholders of parameters only, and none of them is
    /// active.
    public func value(in context: Context) -> String? {
        isAbout(inactiveIn: context) ? nil : segments.map { $0.text(in: context) }.joined()
    }

    /// The arguments that this template becomes: one, or one for each parameter if it is `{args}`.
    public func arguments(in context: Context) -> [String] { [self].arguments(in: context) }

    /// Whether its placeholders are all of parameters, and none of these is active.
    private func isAbout(inactiveIn context: Context) -> Bool {
        var hasParameter = false
        for case .placeholder(let placeholder) in segments {
            guard case .parameter(let name) = placeholder, context.text(of: name) == nil else { return false }
            hasParameter = true
        }
        return hasParameter
    }

    /// Whether it says what its value is: `--momentum={param:momentum}`, `momentum={param:momentum}`.
    fileprivate var hasName: Bool {
        if case .text(let text)? = segments.first, text.hasPrefix("-") { return true }
        return segments.contains { if case .text(let text) = $0 { text.contains("=") } else { false } }
    }

    /// Whether it is the name of an option whose value is the next argument.
    fileprivate var isOption: Bool {
        text.map { $0.hasPrefix("-") && $0.count > 1 && $0 != "--" && !$0.contains("=") } ?? false
    }
}

extension [CommandTemplate] {
    /// The arguments that the templates of a command become.
    ///
    /// A template whose parameters are all inactive is left out. If it was the value of the option before it, that
    /// option is left out too: `--momentum {param:momentum}` vanishes for an optimizer without momentum, and so does
    /// `--shape {param:width}x{param:height}`. An argument that is itself an option, or has a name before its value
    /// (`momentum={param:momentum}`), need not be the value of an option: there the one before it stays. A value by
    /// itself that no option precedes becomes an empty argument, so that the arguments after it keep their places.
    public func arguments(in context: CommandTemplate.Context) -> [String] {
        var arguments: [String] = []
        for (position, template) in enumerated() {
            if template.segments.count == 1, case .placeholder(.arguments(let form)) = template.segments[0],
                !form.isOneText
            {
                arguments += form.arguments(for: context.parameters, written: context.written)
            } else if let text = template.value(in: context) {
                arguments.append(text)
            } else if template.hasName {
                continue
            } else if position > 0, self[position - 1].isOption {
                arguments.removeLast()
            } else if template.segments.count == 1 {
                arguments.append("")
            }
        }
        return arguments
    }
}

extension CommandTemplate.Segment {
    fileprivate func text(in context: CommandTemplate.Context) -> String {
        switch self {
        case .text(let text): text
        case .placeholder(let placeholder): placeholder.text(in: context)
        }
    }
}

extension CommandTemplate.Placeholder {
    /// The placeholders whose name is the same in every sweep.
    package static let fixed: [(name: String, placeholder: Self)] = [
        ("config", .config), ("trial_dir", .trialDirectory), ("sweep_dir", .sweepDirectory), ("number", .number),
        ("attempt", .attempt), ("seed", .seed), ("threads", .threads), ("memory_mib", .memory), ("gpus", .gpus),
        ("gpu_share", .gpuShare), ("args", .arguments(ArgumentForm())),
    ]

    /// The value of a variable, or what stands in its place.
    fileprivate static func text(of value: String?, otherwise other: String?) -> String {
        guard let value, other == nil || !value.isEmpty else { return other ?? "" }
        return value
    }

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
        case .parameter(let name): context.text(of: name) ?? ""
        case .variable(let name, let other): Self.text(of: context.variable(name), otherwise: other)
        case .home: context.variable("HOME") ?? NSHomeDirectory()
        case .arguments(let form):
            switch form.style {
            case .json: form.isNested ? context.nestedParametersJSON : context.parametersJSON
            case .file: form.isNested ? context.nestedParametersFile : context.parametersFile
            case .equals, .space, .plain, .append, .override:
                form.arguments(for: context.parameters, written: context.written).joined(separator: " ")
            }
        }
    }
}
