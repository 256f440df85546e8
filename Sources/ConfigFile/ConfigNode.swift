/// A value of a configuration, and its place in the file that it comes from. Lists and mappings hold further nodes, so
/// that one node can be a whole file.
///
///     let node = ConfigNode(.mapping([ConfigEntry(key: "lr", node: ConfigNode(.number(0.1)))]))
///     node["lr"]?.finiteNumber  // 0.1
///     node.yaml()               // "lr: 0.1\n"
///
/// Two nodes are equal if their values are equal: the place in a file does not count, and comments and layout are not
/// part of a node. The order of a mapping's keys counts.
public struct ConfigNode: Sendable {
    /// A value by its YAML type. Integers that do not fit in 64 bits are a `number`.
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
    /// Where the value begins in its file; nil for a value that does not come from a file.
    public var location: SourceLocation?
    /// A scalar as it is written in its file, without quotes and escapes: `3.10` for the value 3.1. Nil for lists and
    /// mappings, and for values that do not come from a file.
    public var text: String?
    /// Whether it is a scalar that is written in its file without quotes and without a tag.
    public var isPlain = false
    /// A tag that only another program understands, such as `!include`. The value is then the one without the tag.
    public var foreignTag: String?

    /// A value, with its place and its text if it comes from a file.
    public init(_ value: Value, at location: SourceLocation? = nil, text: String? = nil) {
        self.value = value
        self.location = location
        self.text = text
    }
}

/// One key of a mapping with its value.
public struct ConfigEntry: Sendable {
    public var key: String
    /// Where the key begins in its file; nil if it does not come from a file.
    public var keyLocation: SourceLocation?
    public var node: ConfigNode

    /// An entry, with the place of its key if it comes from a file.
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
    /// The entries of a mapping; empty for any other value.
    public var entries: [ConfigEntry] {
        guard case .mapping(let entries) = value else { return [] }
        return entries
    }

    /// The value of an integer or a finite number; nil for any other value.
    public var finiteNumber: Double? {
        switch value {
        case .integer(let number): Double(number)
        case .number(let number): number.isFinite ? number : nil
        case .null, .boolean, .string, .sequence, .mapping: nil
        }
    }

    /// The value that a string in quotes would have without the quotes; nil if that is the same string, and for any
    /// other value.
    public var valueWithoutQuotes: Value? {
        guard case .string(let text) = value, !isPlain else { return nil }
        let plain = Value.plain(text)
        return plain == value ? nil : plain
    }

    /// The value of a key; nil if this is not a mapping, or has no such key.
    public subscript(key: String) -> ConfigNode? {
        entries.first { $0.key == key }?.node
    }

    /// The value in the words of messages: `a list`, `the string 'abc'`.
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
