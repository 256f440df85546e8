import ConfigFile
import SweepModel

/// An experiment of NNI: its search space, and what its config.yml says of trials and tuner.
struct NNIExperiment {
    let problems: DiagnosticCollector
    let notes: ConversionNotes
    let context: ConversionContext

    /// Whether a node is the configuration of an experiment, in the form of version 2 or 1.
    static func isExperiment(_ node: ConfigNode) -> Bool {
        let keys = Set(node.entries.map(\.key))
        if node["searchSpace"].map(NNISpace.isSpace) ?? false { return true }
        if keys.contains("searchSpaceFile") || keys.contains("searchSpacePath") { return true }
        return keys.contains("trialCommand") && !keys.isDisjoint(with: ["tuner", "trialConcurrency", "maxTrialNumber"])
    }

    /// The sweep of an experiment.
    ///
    /// - Parameters:
    ///   - parameters: those of its search space.
    ///   - experiment: the configuration; nil if there is none.
    func outline(parameters: [OutlineLine], experiment: ConfigNode?) -> SweepOutline {
        var outline = SweepOutline()
        outline.parameters = parameters
        if parameters.contains(where: { $0.text.contains("when: ") }) {
            outline.parameterComments.append(
                notes.add(
                    "NNI passes nested parameters as {\"_name\": …}; here each has a name with dots", at: nil))
        }
        let file = ConfigSection(experiment ?? ConfigNode(.null), problems: problems)
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
        let place = node?.location
        let given =
            node?["name"]?.foreignText ?? node?["builtinTunerName"]?.foreignText
            ?? node?["builtinAdvisorName"]?.foreignText
        var comments: [String] = []
        var tuner = Tuner(sampler: "tpe")
        switch given?.lowercased() {
        case nil:
            if node != nil {
                comments.append(
                    notes.add("the tuner is a class of your own; here the sampler 'auto' proposes values", at: place))
            }
            tuner.sampler = "auto"
        case "tpe": break
        case "random": tuner.sampler = "random"
        case "gridsearch", "grid": tuner.sampler = "grid"
        case "gp": tuner.sampler = "gp"
        case "dngo", "smac", "metis", "anneal", "evolution", "bohb", "hyperband", "batch", "pbt", "batchtuner":
            tuner.sampler = given?.lowercased() == "hyperband" ? "random" : "auto"
            comments.append(
                notes.add(
                    "there is no tuner like '\(given ?? "")' here; the sampler '\(tuner.sampler)' takes its place",
                    at: place)
            )
        default:
            let known = [
                "TPE", "Random", "GridSearch", "GP", "Evolution", "Anneal", "SMAC", "Metis", "BOHB", "Hyperband",
                "Batch",
                "DNGO", "PBT",
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

    private func readAssessor(_ file: ConfigSection, _ outline: inout SweepOutline) {
        guard let node = file.node("assessor"), node.value != .null else { return }
        let name = node["name"]?.foreignText ?? node["builtinAssessorName"]?.foreignText ?? ""
        guard name.lowercased() == "medianstop" else {
            outline.header.append(
                notes.add(
                    "the assessor '\(name)' has no counterpart; see 'pruner' in the documentation", at: node.location))
            return
        }
        let start = node["classArgs"]?["start_step"]?.foreignNumber?.whole ?? 0
        let settings = [(key: "name", text: "median"), (key: "warmup_steps", text: String(max(0, start)))]
        outline.sections.append(OutlineLine("pruner", ValueText.mapping(settings)))
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
        let node = file.node("trialCommand") ?? trial?["command"]
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
        let folder = file.node("trialCodeDirectory") ?? trial?["codeDir"]
        if let text = folder?.foreignText, text != ".", text != "./" {
            comments.append(
                notes.add(
                    "trials start in '\(text)', the trialCodeDirectory; write directory: \(text) below trainer "
                        + "if that is not where the sweep file is", at: folder?.location))
        }
        outline.trainer = [OutlineLine("command", CommandText.list(words), comments: comments)]
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
            settings.append(("time", text))
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
        let gpus = file.node("trialGpuNumber") ?? file.node("trial")?["gpuNum"]
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
        let own = [
            "searchSpace", "searchSpaceFile", "searchSpacePath", "trainingService", "trainingServicePlatform",
            "useAnnotation", "debug", "logLevel", "logDir", "logCollection", "experimentWorkingDirectory",
            "nniManagerIp",
            "authorName", "description", "tunerGpuIndices", "sharedStorage", "localConfig", "machineList",
            "useActiveGpu",
            "multiPhase", "multiThread", "maxTrialDuration", "trialConcurrency", "advisor", "tuner", "versionCheck",
            "experimentType", "trialGpuNumber", "trial", "remoteConfig", "kubeflowConfig", "paiConfig",
        ]
        for key in own { _ = file.node(key) }
        if let service = file.node("trainingService")?["platform"] ?? file.node("trainingServicePlatform"),
            let text = service.foreignText, text != "local"
        {
            outline.header.append(
                notes.add(
                    "trials ran on '\(text)'; here they run on this machine, or through a launcher",
                    at: service.location))
        }
        if let node = file.node("maxTrialDuration"), node.value != .null {
            outline.header.append(
                notes.add("'maxTrialDuration': resources: {timeout: …} limits a trial here", at: node.location))
        }
    }
}
