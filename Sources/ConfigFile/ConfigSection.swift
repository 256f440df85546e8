/// The numbers a setting may take.
public enum NumberBounds: Sendable {
    case any
    case positive
    case nonNegative
    case closed(ClosedRange<Double>)
    case halfOpen(Range<Double>)

    fileprivate func contains(_ number: Double) -> Bool {
        guard number.isFinite else { return false }
        return switch self {
        case .any: true
        case .positive: number > 0
        case .nonNegative: number >= 0
        case .closed(let range): range.contains(number)
        case .halfOpen(let range): range.contains(number)
        }
    }

    fileprivate var requirement: String {
        switch self {
        case .any: "must be finite"
        case .positive: "must be greater than 0"
        case .nonNegative: "must be at least 0"
        case .closed(let range): "must lie between \(range.lowerBound) and \(range.upperBound)"
        case .halfOpen(let range): "must be at least \(range.lowerBound) and less than \(range.upperBound)"
        }
    }
}

/// Reads the keys of one mapping as typed values, and reports what is wrong with them.
///
/// A key that is absent has its default; a key whose value is wrong is reported and has its default too, so that
/// reading goes on and finds the other mistakes. `reportUnknownKeys()` comes last: whatever was not asked for by then
/// is an error.
public final class ConfigSection {
    public let problems: DiagnosticCollector
    /// Where the mapping stands.
    public let location: SourceLocation?
    /// The dotted path of the section, empty at the top.
    public let path: String
    public let entries: [ConfigEntry]
    /// Whether the keys can be read: not where something stands that is no mapping, which has been reported.
    public let isReadable: Bool
    private let positions: [String: Int]
    private var known: [String] = []
    private var isKnown: Set<String> = []
    private var acceptsOtherKeys = false
    private var acceptedPrefix: String?
    private var children: [ConfigSection] = []
    private var explanations: [String: String] = [:]

    /// Reports, if `node` is neither a mapping nor null.
    ///
    /// - Parameter help: what would be right, for the report.
    public init(_ node: ConfigNode, path: String = "", problems: DiagnosticCollector, help: String? = nil) {
        self.problems = problems
        self.path = path
        location = node.location
        entries = node.entries
        positions = Dictionary(zip(entries.map(\.key), entries.indices)) { first, _ in first }
        switch node.value {
        case .mapping, .null: isReadable = true
        case .boolean, .integer, .number, .string, .sequence:
            isReadable = false
            let subject = path.isEmpty ? "the file" : "'\(path)'"
            problems.report(
                "\(subject) must be a mapping, found \(node.kindDescription)", at: node.location, help: help)
        }
    }

    /// The value of a key, marked as known.
    public func node(_ key: String) -> ConfigNode? {
        if isKnown.insert(key).inserted { known.append(key) }
        return positions[key].map { entries[$0].node }
    }

    /// The value of a key that must be there: its absence is reported.
    public func requiredNode(_ key: String, help: String? = nil) -> ConfigNode? {
        let node = node(key)
        if node == nil, isReadable { problems.report("'\(name(key))' is missing", at: location, help: help) }
        return node
    }

    /// Whether the key is there, known or not.
    public func contains(_ key: String) -> Bool { positions[key] != nil }

    /// The section below a key; an empty one if the key is absent.
    ///
    /// - Parameter help: what would be right if something else stands there.
    public func section(_ key: String, help: String? = nil) -> ConfigSection {
        let child = ConfigSection(node(key) ?? ConfigNode(.null), path: name(key), problems: problems, help: help)
        children.append(child)
        return child
    }

    public func string(_ key: String) -> String? {
        read(key, as: "a string", help: "anything in quotes is one") {
            if case .string(let text) = $0 { text } else { nil }
        }
    }

    public func boolean(_ key: String) -> Bool? {
        read(key, as: "true or false") { if case .boolean(let flag) = $0 { flag } else { nil } }
    }

