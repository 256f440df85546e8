import ConfigFile

/// A Hydra configuration with the Optuna sweeper, or with Hydra's own, which walks a grid.
///
///     hydra:
///       sweeper:
///         direction: maximize
///         n_trials: 50
///         params:
///           optimizer.lr: tag(log, interval(1e-5, 1e-1))
struct HydraSweep {
    let problems: DiagnosticCollector
    let notes: ConversionNotes
    let context: ConversionContext

    /// Which sweeper a file configures.
    private enum Sweeper {
        case optuna, basic
        case other(String)
    }

    /// The part of a file that configures a sweeper, and the keys above it; nil if there is none.
    ///
    /// It stands below `hydra.sweeper`, or is the whole file, as in a file of Hydra's config group `hydra/sweeper`.
    static func search(_ root: ConfigNode) -> (ConfigNode, path: [String])? {
        if let node = root["hydra"]?["sweeper"], isSweeper(node) { return (node, ["hydra", "sweeper"]) }
        for entry in root.entries {
            if let node = entry.node["hydra"]?["sweeper"], isSweeper(node) {
                return (node, [entry.key, "hydra", "sweeper"])
            }
        }
        if let node = root["sweeper"], isSweeper(node) { return (node, ["sweeper"]) }
        return isSweeper(root) && root["trainer"] == nil ? (root, []) : nil
    }

    private static func isSweeper(_ node: ConfigNode) -> Bool {
        if case .string(let target)? = node["_target_"]?.value, target.lowercased().contains("sweeper") { return true }
        if node["search_space"]?.entries.isEmpty == false || node["custom_search_space"]?.foreignText != nil {
            return true
        }
        guard case .mapping(let entries)? = node["params"]?.value else { return false }
        if node["n_trials"] != nil || node["sampler"] != nil { return true }
        return entries.contains { entry in
            guard case .string(let text) = entry.node.value else { return false }
            return ["choice(", "range(", "interval(", "tag(", "shuffle(", "sort(", "glob("].contains(
                where: text.contains)
                || text.contains(",")
        }
    }

    // MARK: Sections

    /// - Parameter root: the whole file, in which the metric's name and the defaults list may stand.
    func outline(_ node: ConfigNode, below path: [String], of root: ConfigNode) -> SweepOutline {
        var outline = SweepOutline()
        let file = ConfigSection(node, path: path.joined(separator: "."), problems: problems)
        let defaults = Self.defaults(of: root)
        let sweeper = sweeper(node, defaults)
        if case .other(let name) = sweeper {
            problems.report(
                "the sweeper '\(name)' is not Optuna's, and its parameters are not known",
                at: file.place(of: "_target_"),
                help: "converted are hydra-optuna-sweeper and Hydra's own sweeper")
            return outline
        }
        _ = file.node("_target_")
        let isOptuna = if case .optuna = sweeper { true } else { false }
        let sampler = isOptuna ? readSampler(file, defaults, &outline) : "grid"
        if !isOptuna { outline.sections.append(OutlineLine("sampler", "grid", remark: "Hydra's own sweeper")) }
        let isGrid = sampler == "grid"
        var parameters = HydraParameters(problems: problems, notes: notes, isGrid: isGrid)
        parameters.readSearchSpace(file)
        parameters.readParams(file)
        outline.parameters = parameters.lines
        if parameters.lines.isEmpty, problems.isEmpty {
            problems.report(
                "there is nothing to vary in it", at: file.location, help: "params: {lr: interval(0.0, 1.0)}")
        }
        readMetric(file, root, &outline)
        outline.trainer = [command(parameters.literals, root, below: path)]
        readBudget(file, isOptuna: isOptuna, isGrid: isGrid, &outline)
        readAsides(file, &outline)
        file.reportUnknownKeys()
        return outline
    }

