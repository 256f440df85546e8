import ConfigFile

/// Texts of a Katib Experiment as a sweep file writes them.
///
///     ${trialParameters.learningRate}     {param:lr}, if that is what it refers to
///     $(params.lr), $(NAME)               the value of a pipeline's parameter, or of an environment variable
///     {{inputs.parameters.lr}}            the same in a Workflow of Argo
struct KatibText {
    /// The parameters of the experiment.
    let names: [String]
    let experiment: ConfigNode
    let spec: KatibTrialSpec
    let problems: DiagnosticCollector
    let notes: ConversionNotes
    /// The environment variables of the container that have a value.
    let variables: [String: String]
    /// The parameters by the names that the template has for them.
    private let references: [String: String]
    private let pipelineValues: [String: String]
    /// The parameters that a text has mentioned.
    private(set) var used: Set<String> = []
    private(set) var comments: [String] = []

    init(
        names: [String], experiment: ConfigNode, spec: KatibTrialSpec, references: ConfigNode?, container: ConfigNode?,
        problems: DiagnosticCollector, notes: ConversionNotes
    ) {
        self.names = names
        self.experiment = experiment
        self.spec = spec
        self.problems = problems
        self.notes = notes
        self.references = Self.pairs(references, "reference")
        variables = Self.pairs(container?["env"], "value")
        pipelineValues = spec.pipelineValues
    }

    /// A list of mappings with a name and something else, as Kubernetes writes them.
    private static func pairs(_ node: ConfigNode?, _ key: String) -> [String: String] {
        guard case .sequence(let items)? = node?.value else { return [:] }
        return Dictionary(
            items.compactMap { item in
                guard let name = item["name"]?.foreignText, let value = item[key]?.foreignText else { return nil }
                return (name, value)
            }, uniquingKeysWith: { $1 })
    }

    /// - Parameter isForShell: whether a shell reads the text.
    mutating func text(_ text: String, isForShell: Bool = false, at place: SourceLocation?) -> String {
        convert(text, isForShell: isForShell, at: place, depth: 0)
    }

    private mutating func convert(
        _ text: String, isForShell: Bool, at place: SourceLocation?, depth: Int
    ) -> String {
        var result = ""
        var plain = ""
        var rest = text[...]
        while !rest.isEmpty {
            guard let (mention, end) = Self.mention(rest),
                let value = value(of: mention, isForShell: isForShell, at: place, depth: depth)
            else {
                plain.append(rest.removeFirst())
                continue
            }
            result += CommandText.literal(plain, isForShell: isForShell) + value
            plain = ""
            rest = rest[end...]
        }
        return result + CommandText.literal(plain, isForShell: isForShell)
    }

    // MARK: Mentions

    private enum Mention {
        /// A parameter of the trial, in Katib's brackets or in others.
        case parameter(String, isKatibs: Bool)
        /// A parameter of a pipeline, with the text that mentions it.
        case pipeline(String, String)
        case variable(String)
    }

    /// What a text begins with, and where that ends.
    private static func mention(_ text: Substring) -> (Mention, end: Substring.Index)? {
        func inner(_ open: String, _ close: String) -> (Substring, Substring.Index)? {
            guard text.hasPrefix(open) else { return nil }
            let start = text.index(text.startIndex, offsetBy: open.count)
            guard let found = text[start...].firstRange(of: close) else { return nil }
            return (text[start..<found.lowerBound], found.upperBound)
        }
        if let (name, end) = inner("${trialParameters.", "}") {
            return (.parameter(String(name), isKatibs: true), end)
        }
        if let (_, end) = inner("${trialSpec.", "}") {
            return (.parameter(String(text[..<end]), isKatibs: true), end)
        }
        if let (name, end) = inner("$(", ")") {
            if name.hasPrefix("params.") {
                return (.pipeline(String(name.dropFirst(7)), String(text[..<end])), end)
            }
            return (.variable(String(name)), end)
        }
        guard let (words, end) = inner("{{", "}}") else { return nil }
        let name = String(words).trimmingWhitespace
        if name.hasPrefix("trialParameters.") {
            return (.parameter(String(name.dropFirst(16)), isKatibs: false), end)
        }
        for start in ["inputs.parameters.", "workflow.parameters."] where name.hasPrefix(start) {
            return (.pipeline(String(name.dropFirst(start.count)), String(text[..<end])), end)
        }
        let others = ["steps.", "tasks.", "inputs.", "outputs.", "workflow.", "item"]
        return others.contains(where: name.hasPrefix) ? (.pipeline("", String(text[..<end])), end) : nil
    }

    /// What a mention becomes; nil if it is text like any other.
    private mutating func value(
        of mention: Mention, isForShell: Bool, at place: SourceLocation?, depth: Int
    ) -> String? {
        switch mention {
        case .parameter(let name, let isKatibs):
            if !isKatibs {
                comments.append(
                    notes.add(
                        "Katib does not fill in '{{trialParameters.\(name)}}'; it is read as "
                            + "'${trialParameters.\(name)}'", at: place))
            }
            return parameter(name, isForShell: isForShell, at: place)
        case .variable(let name):
            // To a shell, other brackets of this kind hold a command.
            guard depth < 5, let value = variables[name] else { return nil }
            return convert(value, isForShell: isForShell, at: place, depth: depth + 1)
        case .pipeline(let name, let text):
            if depth < 5, let value = pipelineValues[name] {
                return convert(value, isForShell: isForShell, at: place, depth: depth + 1)
            }
            comments.append(
                notes.add(
                    "'\(text)' is filled in by another part of the \(spec.kind); write its value in its place",
                    at: place,
                    isGap: true))
            return CommandText.literal(text, isForShell: isForShell)
        }
    }

    private mutating func parameter(_ name: String, isForShell: Bool, at place: SourceLocation?) -> String {
        let reference = references[name] ?? name
        if names.contains(reference) {
            used.insert(reference)
            return "{param:\(reference)}"
        }
        if reference.hasPrefix("${trialSpec."), reference.hasSuffix("}") {
            let word = String(reference.dropFirst(12).dropLast())
            if word == "Name" || word.hasSuffix(".Name") {
                comments.append(notes.add("'\(reference)' is the number of the trial here", at: place))
                return "{number}"
            }
            if let text = spec.metadata(word, of: experiment) {
                return CommandText.literal(text, isForShell: isForShell)
            }
            comments.append(notes.add("'\(reference)' is known on the cluster only, and is empty here", at: place))
            return ""
        }
        if !names.isEmpty {
            problems.report(
                "'${trialParameters.\(name)}' names no parameter of the experiment", at: place,
                help: nearestName(to: reference, among: names + references.keys.sorted()).map {
                    "did you mean '\($0)'?"
                })
        }
        return ""
    }
}
