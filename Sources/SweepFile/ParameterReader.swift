import ConfigFile
import SweepSearch

/// Reads the search space: the `parameters` of a sweep file.
struct ParameterReader {
    let base: ConfigDocument?
    let problems: DiagnosticCollector

    enum Kind: String, CaseIterable {
        case uniform, loguniform, int, choice
    }

    /// What was read of one parameter, and where its parts stand.
    private struct Reading {
        var name: String
        var nameLocation: SourceLocation?
        var distribution: Distribution?
        var conditions: [Condition] = []
        /// Where the condition on each parent stands.
        var conditionLocations: [String: SourceLocation] = [:]
    }

    /// The space is nil if a mistake left none; the names are there all the same.
    func read(_ file: ConfigSection) -> (space: SearchSpace?, names: [String]) {
        guard let node = file.requiredNode("parameters", help: "parameters: {NAME: {type: uniform, min: 0, max: 1}}")
        else { return (nil, []) }
        let section = file.section("parameters")
        if case .mapping(let entries) = node.value, entries.isEmpty {
            problems.report("'parameters' is empty", at: node.location)
            return (nil, [])
        }
        let readings = section.entries.map { read($0, in: section) }
        let names = readings.map(\.name)
        let parameters = readings.compactMap { reading in
            reading.distribution.map {
                Parameter(reading.name, $0, when: reading.conditions)
            }
        }
        guard parameters.count == readings.count else {
            reportUnknownParents(readings)
            return (nil, names)
        }
        do {
            return (try SearchSpace(parameters), names)
        } catch {
            report(error, readings)
            return (nil, names)
        }
    }

    private func read(_ entry: ConfigEntry, in parameters: ConfigSection) -> Reading {
        var reading = Reading(name: entry.key, nameLocation: entry.keyLocation)
        let section = parameters.section(entry.key)
        let kind = section.requiredNode("type", help: "known are \(Kind.allCases.map(\.rawValue).joined(separator: ", "))")
            .flatMap { _ in section.choice("type", of: Kind.self) }
        if let kind { reading.distribution = distribution(kind, section) }
        if let conditions = section.node("when") { read(conditions, into: &reading) }
        if let base { check(entry, reading.distribution, against: base) }
        return reading
    }

    private func distribution(_ kind: Kind, _ section: ConfigSection) -> Distribution? {
        let distribution: Distribution?
        switch kind {
        case .uniform, .loguniform:
            guard let min = required("min", of: section, { section.number("min") }),
                let max = required("max", of: section, { section.number("max") })
            else { return nil }
            distribution = kind == .uniform ? .uniform(min: min, max: max) : .logUniform(min: min, max: max)
        case .int:
            guard let min = required("min", of: section, { section.integer("min") }),
                let max = required("max", of: section, { section.integer("max") })
            else { return nil }
            distribution = .integer(
                min: min, max: max, step: section.integer("step") ?? 1, log: section.boolean("log") ?? false)
        case .choice:
            distribution = choice(section)
        }
        guard let distribution else { return nil }
        if let problem = distribution.problem() {
            problems.report("'\(section.path)': \(problem)", at: place(of: problem, in: section))
            return nil
        }
        return distribution
    }

    private func required<Value>(_ key: String, of section: ConfigSection, _ read: () -> Value?) -> Value? {
        section.requiredNode(key).flatMap { _ in read() }
    }

    private func choice(_ section: ConfigSection) -> Distribution? {
        guard let values = list("values", of: section, { ParameterValue($0.value) }, "a number, a string or a boolean")
        else { return nil }
        var weights = [Double](repeating: 1, count: values.count)
        if section.entries.contains(where: { $0.key == "weights" }) {
            let given = list("weights", of: section, { $0.value.asNumber }, "a number")
            guard let given else { return nil }
            weights = given
        }
        return .choice(values: values, weights: weights)
    }

    private func list<Element>(
        _ key: String, of section: ConfigSection, _ convert: (ConfigNode) -> Element?, _ kind: String
    ) -> [Element]? {
        guard let node = section.requiredNode(key, help: "\(key): […]") else { return nil }
        guard case .sequence(let items) = node.value else {
            problems.report("'\(section.name(key))' must be a list, found \(node.kindDescription)", at: node.location)
            return nil
        }
        let elements = items.compactMap { item in
            let element = convert(item)
            if element == nil {
                problems.report(
                    "an element of '\(section.name(key))' must be \(kind), found \(item.kindDescription)",
                    at: item.location, help: item.value == .null ? "write \"null\" in quotes for a string" : nil)
            }
            return element
        }
        return elements.count == items.count ? elements : nil
    }

    /// The setting that a problem of a distribution is about.
    private func place(of problem: DistributionProblem, in section: ConfigSection) -> SourceLocation? {
        let key = problem.settings.first { setting in section.entries.contains { $0.key == setting } }
        return key.map { section.place(of: $0) } ?? section.location
    }

    // MARK: Conditions

