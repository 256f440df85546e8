import ConfigFile
import SweepModel

/// A W&B sweep: how its method, metric and commands become sections of a sweep file.
///
/// W&B reads its files with PyYAML, where `no` is false and the last of two equal keys counts. What its schema does not
/// know is refused.
struct WandBSweep {
    let problems: DiagnosticCollector
    let notes: ConversionNotes
    let context: ConversionContext

    /// The ways in which W&B proposes values.
    enum Method: String, CaseIterable {
        case grid, random, bayes, custom
    }

    private enum Goal: String, CaseIterable {
        case minimize, maximize
    }

    /// The part of a file that is a W&B sweep, and the keys above it; nil if there is none.
    ///
    /// It has `parameters` whose definitions have W&B's keys, or `parameters` beside keys that only W&B has.
    static func search(_ root: ConfigNode) -> (ConfigNode, path: [String])? {
        // A sweep file of our own, whatever else it has.
        if root["trainer"] != nil, root["parameters"] != nil { return nil }
        if isSweep(root) { return (root, []) }
        let below = root.entries.filter { isSweep($0.node) }
        let usual = ["sweep", "sweep_config", "sweep_configuration", "wandb_sweep"]
        guard let entry = below.first(where: { usual.contains($0.key) }) ?? (below.count == 1 ? below[0] : nil) else {
            return nil
        }
        return (entry.node, [entry.key])
    }

    private static func isSweep(_ node: ConfigNode) -> Bool {
        let keys = Set(node.entries.map(\.key))
        guard !keys.contains("spec"), let parameters = node["parameters"] else {
            // A sweep whose parameters were forgotten, or one that leaves them to a scheduler of W&B Launch.
            let signs: Set = ["metric", "run_cap", "early_terminate", "job", "image_uri"]
            return (keys.contains("method") || keys.contains("scheduler")) && !keys.isDisjoint(with: signs)
        }
        // One of our own in which `command` stands where `trainer` should.
        let native: Set = ["budget", "sampler", "pruner", "resources", "retry", "replicates", "reproducible"]
        let hasMethod = node["method"]?.foreignText.flatMap(Method.init(rawValue:)) != nil
        if !hasMethod, !keys.isDisjoint(with: native) { return false }
        let own: Set = ["method", "program", "command", "early_terminate", "run_cap", "controller"]
        if !keys.isDisjoint(with: own) { return true }
        if parameters.entries.contains(where: { $0.node["type"] != nil }) { return false }
        let settings: Set = ["value", "values", "distribution", "min", "max", "parameters", "probabilities"]
        return parameters.entries.contains { !settings.isDisjoint(with: $0.node.entries.map(\.key)) }
    }

    // MARK: Sections

    func outline(_ node: ConfigNode, below path: [String]) -> SweepOutline {
        var outline = SweepOutline()
        let file = ConfigSection(node, path: path.joined(separator: "."), problems: problems)
        let method = method(file)
        readAsides(file, &outline)
        readMetric(file, &outline)
        var parameters = WandBParameters(method: method, problems: problems, notes: notes)
        if let node = file.requiredNode("parameters", help: "parameters: {NAME: {min: 0.0, max: 1.0}}") {
            outline.parameters = parameters.read(node, path: file.name("parameters"))
        }
        if parameters.isMixed {
            outline.parameterComments.append(
                notes.add(
                    "names with dots and nested parameters are both here; all of them are passed on as nested",
                    at: file.place(of: "parameters")))
        }
        var command = WandBCommand(
            isNested: parameters.hasNested, problems: problems, notes: notes, context: context)
        outline.trainer = [command.read(file), client(isNested: parameters.hasNested)]
        outline.trainer += destination(file)
        readSampler(method, file, &outline)
        readEarlyTermination(file, &outline)
        readBudget(method, file, &outline)
        outline.sections.append(
            OutlineLine(
                "resources", "{parallel: 1}", remark: "as one agent of W&B runs them; more at a time: parallel: 4"))
        acceptOthers(file, &outline)
        file.reportUnknownKeys()
        return outline
    }

