/// Turns the tree of a text into configuration nodes: resolves aliases and merge keys, reads scalars, reports repeated
/// keys.
///
///     base: &b {lr: 0.1, name: x}
///     run: {<<: *b, lr: 0.2}          # run is {lr: 0.2, name: x}: a mapping's own keys come first and win
///
/// Of several mappings that are merged, the earlier ones win. A node that an alias stands for keeps the place of the
/// anchored value, so messages show where it is written.
struct NodeBuilder {
    let problems: DiagnosticCollector
    private let tree: SyntaxTree
    private let dialect: ConfigDocument.Dialect
    /// How many nodes were built, each again for every alias of it.
    private var count = 0
    /// How many lists and mappings the present node lies in.
    private var depth = 0
    /// The values whose anchors were passed.
    private var anchors: [SyntaxNode.Anchor: Anchored] = [:]
    private var anchorNames: Set<String> = []
    /// The earlier ones of keys that are given twice, in the dialect `imported`.
    private(set) var repeatedKeys: [(key: String, location: SourceLocation)] = []

    /// A value that aliases may stand for.
    private struct Anchored {
        var node: ConfigNode
        /// How many nodes it has, which an alias of it adds to the size of the whole.
        var count: Int
        /// How many levels of lists and mappings it has, so that an alias deep inside others can be refused.
        var height: Int
    }

    /// The text stands for too much; that has been reported.
    private struct Refusal: Error {}

    init(_ tree: SyntaxTree, _ dialect: ConfigDocument.Dialect, problems: DiagnosticCollector) {
        self.tree = tree
        self.dialect = dialect
        self.problems = problems
    }

    /// The node of the whole text; nil if the text has no content, or if it would be too large or too deep with its
    /// aliases resolved, which is reported.
    mutating func build() -> ConfigNode? {
        guard let root = tree.root else { return nil }
        return try? node(root).node
    }

    /// - Returns: the node, and how many levels of lists and mappings it has: 0 for a scalar.
    private mutating func node(_ node: SyntaxNode) throws(Refusal) -> (node: ConfigNode, height: Int) {
        let location = node.location
        let countBefore = count
        count += 1
        if case .alias(let name, let target) = node.content {
            return try follow(name, target, at: location)
        }
        try checkSize(height: 0, at: location)
        var result: (node: ConfigNode, height: Int)
        depth += 1
        switch node.content {
        case .scalar(let text, let isPlain):
            result = (ConfigNode(value(of: node, text, isPlain: isPlain), at: location, text: text), 0)
            result.node.isPlain = isPlain && node.tag == nil
        case .sequence(let elements):
            check(node, expected: .sequence)
            var nodes: [ConfigNode] = []
            result = (ConfigNode(.null), 0)
            for element in elements {
                let (node, height) = try self.node(element)
                nodes.append(node)
                result.height = max(result.height, height)
            }
            result = (ConfigNode(.sequence(nodes), at: location), result.height + 1)
        case .mapping(let pairs):
            check(node, expected: .mapping)
            let (entries, height) = try entries(of: pairs)
            result = (ConfigNode(.mapping(entries), at: location), height + 1)
        case .alias:
            result = (ConfigNode(.null), 0)
        }
        depth -= 1
        // In the core dialect an unknown tag has been reported, and no node is needed.
        if let tag = node.tag, CoreTag(rawValue: tag) == nil, dialect != .core {
            result.node.foreignTag = CoreTag.written(tag)
        }
        if let anchor = node.anchor {
            result.node.isAnchored = true
            anchors[anchor] = Anchored(node: result.node, count: count - countBefore, height: result.height)
            if let name = node.anchorName { anchorNames.insert(name) }
        }
        return result
    }

    /// The node that an alias stands for. An unknown alias is reported and read as null, so that reading goes on.
    private mutating func follow(
        _ name: String, _ target: SyntaxNode.Anchor?, at location: SourceLocation
    ) throws(Refusal) -> (node: ConfigNode, height: Int) {
        guard let anchored = target.flatMap({ anchors[$0] }) else {
            let near = nearestName(to: name, among: anchorNames.sorted())
            problems.report(
                "there is no '&\(name)' before '*\(name)'", at: location,
                help: near.map { "did you mean '*\($0)'?" } ?? "text that begins with '*' needs quotes")
            return (ConfigNode(.null, at: location), 0)
        }
        count += anchored.count
        try checkSize(height: anchored.height, at: location)
        return (anchored.node, anchored.height)
    }

