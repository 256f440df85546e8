import ConfigFile
import SweepModel

/// An Experiment of Katib, version v1beta1.
struct KatibExperiment {
    let problems: DiagnosticCollector
    let notes: ConversionNotes
    let context: ConversionContext

    /// Whether a node is an Experiment.
    static func isExperiment(_ node: ConfigNode) -> Bool {
        guard node["kind"]?.foreignText == "Experiment" else { return false }
        return node["spec"]?["objective"] != nil || node["apiVersion"]?.foreignText?.contains("kubeflow") ?? false
    }

    func outline(_ root: ConfigNode) -> SweepOutline {
        var outline = SweepOutline()
        let metadata = root["metadata"]
        let name = metadata?["name"]?.foreignText ?? metadata?["generateName"]?.foreignText
        if let name = name.flatMap(SweepName.legal) { outline.name = OutlineLine("name", ValueText.string(name)) }
        let file = ConfigSection(root.child("spec") ?? ConfigNode(.null), path: "spec", problems: problems)
        guard root["spec"] != nil else {
            problems.report("'spec' is missing", at: root.location)
            return outline
        }
        if let version = root["apiVersion"], let text = version.foreignText, !text.hasSuffix("/v1beta1") {
            outline.header.append(
                notes.add("the Experiment is of '\(text)', and is read as one of v1beta1", at: version.location))
        }
        let nas = file.node("nasConfig")
        if let nas, nas.value != .null {
            problems.report(
                "'spec.nasConfig' searches for an architecture, which has no counterpart",
                at: file.keyPlace(of: "nasConfig"))
        }
        let parameters = KatibParameters(problems: problems)
        // An experiment that searches for an architecture has none.
        if let node = file.node("parameters"), node.value != .null {
            outline.parameters = parameters.read(node)
        } else if nas == nil {
            problems.report("'spec.parameters' is missing", at: file.location, help: "parameters: [{name: lr, …}]")
        }
        let metrics = readObjective(file, &outline)
        let sampler = readAlgorithm(file, &outline)
        readEarlyStopping(file, &outline)
        let template = KatibTemplate(
            names: outline.parameters.map(\.key), experiment: root, problems: problems, notes: notes, context: context)
        let trainer = template.trainer(file)
        outline.trainer = trainer.lines
        outline.directory = trainer.directory
        readCollector(file, metrics, &outline)
        readBudget(file, isGrid: sampler == "grid", gpus: trainer.gpus, &outline)
        readAsides(file, &outline)
        file.reportUnknownKeys()
        return outline
    }

    // MARK: Objective

    /// - Returns: the names of the metrics that Katib collects.
    private func readObjective(_ file: ConfigSection, _ outline: inout SweepOutline) -> [String] {
        guard let node = file.requiredNode("objective", help: "objective: {type: maximize, objectiveMetricName: NAME}")
        else { return [] }
        let section = file.section("objective")
        var goal = "minimize"
        switch section.requiredNode("type", help: "type: maximize or minimize")?.foreignText {
        case "maximize": goal = "maximize"
        case "minimize", nil: break
        case let word?:
            section.reportUnknownName(
                word, of: section.name("type"), among: ["maximize", "minimize"], at: section.place(of: "type"))
        }
        let name = section.requiredNode("objectiveMetricName")?.foreignText ?? "loss"
        var value = "best"
        if case .sequence(let items)? = section.node("metricStrategies")?.value,
            let strategy = items.first(where: { $0["name"]?.foreignText == name })?["value"]?.foreignText
        {
            if strategy == "latest" { value = "last" }
            if strategy == "min" && goal == "maximize" || strategy == "max" && goal == "minimize" {
                problems.report(
                    "the strategy '\(strategy)' takes the worst value that a trial reports", at: node.location,
                    help: "a sweep takes the best one or the last one")
            }
        }
        var names = [context.metric ?? name]
        if case .sequence(let items)? = section.node("additionalMetricNames")?.value {
            names += items.compactMap(\.foreignText).filter { !names.contains($0) }
        }
        outline.metric = OutlineLine(
            "metric",
            ValueText.mapping([
                ("name", ValueText.string(names[0])), ("goal", context.goal?.rawValue ?? goal), ("value", value),
            ]))
        _ = section.node("goal")
        return names
    }

