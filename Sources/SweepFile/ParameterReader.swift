import ConfigFile
import SweepSearch

/// Reads the search space: the `parameters` of a sweep file.
struct ParameterReader {
    /// Nil where the sweep has no base configuration, or none that could be read.
    let base: ConfigNode?
    /// The path of the base configuration as the sweep file has it.
    let basePath: String
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
        /// Whether a condition could not be read.
        var isBroken = false
        /// Where the condition on each parent stands.
        var conditionLocations: [String: SourceLocation] = [:]
    }

    /// The space is nil if a mistake left none; the names are there all the same where there are parameters.
    func read(_ file: ConfigSection) -> (space: SearchSpace?, names: [String]?) {
        let help = "parameters: {NAME: {type: uniform, min: 0, max: 1}}"
        guard file.contains("parameters") else {
            _ = file.node("parameters")
            problems.report("'parameters' is missing", at: nil, help: help)
            return (nil, nil)
        }
        let section = file.section("parameters")
        guard section.isReadable else { return (nil, nil) }
        if section.entries.isEmpty {
            problems.report("'parameters' is empty", at: section.location, help: help)
            return (nil, nil)
        }
        let readings = section.entries.map { read($0, in: section) }
        let isWhole = readings.allSatisfy { $0.distribution != nil && !$0.isBroken }
        let parameters = readings.map { reading in
            // Any distribution will do to find what is wrong with the conditions.
            Parameter(reading.name, reading.distribution ?? .uniform(min: 0, max: 1), when: reading.conditions)
        }
        do {
            let space = try SearchSpace(parameters)
            return (isWhole ? space : nil, readings.map(\.name))
        } catch {
            report(error, readings)
            return (nil, readings.map(\.name))
        }
    }

    private func read(_ entry: ConfigEntry, in parameters: ConfigSection) -> Reading {
        var reading = Reading(name: entry.key, nameLocation: entry.keyLocation)
        let section = parameters.section(entry.key)
        checkName(entry)
        let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
        let kind = section.requiredNode("type", help: "known are \(known)")
            .flatMap { _ in section.choice("type", of: Kind.self) }
        if let kind { reading.distribution = distribution(kind, section) } else { section.acceptOtherKeys() }
        if let conditions = section.node("when") { read(conditions, into: &reading) }
        if let base { check(entry, reading.distribution, against: base) }
        return reading
    }

    private func distribution(_ kind: Kind, _ section: ConfigSection) -> Distribution? {
        let distribution: Distribution?
        switch kind {
        case .uniform, .loguniform:
            let min = required("min", of: section) { section.number("min") }
            let max = required("max", of: section) { section.number("max") }
            guard let min, let max else { return nil }
            distribution = kind == .uniform ? .uniform(min: min, max: max) : .logUniform(min: min, max: max)
        case .int:
            let min = required("min", of: section) { section.integer("min") }
            let max = required("max", of: section) { section.integer("max") }
            let step = section.contains("step") ? section.integer("step") : 1
            let log = section.contains("log") ? section.boolean("log") : false
            guard let min, let max, let step, let log else { return nil }
            distribution = .integer(min: min, max: max, step: step, log: log)
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

    /// What a command line, a placeholder and a message can carry.
    private func checkName(_ entry: ConfigEntry) {
        let isLegal = entry.key.unicodeScalars.allSatisfy { scalar in
            !scalar.properties.isWhitespace && scalar.properties.generalCategory != .control
                && !"={}".unicodeScalars.contains(scalar)
        }
        if !isLegal || entry.key.isEmpty {
            problems.report(
                "a parameter cannot be called '\(entry.key)'", at: entry.keyLocation,
                help: "a name has no spaces, '=', '{' and '}'")
        }
    }

    private func required<Value>(_ key: String, of section: ConfigSection, _ read: () -> Value?) -> Value? {
        section.requiredNode(key).flatMap { _ in read() }
    }

    private func choice(_ section: ConfigSection) -> Distribution? {
        let values = list("values", of: section, "a finite number, a string or a boolean") { ParameterValue($0.value) }
        let weights =
            section.contains("weights")
            ? list("weights", of: section, "a number") { $0.value.asNumber } : values?.map { _ in 1 }
        guard let values, let weights else { return nil }
        return .choice(values: values, weights: weights)
    }

    private func list<Element>(
        _ key: String, of section: ConfigSection, _ kind: String, _ convert: (ConfigNode) -> Element?
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
                    at: item.location, help: item.value == .null ? "put 'null' in quotes for the string" : nil)
            }
            return element
        }
        return elements.count == items.count ? elements : nil
    }

    /// The setting that a problem of a distribution is about.
    private func place(of problem: DistributionProblem, in section: ConfigSection) -> SourceLocation? {
        if case .duplicateChoice(let value) = problem, case .sequence(let items) = section.node("values")?.value {
            return items.last { ParameterValue($0.value)?.matches(value) ?? false }?.location
        }
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
            if let test = test(entry.node) {
                reading.conditions.append(Condition(entry.key, test))
            } else {
                reading.isBroken = true
                problems.report(
                    "a condition on '\(entry.key)' must be a value or a list of values, found "
                        + entry.node.kindDescription, at: entry.node.location,
                    help: "when: {PARENT: VALUE} or when: {PARENT: [VALUE, …]}")
            }
        }
    }

    private func test(_ node: ConfigNode) -> Condition.Test? {
        guard case .sequence(let items) = node.value else { return ParameterValue(node.value).map { .equals($0) } }
        let values = items.compactMap { ParameterValue($0.value) }
        return values.isEmpty || values.count < items.count ? nil : .isOneOf(values)
    }

    private func report(_ error: SearchSpaceError, _ readings: [Reading]) {
        func location(of name: String) -> SourceLocation? { readings.first { $0.name == name }?.nameLocation }
        func location(of parent: String, in name: String) -> SourceLocation? {
            readings.first { $0.name == name }?.conditionLocations[parent]
        }
        // What a condition needs of a parameter whose values could not be read, nobody knows.
        let distributions = Dictionary(readings.map { ($0.name, $0.distribution) }) { first, _ in first }
            .compactMapValues(\.self)
        for problem in error.problems {
            switch problem {
            case .unknownParent(let name, let parent):
                problems.report(
                    "'\(name)' depends on '\(parent)', which is not a parameter of this sweep",
                    at: location(of: parent, in: name),
                    help: nearest(parent, among: readings.map(\.name)).map { "did you mean '\($0)'?" })
            case .cycle(let names):
                let first = names.first ?? ""
                let next = names.count > 1 ? names[1] : first
                problems.report(
                    "parameters depend on each other in a circle: \((names + [first]).joined(separator: " → "))",
                    at: location(of: next, in: first) ?? location(of: first))
            case .conditionNeverHolds(let name, let condition):
                guard let parent = distributions[condition.parameter] else { continue }
                problems.report(
                    "\(problem)", at: location(of: condition.parameter, in: name) ?? location(of: name),
                    help: "'\(condition.parameter)' is \(parent)")
            case .neverActive(let name, let conditions):
                guard conditions.allSatisfy({ distributions[$0.parameter] != nil }) else { continue }
                let own = conditions.compactMap { location(of: $0.parameter, in: name) }.first
                problems.report("\(problem)", at: own ?? location(of: name))
            case .duplicateName(let name), .distribution(let name, _):
                problems.report("\(problem)", at: location(of: name))
            }
        }
    }

    // MARK: The base configuration

    private func check(_ entry: ConfigEntry, _ distribution: Distribution?, against base: ConfigNode) {
        let name = entry.key
        guard let node = base[path: name] else {
            problems.report(
                "'\(name)' is not in \(basePath)", at: entry.keyLocation,
                help: nearest(name, among: base.leafPaths).map { "did you mean '\($0)'?" })
            return
        }
        switch node.value {
        case .null: return
        case .sequence, .mapping:
            problems.report(
                "'\(name)' is \(node.kindDescription) in \(basePath), and a parameter is a single value",
                at: entry.keyLocation,
                help: node.leafPaths.first.map { "give a path below it, such as '\(name).\($0)'" })
        case .boolean, .integer, .number, .string:
            guard let distribution, !distribution.values({ $0.hasKind(of: node.value) }) else { return }
            var help = "the parameter is \(distribution)"
            if case .integer(let number) = node.value, distribution.values({ $0.asNumber != nil }) {
                help += "; write \(number).0 in \(basePath) if any number will do"
            }
            if case .boolean = node.value { help += "; true and false are the booleans" }
            problems.report(
                "'\(name)' is \(node.kindDescription) in \(basePath), and the parameter is not always of that kind",
                at: entry.keyLocation, help: help)
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
    /// Whether a value of a base configuration may be replaced by this one.
    fileprivate func hasKind(of value: ConfigNode.Value) -> Bool {
        switch (value, self) {
        case (.null, _), (.boolean, .boolean), (.integer, .integer), (.string, .string): true
        case (.number, .integer), (.number, .number): true
        case (.boolean, _), (.integer, _), (.number, _), (.string, _), (.sequence, _), (.mapping, _): false
        }
    }
}

extension Distribution {
    /// Whether every legal value has the property.
    fileprivate func values(_ property: (ParameterValue) -> Bool) -> Bool {
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