    /// Accepts keys that W&B does not know. It only warns of them itself, and people keep their own notes there. One
    /// that looks like a known key is left to be reported, since it may have been meant to say something.
    private func acceptOthers(_ file: ConfigSection, _ outline: inout SweepOutline) {
        for entry in file.entries where !Self.keys.contains(entry.key) {
            let isAnchored = holdsAnchor(entry.node)
            if !isAnchored, nearestName(to: entry.key, among: Self.keys) != nil { continue }
            _ = file.node(entry.key)
            // A value that is used elsewhere by an alias says nothing of its own.
            if isAnchored { continue }
            outline.header.append(
                notes.add("W&B knows no key '\(entry.key)', so it is left out", at: entry.keyLocation))
        }
    }

    private func holdsAnchor(_ node: ConfigNode) -> Bool {
        switch node.value {
        case .mapping(let entries): node.isAnchored || entries.contains { holdsAnchor($0.node) }
        case .sequence(let nodes): node.isAnchored || nodes.contains(where: holdsAnchor)
        case .null, .boolean, .integer, .number, .string: node.isAnchored
        }
    }

    /// The keys that W&B knows.
    static let keys = [
        "method", "parameters", "metric", "metrics", "early_terminate", "command", "program", "run_cap", "name",
        "description", "project", "entity", "controller", "apiVersion", "kind", "job", "image_uri", "scheduler",
    ]

    private func method(_ file: ConfigSection) -> Method? {
        guard let node = file.requiredNode("method", help: "method: grid, random or bayes") else { return nil }
        guard let text = node.foreignText, let method = Method(rawValue: text) else {
            file.reportUnknownName(
                node.foreignText ?? node.kindDescription, of: file.name("method"),
                among: Method.allCases.map(\.rawValue), at: node.location)
            return nil
        }
        return method
    }

    /// Reads what is about W&B's server or its job queue.
    private func readAsides(_ file: ConfigSection, _ outline: inout SweepOutline) {
        if let node = file.node("name"), let text = node.foreignText {
            let name = SweepName.legal(text)
            var line = name.map { OutlineLine("name", ValueText.string($0)) }
            if name != text {
                let note = notes.add(
                    "the name '\(text)' has characters that the name of a folder should not have", at: node.location)
                if line == nil { outline.header.append(note) } else { line?.comments.append(note) }
            }
            outline.name = line
        }
        if let text = file.node("description")?.foreignText { outline.header.append("description: \(text)") }
        for key in ["controller", "apiVersion", "kind"] {
            guard let node = file.node(key) else { continue }
            let text = node.foreignText.map { " '\($0)'" } ?? ""
            outline.header.append("'\(key)'\(text) is for W&B's server, and is not needed here.")
        }
        for key in ["job", "image_uri", "scheduler"] {
            guard let node = file.node(key) else { continue }
            // A mapping's own place is that of its first key.
            let place = file.keyPlace(of: key) ?? node.location
            outline.header.append(
                notes.add(
                    "'\(key)' is for W&B Launch and has no counterpart: name the program in trainer.command",
                    at: place))
        }
        if let node = file.node("metrics") {
            problems.report(
                "'\(file.name("metrics"))' is no setting of W&B's sweeps, which have one metric", at: node.location,
                help: "metric: {name: NAME, goal: minimize}; a sweep file of revsweep may have several metrics")
        }
    }

    /// The program may take its values from `wandb.config` and report by `run.log`, whatever its arguments are.
    private func client(isNested: Bool) -> OutlineLine {
        OutlineLine(
            "client", isNested ? "{name: wandb, nested: true}" : "wandb",
            remark: "the program gets wandb.config, and run.log reports")
    }

    /// Where `wandb sync` would send the runs.
    private func destination(_ file: ConfigSection) -> [OutlineLine] {
        let variables = ["project", "entity"].compactMap { key -> (key: String, text: String)? in
            guard let node = file.node(key), node.value != .null, let text = node.foreignText, !text.isEmpty else {
                return nil
            }
            return ("WANDB_\(key.uppercased())", ValueText.string(CommandText.literal(text)))
        }
        if variables.isEmpty { return [] }
        return [OutlineLine("env", ValueText.mapping(variables), remark: "for `wandb sync`, should you want it")]
    }

