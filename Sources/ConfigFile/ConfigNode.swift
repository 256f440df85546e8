/// A value of a configuration, and where it was written.
///
/// Two nodes are equal if their values are: where they stand does not matter, nor do comments and layout, which are
/// not kept. The order of a mapping's keys is kept and does count.
public struct ConfigNode: Sendable {
    public indirect enum Value: Sendable, Hashable {
        case null
        case boolean(Bool)
        case integer(Int)
        case number(Double)
        case string(String)
        case sequence([ConfigNode])
        case mapping([ConfigEntry])
    }

    public var value: Value
    /// Nil for a value that no file holds.
    public var location: SourceLocation?
    /// A scalar as it is written, without quotes and escapes: `3.10`, where the value is 3.1. Nil for what is no scalar
    /// or in no file.
    public var text: String?

    public init(_ value: Value, at location: SourceLocation? = nil, text: String? = nil) {
        self.value = value
        self.location = location
        self.text = text
    }
}

/// One key of a mapping with its value.
public struct ConfigEntry: Sendable {
    public var key: String
    public var keyLocation: SourceLocation?
    public var node: ConfigNode

    public init(key: String, at keyLocation: SourceLocation? = nil, node: ConfigNode) {
        self.key = key
        self.keyLocation = keyLocation
        self.node = node
    }
}

extension ConfigNode: Hashable {
    public static func == (left: Self, right: Self) -> Bool { left.value == right.value }
    public func hash(into hasher: inout Hasher) { hasher.combine(value) }
}

extension ConfigEntry: Hashable {
    public static func == (left: Self, right: Self) -> Bool { left.key == right.key && left.node == right.node }
    public func hash(into hasher: inout Hasher) {
        hasher.combine(key)
        hasher.combine(node)
    }
}

extension ConfigNode {
    /// The entries of a mapping; empty for anything else.
    public var entries: [ConfigEntry] {
        guard case .mapping(let entries) = value else { return [] }
        return entries
    }

    /// An integer or a number as a number; nil for anything else, and for one that is not finite.
    public var finiteNumber: Double? {
        switch value {
        case .integer(let number): Double(number)
        case .number(let number): number.isFinite ? number : nil
        case .null, .boolean, .string, .sequence, .mapping: nil
        }
    }

    public subscript(key: String) -> ConfigNode? {
        entries.first { $0.key == key }?.node
    }

    /// The value at a dotted path such as `optimizer.learning_rate`.
    public subscript(path path: String) -> ConfigNode? {
        path.split(separator: ".", omittingEmptySubsequences: false).reduce(Optional(self)) { $0?[String($1)] }
    }

    /// The dotted paths of every value that is not a mapping, in the order of the text.
    public var leafPaths: [String] {
        entries.flatMap { entry -> [String] in
            if case .mapping(let inner) = entry.node.value, !inner.isEmpty {
                return entry.node.leafPaths.map { "\(entry.key).\($0)" }
            }
            return [entry.key]
        }
    }

    /// A copy with `value` at a dotted path; mappings that are missing on the way are made.
    ///
    /// - Returns: nil if a component of the path other than the last holds something that is not a mapping.
    public func setting(_ path: String, to value: Value) -> ConfigNode? {
        let components = path.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard case .mapping(var entries) = self.value else { return nil }
        let position = entries.firstIndex { $0.key == components[0] }
        let below: ConfigNode
        if components.count == 1 {
            below = ConfigNode(value)
        } else {
            let inner = position.map { entries[$0].node } ?? ConfigNode(.mapping([]))
            guard let changed = inner.setting(components[1], to: value) else { return nil }
            below = changed
        }
        if let position {
            entries[position].node = below
        } else {
            entries.append(ConfigEntry(key: components[0], node: below))
        }
        return ConfigNode(.mapping(entries), at: location)
    }

    /// What the value is, as a message calls it: `a number`, `the string 'abc'`.
    public var kindDescription: String {
        switch value {
        case .null: "nothing"
        case .boolean(let flag): "the boolean \(flag)"
        case .integer(let number): "the integer \(number)"
        case .number(let number): "the number \(number.yamlDescription)"
        case .string(let text): "the string '\(text.count > 40 ? text.prefix(40) + "…" : text[...])'"
        case .sequence(let nodes): nodes.isEmpty ? "an empty list" : "a list"
        case .mapping(let entries): entries.isEmpty ? "an empty mapping" : "a mapping"
        }
    }
}