    public func integer(_ key: String, in range: ClosedRange<Int> = .min ... .max) -> Int? {
        guard
            let number = read(
                key, as: "an integer",
                { value -> Int? in
                    switch value {
                    case .integer(let number): number
                    // `1e3` is an integer to the person who wrote it.
                    case .number(let number): Int(exactly: number)
                    case .null, .boolean, .string, .sequence, .mapping: nil
                    }
                })
        else { return nil }
        guard range.contains(number) else {
            let requirement =
                range.upperBound == .max
                ? "must be at least \(range.lowerBound)"
                : "must lie between \(range.lowerBound) and \(range.upperBound)"
            problems.report("'\(name(key))' \(requirement), found \(number)", at: place(of: key))
            return nil
        }
        return number
    }

    public func number(_ key: String, _ bounds: NumberBounds = .any) -> Double? {
        guard
            let number = read(
                key, as: "a number",
                { value -> Double? in
                    switch value {
                    case .integer(let number): Double(number)
                    case .number(let number): number
                    case .null, .boolean, .string, .sequence, .mapping: nil
                    }
                })
        else { return nil }
        guard bounds.contains(number) else {
            problems.report("'\(name(key))' \(bounds.requirement), found \(number)", at: place(of: key))
            return nil
        }
        return number
    }

    /// One of the names of a closed set.
    ///
    /// - Parameter explain: what is right in place of a name that is not in it, where that is known.
    public func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String, of type: Choice.Type = Choice.self, explain: (String) -> String? = { _ in nil }
    ) -> Choice? {
        guard let text = string(key) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        if let help = explain(text) {
            problems.report("'\(name(key))' cannot be '\(text)'", at: place(of: key), help: help)
            return nil
        }
        reportUnknownName(text, of: name(key), among: Choice.allCases.map(\.rawValue), at: place(of: key))
        return nil
    }

    /// Reports that a setting names something that is not there, with the nearest name or all of them.
    public func reportUnknownName(_ text: String, of subject: String, among names: [String], at place: SourceLocation?)
    {
        let help =
            nearestName(to: text, among: names).map { "did you mean '\($0)'?" }
            ?? "known are \(names.joined(separator: ", "))"
        problems.report("'\(subject)' cannot be '\(text)'", at: place, help: help)
    }

    /// Where the value of a key stands, or the section if it is absent.
    public func place(of key: String) -> SourceLocation? {
        positions[key].flatMap { entries[$0].node.location } ?? location
    }

    /// Has these keys, where nothing asks for them, reported with a help of their own: words of other programs, mostly.
    public func explain(_ explanations: [String: String]) { self.explanations = explanations }

    /// Takes every key for known: where a mistake leaves open which keys there may be.
    public func acceptOtherKeys() { acceptsOtherKeys = true }

    /// Takes the keys that begin so for known: nobody reads them.
    public func acceptKeys(beginningWith prefix: String) { acceptedPrefix = prefix }

    /// Reports the keys of this section, and of the sections below, that nothing asked for.
    public func reportUnknownKeys() {
        for entry in entries where !acceptsOtherKeys && !isKnown.contains(entry.key) {
            if let acceptedPrefix, entry.key.hasPrefix(acceptedPrefix) { continue }
            let elsewhere = nearestName(to: entry.key, among: known)
            problems.report(
                "unknown key '\(name(entry.key))'", at: entry.keyLocation,
                help: explanations[entry.key.lowercased()] ?? elsewhere.map { "did you mean '\($0)'?" }
                    ?? "known are \(known.joined(separator: ", "))")
        }
        for child in children { child.reportUnknownKeys() }
    }

    /// The full name of a key: its dotted path.
    public func name(_ key: String) -> String {
        path.isEmpty ? key : "\(path).\(key)"
    }

    private func read<Value>(
        _ key: String, as kind: String, help: String? = nil, _ convert: (ConfigNode.Value) -> Value?
    ) -> Value? {
        guard let node = node(key) else { return nil }
        if let value = convert(node.value) { return value }
        problems.report("'\(name(key))' must be \(kind), found \(node.kindDescription)", at: node.location, help: help)
        return nil
    }
}
