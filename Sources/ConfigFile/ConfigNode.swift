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
        /// Nothing, `null` or `~`, without quotes.
        case null
        /// `true` and `false`, also capitalized (`True`, `TRUE`). `yes` and `on` are strings.
        case boolean(Bool)
        /// Decimal (`17`, `017`), hexadecimal (`0x11`) or octal (`0o21`): all three are seventeen.
        case integer(Int)
        /// With a point or an exponent, or `.inf`, `-.inf`, `.nan`, or an integer that does not fit in 64 bits.
        case number(Double)
        /// Anything in quotes, and every word that is nothing else.
        case string(String)
        /// A list, as lines with `-` or in square brackets.
        case sequence([ConfigNode])
        /// Keys with their values, in the order of the file. In a file no key is there twice.
        case mapping([ConfigEntry])
    }

    /// What the node says, whatever its spelling.
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
    /// Whether the node has an anchor, by which other places of its file refer to it.
    public var isAnchored = false

    /// A value, with its place and its text if it comes from a file.
    public init(_ value: Value, at location: SourceLocation? = nil, text: String? = nil) {
        self.value = value
        self.location = location
        self.text = text
    }
}

/// One key of a mapping with its value.
public struct ConfigEntry: Sendable {
    /// The key as text, without its quotes. In a mapping `{1: a}` it is "1": keys are never read as numbers.
    public var key: String
    /// Where the key begins in its file; nil if it does not come from a file.
    public var keyLocation: SourceLocation?
    /// What the key has as its value; null for a key with nothing after it.
    public var node: ConfigNode

    /// An entry, with the place of its key if it comes from a file.
    public init(key: String, at keyLocation: SourceLocation? = nil, node: ConfigNode) {
        self.key = key
        self.keyLocation = keyLocation
        self.node = node
    }
}

extension ConfigNode: Hashable {
    /// Whether the values are equal, in kind too: the integer 1 is not the number 1.0. NaN equals nothing.
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
    /// The entries of a mapping, in the order of the file; empty for any other value. So a loop over the entries needs
    /// no case for a value that is not a mapping.
    public var entries: [ConfigEntry] {
        guard case .mapping(let entries) = value else { return [] }
        return entries
    }

    /// The value of an integer or a finite number; nil for any other value.
    /// Integers beyond 2⁵³ are rounded to the nearest Double. A number in quotes is a string, and has none.
    public var finiteNumber: Double? {
        switch value {
        case .integer(let number): Double(number)
        case .number(let number): number.isFinite ? number : nil
        case .null, .boolean, .string, .sequence, .mapping: nil
        }
    }

    /// The value that a string in quotes would have without the quotes; nil if that is the same string, and for any
    /// other value. Messages use it to say that quotes are what is wrong.
    ///
    ///     '0.1'      .number(0.1)
    ///     "true"     .boolean(true)
    ///     'sgd'      nil: without quotes it is the same text
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