    private func readMetric(_ file: ConfigSection, _ outline: inout SweepOutline) {
        var name: String?
        var goal: Goal?
        var comments: [String] = []
        if let node = file.node("metric"), node.value != .null {
            let section = file.section("metric", help: "metric: {name: val_loss, goal: minimize}")
            let nameNode = section.requiredNode("name", help: "name: the number that the program logs")
            name = nameNode?.foreignText
            if let nameNode, name == nil || name == "" || name == "step" {
                problems.report(
                    "'\(section.name("name"))' must be the name of a number that the program logs, found "
                        + nameNode.kindDescription, at: nameNode.location)
            }
            if section.node("goal")?.value != .null { goal = section.choice("goal", explain: goalHelp) }
            for key in ["impute", "impute_while_running"] {
                guard let node = section.node(key), let text = node.foreignText, !["worst", "false"].contains(text)
                else { continue }
                comments.append(
                    notes.add("'\(key): \(text)': failed trials count as worse than all others here", at: node.location)
                )
            }
            _ = section.node("target")
        }
        if name == nil, context.metric == nil, problems.isEmpty {
            comments.append(
                notes.add(
                    "the file names no metric; write the number that the program reports, and which way is better",
                    at: nil, isGap: true))
        }
        let shown = context.goal?.rawValue ?? (goal ?? .minimize).rawValue
        outline.metric = OutlineLine(
            "metric",
            ValueText.mapping([("name", ValueText.string(context.metric ?? name ?? "val_loss")), ("goal", shown)]),
            comments: comments)
    }

    /// `maximum` is too far from `maximize` for a search by spelling, and W&B would minimize.
    private func goalHelp(_ word: String) -> String? {
        let word = word.lowercased()
        let goal: Goal? = word.hasPrefix("max") ? .maximize : word.hasPrefix("min") ? .minimize : nil
        return goal.map { "did you mean '\($0.rawValue)'?" }
    }

    private func readSampler(_ method: Method?, _ file: ConfigSection, _ outline: inout SweepOutline) {
        switch method {
        case .grid: outline.sections.append(OutlineLine("sampler", "grid"))
        case .random: outline.sections.append(OutlineLine("sampler", "random"))
        case .bayes, nil:
            outline.sections.append(
                OutlineLine("sampler", "auto", remark: "bayes: a Gaussian process, as W&B has one"))
        case .custom:
            let note = notes.add(
                "'method: custom' leaves the values to a controller of your own; here the sampler 'auto' proposes them",
                at: file.place(of: "method"))
            outline.sections.append(OutlineLine("sampler", "auto", comments: [note]))
        }
    }

    private func readBudget(_ method: Method?, _ file: ConfigSection, _ outline: inout SweepOutline) {
        var settings: [(key: String, text: String)] = []
        var comments: [String] = []
        if let node = file.node("run_cap"), node.value != .null {
            if let trials = node.foreignNumber?.whole, (1...10_000_000).contains(trials) {
                settings.append(("trials", String(trials)))
            } else {
                problems.report(
                    "'\(file.name("run_cap"))' must be a whole number from 1 up, found \(node.kindDescription)",
                    at: node.location)
            }
        } else if method != .grid {
            settings.append(("trials", "100"))
            comments.append(notes.add("W&B runs without end; here the sweep ends after 100 trials", at: nil))
        }
        if let node = file.node("metric")?["target"], node.value != .null {
            if let target = node.foreignNumber {
                settings.append(("target", target.text))
            } else {
                problems.report(
                    "'\(file.name("metric.target"))' must be a number, found \(node.kindDescription)",
                    at: node.location)
            }
        }
        if settings.isEmpty { return }
        outline.sections.append(OutlineLine("budget", ValueText.mapping(settings), comments: comments))
    }
}
