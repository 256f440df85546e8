import ConfigFile
import SweepFile
import SweepModel

/// An experiment of NNI: its search space, and what its config.yml says of trials and tuner.
struct NNIExperiment {
    let problems: DiagnosticCollector
    let notes: ConversionNotes
    let context: ConversionContext

    /// Whether a node is the configuration of an experiment, in the form of version 2 or 1.
    static func isExperiment(_ node: ConfigNode) -> Bool {
        guard !node.entries.isEmpty else { return false }
        let node = NNIKeys.canonical(node)
        let keys = Set(node.entries.map(\.key))
        if node["searchSpace"].map(NNISpace.isSpace) ?? false { return true }
        if keys.contains("searchSpaceFile") || keys.contains("searchSpacePath") { return true }
        // The space of such a file is in the annotations of the program, or its tuner has one of its own.
        let isTrial = ["command", "codeDir", "worker", "taskRoles"].contains { node["trial"]?[$0] != nil }
        if keys.contains("trialCommand") || isTrial {
            return !keys.isDisjoint(with: ["tuner", "advisor", "trialConcurrency", "maxTrialNumber", "maxTrialNum"])
        }
        return false
    }

    /// Reports that an experiment names no search space, and where it has one instead.
    static func reportMissingSpace(_ root: ConfigNode, _ problems: DiagnosticCollector) {
        let help = "write the space as JSON, and searchSpaceFile: search_space.json here"
        if let entry = root.entries.first(where: { $0.key == "useAnnotation" }), entry.node.value == .boolean(true) {
            problems.report(
                "the search space is in the annotations of the program, which are not read", at: entry.keyLocation,
                help: help)
            return
        }
        let tuner = root.entries.first { $0.key == "tuner" && $0.node["className"] != nil }
        problems.report(
            "the experiment names no search space" + (tuner == nil ? "" : "; it has a tuner of its own"),
            at: tuner?.keyLocation ?? root.location, help: help)
    }

    /// The sweep of an experiment.
    ///
    /// - Parameters:
    ///   - parameters: those of its search space.
    ///   - experiment: the configuration; nil if there is none.
    func outline(parameters: [OutlineLine], experiment: ConfigNode?) -> SweepOutline {
        var outline = SweepOutline()
        outline.parameters = parameters
        if parameters.contains(where: { $0.definition?.settings.contains { $0.key == "when" } ?? false }) {
            outline.parameterComments.append(
                notes.add(
                    "NNI passes nested parameters as {\"_name\": …}; here each has a name with dots", at: nil))
        }
        let file = ConfigSection(experiment.map(NNIKeys.canonical) ?? ConfigNode(.null), problems: problems)
        let tuner = readTuner(file, &outline)
        readAssessor(file, &outline)
        readMetric(tuner, &outline)
        readCommand(file, hasExperiment: experiment != nil, &outline)
        readBudget(file, isGrid: tuner.sampler == "grid", &outline)
        readName(file, &outline)
        acceptServices(file, &outline)
        file.reportUnknownKeys()
        return outline
    }

    // MARK: The tuner

    private struct Tuner {
        var sampler: String
        var goal: String?
    }

