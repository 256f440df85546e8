/// One step of the path to a value: into a mapping, or into a list.
enum PathStep: Sendable, Hashable {
    /// An entry of a mapping. The key may hold dots.
    case key(String)
    /// An element of a list, counted from 0.
    case index(Int)
}

extension ConfigNode {
    /// The value at a dotted path such as `optimizer.learning_rate`, or `optimizer.betas.1` for an element of a list;
    /// nil if there is none.
    ///
    ///     optimizer: {betas: [0.9, 0.999], "weight.decay": 0.1}
    ///
    ///     root[path: "optimizer.betas.1"]?.value          // .number(0.999)
    ///     root[path: "optimizer.weight.decay"]?.value     // .number(0.1): a key may have dots in it
    ///     root[path: "optimizer.betas.01"]                // nil: an index has no leading zeros
    public subscript(path path: String) -> ConfigNode? {
        steps(to: path)?.reduce(Optional(self)) { $0?[$1] }
    }

    /// The value one step further; nil if there is none, or if the step is of the other kind: an index never finds a
    /// key.
    subscript(step: PathStep) -> ConfigNode? {
        switch (step, value) {
        case (.key(let key), .mapping): self[key]
        case (.index(let index), .sequence(let nodes)): nodes.indices.contains(index) ? nodes[index] : nil
        case (.key, _), (.index, _): nil
        }
    }

    /// The dotted paths of all values below this one that are not mappings, in the order of the text. An empty mapping
    /// counts as a value.
    ///
    ///     {optimizer: {lr: 0.1, betas: [0.9, 0.999]}, data: {}}
    ///
    ///     leafPaths       ["optimizer.lr", "optimizer.betas", "data"]
    public var leafPaths: [String] {
        entries.flatMap { entry -> [String] in
            if case .mapping(let inner) = entry.node.value, !inner.isEmpty {
                return entry.node.leafPaths.map { "\(entry.key).\($0)" }
            }
            return [entry.key]
        }
    }

    /// The dotted paths of all values below this one, including mappings and elements of lists. These are the names
    /// among which the one that a user misspelled is looked for.
    ///
    ///     {optimizer: {lr: 0.1, betas: [0.9, 0.999]}}
    ///
    ///     allPaths        ["optimizer", "optimizer.lr", "optimizer.betas", "optimizer.betas.0", "optimizer.betas.1"]
    public var allPaths: [String] {
        let below: [(name: String, node: ConfigNode)]
        switch value {
        case .mapping(let entries): below = entries.map { ($0.key, $0.node) }
        case .sequence(let nodes): below = nodes.enumerated().map { (String($0.offset), $0.element) }
        case .null, .boolean, .integer, .number, .string: below = []
        }
        return below.flatMap { name, node in [name] + node.allPaths.map { "\(name).\($0)" } }
    }

    /// A copy with `node` at a dotted path; mappings that are missing along the path are added.
    ///
    ///     {a: {b: 1}}
    ///
    ///     setting("a.c.d", to: .integer(2))       // {a: {b: 1, c: {d: 2}}}
    ///     setting("a.b.x", to: .integer(2))       // nil: 1 is no mapping
    ///     setting("list.0", to: .integer(2))      // adds {list: {"0": 2}}: what is missing becomes a mapping
    ///
    /// The node itself does not change, and neither does any file; `ConfigDocument.text(setting:)` changes the text.
    ///
    /// - Returns: nil if the path leads through a value that is neither a mapping nor a list with that element.
    public func setting(_ path: String, to node: ConfigNode) -> ConfigNode? {
        stepsForSetting(path).map { replacing($0[...], with: node) }
    }

    /// A copy with `value` at a dotted path: see `setting(_:to:)` with a node.
    public func setting(_ path: String, to value: Value) -> ConfigNode? {
        setting(path, to: ConfigNode(value))
    }

    /// The steps to the value at a dotted path; nil if there is none. In a mapping, components are keys, even if they
    /// are numbers; only in a list they are indices. Keys may contain dots, so one key may take several components; the
    /// shortest key that leads to a value is taken.
    ///
    /// - Complexity: at most 10,000 keys are tried. Beyond that the path counts as absent.
    func steps(to path: String) -> [PathStep]? {
        // A file whose keys contain many dots could make the number of splits to try grow exponentially.
        var triesLeft = 10_000
        return steps(Self.components(path)[...], triesLeft: &triesLeft)
    }

    /// The steps for the rest of a path.
    ///
    /// - Parameter triesLeft: how many keys may still be tried, in all branches together.
    private func steps(_ components: ArraySlice<Substring>, triesLeft: inout Int) -> [PathStep]? {
        guard let first = components.first else { return [] }
        switch value {
        case .mapping(let entries):
            var key = ""
            for (count, component) in components.enumerated() {
                key += (count == 0 ? "" : ".") + component
                triesLeft -= 1
                guard triesLeft > 0 else { return nil }
                guard let node = entries.first(where: { $0.key == key })?.node else { continue }
                if let rest = node.steps(components.dropFirst(count + 1), triesLeft: &triesLeft) {
                    return [.key(key)] + rest
                }
            }
            return nil
        case .sequence(let nodes):
            guard let index = Self.index(first), nodes.indices.contains(index) else { return nil }
            return nodes[index].steps(components.dropFirst(), triesLeft: &triesLeft).map { [.index(index)] + $0 }
        case .null, .boolean, .integer, .number, .string: return nil
        }
    }

