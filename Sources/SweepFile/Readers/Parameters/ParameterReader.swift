import ConfigFile
import SweepModel
import SweepSearch

/// Reads the search space: the `parameters` of a sweep file.
///
///     parameters:
///       optimizer.name: {type: choice, values: [sgd, adam]}
///       optimizer.momentum: {type: uniform, min: 0, max: 0.95, when: {optimizer.name: sgd}, points: 3, default: 0}
///
/// `when` says in which trials the parameter exists, `points` how many values a grid tries of it, and `default` which
/// value the trials had that ran before it was added. Where the sweep has a base configuration, each name must be a
/// path in it, and the values must be of the kind of the value there.
struct ParameterReader {
    /// Nil where the sweep has no base configuration, or none that could be read.
    let base: ConfigNode?
    /// The path of the base configuration as the sweep file has it.
    let basePath: String
    let problems: DiagnosticCollector

    /// What was read of one parameter, and where its parts stand.
    private struct Reading {
        var name: String
        var nameLocation: SourceLocation?
        var distribution: Distribution?
        var written = WrittenValues()
        var points: Int?
        var defaultValue: ParameterValue?
        /// The mapping after `when`, to be read once all distributions are known.
        var when: ConfigNode?
        var conditions: [Condition] = []
        /// Whether a condition could not be read.
        var isBroken = false
        /// Where the condition on each parent stands.
        var conditionLocations: [String: SourceLocation] = [:]
    }

    /// What was read of all parameters.
    struct Space {
        /// Nil if a mistake left none.
        var space: SearchSpace?
        /// The names of all parameters, for placeholders such as `{param:NAME}`, also where there is no space; nil if
        /// the file has none.
        var names: [String]?
        /// How the file spells the values of all parameters.
        var written = WrittenValues()
    }

    /// Reads `parameters` and `constraints`, in steps that build on each other: first each parameter by itself, then
    /// the conditions between them, then the space as a whole, and only for a space without mistakes the constraints.
    func read(_ file: ConfigSection) -> Space {
        let help = "parameters: {NAME: {type: uniform, min: 0, max: 1}}"
        // Known keys also where a mistake in the first keeps the second from being read.
        _ = (file.node("parameters"), file.node("constraints"))
        guard file.contains("parameters") else {
            problems.report("'parameters' is missing", at: nil, help: help)
            return Space()
        }
        let section = file.section("parameters")
        guard section.isReadable else { return Space() }
        if section.entries.isEmpty {
            problems.report("'parameters' is empty", at: section.location, help: help)
            return Space()
        }
        var readings = section.entries.map { read($0, in: section) }
        // What a condition means depends on the parameter that it is about, which may come later.
        let distributions = Dictionary(readings.map { ($0.name, $0.distribution) }) { first, _ in first }
            .compactMapValues(\.self)
        let conditions = ConditionReader(distributions: distributions, problems: problems)
        for index in readings.indices {
            guard let node = readings[index].when else { continue }
            let reading = conditions.read(node)
            readings[index].conditions = reading.conditions
            readings[index].conditionLocations = reading.locations
            readings[index].isBroken = reading.isBroken
        }
        let isWhole = readings.allSatisfy { $0.distribution != nil && !$0.isBroken }
        let parameters = readings.map { reading in
            // Any distribution will do to find what is wrong with the conditions.
            Parameter(
                reading.name, reading.distribution ?? .uniform(min: 0, max: 1), when: reading.conditions,
                gridPoints: reading.points, defaultValue: reading.defaultValue)
        }
        let names = readings.map(\.name)
        if base != nil { checkNesting(readings) }
        do {
            _ = try SearchSpace(parameters)
        } catch {
            report(error, readings)
            return Space(names: names)
        }
        // Only where every range is known does a constraint make sense.
        guard isWhole else { return Space(names: names) }
        let constraints = ConstraintReader(parameters: parameters, problems: problems).read(file)
        return Space(
            space: constraints.flatMap { space(parameters, constraints: $0, file) }, names: names,
            written: WrittenValues(readings.map(\.written)))
    }

    /// Nil if nothing satisfies the constraints, which is reported.
    private func space(_ parameters: [Parameter], constraints: [Constraint], _ file: ConfigSection) -> SearchSpace? {
        do {
            return try SearchSpace(parameters, constraints: constraints)
        } catch {
            for problem in error.problems {
                var place = file.place(of: "constraints")
                if case .infeasible(let culprit?, _) = problem,
                    case .sequence(let items) = file.node("constraints")?.value
                {
                    place = items[culprit].location
                }
                problems.report("\(problem)", at: place)
            }
            return nil
        }
    }

