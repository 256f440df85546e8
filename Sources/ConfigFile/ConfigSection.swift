/// The range of numbers that a setting may take. Infinities and NaN are in none of them.
public enum NumberBounds: Sendable {
    /// Every finite number.
    case any
    /// Above 0, such as a learning rate.
    case positive
    /// From 0 up, such as a weight decay.
    case nonNegative
    /// Both bounds are allowed: `.closed(0...1)` for a share.
    case closed(ClosedRange<Double>)
    /// The upper bound is not allowed: `.halfOpen(0..<1)` for a momentum.
    case halfOpen(Range<Double>)

    /// Whether the setting may have this number; false for infinities and NaN.
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

    /// What a number must be, as the end of a message: `must be at least 0`.
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

/// Reads the keys of one mapping as typed values and reports what is wrong with them. Reading goes on after a mistake,
/// so that the user sees all mistakes of a file at once.
///
///     let document = try ConfigDocument.read(path: "train.yaml")
///     let problems = DiagnosticCollector(source: document.source)
///     let section = ConfigSection(document.root, problems: problems)
///     let epochs = section.integer("epochs", in: 1 ... .max) ?? 10
///     let rate = section.section("optimizer").number("lr", .positive) ?? 1e-3
///     section.reportUnknownKeys()
///     try problems.throwIfAny()
///
/// From a file with three mistakes
///
///     epochs: 0
///     optimizer: {lr: fast, momentun: 0.9}
///
/// the last line throws all three of them:
///
///     'epochs' must be at least 1, found 0
///     'optimizer.lr' must be a number, found the string 'fast'
///     unknown key 'optimizer.momentun'
///
/// The functions that read a key return nil if it is absent, and also if its value is wrong, which is then reported;
/// the caller goes on with the default. A key with nothing after it, as in `epochs:`, is there and has the value null,
/// which is wrong for every type but a section. `reportUnknownKeys()` comes last: every key that was not read by then
/// is a mistake.
///
/// It is a class because it remembers which keys were read, also where functions hand it on.
public final class ConfigSection {
    /// Receives the mistakes of this section and of those below it.
    public let problems: DiagnosticCollector
    /// Where the mapping begins in the file.
    public let location: SourceLocation?
    /// The dotted path of the section, empty at the top.
    public let path: String
    /// The keys with their values, in the order of the file.
    public let entries: [ConfigEntry]
    /// False if the value is not a mapping, which has been reported; its keys then all seem absent.
    public let isReadable: Bool
    /// By key, its index in `entries`, so that a long mapping is not searched for each key.
    private let positions: [String: Int]
    /// The keys that were read, in that order, which is the order in which messages list them.
    private var known: [String] = []
    private var isKnown: Set<String> = []
    private var acceptsOtherKeys = false
    /// The beginning of keys that are never reported; nil where there is none.
    private var acceptedPrefix: String?
    /// The sections made from this one; their unknown keys are reported with its own.
    private var children: [ConfigSection] = []
    /// The advice for certain unknown keys, by the key in lower case.
    private var explanations: [String: KeyAdvice] = [:]
    /// What is known of the keys that were read with a default or a condition: see `note`.
    private var uses: [String: KeyUse] = [:]