    /// The groups that the defaults list chooses: `hydra/sweeper` → `optuna`.
    private static func defaults(of root: ConfigNode) -> [String: String] {
        guard case .sequence(let items)? = root["defaults"]?.value else { return [:] }
        var chosen: [String: String] = [:]
        for entry in items.flatMap(\.entries) {
            var key = entry.key
            for word in ["override", "optional"] where key.hasPrefix(word + " ") {
                key = String(key.dropFirst(word.count)).trimmingWhitespace
            }
            if key.hasPrefix("/") { key.removeFirst() }
            chosen[key] = entry.node.foreignText
        }
        return chosen
    }

    private func sweeper(_ node: ConfigNode, _ defaults: [String: String]) -> Sweeper {
        if let target = node["_target_"]?.foreignText {
            let name = target.split(separator: ".").last.map(String.init) ?? target
            if name == "OptunaSweeper" { return .optuna }
            return name == "BasicSweeper" ? .basic : .other(name)
        }
        if let name = defaults["hydra/sweeper"] {
            if name.lowercased().contains("optuna") { return .optuna }
            if name == "basic" { return .basic }
            if ["ax", "nevergrad"].contains(name) { return .other(name) }
            return .optuna
        }
        let own = ["n_trials", "n_jobs", "direction", "sampler", "study_name", "storage", "search_space"]
        if own.contains(where: { node[$0] != nil }) { return .optuna }
        // Hydra's own sweeper knows no intervals.
        let texts = node["params"]?.entries.compactMap { $0.node.foreignText } ?? []
        return texts.contains { $0.contains("interval(") } ? .optuna : .basic
    }

    /// - Returns: the name of the sampler of the sweep file.
    private func readSampler(
        _ file: ConfigSection, _ defaults: [String: String], _ outline: inout SweepOutline
    ) -> String {
        let node = file.node("sampler")
        let given = node?["_target_"]?.foreignText ?? node?.foreignText ?? defaults["hydra/sweeper/sampler"] ?? "tpe"
        let word = given.split(separator: ".").last.map(String.init) ?? given
        var comments: [String] = []
        let name: String
        switch word.lowercased().replacing("sampler", with: "").replacing("_", with: "") {
        case "tpe", "motpe": name = "tpe"
        case "random": name = "random"
        case "cmaes": name = "cmaes"
        case "gp", "botorch": name = "gp"
        case "qmc": name = "sobol"
        case "grid", "bruteforce": name = "grid"
        default:
            name = "auto"
            comments.append(
                notes.add("there is no sampler like '\(word)' here; 'auto' takes its place", at: node?.location))
        }
        var settings: [(key: String, text: String)] = [("name", name)]
        if let seed = node?["seed"], seed.value != .null {
            if let number = seed.foreignNumber?.whole, number >= 0 {
                settings.append(("seed", String(number)))
            } else if !isInterpolation(seed) {
                problems.report(
                    "'\(file.name("sampler.seed"))' must be a whole number, found \(seed.kindDescription)",
                    at: seed.location)
            }
        }
        let others = node?.entries.map(\.key).filter { !["_target_", "seed"].contains($0) } ?? []
        if !others.isEmpty {
            comments.append("Settings of Optuna's sampler that have no counterpart: \(others.joined(separator: ", ")).")
        }
        outline.sections.append(
            OutlineLine("sampler", settings.count == 1 ? name : ValueText.mapping(settings), comments: comments))
        return name
    }

    private func isInterpolation(_ node: ConfigNode) -> Bool { node.foreignText?.contains("${") ?? false }

    /// The metric is the return value of the function; its name may stand in `optimized_metric`, as in the
    /// lightning-hydra-template.
    private func readMetric(_ file: ConfigSection, _ root: ConfigNode, _ outline: inout SweepOutline) {
        var goal = "minimize"
        if let node = file.node("direction"), node.value != .null {
            var directions = [node]
            if case .sequence(let items) = node.value { directions = items }
            if directions.count != 1 {
                problems.report(
                    "'\(file.name("direction"))' has several objectives, and a sweep of revsweep has one",
                    at: node.location, help: "direction: minimize or direction: maximize")
            } else if let word = directions[0].foreignText, ["minimize", "maximize"].contains(word.lowercased()) {
                goal = word.lowercased()
            } else {
                file.reportUnknownName(
                    directions[0].foreignText ?? directions[0].kindDescription, of: file.name("direction"),
                    among: ["minimize", "maximize"], at: directions[0].location)
            }
        }
        let names = ["optimized_metric", "objective_metric", "optimize_metric", "monitor"]
        let named = names.lazy.compactMap { root[$0]?.foreignText }.first { !$0.contains("${") && !$0.isEmpty }
        let note = notes.add(
            "to Hydra the metric is what the function returns; revsweep needs it printed, as in "
                + "print(json.dumps({\"\(context.metric ?? named ?? "value")\": value}))", at: nil)
        outline.metric = OutlineLine(
            "metric",
            ValueText.mapping([
                ("name", ValueText.string(context.metric ?? named ?? "value")),
                ("goal", context.goal?.rawValue ?? goal),
            ]), comments: [note])
    }

