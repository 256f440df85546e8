import ConfigFile
import SweepSearch

#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

/// Turns a tuning file of the research code on reversible networks (`tune_test.yaml`) into a sweep file.
///
/// In a tuning file a key is a bare name, which is looked up anywhere in the nested training configuration. The bounds
/// of a `loguniform` are powers of ten; `uniform` and `choice` are as here; `randint` leaves out its upper bound, as
/// Python's libraries do. A parameter is a mapping `{type, min, max, values}`, or a list of the type and its
/// arguments. A list without a type is a choice, a single value is a constant, and a mapping without a type is a
/// section.
///
///     learning_rate: [loguniform, -4, -1]    # optimizer.learning_rate: {type: loguniform, min: 1e-4, max: 1e-1}
///     hidden: [randint, 8, 65]               # model.hidden: {type: int, min: 8, max: 64}
public struct TuneFile {
    private let document: ConfigDocument
    /// The training configuration; nil to keep all names as they are.
    private let base: ConfigDocument?
    private let problems: DiagnosticCollector

    /// - Parameter base: the training configuration, in which names are looked up to make paths of them; nil to keep
    ///   them.
    public init(_ document: ConfigDocument, base: ConfigDocument?) {
        self.document = document
        self.base = base
        problems = DiagnosticCollector(source: document.source)
    }

    /// The types of a tuning file.
    /// `randint` is the only one whose meaning differs from the type of a sweep file that is nearest to it.
    private enum Kind: String, CaseIterable {
        case uniform, loguniform, choice, randint
    }

    /// The draft of the sweep that the tuning file describes.
    ///
    ///     let tuning = try ConfigDocument.read(path: "tune_test.yaml")
    ///     print(try TuneFile(tuning, base: base).draft(config: "../base.yaml").text)
    ///
    /// - Parameter config: the path of the training configuration, from the folder of the sweep file.
    /// - Throws: `DiagnosticsError` with everything that could not be converted.
    public func draft(config: String?) throws(DiagnosticsError) -> SweepDraft {
        guard case .mapping(let entries) = document.root.value, !entries.isEmpty else {
            problems.report(
                "a tuning file must be a mapping of names, found \(document.root.kindDescription)",
                at: document.root.location)
            try problems.throwIfAny()
            return SweepDraft(header: [], config: config, parameters: [])
        }
        let lines = entries.flatMap { draftLines(of: $0) }
        if lines.isEmpty, problems.isEmpty { problems.report("there is nothing to tune in it", at: nil) }
        try problems.throwIfAny()
        return SweepDraft(
            header: ["\(document.source.path), converted by `revsweep convert`."], config: config, parameters: lines)
    }

    /// The parameters of an entry: one, or those of the section that it is.
    private func draftLines(of entry: ConfigEntry) -> [SweepDraft.Line] {
        switch entry.node.value {
        case .mapping(let settings):
            if let type = entry.node["type"] ?? entry.node["distribution"] {
                return line(entry, type, settings).map { [$0] } ?? []
            }
            return settings.flatMap { draftLines(of: $0) }
        case .sequence(let items):
            if case .string(let text) = items.first?.value, Kind(rawValue: text) != nil, let type = items.first {
                return line(entry, type, arguments(Array(items.dropFirst()), of: text)).map { [$0] } ?? []
            }
            return choice(items, entry).map { [$0] } ?? []
        case .null, .boolean, .integer, .number, .string:
            guard let value = ParameterValue(entry.node), value != .null else {
                problems.report(
                    "'\(entry.key)' cannot be \(entry.node.kindDescription)", at: entry.keyLocation,
                    help: "\(entry.key): {type: TYPE, …}, a list of values, or one value")
                return []
            }
            guard let name = path(of: entry) else { return [] }
            return [.init(name: name, definition: "{type: constant, value: \(value)}")]
        }
    }

    /// `[loguniform, -4, -1]` as the mapping it stands for.
    private func arguments(_ items: [ConfigNode], of type: String) -> [ConfigEntry] {
        if type == Kind.choice.rawValue {
            let values = items.count == 1 && items[0].isSequence ? items[0] : ConfigNode(.sequence(items))
            return [ConfigEntry(key: "values", node: values)]
        }
        return zip(["min", "max"], items).map { ConfigEntry(key: $0, node: $1) }
    }

