import Foundation
import SweepSearch
import TrialProtocol

/// A text with placeholders such as `{config}`: an argument of a command, or the value of an environment variable.
///
/// `{{` and `}}` stand for braces. `$NAME`, `${NAME}` and a `~` at the beginning are what a shell would make of them;
/// `$$NAME` is the text itself.
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
        /// All active parameters.
        case arguments(ArgumentForm)
        /// What an environment variable is set to.
        case variable(String)
        /// The user's folder.
        case home
    }

    package enum Segment: Sendable, Hashable {
        case text(String)
        case placeholder(Placeholder)
    }

    package let segments: [Segment]

    package init(segments: [Segment]) { self.segments = segments }

    /// A text without placeholders, whatever is in it.
    public init(literal text: String) { segments = [.text(text)] }

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
        /// How the sweep file writes their values.
        public var written: WrittenValues
        /// What an environment variable is set to.
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

        /// Where the parameters stand as JSON, for those who ask for a file.
        public var parametersFile: String { "\(trialDirectory)/params.json" }

        /// The parameters as JSON.
        public var parametersJSON: String {
            ParameterValue.mapping(parameters.map { .init($0.name, $0.value) }).json(.spaced)
        }

        fileprivate func text(of parameter: String) -> String? {
            parameters.first { $0.name == parameter }.map { written.text(of: $0.value, of: $0.name) }
        }
    }

    /// What a variable of this process's environment is set to.
    public static let environmentVariable: @Sendable (String) -> String? = { name in
        getenv(name).map { String(cString: $0) }
    }

    /// The template's text if it has no placeholder.
    public var text: String? {
        if segments.count == 1, case .text(let text) = segments[0] { text } else { nil }
    }

    /// The text if it is the same for all trials of a sweep.
    ///
    /// - Parameter directory: of the sweep file.
    public func commonText(
        sweepDirectory directory: String, variable: (String) -> String? = CommandTemplate.environmentVariable
    ) -> String? {
        var result = ""
        for segment in segments {
            switch segment {
            case .text(let text): result += text
            case .placeholder(.sweepDirectory): result += directory
            case .placeholder(.variable(let name)): result += variable(name) ?? ""
            case .placeholder(.home): result += variable("HOME") ?? NSHomeDirectory()
            case .placeholder: return nil
            }
        }
        return result
    }

    /// The environment variables that it names.
    public var variables: [String] {
        placeholders.compactMap { if case .variable(let name) = $0 { name } else { nil } }
    }

    /// Whether it names the file with the parameters.
    public var needsParametersFile: Bool { placeholders.contains(.arguments(ArgumentForm(.file))) }

    package var placeholders: [Placeholder] {
        segments.compactMap { if case .placeholder(let placeholder) = $0 { placeholder } else { nil } }
    }
}

// MARK: Filling in

extension CommandTemplate {
    /// The one text that the template becomes; nil where it only speaks of parameters that are not active.
    public func value(in context: Context) -> String? {
        isAbout(inactiveIn: context) ? nil : segments.map { $0.text(in: context) }.joined()
    }

    /// The arguments that this template alone becomes: `{args}` may be many.
    public func arguments(in context: Context) -> [String] { [self].arguments(in: context) }

    /// Whether there are parameters in it, none of them active, and no other placeholder.
    private func isAbout(inactiveIn context: Context) -> Bool {
        var hasParameter = false
        for case .placeholder(let placeholder) in segments {
            guard case .parameter(let name) = placeholder, context.text(of: name) == nil else { return false }
            hasParameter = true
        }
        return hasParameter
    }

    /// Whether it is the name of an option whose value is the next argument.
    fileprivate var isOption: Bool {
        text.map { $0.hasPrefix("-") && $0.count > 1 && $0 != "--" && !$0.contains("=") } ?? false
    }
}

extension [CommandTemplate] {
    /// The arguments that these become.
    ///
    /// One that only speaks of parameters that are not active is left out, together with the option before it if it
    /// is that option's value. A value that stands by itself stays, empty: those behind it keep their places.
    public func arguments(in context: CommandTemplate.Context) -> [String] {
        var arguments: [String] = []
        for (position, template) in enumerated() {
            if template.segments.count == 1, case .placeholder(.arguments(let form)) = template.segments[0],
                !form.isOneText
            {
                arguments += form.arguments(for: context.parameters, text: context.written.text(of:of:))
            } else if let text = template.value(in: context) {
                arguments.append(text)
            } else if template.segments.count > 1 {
                continue
            } else if position > 0, self[position - 1].isOption {
                arguments.removeLast()
            } else {
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
    package static let fixed: [(name: String, placeholder: Self)] = [
        ("config", .config), ("trial_dir", .trialDirectory), ("sweep_dir", .sweepDirectory), ("number", .number),
        ("attempt", .attempt), ("seed", .seed), ("threads", .threads), ("memory_mib", .memory), ("gpus", .gpus),
        ("gpu_share", .gpuShare), ("args", .arguments(ArgumentForm())),
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
        case .parameter(let name): context.text(of: name) ?? ""
        case .variable(let name): context.variable(name) ?? ""
        case .home: context.variable("HOME") ?? NSHomeDirectory()
        case .arguments(let form):
            switch form.style {
            case .json: context.parametersJSON
            case .file: context.parametersFile
            case .equals, .space, .plain:
                form.arguments(for: context.parameters, text: context.written.text(of:of:)).joined(separator: " ")
            }
        }
    }
}