    /// Reads one parameter without its conditions, and checks it against the base configuration.
    private func read(_ entry: ConfigEntry, in parameters: ConfigSection) -> Reading {
        var reading = Reading(name: entry.key, nameLocation: entry.keyLocation)
        let section = parameters.section(entry.key, help: ForeignWords.help(forParameter: entry.node))
        section.explain(ForeignWords.keys)
        checkName(entry)
        reading.distribution = DistributionReader(problems: problems).read(section)
        reading.points = section.integer("points", in: 1...1_000_000)
        reading.defaultValue = defaultValue(section, reading.distribution)
        reading.when = section.node("when")
        let node = base?[path: entry.key]
        if let distribution = reading.distribution {
            // A number in the base, 9.0, is one that may have a fraction.
            reading.written.note(entry.key, distribution, section, isWhole: node.map { !$0.isNumber } ?? true)
        }
        if let base { check(entry, reading.distribution, reading.written, against: base) }
        return reading
    }

    /// The value that counts for trials from before the parameter was there.
    private func defaultValue(_ section: ConfigSection, _ distribution: Distribution?) -> ParameterValue? {
        guard let node = section.node("default"), let distribution else { return nil }
        let value = ParameterValue(node).flatMap(distribution.legalForm(of:))
        if value == nil {
            problems.report(
                "'\(section.name("default"))' cannot be \(node.kindDescription)", at: node.location,
                help: "the parameter is \(distribution)")
        }
        return value
    }

    private func checkName(_ entry: ConfigEntry) {
        if ParameterName.isLegal(entry.key) { return }
        problems.report(
            "a parameter cannot be called '\(entry.key)'", at: entry.keyLocation, help: ParameterName.rule)
    }

    /// Reports what is wrong with the space, each problem at the key that it is about. A problem that is only a
    /// consequence of one already reported is left out.
    private func report(_ error: SearchSpaceError, _ readings: [Reading]) {
        func location(of name: String) -> SourceLocation? { readings.first { $0.name == name }?.nameLocation }
        func location(of parent: String, in name: String) -> SourceLocation? {
            readings.first { $0.name == name }?.conditionLocations[parent]
        }
        // What a condition needs cannot be known of a parameter whose values could not be read.
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
            case .infeasible: problems.report("\(problem)", at: nil)
            }
        }
    }

    // MARK: The base configuration

    /// Checks that the parameter is in the base configuration, and that its values are of the kind of the value there:
    /// a trainer that expects a number would fail at a text, in every trial.
    private func check(
        _ entry: ConfigEntry, _ distribution: Distribution?, _ written: WrittenValues, against base: ConfigNode
    ) {
        let name = entry.key
        if let foreign = base.foreignValue(onTheWayTo: name) {
            report(foreign, onTheWayTo: entry)
            return
        }
        guard let node = base[path: name] else {
            problems.report(
                "'\(name)' is not in \(basePath)", at: entry.keyLocation,
                help: nearest(name, among: base.allPaths).map { "did you mean '\($0)'?" })
            return
        }
        guard let distribution, !distribution.mayReplace(node, { written.shown($0, of: name) }) else { return }
        var help = "the parameter is \(distribution)"
        switch node.value {
        case .integer(let number) where distribution.values({ $0.asNumber != nil }):
            help += "; write \(number).0 in \(basePath) if any number will do"
        case .string where node.olderKind == .integer && distribution.values({ $0.asNumber != nil }):
            help += "; write a number with a point in \(basePath) if any number will do"
        case .string(let text) where distribution.values({ $0.mayReplace(withoutQuotes: node) }):
            help += "; write \(text) without quotes in \(basePath)"
        // The values that are missing are there, but are text.
        case .boolean, .integer, .number:
            if distribution.listsNothing(like: node), let text = distribution.text(thatCouldReplace: node) {
                help += "; write \(text) without quotes"
            } else if case .boolean = node.value {
                help += "; true and false are the booleans"
            } else if distribution.listsNothing(like: node) {
                help += "; write null in \(basePath) if values of any kind will do"
            }
        case .sequence, .mapping:
            if let below = node.leafPaths.first {
                help += "; a path below it is '\(name).\(below)'"
            }
        case .string where distribution.listsNothing(like: node):
            help += "; write null in \(basePath) if values of any kind will do"
        case .null, .string: break
        }
        problems.report(
            "'\(name)' is \(node.kindDescription) in \(basePath), and the parameter is not always of that kind",
            at: entry.keyLocation, help: help)
    }

    /// What only the trainer understands stays as it is.
    private func report(_ foreign: (path: String, tag: String), onTheWayTo entry: ConfigEntry) {
        let value =
            foreign.path == entry.key
            ? "'\(entry.key)' has" : "'\(entry.key)' is a part of '\(foreign.path)', which has"
        problems.report(
            "\(value) the tag \(foreign.tag) in \(basePath), which only the trainer understands", at: entry.keyLocation,
            help: "what has such a tag is passed on as it is; take the tag away to tune the value")
    }

    /// A value that is replaced whole has no parts to tune.
    ///
    ///     model: {type: choice, values: [{hidden: 64}, {hidden: 256}]}
    ///     model.hidden: {type: int, min: 64, max: 256}        # refused: it is a part of 'model'
    private func checkNesting(_ readings: [Reading]) {
        let names = Set(readings.map(\.name))
        for reading in readings {
            var path = reading.name[...]
            while let dot = path.lastIndex(of: ".") {
                path = path[..<dot]
                if names.contains(String(path)) {
                    problems.report(
                        "'\(reading.name)' is a part of '\(path)', which is a parameter itself",
                        at: reading.nameLocation,
                        help: "tune the whole or its parts")
                }
            }
        }
    }
}

