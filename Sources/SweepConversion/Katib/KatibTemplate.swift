import ConfigFile
import SweepModel

/// The `trialTemplate` of a Katib Experiment, of which the container that is measured is kept: its command, its
/// environment and its GPUs.
struct KatibTemplate {
    /// The parameters of the experiment.
    let names: [String]
    let experiment: ConfigNode
    let problems: DiagnosticCollector
    let notes: ConversionNotes
    let context: ConversionContext

    /// What a sweep file says of the trainer.
    struct Trainer {
        var lines: [OutlineLine] = []
        var directory: String?
        var gpus: Int?
    }

    func trainer(_ file: ConfigSection) -> Trainer {
        let template = file.node("trialTemplate")
        let older = KatibGoTemplate.spec(template?["goTemplate"]?["rawTemplate"])
        let spec = KatibTrialSpec(node: template?["trialSpec"] ?? older ?? ConfigNode(.null))
        let container = spec.container(named: template?["primaryContainerName"]?.foreignText)
        var text = KatibText(
            names: names, experiment: experiment, spec: spec, references: template?["trialParameters"],
            container: container, problems: problems, notes: notes)
        var comments: [String] = []
        var words = words(container, &text)
        let environment = environment(container, &text, &comments)
        var passesAll = false
        let hasProgram = container?["command"] != nil && !words.isEmpty
        if context.command == nil, words.isEmpty, let script = spec.script, let line = script.foreignText {
            words = ["sh", "-c", text.text(line, isForShell: true, at: script.location)]
            comments.append(
                notes.add(
                    "no container of the \(spec.kind) has a command; this line has the parameters, and is taken for it",
                    at: script.location, isGap: true))
        } else if !hasProgram, context.command == nil {
            comments.append(
                notes.add(
                    missingCommand(template, spec, container) + "; write yours in the place of train.py",
                    at: file.keyPlace(of: "trialTemplate") ?? file.location, isGap: true))
            // A program that has its values from the environment may take no arguments.
            passesAll = words.isEmpty && text.used.isEmpty
            words = ["python", "train.py"] + (passesAll ? standardArguments : words)
        }
        if let given = context.command {
            words = given
        } else if !passesAll {
            for entry in parameterPlaces(file) where !text.used.contains(entry.name) {
                comments.append(
                    notes.add(
                        "'\(entry.name)' is varied, and the command passes it nowhere", at: entry.place, isGap: true))
            }
        }
        comments = text.comments + comments + surroundings(spec, container)
        var trainer = Trainer()
        trainer.directory = directory(container, &comments)
        trainer.gpus = gpus(container)
        trainer.lines = [OutlineLine("command", CommandText.list(words), comments: comments)]
        if !environment.isEmpty { trainer.lines.append(OutlineLine("env", ValueText.mapping(environment))) }
        return trainer
    }

    /// All parameters. In old files their names begin with the hyphens that the program wants.
    private var standardArguments: [String] {
        guard names.contains(where: { $0.hasPrefix("-") }) else { return ["{args}"] }
        return names.map { ($0.hasPrefix("-") ? "" : "--") + "\($0)={param:\($0)}" }
    }

    private func parameterPlaces(_ file: ConfigSection) -> [(name: String, place: SourceLocation?)] {
        guard case .sequence(let items)? = file.node("parameters")?.value else { return [] }
        return items.compactMap { item in
            item["name"]?.foreignText.map { (name: $0, place: item["name"]?.location) }
        }
    }

    /// Why there is no command, as far as the file shows it.
    private func missingCommand(
        _ template: ConfigNode?, _ spec: KatibTrialSpec, _ container: ConfigNode?
    ) -> String {
        if template?["goTemplate"] != nil, spec.node.value == .null {
            return "the trial is described by a Go template of a kind that is not read"
        }
        if template?["configMap"] != nil { return "the trial is described by a ConfigMap of the cluster" }
        if let image = container?["image"]?.foreignText {
            return "the program is the one that the image '\(image)' starts by itself"
        }
        return spec.node.value == .null
            ? "the file does not say how the program is started"
            : "the trial is described by a \(spec.kind), in which no command was found"
    }

