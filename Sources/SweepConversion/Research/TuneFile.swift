import ConfigFile
import SweepModel
import SweepSearch

#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

/// A tuning file of the research code on reversible networks (`tune_test.yaml`).
///
/// In a tuning file a key is a bare name, which is looked up anywhere in the nested training configuration; a name that
/// is nowhere in it changes nothing, and is left out here as well. The bounds of a `loguniform` are powers of ten;
/// `uniform` and `choice` are as here; `randint` leaves out its upper bound, as Python's libraries do. A parameter is a
/// mapping `{type, min, max, values}`, or a list of the type and its arguments. A list without a type is a choice, a
/// single value is a constant, and a mapping without a type is a section.
///
///     learning_rate: [loguniform, -4, -1]    # optimizer.learning_rate: {type: loguniform, min: 1e-4, max: 1e-1}
///     hidden: [randint, 8, 65]               # model.hidden: {type: int, min: 8, max: 64}
struct TuneFile {
    let problems: DiagnosticCollector
    let notes: ConversionNotes
    let context: ConversionContext

    /// The types of a tuning file.
    private enum Kind: String, CaseIterable {
        case uniform, loguniform, choice, randint
    }

    /// The keys of a parameter that is a mapping.
    private static let keys = ["type", "min", "max", "values"]

    /// Whether a node is a tuning file: a mapping of names to types with their arguments.
    ///
    /// Many programs have files with a `type` and bounds, in which a `loguniform` from 1e-4 to 1 is just that. Here it
    /// would be a range of exponents. So a single parameter with a type or a key that the research code does not have
    /// means that the file is another program's. A slip in the spelling of one does not.
    static func isTuneFile(_ root: ConfigNode) -> Bool {
        guard case .mapping(let entries) = root.value else { return false }
        let own = ["parameters", "trainer", "metric", "budget", "spec", "hydra"]
        if own.contains(where: { root[$0] != nil }) { return false }
        let signs = entries.flatMap { Self.signs($0.node) }
        return signs.contains(.own) && !signs.contains(.other)
    }

    /// What a parameter says about the program that its file is for.
    private enum Sign {
        case own, misspelled, other
    }

    private static func signs(_ node: ConfigNode) -> [Sign] {
        switch node.value {
        case .sequence(let items):
            guard case .string(let word)? = items.first?.value else { return [] }
            return Kind(rawValue: word) != nil && items.count > 1 ? [.own] : []
        case .mapping(let entries):
            guard case .string(let word)? = node["type"]?.value else { return entries.flatMap { signs($0.node) } }
            let isNear = entries.allSatisfy { keys.contains($0.key) || nearestName(to: $0.key, among: keys) != nil }
            guard isNear else { return [.other] }
            if Kind(rawValue: word) != nil { return [.own] }
            return [nearestName(to: word, among: Kind.allCases.map(\.rawValue)) == nil ? .other : .misspelled]
        case .null, .boolean, .integer, .number, .string: return []
        }
    }

    func outline(_ root: ConfigNode) -> SweepOutline {
        var outline = SweepOutline()
        var left: [String] = []
        outline.parameters = root.entries.flatMap { lines(of: $0, leftOut: &left) }
        outline.parameterComments = left
        if outline.parameters.isEmpty, problems.isEmpty {
            problems.report(
                left.isEmpty ? "there is nothing to tune in it" : "none of its names is in the training configuration",
                at: nil)
        }
        var comments: [String] = []
        if context.metric == nil {
            comments.append(
                notes.add("the file names no metric; this is the number that revmlp reports", at: nil))
        }
        outline.metric = OutlineLine(
            "metric",
            ValueText.mapping([
                ("name", ValueText.string(context.metric ?? "val_loss")),
                ("goal", context.goal?.rawValue ?? "minimize"),
            ]), comments: comments)
        if let command = context.command {
            outline.trainer = [OutlineLine("command", CommandText.list(command))]
        } else if context.base != nil {
            outline.trainer = [OutlineLine("command", "[revmlp, train, '{config}']")]
        } else {
            outline.trainer = [
                OutlineLine(
                    "command", CommandText.list(["train", "{args}"]),
                    comments: [
                        notes.add(
                            "without a training configuration (--config) names stay bare; write your program in the "
                                + "place of train", at: nil)
                    ])
            ]
        }
        outline.usesBase = context.base != nil
        outline.sections = [
            OutlineLine("sampler", "auto"),
            OutlineLine(
                "budget", "{trials: 50}", comments: [notes.add("the file does not say how many trials", at: nil)]),
            OutlineLine("resources", "{parallel: auto, threads: 1}"),
        ]
        return outline
    }