    /// A parameter with a type; nil if it cannot be converted, which is reported.
    private func line(_ entry: ConfigEntry, _ type: ConfigNode, _ settings: [ConfigEntry]) -> SweepDraft.Line? {
        guard case .string(let text) = type.value, let kind = Kind(rawValue: text) else {
            let known = Kind.allCases.map(\.rawValue)
            var near: String?
            if case .string(let text) = type.value { near = nearest(text, among: known) }
            problems.report(
                "the type of '\(entry.key)' cannot be \(type.kindDescription)", at: type.location,
                help: near.map { "did you mean '\($0)'?" } ?? "known are \(known.joined(separator: ", "))")
            return nil
        }
        if kind == .choice {
            let keys: Set = ["values", "choices", "options", "categories"]
            guard case .sequence(let items) = settings.first(where: { keys.contains($0.key) })?.node.value else {
                problems.report("the choice '\(entry.key)' needs a list 'values'", at: entry.node.location)
                return nil
            }
            return choice(items, entry)
        }
        guard let min = bound(["min", "low", "lower"], settings, entry),
            let max = bound(["max", "high", "upper"], settings, entry), let name = path(of: entry)
        else { return nil }
        switch kind {
        case .uniform:
            return .init(
                name: name, definition: "{type: uniform, min: \(min.yamlDescription), max: \(max.yamlDescription)}")
        case .loguniform:
            return .init(
                name: name, definition: "{type: loguniform, min: \(powerOfTen(min)), max: \(powerOfTen(max))}",
                remark:
                    "10 to the power of \(ParameterValue.number(min).normalized) "
                    + "to \(ParameterValue.number(max).normalized)"
            )
        case .randint:
            guard let first = Int(exactly: min), let end = Int(exactly: max), first < end else {
                problems.report(
                    "the bounds of '\(entry.key)' must be two integers, the second the larger", at: entry.node.location)
                return nil
            }
            return .init(
                name: name, definition: "{type: int, min: \(first), max: \(end - 1)}",
                remark: "randint leaves out its upper bound, \(end)")
        case .choice: return nil
        }
    }

    /// A choice of values; nil if one of them is NaN, which is reported.
    private func choice(_ items: [ConfigNode], _ entry: ConfigEntry) -> SweepDraft.Line? {
        let values = items.compactMap { ParameterValue($0)?.description }
        guard !values.isEmpty, values.count == items.count else {
            problems.report(
                "'.nan' cannot be one of the values of '\(entry.key)'", at: entry.node.location)
            return nil
        }
        guard let name = path(of: entry) else { return nil }
        return .init(name: name, definition: "{type: choice, values: [\(values.joined(separator: ", "))]}")
    }

    /// The bound under the first of `keys` that is there; nil if it is missing or not a finite number, which is
    /// reported.
    private func bound(_ keys: [String], _ settings: [ConfigEntry], _ entry: ConfigEntry) -> Double? {
        let node = settings.first { keys.contains($0.key) }?.node
        if let number = node.flatMap({ ParameterValue($0.value)?.asNumber }) { return number }
        problems.report(
            node == nil
                ? "'\(entry.key)' needs a number '\(keys[0])'"
                : "'\(keys[0])' of '\(entry.key)' must be a finite number, found \(node?.kindDescription ?? "nothing")",
            at: node?.location ?? entry.node.location ?? entry.keyLocation)
        return nil
    }

    /// `-4` becomes `1e-4`: for whole exponents the text is exact, and easier to read than 0.0001.
    private func powerOfTen(_ exponent: Double) -> String {
        if let whole = Int(exactly: exponent) { return whole == 0 ? "1.0" : "1e\(whole)" }
        return pow(10, exponent).yamlDescription
    }

    /// The dotted path of a bare name in the training configuration. If it is nowhere or in several places, that is
    /// reported, and there is no path.
    ///
    ///     learning_rate       optimizer.learning_rate, if the configuration has that
    ///     hidden              refused if it has model.hidden and teacher.hidden: write which one
    private func path(of entry: ConfigEntry) -> String? {
        guard let base else { return entry.key }
        let leaves = base.root.leafPaths
        if leaves.contains(entry.key), entry.key.contains(".") { return entry.key }
        let places = leaves.filter { $0.split(separator: ".").last.map(String.init) == entry.key }
        if places.count == 1 { return places[0] }
        let names = leaves.compactMap { $0.split(separator: ".").last.map(String.init) }
        problems.report(
            places.isEmpty
                ? "'\(entry.key)' is nowhere in \(base.source.path)"
                : "'\(entry.key)' is in \(places.count) places of \(base.source.path)",
            at: entry.keyLocation,
            help: places.isEmpty
                ? nearest(entry.key, among: names).map { "did you mean '\($0)'?" }
                : "write which one: \(places.joined(separator: ", "))")
        return nil
    }
}

extension ConfigNode {
    fileprivate var isSequence: Bool { if case .sequence = value { true } else { false } }
}