    private func readTuner(_ file: ConfigSection, _ outline: inout SweepOutline) -> Tuner {
        let key = file.contains("advisor") && !file.contains("tuner") ? "advisor" : "tuner"
        let node = file.node(key)
        let place = file.keyPlace(of: key)
        let given =
            node?["name"]?.foreignText ?? node?["builtinTunerName"]?.foreignText
            ?? node?["builtinAdvisorName"]?.foreignText
        var comments: [String] = []
        var tuner = Tuner(sampler: "tpe")
        let word = given.map { Self.algorithm($0, suffixes: ["tuner", "advisor"]) }
        switch word {
        case nil:
            if node != nil {
                comments.append(
                    notes.add("the tuner is a class of your own; here the sampler 'auto' proposes values", at: place))
            }
            tuner.sampler = "auto"
        case "tpe": break
        case "random": tuner.sampler = "random"
        // A batch is a list of values, each of which is tried.
        case "gridsearch", "grid", "batch": tuner.sampler = "grid"
        case "gp": tuner.sampler = "gp"
        case "hyperband", "bohb":
            tuner.sampler = word == "hyperband" ? "random" : "tpe"
            readHalving(node?["classArgs"], isBOHB: word == "bohb", at: place, &outline)
        case "dngo", "smac", "metis", "anneal", "evolution", "pbt", "networkmorphism", "ppo", "regularizedevolution":
            tuner.sampler = "auto"
            comments.append(
                notes.add(
                    "there is no tuner like '\(given ?? "")' here; the sampler 'auto' takes its place", at: place)
            )
        default:
            let known = [
                "TPE", "Random", "GridSearch", "GP", "Evolution", "Anneal", "SMAC", "Metis", "BOHB", "Hyperband",
                "Batch", "DNGO", "PBT",
            ]
            file.reportUnknownName(given ?? "", of: "\(key).name", among: known, at: place)
        }
        let arguments = node?["classArgs"]
        if let mode = arguments?["optimize_mode"] {
            switch mode.foreignText {
            case "maximize", "minimize": tuner.goal = mode.foreignText
            default:
                file.reportUnknownName(
                    mode.foreignText ?? mode.kindDescription, of: "\(key).classArgs.optimize_mode",
                    among: ["maximize", "minimize"], at: mode.location)
            }
        }
        var settings: [(key: String, text: String)] = [("name", tuner.sampler)]
        if let seed = arguments?["seed"]?.foreignNumber?.whole, seed >= 0 { settings.append(("seed", String(seed))) }
        outline.sections.append(
            OutlineLine(
                "sampler", settings.count == 1 ? tuner.sampler : ValueText.mapping(settings), comments: comments))
        return tuner
    }

    /// The name of an algorithm as NNI looks it up: without regard to case, and `GPTuner` is `GP`.
    private static func algorithm(_ name: String, suffixes: [String]) -> String {
        let word = NNIKeys.plain(name)
        for suffix in suffixes where word.hasSuffix(suffix) && word.count > suffix.count {
            return String(word.dropLast(suffix.count))
        }
        return word
    }

    /// Hyperband and BOHB, which give each trial a budget from `min_budget` (1) to `R` or `max_budget`. A pruner here
    /// lets all trials begin alike, and stops most of them at the steps of such budgets.
    private func readHalving(
        _ arguments: ConfigNode?, isBOHB: Bool, at place: SourceLocation?, _ outline: inout SweepOutline
    ) {
        func number(_ key: String, _ standard: Int) -> Int? {
            guard let node = arguments?[key], node.value != .null else { return standard }
            if let number = node.foreignNumber?.value.rounded(), (1...10_000_000).contains(number) {
                return Int(number)
            }
            problems.report(
                "'classArgs.\(key)' must be a number from 1 up, found \(node.kindDescription)", at: node.location)
            return nil
        }
        let first = isBOHB ? number("min_budget", 1) : 1
        let last = isBOHB ? number("max_budget", 3) : number("R", 60)
        guard let first, let last, let eta = number("eta", 3) else { return }
        guard eta >= 2, eta <= 1000, last >= first else {
            problems.report(
                "a budget from \(first) to \(last) cannot be divided by eta, which is \(eta)", at: arguments?.location)
            return
        }
        let name = isBOHB ? "TRIAL_BUDGET" : "STEPS"
        let note = notes.add(
            "NNI gives each trial a budget of steps ('\(name)' among its parameters); here all trials may run for "
                + "\(last) steps, and are stopped at the steps that they report", at: place)
        outline.sections.append(
            OutlineLine(
                "pruner", "{name: hyperband, min_steps: \(first), max_steps: \(last), reduction: \(eta)}",
                comments: [note]))
    }

    private func readAssessor(_ file: ConfigSection, _ outline: inout SweepOutline) {
        guard let node = file.node("assessor"), node.value != .null else { return }
        let name = node["name"]?.foreignText ?? node["builtinAssessorName"]?.foreignText ?? ""
        guard Self.algorithm(name, suffixes: ["assessor"]) == "medianstop" else {
            outline.header.append(
                notes.add(
                    "the assessor '\(name)' has no counterpart; see 'pruner' in the documentation", at: node.location))
            return
        }
        let start = node["classArgs"]?["start_step"]?.foreignNumber?.whole ?? 0
        let settings = [
            (key: "name", text: "median"), (key: "startup_trials", text: "1"),
            (key: "warmup_steps", text: String(max(0, start))),
        ]
        let note = notes.add(
            "NNI compares with the median of what the other trials had on average up to the step; here it is that of "
                + "their values there", at: node.location)
        outline.sections.append(OutlineLine("pruner", ValueText.mapping(settings), comments: [note]))
    }