    // MARK: Parameters

    /// The parameters of an entry: one, or those of the section that it is.
    private func lines(of entry: ConfigEntry, leftOut: inout [String]) -> [OutlineLine] {
        var definition: Definition?
        switch entry.node.value {
        case .mapping(let settings):
            guard let type = entry.node["type"], case .string = type.value else {
                return settings.flatMap { lines(of: $0, leftOut: &leftOut) }
            }
            for setting in settings where !Self.keys.contains(setting.key) {
                problems.report(
                    "unknown key '\(entry.key).\(setting.key)'", at: setting.keyLocation,
                    help: nearestName(to: setting.key, among: Self.keys).map { "did you mean '\($0)'?" }
                        ?? "known are \(Self.keys.joined(separator: ", "))")
            }
            definition = typed(entry, type, settings)
        case .sequence(let items):
            if case .string(let text) = items.first?.value, Kind(rawValue: text) != nil, let type = items.first {
                definition = typed(entry, type, arguments(Array(items.dropFirst()), of: text))
            } else {
                definition = choice(items, entry)
            }
        case .null, .boolean, .integer, .number, .string:
            guard let value = entry.node.foreignValue(older: false), value.value != .null else {
                problems.report(
                    "'\(entry.key)' cannot be \(entry.node.kindDescription)", at: entry.keyLocation,
                    help: "\(entry.key): {type: TYPE, …}, a list of values, or one value")
                return []
            }
            definition = .constant(value.text)
        }
        guard let definition, let name = path(of: entry, &leftOut) else { return [] }
        return [definition.line(name)]
    }

    /// `[loguniform, -4, -1]` as the mapping it stands for.
    private func arguments(_ items: [ConfigNode], of type: String) -> [ConfigEntry] {
        if type == Kind.choice.rawValue {
            var values = ConfigNode(.sequence(items))
            if items.count == 1, case .sequence = items[0].value { values = items[0] }
            return [ConfigEntry(key: "values", node: values)]
        }
        return zip(["min", "max"], items).map { ConfigEntry(key: $0, node: $1) }
    }

    /// A parameter with a type; nil if it cannot be converted, which is reported.
    private func typed(_ entry: ConfigEntry, _ type: ConfigNode, _ settings: [ConfigEntry]) -> Definition? {
        guard case .string(let text) = type.value, let kind = Kind(rawValue: text) else {
            let known = Kind.allCases.map(\.rawValue)
            var near: String?
            if case .string(let text) = type.value { near = nearestName(to: text, among: known) }
            problems.report(
                "the type of '\(entry.key)' cannot be \(type.kindDescription)", at: type.location,
                help: near.map { "did you mean '\($0)'?" } ?? "known are \(known.joined(separator: ", "))")
            return nil
        }
        if kind == .choice {
            guard case .sequence(let items) = settings.first(where: { $0.key == "values" })?.node.value else {
                problems.report("the choice '\(entry.key)' needs a list 'values'", at: entry.place)
                return nil
            }
            return choice(items, entry)
        }
        guard let min = bound("min", settings, entry), let max = bound("max", settings, entry) else { return nil }
        if kind != .randint, min > max {
            problems.report(
                "'min' of '\(entry.key)' is larger than max: \(ValueText.number(min)) and \(ValueText.number(max))",
                at: entry.place)
            return nil
        }
        return numeric(kind, min, max, entry)
    }

