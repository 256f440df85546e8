import ConfigFile
import Files
import Foundation
import SweepModel
import SweepSearch
import TrialProtocol

/// Turns the YAML of a sweep file into a `Sweep`, and reports every mistake on the way.
///
/// The shortest file has four keys:
///
///     metric: {name: val_loss, goal: minimize}
///     trainer: {command: [python3, train.py, "{args}"]}
///     parameters: {lr: {type: loguniform, min: 1e-5, max: 1}}
///     budget: {trials: 50}
///
/// What it leaves out has a default: the name is that of the file, the sampler is `auto` with the seed 0, nothing is
/// pruned, each trial has one thread and one attempt, and trials are planned as others end.
///
/// After a mistake it reads on, so that a user who made five sees five. Each reader below it returns nil, or a default,
/// for what it had to report.
///
/// A report has the user's own word, its place, and what to write instead:
///
///     sweeps/digits.yaml:7:3: error: 'optimizer.dampng' is not in configs/digits.yaml
///       = help: did you mean 'optimizer.damping'?
struct SweepReader {
    /// The sweep file.
    let document: ConfigDocument
    /// The folder of the sweep file, absolute; relative paths begin there.
    let directory: String
    /// The base configuration as it was stored; nil to read it from the path that the file names.
    let storedBase: SourceFile?
    /// Where trainers are started if the file does not say so.
    let defaultTrainerDirectory: String
    /// Receives every mistake, also those in the base configuration, which are reported at `trainer.config`.
    let problems: DiagnosticCollector

    /// Whether the file was stored by an early release that did not expand `$NAME`, filled in no placeholders in
    /// `trainer.env`, and passed numbers in their shortest form. It is the release that started trainers in the
    /// trial's folder, which is how it is recognized.
    private var isFormer: Bool { defaultTrainerDirectory == "{trial_dir}" }

    /// The sweep and its base configuration; nil after a mistake that leaves no sweep, which is reported.
    func read() -> (sweep: Sweep, base: ConfigDocument?)? {
        if document.root.value == .null {
            problems.report(
                "the file is empty", at: nil, help: "a sweep needs at least metric, trainer, parameters and budget")
            return nil
        }
        let file = ConfigSection(document.root, problems: problems)
        guard file.isReadable else { return nil }
        // As in Docker Compose, keys that begin with `x-` are free, for YAML anchors that the rest of the file uses.
        file.acceptKeys(beginningWith: "x-")
        file.explain(ForeignKeys.top)
        let name = sweepName(file)
        let objectives = ObjectivesReader(problems: problems)
        let optimized = objectives.read(file)
        let trainer = requiredSection("trainer", of: file, help: "trainer: {command: [PROGRAM, ARGUMENT, …]}")
        let base = trainer.flatMap { baseConfig($0) }
        let basePath = trainer?.string("config") ?? ""
        let parameters = ParameterReader(base: base?.root, basePath: basePath, problems: problems).read(file)
        if let base, base.isJSON { checkJSON(parameters.space, base, file) }
        let command = trainer.flatMap { self.command($0, parameters: parameters.names) }
        let environment = trainer.map { self.environment($0, parameters: parameters.names) } ?? [:]
        let startingDirectory = trainer.flatMap { trainerDirectory($0, parameters: parameters.names) }
        let client = trainer.flatMap { self.client($0) }
        let reports = trainer.map { ReportPatternsReader(problems: problems).read($0) } ?? []
        let enqueued = EnqueueReader(space: parameters.space, problems: problems).read(file)
        let sampler = sampler(file)
        if sampler.name == .grid { checkGrid(sampler, parameters.space, file) }
        let pruning = PrunerReader(
            problems: problems, goal: optimized?.metric.goal, rule: optimized?.metric.rule
        ).read(file)
        let warmStart = warmStart(file, sampler, optimized)
        let budget = BudgetReader(problems: problems, endsByItself: sampler.name == .grid).read(file)
        let resources = ResourcesReader(problems: problems).read(file)
        if let optimized {
            objectives.check(
                optimized, sampler, hasPruner: pruning != nil, hasTarget: budget.target != nil, in: file)
        }
        let retry = RetryReader(problems: problems).read(file)
        let planning = planning(file)
        let replicates = ReplicatesReader(problems: problems).read(
            file,
            beside: .init(
                base: base?.root, parameters: parameters.names ?? [], objectives: optimized, sampler: sampler,
                pruning: pruning, hasTarget: budget.target != nil, planning: planning))
        if let base, let trainer, let names = parameters.names {
            checkWritable(names + [replicates?.seedParameter].compactMap(\.self), base, trainer)
        }
        let launcher = LauncherReader(reader: commandReader(parameters.names), problems: problems).read(file)
        file.reportUnknownKeys()
        guard let name, let optimized, let command, let startingDirectory, let space = parameters.space else {
            return nil
        }
        return (
            Sweep(
                name: name, metric: optimized.metric, objectives: optimized,
                trainer: Trainer(
                    command: command, environment: environment, directory: startingDirectory, client: client,
                    reports: reports),
                space: space, written: isFormer ? WrittenValues() : parameters.written, enqueued: enqueued,
                sampler: sampler, pruning: pruning, replicates: replicates, warmStart: warmStart, budget: budget,
                resources: resources, retry: retry, planning: planning, launcher: launcher),
            base
        )
    }

