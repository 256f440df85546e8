import ConfigFile
import SweepModel
import SweepSearch

/// The search space of NNI: `{"lr": {"_type": "loguniform", "_value": [1e-5, 0.1]}}`.
///
/// An option of a choice may be an object with `_name`, which opens parameters that exist only with that option.
struct NNISpace {
    let problems: DiagnosticCollector
    let notes: ConversionNotes
    private(set) var lines: [OutlineLine] = []

    init(problems: DiagnosticCollector, notes: ConversionNotes) {
        self.problems = problems
        self.notes = notes
    }

    /// The types of NNI.
    private enum Kind: String, CaseIterable {
        case choice, randint, uniform, quniform, loguniform, qloguniform, normal, qnormal, lognormal, qlognormal

        /// What `_value` holds.
        var numbers: [String] {
            switch self {
            case .choice: []
            case .randint: ["lower", "upper"]
            case .uniform, .loguniform: ["low", "high"]
            case .quniform, .qloguniform: ["low", "high", "q"]
            case .normal, .lognormal: ["mu", "sigma"]
            case .qnormal, .qlognormal: ["mu", "sigma", "q"]
            }
        }
    }

    /// Whether a node is a search space: a mapping of parameters with `_type`.
    static func isSpace(_ node: ConfigNode) -> Bool {
        guard case .mapping(let entries) = node.value, !entries.isEmpty else { return false }
        return entries.contains { $0.node["_type"] != nil }
    }

    /// A parameter that exists only where another has a certain value.
    private struct Condition {
        var parent: String
        var value: String
    }

    mutating func read(_ node: ConfigNode) {
        guard case .mapping(let entries) = node.value, !entries.isEmpty else {
            problems.report(
                "a search space must be a mapping of parameters, found \(node.kindDescription)", at: node.location)
            return
        }
        for entry in entries { read(entry, name: entry.key, when: nil) }
    }

    private mutating func read(_ entry: ConfigEntry, name: String, when condition: Condition?) {
        // A space at the end of a name is a slip of the pen, also where the program then looks it up with the space.
        var comments: [String] = []
        let name = trimmed(name, at: entry.keyLocation, &comments)
        guard ParameterName.check(name, at: entry.keyLocation, problems) else { return }
        guard case .mapping = entry.node.value else {
            problems.report(
                "'\(name)' must be {\"_type\": …, \"_value\": […]}, found \(entry.node.kindDescription)",
                at: entry.place)
            return
        }
        if lines.contains(where: { $0.key == name }) {
            problems.report("there are two parameters '\(name)'", at: entry.keyLocation)
            return
        }
        let section = ConfigSection(entry.placed, path: name, problems: problems)
        guard let type = section.requiredNode("_type", help: "\"_type\": \"uniform\"") else { return }
        let word = type.foreignText ?? type.kindDescription
        guard let kind = Kind(rawValue: word) else {
            if word.hasPrefix("mutable") || word == "layer_choice" || word == "input_choice" {
                problems.report(
                    "'\(name)' belongs to a search for architectures, which has no counterpart", at: type.location)
            } else {
                section.reportUnknownName(
                    word, of: section.name("_type"), among: Kind.allCases.map(\.rawValue), at: type.location)
            }
            return
        }
        guard let value = section.requiredNode("_value", help: "\"_value\": […]") else { return }
        section.reportUnknownKeys()
        guard case .sequence(let items) = value.value, !items.isEmpty else {
            problems.report(
                "'\(section.name("_value"))' must be a list, found \(value.kindDescription)", at: value.location)
            return
        }
        let own = lines.count
        do throws(ForeignProblem) {
            var definition =
                kind == .choice
                ? try choice(items, name, value.location) : try numeric(kind, items, section.location)
            definition.comments = comments + definition.comments
            // A choice stands before the parameters of its options.
            lines.insert(conditional(definition, condition).line(name), at: own)
        } catch {
            problems.report("'\(name)': \(error.message)", at: value.location, help: error.help)
        }
    }

    private func trimmed(_ name: String, at location: SourceLocation?, _ comments: inout [String]) -> String {
        let trimmed = name.trimmingWhitespace
        if trimmed != name, !trimmed.isEmpty {
            comments.append(
                notes.add("the name '\(name)' has a space at its end; here it is '\(trimmed)'", at: location))
        }
        return trimmed
    }

    private func conditional(_ definition: Definition, _ condition: Condition?) -> Definition {
        guard let condition else { return definition }
        var definition = definition
        definition.settings.append(
            ("when", ValueText.mapping([(key: condition.parent, text: condition.value)])))
        return definition
    }

    // MARK: Choices

    private mutating func choice(
        _ items: [ConfigNode], _ name: String, _ location: SourceLocation?
    ) throws(ForeignProblem) -> Definition {
        let isNested = items.contains { $0["_name"] != nil }
        var values: [ForeignValue] = []
        for item in items {
            if item["_name"] == nil, let place = Self.innerType(item) {
                problems.report(
                    "'\(name)': an option holds a space of its own, which needs a name", at: place,
                    help: "{\"_name\": \"conv\", \"size\": {\"_type\": …, \"_value\": […]}}")
                continue
            }
            if isNested, let option = item["_name"]?.foreignText {
                values.append(ForeignValue(value: .string(option), text: ValueText.string(option)))
            } else if let value = item.foreignValue(older: false) {
                values.append(value)
            } else {
                throw ForeignProblem(message: "a choice cannot be or hold NaN")
            }
        }
        if isNested { readNested(items, name) }
        guard !values.isEmpty else { return .choice([]) }
        let distinct = DistinctValues(values)
        var definition = Definition.choice(distinct.texts)
        if distinct.hasDuplicates {
            definition.settings.append(("weights", ValueText.list(distinct.weights.map(ValueText.number))))
            definition.comments.append(
                notes.add("'\(name)' lists a value twice, which is therefore likelier", at: location))
        }
        return definition
    }