    private func numeric(_ kind: Kind, _ min: Double, _ max: Double, _ entry: ConfigEntry) -> Definition? {
        switch kind {
        case .uniform: return .range("uniform", min.yamlDescription, max.yamlDescription)
        case .loguniform:
            guard pow(10, min).isNormal, pow(10, max).isNormal else {
                problems.report(
                    "the bounds of '\(entry.key)' are powers of ten, and these are too large", at: entry.place)
                return nil
            }
            return logarithmic(min, max, entry)
        case .randint:
            guard let first = Int(exactly: min), let end = Int(exactly: max), first < end else {
                problems.report(
                    "the bounds of '\(entry.key)' must be two integers, the second the larger", at: entry.place)
                return nil
            }
            return .range(
                "int", String(first), String(end - 1), remark: "randint leaves out its upper bound, \(end)")
        case .choice: return nil
        }
    }

    /// A range of powers of ten. Bounds that can only be meant as values are refused: 1e-4 as an exponent is 1.0002.
    private func logarithmic(_ min: Double, _ max: Double, _ entry: ConfigEntry) -> Definition? {
        let words = "\(ValueText.number(min)) to \(ValueText.number(max))"
        guard !(min > 0 && min < 0.1), max <= 10 else {
            problems.report(
                "the bounds of '\(entry.key)' are exponents of 10 to the research code, and \(words) look like values",
                at: entry.place,
                help: "for the values from 0.0001 to 1 write -4 and 0; a range that is not logarithmic is uniform")
            return nil
        }
        var definition = Definition.range(
            "loguniform", powerOfTen(min), powerOfTen(max), remark: "10 to the power of \(words)")
        if min > 0 {
            definition.comments.append(
                notes.add(
                    "the bounds of '\(entry.key)' are exponents of 10; if they are meant as values, write "
                        + "min: \(ValueText.number(min)), max: \(ValueText.number(max))", at: entry.place))
        }
        return definition
    }

    /// A choice of values; nil if one of them is NaN, which is reported.
    private func choice(_ items: [ConfigNode], _ entry: ConfigEntry) -> Definition? {
        let values = items.compactMap { $0.foreignValue(older: false) }
        guard !values.isEmpty, values.count == items.count else {
            problems.report(
                items.isEmpty
                    ? "the choice '\(entry.key)' has no values"
                    : "'.nan' cannot be one of the values of '\(entry.key)'",
                at: entry.place)
            return nil
        }
        return .choice(DistinctValues(values).texts)
    }

    /// A bound; nil if it is missing or not a finite number, which is reported.
    private func bound(_ key: String, _ settings: [ConfigEntry], _ entry: ConfigEntry) -> Double? {
        let node = settings.first { $0.key == key }?.node
        if let number = node?.foreignNumber?.value { return number }
        problems.report(
            node == nil
                ? "'\(entry.key)' needs a number '\(key)'"
                : "'\(key)' of '\(entry.key)' must be a finite number, found \(node?.kindDescription ?? "nothing")",
            at: node?.location ?? entry.place)
        return nil
    }

    /// `-4` becomes `1e-4`: for whole exponents the text is exact, and easier to read than 0.0001.
    private func powerOfTen(_ exponent: Double) -> String {
        if let whole = Int(exactly: exponent) { return whole == 0 ? "1.0" : "1e\(whole)" }
        return pow(10, exponent).yamlDescription
    }

    /// The dotted path of a bare name in the training configuration. A name that is nowhere is noted, as the research
    /// code passes over it; one that is in several places is reported.
    private func path(of entry: ConfigEntry, _ leftOut: inout [String]) -> String? {
        guard let base = context.base?.document else {
            return ParameterName.check(entry.key, at: entry.keyLocation, problems) ? entry.key : nil
        }
        let leaves = base.root.leafPaths
        if leaves.contains(entry.key), entry.key.contains(".") { return entry.key }
        func last(_ path: String) -> String { path.split(separator: ".").last.map(String.init) ?? path }
        let places = leaves.filter { last($0) == entry.key }
        if places.count == 1 { return places[0] }
        if places.isEmpty {
            let near = nearestName(to: entry.key, among: leaves.map(last)).map { "; was '\($0)' meant?" } ?? ""
            leftOut.append(
                notes.add(
                    "'\(entry.key)' is nowhere in \(base.source.path), so the research code passes over it\(near)",
                    at: entry.keyLocation))
            return nil
        }
        problems.report(
            "'\(entry.key)' is in \(places.count) places of \(base.source.path)", at: entry.keyLocation,
            help: "write which one: \(places.joined(separator: ", "))")
        return nil
    }
}