    /// The steps to the place where the value at a path is, or would be if it were added; nil if it cannot be added.
    ///
    /// A component of a key that is added is one key: a path that is not there yet cannot name a key with dots in it.
    func stepsForSetting(_ path: String) -> [PathStep]? {
        if let steps = steps(to: path) { return steps }
        var components = Self.components(path)[...]
        var steps: [PathStep] = []
        var node: ConfigNode? = self
        while let first = components.popFirst() {
            switch node?.value {
            case nil: steps.append(.key(String(first)))
            case .mapping:
                steps.append(.key(String(first)))
                node = node?[String(first)]
            case .sequence(let nodes):
                guard let index = Self.index(first), nodes.indices.contains(index) else { return nil }
                steps.append(.index(index))
                node = nodes[index]
            case .null, .boolean, .integer, .number, .string: return nil
            }
        }
        return steps
    }

    /// A copy with `node` at the end of the steps.
    ///
    /// - Parameter steps: as `stepsForSetting` gives them for this node.
    func replacing(_ steps: ArraySlice<PathStep>, with node: ConfigNode) -> ConfigNode {
        guard let step = steps.first else { return node }
        let rest = steps.dropFirst()
        switch (step, value) {
        case (.index(let index), .sequence(var nodes)) where nodes.indices.contains(index):
            nodes[index] = nodes[index].replacing(rest, with: node)
            return with(.sequence(nodes))
        case (.key(let key), .mapping(var entries)):
            if let position = entries.firstIndex(where: { $0.key == key }) {
                entries[position].node = entries[position].node.replacing(rest, with: node)
            } else {
                entries.append(ConfigEntry(key: key, node: ConfigNode(.mapping([])).replacing(rest, with: node)))
            }
            return with(.mapping(entries))
        case (.index, _), (.key, _): return self
        }
    }

    /// A copy with another value and the same place in the file. Its `text` is still that of the old value, which does
    /// not matter: only lists and mappings, which have none, are changed like this.
    private func with(_ value: Value) -> ConfigNode {
        var node = self
        node.value = value
        return node
    }

    /// The value at a dotted path, if it has a tag which only another program understands; or where there is nothing at
    /// the path, the first scalar on the way there that has one.
    ///
    /// What a tagged mapping or list holds is a value like others: `lr` in `!new:Adam {lr: 0.1}`. But what lies behind
    /// a tagged scalar is not in this file: `data.size` where `data` is `!include data.yaml`.
    ///
    ///     data: !include data.yaml
    ///     optimizer: !new:Adam {lr: 0.1}
    ///
    ///     foreignValue(onTheWayTo: "data.size")       // ("data", "!include")
    ///     foreignValue(onTheWayTo: "data")            // ("data", "!include")
    ///     foreignValue(onTheWayTo: "optimizer.lr")    // nil
    ///
    /// - Returns: the path of the value that has the tag, and the tag as users write it.
    public func foreignValue(onTheWayTo path: String) -> (path: String, tag: String)? {
        if let node = self[path: path] { return node.foreignTag.map { (path, $0) } }
        let components = Self.components(path)
        for count in 1..<max(1, min(components.count, SyntaxReader.maxDepth)) {
            let start = components.prefix(count).joined(separator: ".")
            guard let node = self[path: start], let tag = node.foreignTag else { continue }
            switch node.value {
            case .mapping, .sequence: continue
            case .null, .boolean, .integer, .number, .string: return (start, tag)
            }
        }
        return nil
    }

    /// The parts between the dots. Empty ones stay, so `a..b` is not taken for `a.b`.
    private static func components(_ path: String) -> [Substring] {
        path.split(separator: ".", omittingEmptySubsequences: false)
    }

    /// The index that a component means; nil if it is not written plainly, without a sign or leading zeros.
    private static func index(_ component: Substring) -> Int? {
        guard let index = Int(component), index >= 0, String(index) == component else { return nil }
        return index
    }
}

extension ConfigNode {
    /// Whether a program that reads both nodes gets the same values. Other than for `==`, the order of keys does not
    /// count, nor whether a whole number is an integer or a floating-point number; but tags that only another program
    /// understands do.
    ///
    ///     {a: 1, b: x}  and  {b: x, a: 1.0}       mean the same
    ///     1             and  '1'                  do not
    func means(_ other: ConfigNode) -> Bool {
        guard foreignTag == other.foreignTag else { return false }
        switch (value, other.value) {
        case (.mapping(let entries), .mapping(let others)):
            let nodes = Dictionary(others.map { ($0.key, $0.node) }) { first, _ in first }
            return entries.count == others.count && entries.allSatisfy { nodes[$0.key]?.means($0.node) == true }
        case (.sequence(let nodes), .sequence(let others)):
            return nodes.count == others.count && zip(nodes, others).allSatisfy { $0.means($1) }
        case (.number(let number), .number(let other)):
            return number == other || number.isNaN && other.isNaN
        case (.number(let number), .integer(let integer)), (.integer(let integer), .number(let number)):
            return Int(exactly: number) == integer
        default: return value == other.value
        }
    }
}
