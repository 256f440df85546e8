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
    /// Whether it is a scalar that stands in a file without quotes and without a tag.
    public var isPlain = false
    /// The tag that only another program understands, as `!include`; the value is then what it is without the tag.
    public var foreignTag: String?

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

    /// What a text in quotes would be without them; nil where it would be the same text, and for anything else.
    public var valueWithoutQuotes: Value? {
        guard case .string(let text) = value, !isPlain else { return nil }
        let plain = Value.plain(text)
        return plain == value ? nil : plain
    }

    public subscript(key: String) -> ConfigNode? {
        entries.first { $0.key == key }?.node
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