    /// Where an option has the type of a parameter in it, though it is no nested space: `["conv", {"_type": …}]`. It
    /// would reach the program as it is written.
    private static func innerType(_ node: ConfigNode) -> SourceLocation? {
        switch node.value {
        case .mapping(let entries):
            entries.first { $0.key == "_type" }?.keyLocation
                ?? entries.lazy.compactMap { innerType($0.node) }.first
        case .sequence(let nodes): nodes.lazy.compactMap { innerType($0) }.first
        case .null, .boolean, .integer, .number, .string: nil
        }
    }

    /// The parameters inside of options. Where two options have one of the same name, the option's name tells them
    /// apart.
    private mutating func readNested(_ items: [ConfigNode], _ name: String) {
        let inner = items.flatMap { $0["_name"] == nil ? [] : $0.entries.map(\.key).filter { $0 != "_name" } }
        let shared = Set(inner.filter { key in inner.count { $0 == key } > 1 })
        for item in items {
            guard let option = item["_name"]?.foreignText else { continue }
            for entry in item.entries where entry.key != "_name" {
                let isShared = shared.contains(entry.key)
                let word = String(option.map { $0.isWhitespace || "={}".contains($0) ? "_" : $0 })
                read(
                    entry, name: isShared ? "\(name).\(word).\(entry.key)" : "\(name).\(entry.key)",
                    when: Condition(parent: name, value: ValueText.string(option)))
            }
        }
    }

    // MARK: Numbers

    private func numeric(
        _ kind: Kind, _ items: [ConfigNode], _ location: SourceLocation?
    ) throws(ForeignProblem) -> Definition {
        var numbers = items.compactMap(\.foreignNumber)
        // In old files `randint` has one number: the integers from 0 up to it.
        if kind == .randint, items.count == 1, numbers.count == 1 {
            numbers.insert(ForeignNumber(value: 0, text: "0", isInteger: true), at: 0)
        }
        guard numbers.count == (kind == .randint ? 2 : items.count), numbers.count == kind.numbers.count else {
            throw ForeignProblem(
                message: "'\(kind.rawValue)' needs \(kind.numbers.count) numbers",
                help: "\"_value\": [\(kind.numbers.joined(separator: ", "))]")
        }
        let (first, second) = (numbers[0], numbers[1])
        switch kind {
        case .normal, .lognormal, .qnormal, .qlognormal:
            guard second.value > 0 else {
                throw ForeignProblem(message: "sigma must be above 0, and is \(second.text)")
            }
            var definition = Definition(kind.rawValue, [("mean", first.text), ("std", second.text)])
            if numbers.count > 2 { definition.settings.append(("step", try step(numbers[2]).text)) }
            return definition
        case .choice, .randint, .uniform, .quniform, .loguniform, .qloguniform: break
        }
        guard first.value <= second.value else {
            throw ForeignProblem(message: "\(first.text) is larger than \(second.text)")
        }
        if kind == .loguniform || kind == .qloguniform, first.value <= 0 {
            throw ForeignProblem(message: "a logarithmic range must begin above 0, and begins at \(first.text)")
        }
        switch kind {
        case .randint:
            guard let low = first.whole, let high = second.whole, low < high else {
                throw ForeignProblem(message: "'randint' needs two integers, the second larger")
            }
            return .range("int", String(low), String(high - 1), remark: "randint leaves out its upper bound, \(high)")
        case .quniform, .qloguniform:
            return try clipped(kind, first, second, try step(numbers[2]), location)
        case .uniform, .loguniform, .choice, .normal, .qnormal, .lognormal, .qlognormal:
            return .range(kind.rawValue, first.text, second.text)
        }
    }

    private func step(_ number: ForeignNumber) throws(ForeignProblem) -> ForeignNumber {
        if number.value > 0 { return number }
        throw ForeignProblem(message: "q must be above 0, and is \(number.text)")
    }

    /// `clip(round(x / q) · q, low, high)`: the multiples within the bounds, and a bound where the nearest multiple is
    /// outside.
    private func clipped(
        _ kind: Kind, _ low: ForeignNumber, _ high: ForeignNumber, _ step: ForeignNumber, _ location: SourceLocation?
    ) throws(ForeignProblem) -> Definition {
        let (first, last) = (low.value / step.value, high.value / step.value)
        let tolerance = 1e-9 * Swift.max(1, last.magnitude)
        let (inner, outer) = ((first - tolerance).rounded(.up), (last + tolerance).rounded(.down))
        let lowest = Swift.max(inner, kind == .quniform ? -.infinity : 1)
        // Only where the nearest multiple is outside does clipping give the bound itself.
        let below = first.rounded() < lowest - tolerance ? [low] : []
        let above = last.rounded() > outer + tolerance ? [high] : []
        guard lowest <= outer else {
            let bounds = below + (above.first?.value == below.first?.value ? [] : above)
            var definition = bounds.count == 1 ? Definition.constant(bounds[0].text) : .choice(bounds.map(\.text))
            definition.remark = "no multiple of \(step.text) lies within the bounds"
            return definition
        }
        var definition = Definition(
            kind.rawValue, [("min", low.text), ("max", high.text), ("step", step.text)])
        if !(below + above).isEmpty {
            let bounds = (below + above).map(\.text).joined(separator: " and ")
            definition.comments.append(
                notes.add(
                    "NNI clips to the bounds and so could also give \(bounds), no multiple of \(step.text)",
                    at: location))
        }
        return definition
    }
}