    private func command(_ literals: [String], _ root: ConfigNode, below path: [String]) -> OutlineLine {
        if let command = context.command { return OutlineLine("command", CommandText.list(command)) }
        var comments = [
            notes.add("the file does not name the program; write yours in the place of train.py", at: nil, isGap: true)
        ]
        let own: Set = ["defaults", "hydra", "optimized_metric", "objective_metric", "optimize_metric", "monitor"]
        let others = path.first == "hydra" ? root.entries.map(\.key).filter { !own.contains($0) } : []
        if !others.isEmpty {
            comments.append(
                "The file also configures the program itself (\(others.prefix(8).joined(separator: ", "))"
                    + (others.count > 8 ? ", …" : "")
                    + "): if the program does not read it anyway, add it to the command as an override.")
        }
        return OutlineLine(
            "command", CommandText.list(["python", "train.py", "{args:plain}"] + literals), comments: comments)
    }

    private func readBudget(_ file: ConfigSection, isOptuna: Bool, isGrid: Bool, _ outline: inout SweepOutline) {
        let trials = count("n_trials", of: file)
        if isOptuna {
            outline.sections.append(
                OutlineLine(
                    "budget", "{trials: \(trials ?? 20)}",
                    remark: trials == nil ? "the default of Hydra's Optuna sweeper" : nil))
        }
        // -1 is as many as there are cores.
        let isUnlimited = file.node("n_jobs")?.foreignNumber?.whole == -1
        let jobs = isUnlimited ? "auto" : String(count("n_jobs", of: file) ?? (isOptuna ? 2 : 1))
        outline.sections.append(
            OutlineLine(
                "resources", "{parallel: \(jobs)}",
                remark: isOptuna && file.node("n_jobs") == nil ? "the default of Hydra's Optuna sweeper" : nil))
    }

    private func count(_ key: String, of file: ConfigSection) -> Int? {
        guard let node = file.node(key), node.value != .null, !isInterpolation(node) else { return nil }
        if let number = node.foreignNumber?.whole, (1...10_000_000).contains(number) { return number }
        problems.report(
            "'\(file.name(key))' must be a whole number from 1 up, found \(node.kindDescription)", at: node.location)
        return nil
    }

    private func readAsides(_ file: ConfigSection, _ outline: inout SweepOutline) {
        if let name = file.node("study_name")?.foreignText, !name.contains("${"), let legal = SweepName.legal(name) {
            outline.name = OutlineLine("name", ValueText.string(legal))
        }
        if let node = file.node("storage"), let text = node.foreignText {
            outline.header.append("'storage' (\(text)) is Optuna's; results are in results/NAME/sweep.sqlite here.")
        }
        if let node = file.node("max_failure_rate"), let text = node.foreignText {
            outline.header.append(
                notes.add(
                    "'max_failure_rate: \(text)' has no counterpart; budget: {failures: N} ends a sweep after N",
                    at: node.location))
        }
        if let node = file.node("custom_search_space"), node.value != .null {
            problems.report(
                "'\(file.name("custom_search_space"))' is a function in Python, which cannot be converted",
                at: node.location, help: "write its parameters into params")
        }
        for key in ["max_batch_size", "defaults", "load_if_exists", "is_noisy"] { _ = file.node(key) }
    }
}