    /// Nil if the section is absent, which is reported.
    private func requiredSection(_ key: String, of file: ConfigSection, help: String) -> ConfigSection? {
        if file.contains(key) { return file.section(key, help: help) }
        _ = file.node(key)
        // A missing section has no place in the file.
        problems.report("'\(key)' is missing", at: nil, help: help)
        return nil
    }

    /// The sweep's name, or one that is made of its file's: `digits` for `sweeps/digits.yaml`, `my-sweep` for
    /// `my sweep.yaml`.
    private func sweepName(_ file: ConfigSection) -> String? {
        if let given = file.string("name") {
            if SweepName.isLegal(given) { return given }
            problems.report(
                "the sweep's name cannot be '\(given)'", at: file.place(of: "name"),
                help: "a name is \(SweepName.rule)")
            return nil
        }
        let stem = URL(fileURLWithPath: document.source.path).deletingPathExtension().lastPathComponent
        if let name = SweepName.legal(stem) { return name }
        problems.report(
            "the sweep cannot have its file's name, '\(stem)'", at: nil,
            help: "give it one: name: NAME, \(SweepName.rule)")
        return nil
    }

    /// The base configuration, stored or read from the path in the file; nil if there is none or it cannot be read.
    private func baseConfig(_ trainer: ConfigSection) -> ConfigDocument? {
        guard let path = trainer.string("config") else { return nil }
        do {
            let base =
                if let storedBase {
                    try ConfigDocument(parsing: storedBase, dialect: .foreign)
                } else {
                    try ConfigDocument.read(path: resolved(path), writtenAs: path, dialect: .foreign)
                }
            guard case .mapping = base.root.value else {
                if let foreign = base.source.foreignFormat {
                    reportInBase(foreign, path, trainer)
                    return nil
                }
                problems.report(
                    "the base configuration '\(path)' must be a mapping, found \(base.root.kindDescription)",
                    at: trainer.place(of: "config"))
                return nil
            }
            return base
        } catch {
            for diagnostic in error.diagnostics { reportInBase(diagnostic, path, trainer) }
            return nil
        }
    }

    /// Reports what is wrong in the base configuration where the sweep file names it.
    private func reportInBase(_ diagnostic: Diagnostic, _ path: String, _ trainer: ConfigSection) {
        let place = diagnostic.location.map { "\($0.line):\($0.column): " } ?? ""
        problems.report(
            "the base configuration '\(path)': \(place)\(diagnostic.message)", at: trainer.place(of: "config"),
            help: diagnostic.help
                ?? (path.hasPrefix("/") || FileManager.default.fileExists(atPath: resolved(path))
                    ? nil : "a path starts at the folder of the sweep file"))
    }

    /// Checks that the text of the base can hold values at these paths. Every trial gets such a copy, and a base that
    /// allows none should be reported now, not by the first trial.
    private func checkWritable(_ names: [String], _ base: ConfigDocument, _ trainer: ConfigSection) {
        let found = names.filter { base.root[path: $0] != nil && base.root.foreignValue(onTheWayTo: $0) == nil }
        // Where `a` is replaced as a whole, `a.b` is not there any more.
        let places = found.filter { name in !found.contains { name.hasPrefix($0 + ".") } }
        do {
            _ = try base.text(setting: places.map { (path: $0, node: ConfigNode(.null)) })
        } catch {
            for diagnostic in error.diagnostics {
                problems.report(
                    "the base configuration '\(diagnostic.path)': \(diagnostic.message)",
                    at: trainer.place(of: "config"))
            }
        }
    }