    /// The limits of `SyntaxReader` again, now with aliases resolved: a few lines of nested aliases can stand for
    /// billions of values.
    private func checkSize(height: Int, at location: SourceLocation) throws(Refusal) {
        if depth + height > SyntaxReader.maxDepth {
            problems.reportTooDeep(at: location)
            throw Refusal()
        }
        if count > SyntaxReader.maxNodes {
            problems.reportTooMany(at: location, hasAnchors: !anchors.isEmpty)
            throw Refusal()
        }
    }

    // MARK: Tags

    /// The value of a scalar, by its tag if it has one, or else by its spelling and quotes.
    private func value(of node: SyntaxNode, _ text: String, isPlain: Bool) -> ConfigNode.Value {
        guard let tag = node.tag else { return isPlain ? .plain(text) : .string(text) }
        guard let known = CoreTag(rawValue: tag) else {
            reportUnknownTag(tag, at: node.location)
            return .string(text)
        }
        if let value = known.value(of: text) { return value }
        // For a reader of YAML 1.1, `!!int 0b11` and `!!int 12:30` are right as well.
        if dialect == .foreign { return .string(text) }
        problems.report(
            "'\(text)' cannot have the tag \(known.written)", at: node.location,
            help: "what has the tag is \(known.noun)")
        return .null
    }

    /// Reports the tag of a list or mapping if it belongs to another kind of value, as in `!!map [1, 2]`.
    private func check(_ node: SyntaxNode, expected: CoreTag) {
        guard let tag = node.tag else { return }
        guard let known = CoreTag(rawValue: tag) else {
            reportUnknownTag(tag, at: node.location)
            return
        }
        if known == expected || known == .nonSpecific { return }
        problems.report(
            "\(expected.noun) cannot have the tag \(known.written)", at: node.location,
            help: "what has the tag is \(known.noun)")
    }

    private func reportUnknownTag(_ tag: String, at location: SourceLocation) {
        if dialect != .core { return }
        let known = CoreTag.allCases.filter { $0 != .nonSpecific }.map(\.written)
        problems.report(
            "the tag '\(CoreTag.written(tag))' is not understood", at: location,
            help: "known are \(known.joined(separator: ", "))")
    }

    // MARK: Mappings

    /// The entries of a mapping: its own in the order of the text, then those it merges. Of a repeated key the first
    /// value stays.
    private mutating func entries(of pairs: [SyntaxPair]) throws(Refusal) -> ([ConfigEntry], height: Int) {
        var entries: [ConfigEntry] = []
        var places: [String: SourceLocation?] = [:]
        var merged: [ConfigNode] = []
        var maxHeight = 0
        for pair in pairs {
            let place = pair.key.location
            let (value, height) = try node(pair.value)
            maxHeight = max(maxHeight, height)
            guard case .scalar(let key, _) = pair.key.content else {
                if dialect == .foreign { continue }
                problems.report(
                    "a key must be a plain name", at: place,
                    help: "text that begins with '[', '{' or '*' needs quotes")
                continue
            }
            if pair.key.isMerge {
                merged += mappings(toMerge: value)
            } else if dialect == .imported, places[key] != nil,
                let earlier = entries.firstIndex(where: { $0.key == key })
            {
                if let location = entries[earlier].keyLocation { repeatedKeys.append((key, location)) }
                entries[earlier] = ConfigEntry(key: key, at: place, node: value)
            } else if let earlier = places[key] {
                problems.report(
                    "the key '\(key)' is given twice", at: place,
                    help: earlier.map { "it is first given on line \($0.line)" })
            } else {
                places[key] = place
                entries.append(ConfigEntry(key: key, at: place, node: value))
            }
            if let anchor = pair.key.anchor {
                anchors[anchor] = Anchored(node: ConfigNode(.string(key), at: place, text: key), count: 1, height: 0)
            }
        }
        for entry in merged.flatMap(\.entries) where places[entry.key] == nil {
            places[entry.key] = entry.keyLocation
            entries.append(entry)
        }
        return (entries, maxHeight)
    }

    /// The mappings that the value of a `<<` stands for: itself, or the elements of a list.
    private func mappings(toMerge value: ConfigNode) -> [ConfigNode] {
        switch value.value {
        case .mapping: return [value]
        case .sequence(let nodes): return nodes.flatMap { mappings(toMerge: $0) }
        case .null, .boolean, .integer, .number, .string:
            // In `<<: !include x.yaml` only the trainer knows what is merged.
            if value.foreignTag != nil { return [] }
            problems.report(
                "'<<' must merge a mapping, found \(value.kindDescription)", at: value.location,
                help: "write '<<' in quotes for a key of that name")
            return []
        }
    }
}

extension SyntaxNode {
    /// Whether the node, as a key, is YAML 1.1's merge key: `<<` without quotes.
    var isMerge: Bool {
        if case .scalar("<<", isPlain: true) = content { tag == nil || tag == "tag:yaml.org,2002:merge" } else { false }
    }
}