    /// The section whose mapping is `node`; null counts as an empty mapping, anything else is reported.
    ///
    /// - Parameters:
    ///   - path: the section's dotted path, for reports.
    ///   - help: the advice to give if `node` is not a mapping.
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
            if path.isEmpty, let foreign = problems.source.foreignFormat {
                problems.report(foreign.message, at: foreign.location, help: foreign.help)
                return
            }
            let subject = path.isEmpty ? "the file" : "'\(path)'"
            problems.report(
                "\(subject) must be a mapping, found \(node.kindDescription)", at: node.location, help: help)
        }
    }

    /// The value of a key, as a node, for values that no typed function reads. The key is known from then on.
    ///
    /// - Returns: nil if the mapping has no such key; for a key without a value, a node that is null.
    public func node(_ key: String) -> ConfigNode? {
        if isKnown.insert(key).inserted { known.append(key) }
        return positions[key].map { entries[$0].node }
    }

    /// The value of a key that must be there; if it is absent, that is reported.
    ///
    ///     let name = section.requiredNode("name").flatMap { _ in section.string("name") }
    ///
    /// Where the section itself is not a mapping, nothing more is reported: the missing key is only a consequence. It
    /// is one as well where another key is to be called so, by the advice given to `explain(_:)`, unless there is help.
    public func requiredNode(_ key: String, help: String? = nil) -> ConfigNode? {
        let node = node(key)
        let isMisnamed =
            help == nil && entries.contains { explanations[$0.key.lowercased()]?.key == key }
        if node == nil, isReadable, !isMisnamed {
            problems.report("'\(name(key))' is missing", at: location, help: help)
        }
        return node
    }

    /// Whether the mapping has the key. The key does not become known.
    ///
    /// It tells an absent key from a wrong value, for both of which the typed functions return nil.
    public func contains(_ key: String) -> Bool { positions[key] != nil }

    /// The section below a key; an empty one if the key is absent, so that all its settings have their defaults.
    ///
    /// Each call makes a new section, which knows only the keys that are read through it. So a section is made once and
    /// handed on: two of one key would report each other's keys as unknown.
    ///
    /// - Parameter help: the advice to give if the value is not a mapping.
    public func section(_ key: String, help: String? = nil) -> ConfigSection {
        let child = ConfigSection(node(key) ?? ConfigNode(.null), path: name(key), problems: problems, help: help)
        children.append(child)
        return child
    }

    /// The value of a key that must be a string.
    /// `version: 1.10` is a number, and is refused rather than turned into the text 1.1 or 1.10.
    public func string(_ key: String) -> String? {
        read(key, as: "a string", help: "anything in quotes is one") {
            if case .string(let text) = $0 { text } else { nil }
        }
    }

    /// The value of a key that must be `true` or `false`.
    /// `yes`, `on` and 1 are refused.
    public func boolean(_ key: String) -> Bool? {
        read(key, as: "true or false") { if case .boolean(let flag) = $0 { flag } else { nil } }
    }

    /// The value of a key that must be a whole number in `range`.
    /// `1e3` and `64.0` are whole numbers, 64.5 is not.
    public func integer(_ key: String, in range: ClosedRange<Int> = .min ... .max) -> Int? {
        guard
            let number = read(
                key, as: "an integer",
                { value -> Int? in
                    switch value {
                    case .integer(let number): number
                    // Users write whole numbers as `1e3`, too.
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

    /// The value of a key that must be a finite number within `bounds`; integers are numbers too.
    ///
    ///     lr: 0          section.number("lr", .positive)     // nil, and: 'lr' must be greater than 0, found 0.0
    ///     lr: .inf       section.number("lr")                // nil, and: 'lr' must be finite, found inf
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
            let requirement = (number.isFinite ? bounds : .any).requirement
            problems.report("'\(name(key))' \(requirement), found \(number)", at: place(of: key))
            return nil
        }
        return number
    }

    /// The value of a key that must be one of a fixed set of names.
    ///
    ///     enum Name: String, CaseIterable { case sgd, adam }
    ///     let name: Name = section.choice("name") ?? .sgd     // from `name: adm`: did you mean 'adam'?
    ///
    /// - Parameter explain: gives the advice for a name that is not in the set; nil to suggest the nearest one.
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

    /// Reports that a setting has a name that does not exist, and suggests the nearest existing one, or lists them all.
    public func reportUnknownName(_ text: String, of subject: String, among names: [String], at place: SourceLocation?)
    {
        let help =
            nearestName(to: text, among: names).map { "did you mean '\($0)'?" }
            ?? "known are \(names.joined(separator: ", "))"
        problems.report("'\(subject)' cannot be '\(text)'", at: place, help: help)
    }

    /// Where the value of a key begins in the file; if the key is absent, where the section begins.
    public func place(of key: String) -> SourceLocation? {
        positions[key].flatMap { entries[$0].node.location } ?? location
    }

    /// Gives the advice with which certain unknown keys are reported: mostly names that other programs use for a
    /// setting.
    ///
    ///     section.explain(["low": .key("min")])               // for `Low: 0` as well
    ///
    /// - Parameter explanations: by the key in lower case.
    public func explain(_ explanations: [String: KeyAdvice]) { self.explanations = explanations }

    /// Makes every key known, for when a mistake elsewhere means that the right keys cannot be told.
    public func acceptOtherKeys() { acceptsOtherKeys = true }

    /// Makes all keys with this prefix known, such as `x-`: they are for the user's own notes and are never read.
    public func acceptKeys(beginningWith prefix: String) { acceptedPrefix = prefix }

    /// Reports all keys of this section, and of the sections made from it, that have not been read.
    ///
    /// For each the help is the one given to `explain(_:)`, or else the nearest key that is known, or else all of
    /// those.
    public func reportUnknownKeys() { reportUnknownKeys(below: self) }

    /// - Parameter top: the section of the whole file. A setting is written with its whole path, and so is what the
    ///   user may have meant by it; that may be in another section.
    private func reportUnknownKeys(below top: ConfigSection) {
        for entry in entries where !acceptsOtherKeys && !isKnown.contains(entry.key) {
            if let acceptedPrefix, entry.key.hasPrefix(acceptedPrefix) { continue }
            let isSetting = entry.keyLocation?.isInSetting == true
            var elsewhere = nearestName(to: entry.key, among: known).map { isSetting ? settingName($0) : $0 }
            if isSetting { elsewhere = elsewhere ?? nearestName(to: name(entry.key), among: top.allKnown) }
            problems.report(
                "unknown key '\(isSetting ? settingName(entry.key) : name(entry.key))'", at: entry.keyLocation,
                help: explanations[entry.key.lowercased()]?.words ?? elsewhere.map { "did you mean '\($0)'?" }
                    ?? "known are \(known.map { isSetting ? settingName($0) : $0 }.joined(separator: ", "))")
        }
        for child in children { child.reportUnknownKeys(below: top) }
    }

    /// The full names of all keys that were read in this section and in those below it.
    private var allKnown: [String] { known.map(name) + children.flatMap(\.allKnown) }

    /// The full name of a key as a setting writes it, `a.0.b` where messages about a file have `a[0].b`.
    private func settingName(_ key: String) -> String {
        name(key).replacing("[", with: ".").replacing("]", with: "")
    }

    /// Records under which conditions a key has an effect.
    func note(_ key: String, _ use: KeyUse) { uses[key] = use }

    /// Warns of the keys in this section, and in those below it, that are written and have no effect.
    ///
    /// A section that lists all its keys is one that was written as a whole, as `resolved.yaml` is. In it a key that
    /// has its default says nothing, and is not named.
    public func warnOfKeysWithoutEffect() {
        for entry in entries {
            guard let use = uses[entry.key], let unmet = use.unmet, saysSomething(entry.key) else { continue }
            problems.warn(
                "'\(name(entry.key))' has no effect: \(unmet.reason)",
                at: settingPlace(of: entry.key) ?? entry.keyLocation,
                help: unmet.help)
        }
        for child in children where !child.isBelow(unmetIn: self) { child.warnOfKeysWithoutEffect() }
    }

    /// Whether the user has written more under a key than its default in a section that is written as a whole.
    private func saysSomething(_ key: String) -> Bool {
        if let child = children.first(where: { $0.path == name(key) }) {
            return child.entries.contains { child.saysSomething($0.key) }
        }
        return uses[key]?.isDefault != true || !known.allSatisfy { positions[$0] != nil }
    }

    /// Where a key of the section below a key was set, if one was: that is what the user has just written.
    private func settingPlace(of key: String) -> SourceLocation? {
        let child = children.first { $0.path == name(key) }
        return child?.entries.lazy.compactMap(\.keyLocation).first(where: \.isInSetting)
    }

    private func isBelow(unmetIn parent: ConfigSection) -> Bool {
        parent.uses.contains { $0.value.unmet != nil && parent.name($0.key) == path }
    }

    /// The full name of a key in this section: its dotted path.
    public func name(_ key: String) -> String {
        path.isEmpty ? key : "\(path).\(key)"
    }

    /// The value of a key, converted; nil if the key is absent or if `convert` returns nil, which is reported.
    ///
    /// - Parameters:
    ///   - kind: what the value must be, in words, such as `a number`.
    ///   - help: the advice in case it is not.
    private func read<Value>(
        _ key: String, as kind: String, help: String? = nil, _ convert: (ConfigNode.Value) -> Value?
    ) -> Value? {
        guard let node = node(key) else { return nil }
        if let value = convert(node.value) { return value }
        problems.report("'\(name(key))' must be \(kind), found \(node.kindDescription)", at: node.location, help: help)
        return nil
    }
}