    /// A copy of a configuration in JSON is JSON, which has no infinities.
    ///
    ///     clip: {type: choice, values: [1.0, .inf]}       # refused where the base is JSON
    private func checkJSON(_ space: SearchSpace?, _ base: ConfigDocument, _ file: ConfigSection) {
        for parameter in space?.parameters ?? [] where base.root[path: parameter.name] != nil {
            let values: [ParameterValue] =
                switch parameter.distribution {
                case .choice(let values, _), .ordinal(let values): values
                case .real, .quantized, .integer: []
                }
            guard let value = values.first(where: { !$0.configNode.canBeJSON }) else { continue }
            problems.report(
                "'\(parameter.name)' cannot be \(value) in the base configuration, which is JSON",
                at: file.node("parameters")?[parameter.name]?.location,
                help: "JSON has no word for it, YAML has")
        }
    }

    /// Reads `trainer.command`; nil if it is missing or has a mistake, which is reported.
    private func command(_ trainer: ConfigSection, parameters: [String]?) -> [CommandTemplate]? {
        guard let node = trainer.requiredNode("command", help: "command: [PROGRAM, ARGUMENT, …]") else { return nil }
        return commandReader(parameters).read(node, path: "trainer.command")
    }

    /// The reader of all texts with placeholders in this file.
    private func commandReader(_ parameters: [String]?) -> CommandReader {
        CommandReader(document: document, parameters: parameters, isFormer: isFormer, problems: problems)
    }

    /// Reads `trainer.env`. Variables by which revsweep recognizes a trial's processes are refused.
    ///
    ///     env: {DATA: "~/data", RUN: "run-{number}"}      # placeholders, `$NAME` and `~` are filled in for each trial
    private func environment(_ trainer: ConfigSection, parameters: [String]?) -> [String: CommandTemplate] {
        var environment: [String: CommandTemplate] = [:]
        let section = trainer.section("env")
        let reader = commandReader(parameters)
        for entry in section.entries {
            guard let node = section.node(entry.key) else { continue }
            if entry.key.isEmpty || entry.key.utf8.contains(where: { $0 == UInt8(ascii: "=") || $0 == 0 }) {
                problems.report("an environment variable cannot be called '\(entry.key)'", at: entry.keyLocation)
            } else if TrialVariable(rawValue: entry.key) != nil {
                problems.report(
                    "'\(section.name(entry.key))' is set by revsweep for each trial", at: entry.keyLocation,
                    help: "by it the trainer's processes are known as this trial's")
            } else if let text = node.scalarText {
                if text.utf8.contains(0) {
                    problems.report("'\(section.name(entry.key))' cannot hold a NUL", at: node.location)
                }
                environment[entry.key] =
                    isFormer
                    ? CommandTemplate(literal: ParameterValue(node)?.argument ?? text)
                    : reader.template(text, for: .environment, at: node.location)
            } else {
                problems.report(
                    "'\(section.name(entry.key))' must be text, found \(node.kindDescription)", at: node.location,
                    help: node.value == .null ? "anything in quotes is one: \"\"" : nil)
            }
        }
        return environment
    }

    /// The library that the trainer was written for: `client: wandb`, or `client: {name: wandb, nested: true}`.
    private func client(_ trainer: ConfigSection) -> TrainerClient? {
        guard let node = trainer.node("client") else { return nil }
        switch node.value {
        case .string:
            return trainer.choice("client", of: TrainerClient.Library.self).map { TrainerClient($0) }
        case .mapping:
            let section = trainer.section("client")
            let isNested = section.boolean("nested") ?? false
            guard section.requiredNode("name", help: "name: wandb") != nil else { return nil }
            return section.choice("name", of: TrainerClient.Library.self).map { TrainerClient($0, isNested: isNested) }
        case .null, .boolean, .integer, .number, .sequence:
            problems.report(
                "'trainer.client' must be a name or a mapping, found \(node.kindDescription)", at: node.location,
                help: "client: wandb")
            return nil
        }
    }

    /// The sampler with its seed: `sampler: tpe`, or `sampler: {name: tpe, seed: 7}`. Without one it is `auto` with the
    /// seed 0. `points`, for all continuous parameters, is a key only of a grid.
    private func sampler(_ file: ConfigSection) -> SamplerSettings {
        var settings = SamplerSettings(name: .auto, seed: 0)
        guard let node = file.node("sampler") else { return settings }
        switch node.value {
        case .string:
            settings.name = file.choice("sampler") ?? .auto
        case .mapping, .null:
            let section = file.section("sampler")
            section.explain(ForeignKeys.sampler)
            settings.name = section.choice("name") ?? .auto
            settings.seed = UInt64(section.integer("seed", in: 0 ... .max) ?? 0)
            if settings.name == .grid { settings.points = section.integer("points", in: 1...1_000_000) }
        case .boolean, .integer, .number, .sequence:
            problems.report(
                "'sampler' must be a name or a mapping, found \(node.kindDescription)", at: node.location,
                help: "sampler: tpe or sampler: {name: tpe, seed: 7}")
        }
        return settings
    }

