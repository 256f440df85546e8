import Yams

/// Turns composed YAML into configuration nodes: follows aliases and merge keys, finds repeated keys, and refuses what
/// would take too much of anything.
struct Conversion {
    /// The most values that a file may hold, each counted as often as an alias repeats it.
    static let mostNodes = 100_000
    /// How deep lists and mappings may nest, so that nothing that walks a tree can exhaust the stack.
    static let deepest = 100

    let composition: Composition
    let problems: DiagnosticCollector
    private var count = 0
    private var depth = 0
    private var anchors: [String: Anchored] = [:]

    private struct Anchored {
        var node: ConfigNode
        var count: Int
        var height: Int
    }

    private struct Refusal: Error {}

    init(composition: Composition, problems: DiagnosticCollector) {
        self.composition = composition
        self.problems = problems
    }

    /// Nil if the tree would be too large or too deep.
    mutating func convert(_ root: Node) -> ConfigNode? {
        try? node(root).node
    }

    /// - Returns: the node, and how deep it nests: 0 for a scalar.
    private mutating func node(_ node: Node) throws(Refusal) -> (node: ConfigNode, height: Int) {
        let location = node.mark.map { SourceLocation($0) }
        let countBefore = count
        count += 1
        if case .scalar(let scalar) = node, let name = composition.alias(scalar) {
            return try follow(name, at: location)
        }
        try checkSize(height: 0, at: location)
        var result: (node: ConfigNode, height: Int)
        depth += 1
        switch node {
        case .scalar(let scalar):
            let text = composition.text(of: scalar)
            result = (ConfigNode(value(of: scalar, text, at: location), at: location, text: text), 0)
        case .sequence(let sequence):
            checkTag(sequence.tag, expected: .seq, at: location)
            var nodes: [ConfigNode] = []
            result = (ConfigNode(.null), 0)
            for element in sequence {
                let (node, height) = try self.node(element)
                nodes.append(node)
                result.height = max(result.height, height)
            }
            result = (ConfigNode(.sequence(nodes), at: location), result.height + 1)
        case .mapping(let mapping):
            checkTag(mapping.tag, expected: .map, at: location)
            let (entries, height) = try entries(of: mapping)
            result = (ConfigNode(.mapping(entries), at: location), height + 1)
        case .alias:
            preconditionFailure("no alias reaches Yams")
        }
        depth -= 1
        if let anchor = node.anchor {
            anchors[anchor.rawValue] = Anchored(node: result.node, count: count - countBefore, height: result.height)
        }
        return result
    }

    private mutating func follow(
        _ name: String, at location: SourceLocation?
    ) throws(Refusal) -> (node: ConfigNode, height: Int) {
        guard let anchored = anchors[name] else {
            let near = nearestName(to: name, among: anchors.keys.sorted())
            problems.report(
                "there is no '&\(name)' before '*\(name)'", at: location,
                help: near.map { "did you mean '*\($0)'?" } ?? "text that begins with '*' needs quotes")
            return (ConfigNode(.null, at: location), 0)
        }
        count += anchored.count
        try checkSize(height: anchored.height, at: location)
        return (anchored.node, anchored.height)
    }

    private func checkSize(height: Int, at location: SourceLocation?) throws(Refusal) {
        if depth + height > Self.deepest {
            problems.reportTooDeep(at: location)
            throw Refusal()
        }
        if count > Self.mostNodes {
            problems.report(
                "the file holds more than \(Self.mostNodes) values", at: location,
                help: anchors.isEmpty ? nil : "what an alias stands for counts each time")
            throw Refusal()
        }
    }

    // MARK: Scalars

    private func value(
        of scalar: Node.Scalar, _ text: String, at location: SourceLocation?
    ) -> ConfigNode.Value {
        let isString = scalar.tag.description == Tag.Name.str.rawValue || scalar.tag == Tag(.nonSpecific)
        if !isString { checkTag(scalar.tag, expected: .implicit, at: location) }
        return isString || scalar.style != .plain ? .string(text) : .plain(text)
    }

    private func checkTag(_ tag: Tag, expected: Tag.Name, at location: SourceLocation?) {
        let name = tag.description
        if [Tag.Name.implicit, .nonSpecific, .str, expected].contains(where: { $0.rawValue == name }) { return }
        let written = name.replacing("tag:yaml.org,2002:", with: "!!")
        problems.report("the tag '\(written)' is not understood", at: location, help: "only !!str is")
    }

    // MARK: Mappings

    private mutating func entries(of mapping: Node.Mapping) throws(Refusal) -> ([ConfigEntry], height: Int) {
        var entries: [ConfigEntry] = []
        var places: [String: SourceLocation] = [:]
        var merged: [ConfigNode] = []
        var deepest = 0
        for (keyNode, valueNode) in mapping {
            let place = keyNode.mark.map { SourceLocation($0) }
            let (value, height) = try node(valueNode)
            deepest = max(deepest, height)
            guard case .scalar(let scalar) = keyNode, composition.alias(scalar) == nil else {
                problems.report(
                    "a key must be a plain name", at: place,
                    help: "text that begins with '[', '{' or '*' needs quotes")
                continue
            }
            let key = place.flatMap { composition.repeatedKeys[$0] } ?? composition.text(of: scalar)
            if key == "<<", scalar.style == .plain {
                merged += mappings(toMerge: value)
            } else if let earlier = places[key] {
                problems.report(
                    "the key '\(key)' is given twice", at: place, help: "it is first given on line \(earlier.line)")
            } else {
                places[key] = place
                entries.append(ConfigEntry(key: key, at: place, node: value))
            }
        }
        for entry in merged.flatMap(\.entries) where places[entry.key] == nil {
            places[entry.key] = entry.keyLocation
            entries.append(entry)
        }
        return (entries, deepest)
    }

    private func mappings(toMerge value: ConfigNode) -> [ConfigNode] {
        switch value.value {
        case .mapping: return [value]
        case .sequence(let nodes): return nodes.flatMap { mappings(toMerge: $0) }
        case .null, .boolean, .integer, .number, .string:
            problems.report(
                "'<<' must merge a mapping, found \(value.kindDescription)", at: value.location,
                help: "write '<<' in quotes for a key of that name")
            return []
        }
    }
}

extension SourceLocation {
    init(_ mark: Mark) {
        self.init(line: mark.line, column: mark.column)
    }
}