    /// NNI maximizes what `nni.report_final_result` is given, unless the tuner is told otherwise.
    private func readMetric(_ tuner: Tuner, _ outline: inout SweepOutline) {
        let name = context.metric ?? "default"
        var comments = [
            notes.add(
                "NNI gets the metric by nni.report_intermediate_result and nni.report_final_result; here the program "
                    + "prints a line for it: print(json.dumps({\"\(name)\": value}))", at: nil)
        ]
        if tuner.goal == nil, context.goal == nil {
            comments.append("NNI maximizes unless the tuner's optimize_mode says otherwise.")
        }
        let goal = context.goal?.rawValue ?? tuner.goal ?? "maximize"
        outline.metric = OutlineLine(
            "metric", ValueText.mapping([("name", ValueText.string(name)), ("goal", goal)]), comments: comments)
    }

    // MARK: The trial

    private func readCommand(_ file: ConfigSection, hasExperiment: Bool, _ outline: inout SweepOutline) {
        let trial = file.node("trial")
        let roles = Self.roles(trial) + Self.roles(file.node("trainingService"))
        let node = file.node("trialCommand") ?? trial?["command"] ?? roles.first?["command"]
        if let command = context.command {
            outline.trainer = [OutlineLine("command", CommandText.list(command))]
            return
        }
        var comments: [String] = []
        var words = ["python3", "train.py"]
        if let text = node?.foreignText, !text.isEmpty {
            words = Self.command(text)
        } else {
            let elsewhere = hasExperiment ? "" : " (a config.yml beside it would)"
            comments.append(
                notes.add(
                    "the file does not name the program\(elsewhere); write yours in the place of train.py",
                    at: node?.location, isGap: true))
        }
        comments.append(
            notes.add(
                "in the place of nni.get_next_parameter() the program reads "
                    + "json.loads(os.environ[\"REVSWEEP_PARAMS\"])",
                at: node?.location, isGap: true))
        if roles.count > 1, node != nil, node?.location == roles.first?["command"]?.location {
            comments.append(
                notes.add(
                    "a trial has \(roles.count) kinds of processes there; here it is the first of them",
                    at: node?.location))
        }
        if hasExperiment {
            let folder = file.node("trialCodeDirectory") ?? trial?["codeDir"]
            outline.directory = directory(folder, &comments)
        } else {
            _ = file.node("trialCodeDirectory")
        }
        outline.trainer = [OutlineLine("command", CommandText.list(words), comments: comments)]
    }

    /// The folder in which trials start: a path in the configuration begins at the configuration, not at the current
    /// folder.
    private func directory(_ node: ConfigNode?, _ comments: inout [String]) -> String {
        let standard = path(of: ".")
        guard let text = node?.foreignText, !text.isEmpty else { return CommandText.literal(standard) }
        let path = path(of: text)
        if path.isEmpty || context.isFolder(path) { return CommandText.literal(path) }
        comments.append(
            notes.add(
                "trials start in '\(text)', which is not there; when it is, write directory: \(path) below trainer",
                at: node?.location, isGap: true))
        return CommandText.literal(standard)
    }