    /// Reads `warm_start`: the name of another sweep, or a path to its folder, or a list of these.
    ///
    ///     warm_start: [digits, ../results/former]
    private func warmStart(
        _ file: ConfigSection, _ sampler: SamplerSettings, _ objectives: Objectives?
    ) -> [String] {
        guard let node = file.node("warm_start") else { return [] }
        let items: [ConfigNode] = if case .sequence(let items) = node.value { items } else { [node] }
        var names: [String] = []
        for item in items {
            guard let name = item.scalarText, !name.isEmpty else {
                problems.report(
                    "'warm_start' must be the names of other sweeps, found \(item.kindDescription)", at: item.location,
                    help: "warm_start: [digits]")
                continue
            }
            if !names.contains(name) { names.append(name) }
        }
        if !sampler.name.learns {
            let learners = SamplerSettings.Name.allCases.filter(\.learns).map(\.rawValue)
            problems.report(
                "the sampler '\(sampler.name.rawValue)' learns nothing, also not from other sweeps", at: node.location,
                help: "these do: \(learners.joined(separator: ", "))")
        }
        if objectives?.areOne == false {
            problems.report(
                "'warm_start' goes with one metric and no bounds", at: node.location,
                help: "revsweep import SWEEP OTHER takes over whole trials with all of their values")
        }
        return names
    }

    /// Checks that a grid is finite and not empty: every parameter has a number of points, and at least one point
    /// satisfies the constraints.
    ///
    ///     sampler: grid
    ///     parameters: {lr: {type: uniform, min: 0, max: 1}}       # refused: how many 'points' of 'lr'?
    private func checkGrid(_ settings: SamplerSettings, _ space: SearchSpace?, _ file: ConfigSection) {
        guard let space else { return }
        let isEndless = settings.points == nil ? space.parametersWithoutPoints() : []
        for parameter in isEndless {
            let node = file.node("parameters")?[parameter.name]
            // What is wrong with points that are there is reported with them.
            if node?["points"] != nil { continue }
            problems.report(
                "a grid needs to know how many 'points' of '\(parameter.name)' to try",
                at: node?.location,
                help: "points: 5 there, or for all of them sampler: {name: grid, points: 5}")
        }
        guard isEndless.isEmpty else { return }
        let grid = GridSampler(pointsOfContinuum: settings.points ?? 1)
        switch grid.hasPoint(in: space, looks: 1_000_000) {
        case true?: return
        case false?:
            problems.report(
                "no point of the grid satisfies the constraints", at: file.place(of: "constraints"),
                help: "give the parameters more points")
        case nil:
            problems.report(
                "the constraints exclude nearly all of the grid: "
                    + "none of the first 1,000,000 points that were looked at satisfies them",
                at: file.place(of: "constraints"),
                help:
                    "a grid looks at its points one after another, which would take too long here; give fewer points, "
                    + "or choose another sampler, such as sampler: auto")
        }
    }

    /// Reads `reproducible`: true, false, or `{lag: N}`.
    ///
    ///     reproducible: true              .reproducible(lag: nil)
    ///     reproducible: {lag: 8}          .reproducible(lag: 8): trial n rests on the results up to n - 8
    ///     (absent)                        .asTrialsEnd
    private func planning(_ file: ConfigSection) -> Planning {
        guard let node = file.node("reproducible") else { return .asTrialsEnd }
        switch node.value {
        case .boolean(let flag): return flag ? .reproducible(lag: nil) : .asTrialsEnd
        case .mapping:
            return .reproducible(lag: file.section("reproducible").integer("lag", in: 1...4096))
        case .null, .integer, .number, .string, .sequence:
            problems.report(
                "'reproducible' must be true, false or {lag: N}, found \(node.kindDescription)", at: node.location)
            return .asTrialsEnd
        }
    }

    /// The absolute form of a path that begins at the folder of the sweep file.
    private func resolved(_ path: String) -> String { path.absolutePath(in: directory) }
}