extension ConfigNode {
    fileprivate var isNumber: Bool { if case .number = value { true } else { false } }
}

extension ParameterValue {
    /// Whether it may replace a value of a base configuration, by a reader of YAML 1.2 or 1.1.
    fileprivate func fits(_ node: ConfigNode) -> Bool {
        mayReplace(node.value) || node.olderKind.map(mayReplace) ?? false
    }

    /// Whether a value of a base configuration may be replaced by this one: by one of its kind, or by null.
    ///
    ///     base 64         32 may replace it; 0.5 may not, as a trainer may need an integer
    ///     base 0          32 and 0.5 may: 0 and 1 are written without a point also where any number will do
    ///     base 0.1        0.5 and 1 may
    ///     base null       every value may: it says nothing of a kind
    fileprivate func mayReplace(_ value: ConfigNode.Value) -> Bool {
        switch (value, self) {
        case (.null, _), (_, .null), (.boolean, .boolean), (.string, .string), (.sequence, .list), (.mapping, .mapping):
            true
        case (.integer, .integer), (.integer, .largeInteger): true
        case (.integer(let number), .number): number == 0 || number == 1
        case (.number, .integer), (.number, .number), (.number, .largeInteger): true
        case (.boolean, _), (.integer, _), (.number, _), (.string, _), (.sequence, _), (.mapping, _): false
        }
    }

    /// Whether it may replace a value that is of this kind by the rules of YAML 1.1.
    fileprivate func mayReplace(_ kind: ConfigNode.OlderKind) -> Bool {
        switch kind {
        case .boolean: mayReplace(.boolean(true))
        case .integer: mayReplace(.integer(64))
        case .number: mayReplace(.number(0.5))
        }
    }

    /// Whether it could replace the text, were that not in quotes.
    fileprivate func mayReplace(withoutQuotes node: ConfigNode) -> Bool {
        guard let value = node.valueWithoutQuotes, value != .null else { return false }
        return mayReplace(value)
    }
}

extension ConfigNode {
    /// Whether another program puts something else in the place of this text: `???` is missing to OmegaConf, and what
    /// stands in `${…}` is looked up.
    fileprivate var isFilledInLater: Bool {
        guard case .string(let text) = value else { return false }
        return text == "???" || text.contains("${")
    }
}

extension Distribution {
    /// Whether the values may stand where the base has this one.
    ///
    ///     base: auto          [auto, 0.5]                 yes
    ///     base: 0.1           [0.1, '1e-3']               no: most likely a slip
    ///     base: 0.1           [null, 0.5, linear]         yes: null says that several kinds are meant
    ///     base: ???           every distribution          yes: the value is filled in later
    ///
    /// A choice that offers null was written with several kinds in mind, and so was one that offers text and something
    /// else in place of text (`[auto, 0.5]`), or a list or mapping in place of a scalar. Text among numbers in place of
    /// a number is more often a slip, such as `'1e-3'`.
    ///
    /// - Parameter shown: the value as a trainer gets it.
    fileprivate func mayReplace(_ node: ConfigNode, _ shown: (ParameterValue) -> ParameterValue) -> Bool {
        if node.isFilledInLater { return true }
        func fits(_ value: ParameterValue) -> Bool { shown(value).fits(node) }
        switch self {
        case .real, .quantized, .integer: return values(fits)
        case .choice(let values, _), .ordinal(let values):
            if values.allSatisfy(fits) || values.contains(.null) { return true }
            switch node.value {
            case .string where values.contains { if case .string = $0 { true } else { false } }: return true
            case .string, .integer, .number, .boolean: return values.allSatisfy { fits($0) || $0.isStructure }
            case .null, .sequence, .mapping: return false
            }
        }
    }

    /// Whether none of the values that are listed one by one, as those of a choice, is of the node's kind.
    fileprivate func listsNothing(like node: ConfigNode) -> Bool {
        switch self {
        case .real, .quantized, .integer: false
        case .choice(let values, _), .ordinal(let values): !values.contains { $0.fits(node) }
        }
    }

    /// The first value that is of the node's kind, were it not in quotes.
    fileprivate func text(thatCouldReplace node: ConfigNode) -> String? {
        switch self {
        case .real, .quantized, .integer: return nil
        case .choice(let values, _), .ordinal(let values):
            for case .string(let text) in values {
                guard let value = ConfigNode(.string(text)).valueWithoutQuotes else { continue }
                if ParameterValue(value)?.mayReplace(node.value) == true { return text }
            }
            return nil
        }
    }

    /// Whether every legal value has the property.
    fileprivate func values(_ property: (ParameterValue) -> Bool) -> Bool {
        switch self {
        case .real(_, let min, _), .quantized(_, let min, _, _): property(.number(min))
        case .integer(let min, _, _, _): property(.integer(min))
        case .choice(let values, _), .ordinal(let values): values.allSatisfy(property)
        }
    }
}