    /// A path of the configuration as the sweep file has it, without detours; empty for the sweep file's own folder.
    private func path(of text: String) -> String {
        let isComplete = text.hasPrefix("/") || text.hasPrefix("~")
        let path = isComplete ? text : (context.folder.map { $0 + "/" } ?? "") + text
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != "..", last != "~" {
                parts.removeLast()
            } else if part != ".." || !path.hasPrefix("/") {
                parts.append(part)
            }
        }
        return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
    }

    /// The kinds of processes that a trial has on a cluster, those with a command.
    private static func roles(_ node: ConfigNode?) -> [ConfigNode] {
        var roles: [ConfigNode] = []
        if case .sequence(let items)? = node?["taskRoles"]?.value { roles = items }
        roles += ["master", "worker", "ps"].compactMap { node?[$0] }
        return roles.filter { $0["command"]?.foreignText?.isEmpty == false }
    }

    /// NNI gives the line to a shell.
    private static func command(_ text: String) -> [String] {
        if text.contains(where: { "|&;<>$`*?~#\n".contains($0) }) {
            return ["sh", "-c", CommandText.literal(text, isForShell: true)]
        }
        return CommandText.words(text).map { CommandText.literal($0) }
    }

    private func readBudget(_ file: ConfigSection, isGrid: Bool, _ outline: inout SweepOutline) {
        var settings: [(key: String, text: String)] = []
        var comments: [String] = []
        let trials = count(["maxTrialNumber", "maxTrialNum"], file)
        if let trials { settings.append(("trials", String(trials))) }
        let time = file.node("maxExperimentDuration") ?? file.node("maxExecDuration")
        if let text = time?.foreignText, let number = Int(text.filter(\.isNumber)), number > 0,
            let unit = text.last, "smhd".contains(unit), text == "\(number)\(unit)"
        {
            // A time of many years is how people write that there is no limit.
            if Duration(text: text) == nil {
                comments.append(notes.add("'\(text)' is more than a century; here it is no limit", at: time?.location))
            } else {
                settings.append(("time", text))
            }
        } else if let time, time.value != .null {
            if let seconds = time.foreignNumber?.whole, seconds > 0 {
                settings.append(("time", "\(seconds)s"))
            } else {
                problems.report(
                    "the duration must be a number with s, m, h or d, found \(time.kindDescription)", at: time.location)
            }
        }
        if settings.isEmpty, !isGrid {
            settings.append(("trials", "100"))
            comments.append(
                notes.add("the file limits neither trials nor time; here the sweep ends after 100", at: nil))
        }
        if !settings.isEmpty {
            outline.sections.append(OutlineLine("budget", ValueText.mapping(settings), comments: comments))
        }
        var resources = [(key: "parallel", text: String(count(["trialConcurrency"], file) ?? 1))]
        let trial = file.node("trial")
        let role = (Self.roles(trial) + Self.roles(file.node("trainingService"))).first
        let gpus =
            file.node("trialGpuNumber") ?? trial?["gpuNum"] ?? trial?["gpuNumber"] ?? role?["gpuNum"]
            ?? role?["gpuNumber"]
        if let number = gpus?.foreignNumber?.whole, number > 0 { resources.append(("gpus", String(number))) }
        outline.sections.append(OutlineLine("resources", ValueText.mapping(resources)))
    }

    private func count(_ keys: [String], _ file: ConfigSection) -> Int? {
        var found: Int?
        for key in keys {
            guard let node = file.node(key), node.value != .null else { continue }
            if let number = node.foreignNumber?.whole, (1...10_000_000).contains(number) {
                found = number
            } else {
                problems.report(
                    "'\(key)' must be a whole number from 1 up, found \(node.kindDescription)", at: node.location)
            }
        }
        return found
    }

    private func readName(_ file: ConfigSection, _ outline: inout SweepOutline) {
        let name = file.node("experimentName")?.foreignText ?? file.node("name")?.foreignText
        if let name, let legal = SweepName.legal(name) { outline.name = OutlineLine("name", ValueText.string(legal)) }
    }

    /// Keys about machines, services and NNI's own server, which have no counterpart.
    private func acceptServices(_ file: ConfigSection, _ outline: inout SweepOutline) {
        for key in NNIKeys.withoutCounterpart { _ = file.node(key) }
        var services = [file.node("trainingServicePlatform")]
        let given = file.node("trainingService")
        if case .sequence(let items)? = given?.value {
            services += items.map { $0["platform"] }
        } else {
            services.append(given?["platform"])
        }
        let others = services.compactMap { $0 }.filter { $0.foreignText.map { $0 != "local" } ?? false }
        if let first = others.first {
            let names = others.compactMap(\.foreignText).map { "'\($0)'" }.joined(separator: ", ")
            outline.header.append(
                notes.add(
                    "trials ran on \(names); here they run on this machine, or through a launcher", at: first.location))
        }
        if let node = file.node("maxTrialDuration"), node.value != .null {
            outline.header.append(
                notes.add("'maxTrialDuration': resources: {timeout: …} limits a trial here", at: node.location))
        }
    }
}