    private func read(_ node: ConfigNode, into reading: inout Reading) {
        guard case .mapping(let entries) = node.value else {
            problems.report(
                "'when' must be a mapping, found \(node.kindDescription)", at: node.location,
                help: "when: {PARENT: VALUE} or when: {PARENT: [VALUE, …]}")
            return
        }
        for entry in entries {
            reading.conditionLocations[entry.key] = entry.keyLocation
            if case .sequence(let items) = entry.node.value {
                let values = items.compactMap { ParameterValue($0.value) }
                if values.count == items.count, !values.isEmpty {
                    reading.conditions.append(Condition(entry.key, .isOneOf(values)))
                    continue
                }
            } else if let value = ParameterValue(entry.node.value) {
                reading.conditions.append(Condition(entry.key, .equals(value)))
                continue
            }
            problems.report(
                "a condition on '\(entry.key)' must be a value or a list of values, found \(entry.node.kindDescription)",
                at: entry.node.location)
        }
    }

    private func reportUnknownParents(_ readings: [Reading]) {
        let names = readings.map(\.name)
        for reading in readings {
            for (parent, location) in reading.conditionLocations where !names.contains(parent) {
                report(unknownParent: parent, of: reading.name, among: names, at: location)
            }
        }
    }

    private func report(unknownParent parent: String, of name: String, among names: [String], at place: SourceLocation?) {
        problems.report(
            "'\(name)' depends on '\(parent)', which is not a parameter of this sweep", at: place,
            help: nearest(parent, among: names).map { "did you mean '\($0)'?" })
    }

    private func report(_ error: SearchSpaceError, _ readings: [Reading]) {
        func location(of name: String) -> SourceLocation? { readings.first { $0.name == name }?.nameLocation }
        func location(of parent: String, in name: String) -> SourceLocation? {
            readings.first { $0.name == name }?.conditionLocations[parent]
        }
        for problem in error.problems {
            switch problem {
            case .unknownParent(let name, let parent):
                report(
                    unknownParent: parent, of: name, among: readings.map(\.name), at: location(of: parent, in: name))
            case .cycle(let names):
                let first = names.first ?? ""
                let next = names.count > 1 ? names[1] : first
                problems.report(
                    "parameters depend on each other in a circle: \((names + [first]).joined(separator: " → "))",
                    at: location(of: next, in: first) ?? location(of: first))
            case .conditionNeverHolds(let name, let condition):
                problems.report(
                    "\(problem)", at: location(of: condition.parameter, in: name) ?? location(of: name),
                    help: readings.first { $0.name == condition.parameter }?.distribution
                        .map { "'\(condition.parameter)' is \($0)" })
            case .neverActive(let name, let conditions):
                let own = conditions.compactMap { location(of: $0.parameter, in: name) }.first
                problems.report("\(problem)", at: own ?? location(of: name))
            case .duplicateName(let name), .distribution(let name, _):
                problems.report("\(problem)", at: location(of: name))
            }
        }
    }

    // MARK: The base configuration

    private func check(_ entry: ConfigEntry, _ distribution: Distribution?, against base: ConfigDocument) {
        let name = entry.key
        guard let node = base.root[path: name] else {
            problems.report(
                "'\(name)' is not in \(base.source.path)", at: entry.keyLocation,
                help: nearest(name, among: base.root.leafPaths).map { "did you mean '\($0)'?" })
            return
        }
        guard let distribution else { return }
        let mismatch: String? =
            switch node.value {
            case .null: nil
            case .integer: distribution.values(are: \.isInteger) ? nil : "integers"
            case .number: distribution.values(are: \.isNumeric) ? nil : "numbers"
            case .string: distribution.values(are: \.isString) ? nil : "strings"
            case .boolean: distribution.values(are: \.isBoolean) ? nil : "booleans"
            case .sequence, .mapping: "a single value"
            }
        if let mismatch {
            problems.report(
                "'\(name)' must give \(mismatch): it is \(node.kindDescription) in \(base.source.path)",
                at: entry.keyLocation, help: "the parameter is \(distribution)")
        }
    }
}

extension ConfigNode.Value {
    fileprivate var asNumber: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        case .null, .boolean, .string, .sequence, .mapping: nil
        }
    }
}

extension ParameterValue {
    fileprivate var isInteger: Bool { if case .integer = self { true } else { false } }
    fileprivate var isString: Bool { if case .string = self { true } else { false } }
    fileprivate var isBoolean: Bool { if case .boolean = self { true } else { false } }
    fileprivate var isNumeric: Bool {
        switch self {
        case .integer, .number: true
        case .string, .boolean: false
        }
    }
}

extension Distribution {
    /// Whether every legal value has the property.
    fileprivate func values(are property: (ParameterValue) -> Bool) -> Bool {
        switch self {
        case .uniform(let min, _), .logUniform(let min, _): property(.number(min))
        case .integer(let min, _, _, _): property(.integer(min))
        case .choice(let values, _): values.allSatisfy(property)
        }
    }
}

extension DistributionProblem {
    /// The settings of a sweep file that the problem may be about, the likeliest first.
    fileprivate var settings: [String] {
        switch self {
        case .boundIsNotFinite, .logarithmOfNonPositive: ["min", "max"]
        case .minAboveMax: ["min"]
        case .stepIsNotPositive: ["step"]
        case .noChoices, .duplicateChoice, .choiceIsNotANumber: ["values"]
        case .weightCount, .illegalWeight, .allWeightsAreZero: ["weights", "values"]
        }
    }
}
