import ConfigFile
import SweepModel

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
        if let node = root["hydra"]?["sweeper"], isNamedSweeper(node) { return (node, ["hydra", "sweeper"]) }
        if let node = root["hydra/sweeper"], isNamedSweeper(node) { return (node, ["hydra/sweeper"]) }
        for entry in root.entries {
            if let node = entry.node["hydra"]?["sweeper"], isNamedSweeper(node) {
                return (node, [entry.key, "hydra", "sweeper"])
            }
        }
        if let node = root["sweeper"], isSweeper(node) { return (node, ["sweeper"]) }
        return isSweeper(root) && root["trainer"] == nil ? (root, []) : nil
    }

    /// Whether a node that stands where Hydra has its sweeper is one with which something is searched.
    private static func isNamedSweeper(_ node: ConfigNode) -> Bool {
        let settings = ["n_trials", "n_jobs", "direction", "sampler", "study_name", "storage"]
        return isSweeper(node) || settings.contains { node[$0] != nil }
    }

    private static func isSweeper(_ node: ConfigNode) -> Bool {
        // Its search space may be called search_space, too.
        if NNIExperiment.isExperiment(node) { return false }
        if case .mapping? = node["optuna_config"]?.value { return true }
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
        let node = Self.withoutOptunaConfig(node)
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
        let settings = HydraSettings(root: root, isWhole: path.first == "hydra", notes: notes)
        let sampler = isOptuna ? readSampler(file, defaults, settings, &outline) : "grid"
        if !isOptuna { outline.sections.append(OutlineLine("sampler", "grid", remark: "Hydra's own sweeper")) }
        let grid: HydraParameters.Grid? = sampler == "grid" ? (isOptuna ? .optuna : .basic) : nil
        var parameters = HydraParameters(problems: problems, notes: notes, grid: grid)
        parameters.readSearchSpace(file)
        parameters.readParams(file)
        outline.parameters = parameters.lines
        if parameters.lines.isEmpty, problems.isEmpty {
            problems.report(
                "there is nothing to vary in it", at: file.location, help: "params: {lr: interval(0.0, 1.0)}")
        }
        readMetric(file, settings, &outline)
        outline.trainer = [command(parameters.literals, root, below: path)]
        readBudget(file, isOptuna: isOptuna, settings, &outline)
        readAsides(file, settings, &outline)
        file.reportUnknownKeys()
        return outline
    }

    /// The settings that Hydra 1.0 has below `optuna_config`, as later versions have them.
    private static func withoutOptunaConfig(_ node: ConfigNode) -> ConfigNode {
        guard case .mapping(let inner)? = node["optuna_config"]?.value else { return node }
        let outer = node.entries.filter { $0.key != "optuna_config" }
        let added = inner.filter { entry in !outer.contains { $0.key == entry.key } }
        return ConfigNode(.mapping(outer + added), at: node.location)
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
        _ file: ConfigSection, _ defaults: [String: String], _ known: HydraSettings, _ outline: inout SweepOutline
    ) -> String {
        let node = file.node("sampler")
        let given =
            node?["_target_"]?.foreignText ?? node?["name"]?.foreignText ?? node?.foreignText ?? defaults[
                "hydra/sweeper/sampler"] ?? "tpe"
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
        case "nsgaii", "nsga2": name = "nsga2"
        case "nsgaiii", "nsga3":
            name = "nsga2"
            comments.append(notes.add("NSGA-II takes the place of '\(word)' here", at: node?.location))
        default:
            name = "auto"
            comments.append(
                notes.add("there is no sampler like '\(word)' here; 'auto' takes its place", at: node?.location))
        }
        var settings: [(key: String, text: String)] = [("name", name)]
        // Hydra 1.0 has the seed beside the sampler.
        let givenSeed = node?["seed"] ?? file.node("seed")
        if let seed = known.value(of: givenSeed, "sampler.seed", &comments, otherwise: "the sampler has its own seed") {
            if let number = seed.foreignNumber?.whole, number >= 0 {
                settings.append(("seed", String(number)))
            } else {
                problems.report(
                    "'\(file.name("sampler.seed"))' must be a whole number, found \(seed.kindDescription)",
                    at: seed.location)
            }
        }
        let others = node?.entries.map(\.key).filter { !["_target_", "name", "seed"].contains($0) } ?? []
        if !others.isEmpty {
            comments.append("Settings of Optuna's sampler that have no counterpart: \(others.joined(separator: ", ")).")
        }
        outline.sections.append(
            OutlineLine("sampler", settings.count == 1 ? name : ValueText.mapping(settings), comments: comments))
        return name
    }

    /// The metric is the return value of the function; its name may stand in `optimized_metric`, as in the
    /// lightning-hydra-template.
    private func readMetric(_ file: ConfigSection, _ settings: HydraSettings, _ outline: inout SweepOutline) {
        var goal = "minimize"
        var comments: [String] = []
        if let node = file.node("direction"), node.value != .null {
            var directions = [node]
            if case .sequence(let items) = node.value { directions = items }
            if directions.count > 1 {
                outline.metric = severalMetrics(directions, settings, file)
                return
            }
            if directions.isEmpty {
                problems.report(
                    "'\(file.name("direction"))' is empty", at: node.location,
                    help: "direction: minimize or direction: maximize")
            } else if let word = direction(directions[0], settings, &comments) {
                goal = word
            } else if HydraSettings.isInterpolation(directions[0]) {
                if context.goal == nil {
                    problems.report(
                        "'\(file.name("direction"))' is \(directions[0].foreignText ?? ""), which another file says",
                        at: directions[0].location,
                        help: "write minimize or maximize, here or as --minimize, --maximize")
                }
            } else {
                file.reportUnknownName(
                    directions[0].foreignText ?? directions[0].kindDescription, of: file.name("direction"),
                    among: ["minimize", "maximize"], at: directions[0].location)
            }
        }
        let names = ["optimized_metric", "objective_metric", "optimize_metric", "monitor"]
        var named: String?
        for key in names where named == nil && context.metric == nil {
            let node = settings.value(of: settings.root[key], key, &comments, otherwise: "write the name of the number")
            named = node?.foreignText.flatMap { $0.isEmpty ? nil : $0 }
        }
        let note = notes.add(
            "to Hydra the metric is what the function returns; revsweep needs it printed, as in "
                + "print(json.dumps({\"\(context.metric ?? named ?? "value")\": value}))", at: nil)
        outline.metric = OutlineLine(
            "metric",
            ValueText.mapping([
                ("name", ValueText.string(context.metric ?? named ?? "value")),
                ("goal", context.goal?.rawValue ?? goal),
            ]), comments: comments + [note])
    }

    /// The metrics of a function that returns several numbers, which have no names there.
    private func severalMetrics(
        _ directions: [ConfigNode], _ settings: HydraSettings, _ file: ConfigSection
    ) -> OutlineLine {
        var comments: [String] = []
        var metrics: [String] = []
        for (index, node) in directions.enumerated() {
            guard let goal = direction(node, settings, &comments) else {
                file.reportUnknownName(
                    node.foreignText ?? node.kindDescription, of: file.name("direction"),
                    among: ["minimize", "maximize"], at: node.location)
                continue
            }
            metrics.append(ValueText.mapping([("name", "value_\(index)"), ("goal", goal)]))
        }
        let note = notes.add(
            "to Hydra the metrics are what the function returns; revsweep needs them printed, as in "
                + "print(json.dumps({\"value_0\": first, \"value_1\": second}))", at: nil)
        return OutlineLine("metrics", ValueText.list(metrics), comments: comments + [note])
    }

    /// The way to better values; nil if it is neither of the two words.
    private func direction(_ node: ConfigNode, _ settings: HydraSettings, _ comments: inout [String]) -> String? {
        var found: [String] = []
        let word = settings.value(of: node, "direction", &found, otherwise: "")?.foreignText?.lowercased()
        guard let word, ["minimize", "maximize"].contains(word) else { return nil }
        comments += found
        return word
    }

    private func command(_ literals: [String], _ root: ConfigNode, below path: [String]) -> OutlineLine {
        // Else trials that begin within one second would have the same folder.
        let values = ["{args:plain}", "hydra.run.dir={trial_dir}"]
        if let command = context.givenCommand(passing: values, notes) { return command }
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
            "command", CommandText.list(["python", "train.py"] + values + literals), comments: comments)
    }

    private func readBudget(
        _ file: ConfigSection, isOptuna: Bool, _ settings: HydraSettings, _ outline: inout SweepOutline
    ) {
        let remark = "the default of Hydra's Optuna sweeper"
        var comments: [String] = []
        let trials = count("n_trials", of: file, settings, &comments)
        if isOptuna {
            outline.sections.append(
                OutlineLine(
                    "budget", "{trials: \(trials ?? 20)}",
                    remark: trials == nil && comments.isEmpty ? remark : nil, comments: comments))
        }
        comments = []
        // -1 is as many as there are cores.
        let isUnlimited = file.node("n_jobs")?.foreignNumber?.whole == -1
        let given = isUnlimited ? nil : count("n_jobs", of: file, settings, &comments)
        let jobs = isUnlimited ? "auto" : String(given ?? (isOptuna ? 2 : 1))
        let isStandard = isOptuna && given == nil && !isUnlimited && comments.isEmpty
        outline.sections.append(
            OutlineLine(
                "resources", "{parallel: \(jobs)}", remark: isStandard ? remark : nil, comments: comments))
    }

    private func count(
        _ key: String, of file: ConfigSection, _ settings: HydraSettings, _ comments: inout [String]
    ) -> Int? {
        let found = settings.value(of: file.node(key), key, &comments, otherwise: "the default is written")
        guard let node = found else { return nil }
        if let number = node.foreignNumber?.whole, (1...10_000_000).contains(number) { return number }
        problems.report(
            "'\(file.name(key))' must be a whole number from 1 up, found \(node.kindDescription)", at: node.location)
        return nil
    }

    private func readAsides(_ file: ConfigSection, _ settings: HydraSettings, _ outline: inout SweepOutline) {
        let study = settings.value(
            of: file.node("study_name"), "study_name", &outline.header, otherwise: "the sweep has the name of its file")
        if let legal = study?.foreignText.flatMap(SweepName.legal) {
            outline.name = OutlineLine("name", ValueText.string(legal))
        }
        if let node = file.node("storage"), let text = node.foreignText {
            outline.header.append(
                "'storage' (\(Self.withoutPassword(text))) is Optuna's; results are in results/NAME/sweep.sqlite here.")
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
        if let node = file.node("pruner"), node.value != .null {
            outline.header.append(
                notes.add(
                    "'pruner' is no setting of Hydra's sweeper, which stops no trial early; see 'pruner' in the "
                        + "documentation", at: file.keyPlace(of: "pruner")))
        }
        let own = [
            "max_batch_size", "defaults", "load_if_exists", "is_noisy", "experiment_sequence", "optuna_config",
        ]
        for key in own { _ = file.node(key) }
    }

    /// The address of a database without what nobody should read in a sweep file: `mysql://ada:…@host/name`.
    private static func withoutPassword(_ text: String) -> String {
        guard let start = text.firstRange(of: "://")?.upperBound else { return text }
        var rest = String(text[start...])
        // What comes behind a question mark may hold a password, too.
        if let query = rest.firstIndex(of: "?") { rest = rest[..<query] + "?…" }
        if let at = rest.lastIndex(of: "@"), let colon = rest[..<at].firstIndex(of: ":") {
            rest.replaceSubrange(colon..<at, with: ":…")
        }
        return text[..<start] + rest
    }
}