    /// Katib's collector reads `NAME=VALUE` on standard output unless the file says otherwise.
    private func readCollector(_ file: ConfigSection, _ metrics: [String], _ outline: inout SweepOutline) {
        let node = file.node("metricsCollectorSpec")
        if metrics.isEmpty { return }
        let kind = node?["collector"]?["kind"]?.foreignText ?? "StdOut"
        let haveBraces = metrics.joined().contains { $0 == "{" || $0 == "}" }
        if kind == "StdOut", node?["source"]?["filter"] == nil, !haveBraces {
            let patterns = metrics.map { ValueText.string("\($0) = {\($0)}") }
            outline.trainer.append(
                OutlineLine(
                    "reports", ValueText.list(patterns), remark: "the lines that Katib reads, and those of JSON"))
        } else {
            outline.header.append(
                notes.add(
                    "'metricsCollectorSpec' has no counterpart: revsweep reads what the program prints, lines of JSON "
                        + "and what 'trainer.reports' describes", at: file.keyPlace(of: "metricsCollectorSpec")))
        }
    }

    // MARK: Algorithm

    private func settings(_ node: ConfigNode?) -> [String: ConfigNode] {
        guard case .sequence(let items)? = node?.value else { return [:] }
        return Dictionary(
            items.compactMap { item in
                guard let name = item["name"]?.foreignText, let value = item["value"] else { return nil }
                return (name, value)
            }, uniquingKeysWith: { $1 })
    }

    /// - Returns: the name of the sampler.
    private func readAlgorithm(_ file: ConfigSection, _ outline: inout SweepOutline) -> String {
        let node = file.requiredNode("algorithm", help: "algorithm: {algorithmName: random}")
        let place = file.keyPlace(of: "algorithm")
        let given = node?["algorithmName"]?.foreignText ?? node?["algorithmName"]?.kindDescription ?? "nothing"
        let settings = settings(node?["algorithmSettings"])
        var comments: [String] = []
        var sampler = "auto"
        switch given {
        case "random": sampler = "random"
        case "grid": sampler = "grid"
        case "tpe", "multivariate-tpe": sampler = "tpe"
        case "bayesianoptimization": sampler = "gp"
        case "cmaes": sampler = "cmaes"
        case "sobol": sampler = "sobol"
        case "hyperband":
            sampler = "random"
            readHyperband(settings, &outline)
        case "pbt":
            comments.append(
                notes.add(
                    "there is no algorithm like 'pbt' here; the sampler 'auto' takes its place", at: place))
        case "enas", "darts":
            problems.report(
                "the algorithm '\(given)' searches for an architecture, which has no counterpart",
                at: node?["algorithmName"]?.location ?? place)
        default:
            if node != nil {
                file.reportUnknownName(
                    given, of: "spec.algorithm.algorithmName",
                    among: [
                        "random", "grid", "tpe", "multivariate-tpe", "bayesianoptimization", "cmaes", "sobol",
                        "hyperband", "pbt",
                    ], at: node?["algorithmName"]?.location ?? node?.location)
            }
        }
        var pairs: [(key: String, text: String)] = [("name", sampler)]
        if let seed = (settings["random_state"] ?? settings["seed"])?.foreignNumber?.whole, seed >= 0 {
            pairs.append(("seed", String(seed)))
        }
        let others = settings.keys.filter { !["random_state", "seed", "r_l", "eta", "resource_name"].contains($0) }
        if !others.isEmpty {
            comments.append("Settings that have no counterpart: \(others.sorted().joined(separator: ", ")).")
        }
        outline.sections.insert(
            OutlineLine("sampler", pairs.count == 1 ? sampler : ValueText.mapping(pairs), comments: comments), at: 0)
        return sampler
    }

