import ConfigFile
import Foundation
import SweepSearch

/// Turns the YAML of a sweep file into a sweep, reporting every mistake on the way.
struct SweepReader {
    let document: ConfigDocument
    let directory: String
    /// The base configuration as it was stored; nil to read it from the path that the file names.
    let storedBase: SourceFile?
    let problems: DiagnosticCollector

    /// Nil if a mistake left no sweep; it has then been reported.
    func read() -> (sweep: Sweep, base: ConfigDocument?)? {
        if document.root.value == .null {
            problems.report(
                "the file is empty", at: nil, help: "a sweep needs at least metric, trainer, parameters and budget")
            return nil
        }
        let file = ConfigSection(document.root, problems: problems)
        let name = sweepName(file)
        let metric = metric(file)
        let trainer = file.section("trainer")
        if file.entries.contains(where: { $0.key == "trainer" }) == false {
            problems.report("'trainer' is missing", at: nil, help: "trainer: {command: [PROGRAM, ARGUMENT, …]}")
        }
        let base = baseConfig(trainer)
        let parameters = ParameterReader(base: base, problems: problems).read(file)
        let command = command(trainer, parameters: parameters.names, hasBase: trainer.node("config") != nil)
        let environment = environment(trainer)
        let enqueued = enqueued(file, space: parameters.space)
        let sampler = sampler(file)
        let budget = budget(file)
        let resources = resources(file)
        let retry = retry(file)
        let planning = planning(file)
        file.reportUnknownKeys()
        guard let name, let metric, let command, let space = parameters.space else { return nil }
        return (
            Sweep(
                name: name, metric: metric, trainer: Trainer(command: command, environment: environment), space: space,
                enqueued: enqueued, sampler: sampler, budget: budget, resources: resources, retry: retry,
                planning: planning),
            base
        )
    }