    // MARK: The container

    /// The command with its arguments. What is text, where Kubernetes has a list, is split as a shell splits it.
    private func words(_ container: ConfigNode?, _ text: inout KatibText) -> [String] {
        var words: [String] = []
        for key in ["command", "args"] {
            guard let node = container?[key] else { continue }
            if let line = node.foreignText {
                for word in CommandText.words(line) {
                    let isForShell = ShellArgument.follows(words)
                    words.append(text.text(word, isForShell: isForShell, at: node.location))
                }
                continue
            }
            guard case .sequence(let items) = node.value else { continue }
            for item in items {
                guard let word = item.foreignText else {
                    problems.report("an argument must be text, found \(item.kindDescription)", at: item.location)
                    continue
                }
                let isForShell = ShellArgument.follows(words)
                for word in KatibGoTemplate.arguments(word, names, isForShell: isForShell) {
                    words.append(text.text(word, isForShell: isForShell, at: item.location))
                }
            }
        }
        // In a script of Argo the text is given to the command as a file.
        if let source = container?["source"], let script = source.foreignText, !words.isEmpty {
            words.append("-c")
            let isForShell = ShellArgument.follows(words)
            words.append(text.text(script, isForShell: isForShell, at: source.location))
        }
        return words
    }

    private func environment(
        _ container: ConfigNode?, _ text: inout KatibText, _ comments: inout [String]
    ) -> [(key: String, text: String)] {
        if let entry = container?.entries.first(where: { $0.key == "envFrom" }), entry.node.value != .null {
            comments.append(
                notes.add(
                    "'envFrom' takes variables from the cluster; set them where revsweep runs", at: entry.keyLocation,
                    isGap: true))
        }
        guard case .sequence(let items)? = container?["env"]?.value else { return [] }
        var variables: [(key: String, text: String)] = []
        for item in items {
            guard let name = item["name"]?.foreignText, !name.isEmpty else { continue }
            if let value = item["value"]?.foreignText {
                variables.removeAll { $0.key == name }
                variables.append((name, ValueText.string(text.text(value, at: item["value"]?.location))))
            } else if let source = item["valueFrom"], source.value != .null {
                let kind = source.entries.first.map { " (\($0.key))" } ?? ""
                comments.append(
                    notes.add(
                        "the variable '\(name)' comes from the cluster\(kind); set it where revsweep runs",
                        at: item["name"]?.location, isGap: true))
            }
        }
        return variables
    }

    /// The folder in which the program starts, if this machine has it; that of an image is noted.
    private func directory(_ container: ConfigNode?, _ comments: inout [String]) -> String? {
        guard let node = container?["workingDir"], let path = node.foreignText, !path.isEmpty else { return nil }
        if context.isFolder(path) { return CommandText.literal(path) }
        comments.append(
            notes.add(
                "the program starts in '\(path)' there, which this machine does not have; see trainer.directory",
                at: node.location, isGap: true))
        return nil
    }

    private func gpus(_ container: ConfigNode?) -> Int? {
        let resources = container?["resources"]
        for section in ["limits", "requests"] {
            for entry in resources?[section]?.entries ?? [] where entry.key.hasSuffix("/gpu") {
                if let number = entry.node.foreignNumber?.whole, (1...1000).contains(number) { return number }
            }
        }
        return nil
    }

    /// What surrounds the container on the cluster.
    private func surroundings(_ spec: KatibTrialSpec, _ container: ConfigNode?) -> [String] {
        var comments: [String] = []
        if let image = container?["image"]?.foreignText {
            comments.append(
                notes.add(
                    "the program runs in the image '\(image)' there, and on this machine here",
                    at: container?["image"]?.location))
        }
        if let (place, _) = spec.first("initContainers") {
            comments.append(notes.add("'initContainers' run before the program there, and not here", at: place))
        }
        if spec.processCount > 1 {
            comments.append(
                notes.add(
                    "a trial has \(spec.processCount) processes on the cluster, and one here",
                    at: (spec.first("replicas") ?? spec.first("numNodes"))?.place))
        }
        return comments
    }
}