    /// Katib's Hyperband starts trials with a share of the resource `r_l` in one of the parameters; a pruner here stops
    /// trials that have come to as many steps.
    private func readHyperband(_ settings: [String: ConfigNode], _ outline: inout SweepOutline) {
        let steps = settings["r_l"]?.foreignNumber?.value.rounded(.down) ?? 81
        let eta = settings["eta"]?.foreignNumber?.value.rounded() ?? 3
        guard let last = Int(exactly: steps), last >= 1, let factor = Int(exactly: eta), (2...1000).contains(factor)
        else {
            problems.report("'r_l' must be a number from 1 up, and 'eta' one from 2 up", at: settings["r_l"]?.location)
            return
        }
        let resource = settings["resource_name"]?.foreignText ?? "a parameter"
        let note = notes.add(
            "Katib sets '\(resource)' for each trial anew; here trials are stopped at the steps that they report",
            at: settings["resource_name"]?.location)
        outline.sections.append(
            OutlineLine(
                "pruner", "{name: hyperband, max_steps: \(last), reduction: \(factor)}", comments: [note]))
    }

    private func readEarlyStopping(_ file: ConfigSection, _ outline: inout SweepOutline) {
        guard let node = file.node("earlyStopping"), node.value != .null else { return }
        let name = node["algorithmName"]?.foreignText ?? ""
        guard name == "medianstop" else {
            file.reportUnknownName(
                name, of: "spec.earlyStopping.algorithmName", among: ["medianstop"],
                at: node["algorithmName"]?.location ?? node.location)
            return
        }
        let settings = settings(node["algorithmSettings"])
        func number(_ key: String, _ standard: Int) -> String {
            String(max(0, settings[key]?.foreignNumber?.whole ?? standard))
        }
        let note = notes.add(
            "Katib compares with the mean of what the other trials had on average in their first reports; here it is "
                + "the median of their values at the same step", at: node.location)
        outline.sections.append(
            OutlineLine(
                "pruner",
                "{name: median, startup_trials: \(number("min_trials_required", 3)), "
                    + "warmup_steps: \(number("start_step", 4))}", comments: [note]))
    }

    // MARK: Budget

    private func readBudget(_ file: ConfigSection, isGrid: Bool, gpus: Int?, _ outline: inout SweepOutline) {
        var settings: [(key: String, text: String)] = []
        var comments: [String] = []
        if let trials = count("maxTrialCount", file) {
            settings.append(("trials", String(trials)))
        } else if !isGrid {
            settings.append(("trials", "100"))
            comments.append(notes.add("the file has no maxTrialCount; here the sweep ends after 100 trials", at: nil))
        }
        if let failures = count("maxFailedTrialCount", file) {
            settings.append(("failures", String(failures)))
        } else if file.node("maxFailedTrialCount")?.foreignNumber?.whole == 0 {
            // Katib stops at that many failures, and at the first one if that is 0; older versions at one more.
            settings.append(("failures", "1"))
        }
        if let goal = file.node("objective")?["goal"], goal.value != .null {
            if let number = goal.foreignNumber {
                settings.append(("target", number.text))
            } else {
                problems.report(
                    "'spec.objective.goal' must be a number, found \(goal.kindDescription)", at: goal.location)
            }
        }
        if !settings.isEmpty {
            outline.sections.append(OutlineLine("budget", ValueText.mapping(settings), comments: comments))
        }
        let parallel = count("parallelTrialCount", file)
        var resources = [(key: "parallel", text: String(parallel ?? 3))]
        if let gpus { resources.append(("gpus", String(gpus))) }
        outline.sections.append(
            OutlineLine(
                "resources", ValueText.mapping(resources), remark: parallel == nil ? "Katib's default" : nil))
    }

    private func count(_ key: String, _ file: ConfigSection) -> Int? {
        guard let node = file.node(key), node.value != .null else { return nil }
        if let number = node.foreignNumber?.whole, (0...10_000_000).contains(number) {
            return number > 0 ? number : nil
        }
        problems.report(
            "'\(file.name(key))' must be a whole number from 0 up, found \(node.kindDescription)", at: node.location)
        return nil
    }

    private func readAsides(_ file: ConfigSection, _ outline: inout SweepOutline) {
        if let node = file.node("resumePolicy"), let text = node.foreignText {
            outline.header.append("'resumePolicy: \(text)': every sweep can be resumed here.")
        }
        for key in ["trialTemplate", "nasConfig"] { _ = file.node(key) }
    }
}