    private func sweepName(_ file: ConfigSection) -> String? {
        let given = file.string("name")
        let name = given ?? URL(fileURLWithPath: document.source.path).deletingPathExtension().lastPathComponent
        let legal = name.unicodeScalars.allSatisfy {
            $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil || "._-".unicodeScalars.contains($0))
        }
        guard legal, !name.isEmpty, !name.hasPrefix("."), name.utf8.count <= 100 else {
            problems.report(
                "the sweep's name cannot be '\(name)'", at: given == nil ? nil : file.place(of: "name"),
                help: "a name is up to 100 letters, digits, '.', '_' and '-', and does not begin with '.'")
            return nil
        }
        return name
    }

    private func metric(_ file: ConfigSection) -> Metric? {
        guard file.entries.contains(where: { $0.key == "metric" }) else {
            _ = file.node("metric")
            problems.report("'metric' is missing", at: nil, help: "metric: {name: val_loss, goal: minimize}")
            return nil
        }
        let section = file.section("metric")
        let name = section.requiredNode("name").flatMap { _ in section.string("name") }
        let goal = section.requiredNode("goal", help: "goal: minimize or goal: maximize")
            .flatMap { _ in section.choice("goal", of: Metric.Goal.self) }
        let rule = section.choice("value", of: Metric.Rule.self) ?? .last
        guard let name, let goal else { return nil }
        return Metric(name: name, goal: goal, rule: rule)
    }

    private func baseConfig(_ trainer: ConfigSection) -> ConfigDocument? {
        guard let path = trainer.string("config") else { return nil }
        do {
            if let storedBase { return try ConfigDocument(parsing: storedBase) }
            let base = try ConfigDocument.read(path: resolved(path))
            guard case .mapping = base.root.value else {
                problems.report(
                    "'trainer.config' must name a YAML mapping, found \(base.root.kindDescription)",
                    at: trainer.place(of: "config"))
                return nil
            }
            return base
        } catch {
            for diagnostic in error.diagnostics {
                let place = diagnostic.location.map { "\($0.line):\($0.column): " } ?? ""
                problems.report(
                    "the base configuration '\(path)': \(place)\(diagnostic.message)", at: trainer.place(of: "config"),
                    help: diagnostic.help ?? "paths start at the folder of the sweep file")
            }
            return nil
        }
    }

    private func command(_ trainer: ConfigSection, parameters: [String], hasBase: Bool) -> [CommandTemplate]? {
        guard let node = trainer.requiredNode("command", help: "command: [PROGRAM, ARGUMENT, …]") else { return nil }
        guard case .sequence(let items) = node.value, !items.isEmpty else {
            problems.report(
                "'trainer.command' must be a list of a program and its arguments, found \(node.kindDescription)",
                at: node.location, help: "command: [PROGRAM, ARGUMENT, …]; no shell reads it")
            return nil
        }
        var templates: [CommandTemplate] = []
        for item in items {
            guard let text = ParameterValue(item.value)?.argument else {
                problems.report("an argument must be text, found \(item.kindDescription)", at: item.location)
                continue
            }
            do {
                let template = try CommandTemplate(parsing: text, parameters: parameters)
                if template.placeholders.contains(.config), !hasBase {
                    problems.report(
                        "'{config}' needs a base configuration", at: item.location,
                        help: "name one: trainer: {config: PATH}")
                }
                templates.append(template)
            } catch {
                problems.report(error.message, at: item.location, help: error.help)
            }
        }
        if let program = items.first, let template = templates.first, template.text?.isEmpty ?? true {
            problems.report("the program must be a name or a path, found \(program.kindDescription)", at: program.location)
        }
        return templates.count == items.count ? templates : nil
    }

    private func environment(_ trainer: ConfigSection) -> [String: String] {
        var environment: [String: String] = [:]
        let section = trainer.section("env")
        for entry in section.entries {
            guard let node = section.node(entry.key) else { continue }
            if entry.key.isEmpty || entry.key.contains("=") {
                problems.report("an environment variable cannot be called '\(entry.key)'", at: entry.keyLocation)
            } else if let value = ParameterValue(node.value) {
                environment[entry.key] = value.argument
            } else {
                problems.report("'\(section.name(entry.key))' must be text, found \(node.kindDescription)", at: node.location)
            }
        }
        return environment
    }

    private func enqueued(_ file: ConfigSection, space: SearchSpace?) -> [[String: ParameterValue]] {
        guard let node = file.node("enqueue") else { return [] }
        guard case .sequence(let items) = node.value else {
            problems.report(
                "'enqueue' must be a list of mappings, found \(node.kindDescription)", at: node.location,
                help: "enqueue: [{NAME: VALUE, …}, …]")
            return []
        }
        return items.map { item in
            var values: [String: ParameterValue] = [:]
            for entry in ConfigSection(item, path: "enqueue", problems: problems).entries {
                guard let space else { continue }
                guard let parameter = space.parameters.first(where: { $0.name == entry.key }) else {
                    problems.report(
                        "'\(entry.key)' is not a parameter of this sweep", at: entry.keyLocation,
                        help: nearest(entry.key, among: space.parameters.map(\.name)).map { "did you mean '\($0)'?" })
                    continue
                }
                guard let value = ParameterValue(entry.node.value).flatMap(parameter.distribution.legalForm(of:)) else {
                    problems.report(
                        "'\(entry.key)' cannot be \(entry.node.kindDescription)", at: entry.node.location,
                        help: "it is \(parameter.distribution)")
                    continue
                }
                values[entry.key] = value
            }
            return values
        }
    }

    private func sampler(_ file: ConfigSection) -> SamplerSettings {
        var settings = SamplerSettings(name: .tpe, seed: 0)
        guard let node = file.node("sampler") else { return settings }
        if case .string = node.value {
            settings.name = file.choice("sampler") ?? .tpe
        } else {
            let section = file.section("sampler")
            settings.name = section.choice("name") ?? .tpe
            settings.seed = UInt64(section.integer("seed", in: 0 ... .max) ?? 0)
        }
        return settings
    }

    private func budget(_ file: ConfigSection) -> Budget {
        let section = file.section("budget")
        let budget = Budget(
            trials: section.integer("trials", in: 1...10_000_000), time: section.duration("time"),
            failures: section.integer("failures", in: 1...10_000_000))
        if !section.entries.contains(where: { ["trials", "time"].contains($0.key) }) {
            problems.report(
                "the sweep would never end: 'budget' needs 'trials' or 'time'", at: section.location,
                help: "budget: {trials: 100}")
        }
        return budget
    }

    private func resources(_ file: ConfigSection) -> Resources {
        let section = file.section("resources")
        var parallel: Int?
        if let node = section.node("parallel"), node.value != .string("auto") {
            parallel = section.integer("parallel", in: 1...4096)
        }
        return Resources(
            parallel: parallel, threads: section.integer("threads", in: 1...4096) ?? 1,
            timeout: section.duration("timeout"))
    }

    private func retry(_ file: ConfigSection) -> Retry {
        let section = file.section("retry")
        let attempts = section.integer("attempts", in: 1...100) ?? 1
        var causes: [Retry.Cause] = [.crash, .timeout]
        if let node = section.node("on") {
            causes = []
            if case .sequence(let items) = node.value {
                for item in items {
                    let cause = if case .string(let text) = item.value { text } else { "" }
                    if let known = Retry.Cause(rawValue: cause) {
                        causes.append(known)
                    } else {
                        section.reportUnknownName(
                            cause, of: "retry.on", among: Retry.Cause.allCases.map(\.rawValue), at: item.location)
                    }
                }
            } else {
                problems.report(
                    "'retry.on' must be a list, found \(node.kindDescription)", at: node.location,
                    help: "on: [crash, timeout]")
            }
        }
        return Retry(attempts: attempts, causes: causes)
    }

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

    private func resolved(_ path: String) -> String {
        let absolute = path.hasPrefix("/") ? path : "\(directory)/\(path)"
        return URL(fileURLWithPath: absolute).standardizedFileURL.path
    }
}

extension ConfigSection {
    /// A length of time such as `90s` or `1h30m`, longer than nothing.
    func duration(_ key: String) -> Duration? {
        guard let node = node(key) else { return nil }
        if case .string(let text) = node.value, let duration = Duration(text: text), duration > .zero { return duration }
        problems.report(
            "'\(name(key))' must be a length of time, found \(node.kindDescription)", at: node.location,
            help: "a number with its unit: 500ms, 90s, 30m, 2h, 1h30m, 1d")
        return nil
    }
}
