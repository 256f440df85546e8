import ConfigFile

/// The `trialSpec` of a Katib Experiment: a job of some kind, in which one container is measured.
///
///     Job, PyTorchJob, TFJob   containers: [{name, command, args, env}], at different depths
///     Workflow of Argo         templates: [{container: {…}}] or [{script: {command, source}}]
///     PipelineRun of Tekton    tasks: [{taskSpec: {steps: [{name, command}]}}]
///     TrainJob                 trainer: {command, args, env}
struct KatibTrialSpec {
    let node: ConfigNode

    var kind: String { node["kind"]?.foreignText ?? "job" }

    /// What starts no trial, though it may have a command: what comes before the program, or looks after it.
    private static let others: Set = [
        "initContainers", "lifecycle", "livenessProbe", "readinessProbe", "startupProbe", "sidecars",
    ]

    /// The container that is measured: the one of this name, or else the first that mentions a parameter, or else the
    /// first of all.
    func container(named name: String?) -> ConfigNode? {
        let all = Self.containers(in: node)
        if let name, !name.isEmpty {
            let isNamed = { (node: ConfigNode) -> Bool in
                let own = node["name"]?.foreignText
                // Tekton puts a word before the names of its steps.
                return own == name || own.map { "step-" + $0 } == name
            }
            if let found = all.first(where: { isNamed($0) && Self.hasCommand($0) }) ?? all.first(where: isNamed) {
                return found
            }
        }
        return all.first { $0.mentions("trialParameters.") } ?? all.first(where: Self.hasCommand) ?? all.first
    }

    private static func hasCommand(_ node: ConfigNode) -> Bool { node["command"] != nil || node["args"] != nil }

    private static func containers(in node: ConfigNode, isListed: Bool = false) -> [ConfigNode] {
        switch node.value {
        case .sequence(let nodes): return nodes.flatMap { containers(in: $0, isListed: isListed) }
        case .mapping(let entries):
            if isListed || isCommand(node["command"]) || isCommand(node["args"]) { return [node] }
            return entries.filter { !others.contains($0.key) }.flatMap { entry in
                containers(in: entry.node, isListed: ["containers", "container"].contains(entry.key))
            }
        case .null, .boolean, .integer, .number, .string: return []
        }
    }

    private static func isCommand(_ node: ConfigNode?) -> Bool {
        switch node?.value {
        case .sequence(let items): items.contains { $0.foreignText != nil }
        case .string(let text): !text.isEmpty
        case nil, .null, .boolean, .integer, .number, .mapping: false
        }
    }

    /// The only text of several words that mentions a parameter, where no container does: a line for a shell that some
    /// other program runs.
    var script: ConfigNode? {
        let texts = Self.texts(in: node).filter { $0.mentions("trialParameters.") }
        guard texts.count == 1, let text = texts[0].foreignText, text.contains(where: \.isWhitespace) else {
            return nil
        }
        return texts[0]
    }

    private static func texts(in node: ConfigNode) -> [ConfigNode] {
        switch node.value {
        case .string: [node]
        case .sequence(let nodes): nodes.flatMap(texts)
        case .mapping(let entries): entries.flatMap { texts(in: $0.node) }
        case .null, .boolean, .integer, .number: []
        }
    }

    /// What pipelines call a parameter, with its value: that of the outermost place, which the others hand on.
    var pipelineValues: [String: String] {
        var values: [String: String] = [:]
        func walk(_ node: ConfigNode) {
            switch node.value {
            case .sequence(let nodes): nodes.forEach(walk)
            case .mapping(let entries):
                for entry in entries {
                    if ["params", "parameters"].contains(entry.key), case .sequence(let items) = entry.node.value {
                        for item in items {
                            guard let name = item["name"]?.foreignText, values[name] == nil,
                                let value = (item["value"] ?? item["default"])?.foreignText,
                                // `lr: $(params.lr)` hands on what is said elsewhere.
                                !value.contains("params.\(name))"), !value.contains("parameters.\(name)}")
                            else { continue }
                            values[name] = value
                        }
                    }
                    walk(entry.node)
                }
            case .null, .boolean, .integer, .number, .string: break
            }
        }
        walk(node)
        return values
    }

    /// How many processes a trial has on the cluster.
    var processCount: Int {
        func count(_ node: ConfigNode) -> Int {
            switch node.value {
            case .sequence(let nodes): nodes.map(count).reduce(0, +)
            case .mapping(let entries):
                entries.map { entry in
                    let number = ["replicas", "numNodes"].contains(entry.key) ? entry.node.foreignNumber?.whole : nil
                    return number.map { min(max($0, 0), 10_000) } ?? count(entry.node)
                }.reduce(0, +)
            case .null, .boolean, .integer, .number, .string: 0
            }
        }
        return max(1, count(node))
    }

    /// The first mapping or list below this key, however deep.
    func first(_ key: String) -> (place: SourceLocation?, node: ConfigNode)? {
        func search(_ node: ConfigNode) -> (SourceLocation?, ConfigNode)? {
            switch node.value {
            case .sequence(let nodes): return nodes.lazy.compactMap(search).first
            case .mapping(let entries):
                if let entry = entries.first(where: { $0.key == key }) { return (entry.keyLocation, entry.node) }
                return entries.lazy.compactMap { search($0.node) }.first
            case .null, .boolean, .integer, .number, .string: return nil
            }
        }
        return search(node)
    }

    /// What `${trialSpec.NAME}` stands for; nil for what only the cluster knows. The name is not among them: each trial
    /// has another.
    func metadata(_ name: String, of experiment: ConfigNode) -> String? {
        let metadata = node["metadata"]
        for (word, key) in [("Labels", "labels"), ("Annotations", "annotations")] where name.hasPrefix("\(word)[") {
            return metadata?[key]?[String(name.dropFirst(word.count + 1).dropLast())]?.foreignText
        }
        return switch name {
        case "Kind": node["kind"]?.foreignText
        case "APIVersion": node["apiVersion"]?.foreignText
        case "Namespace": (metadata?["namespace"] ?? experiment["metadata"]?["namespace"])?.foreignText
        default: nil
        }
    }
}
