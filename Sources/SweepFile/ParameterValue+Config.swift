import ConfigFile
import SweepModel
import SweepSearch

extension ConfigNode {
    /// A value of a parameter as a node whose scalars have texts: those of the sweep file, or their own.
    init(_ value: ParameterValue, _ spelling: WrittenValues.Spelling?) {
        var parts: [WrittenValues.Spelling?] = []
        if case .parts(let known) = spelling { parts = known }
        func part(_ index: Int) -> WrittenValues.Spelling? { parts.indices.contains(index) ? parts[index] : nil }
        switch value {
        case .list(let elements):
            self.init(.sequence(elements.enumerated().map { ConfigNode($1, part($0)) }))
        case .mapping(let fields):
            self.init(
                .mapping(fields.enumerated().map { ConfigEntry(key: $1.key, node: ConfigNode($1.value, part($0))) }))
        case .integer, .number, .string, .boolean, .largeInteger, .null:
            let text = if case .scalar(let text) = spelling { text } else { value.argument }
            self.init(value.configValue, text: text)
        }
    }
}

/// Values of parameters as values of a configuration, and back.
extension ParameterValue {
    /// The value in a configuration. An integer beyond 64 bits becomes the nearest number; see `configNode`.
    public var configValue: ConfigNode.Value {
        switch self {
        case .integer(let number): .integer(number)
        case .number(let number): .number(number)
        case .string(let text): .string(text)
        case .boolean(let flag): .boolean(flag)
        case .largeInteger(let digits): .number(Double(digits) ?? .nan)
        case .null: .null
        case .list(let elements): .sequence(elements.map(\.configNode))
        case .mapping(let entries): .mapping(entries.map { ConfigEntry(key: $0.key, node: $0.value.configNode) })
        }
    }

    /// The value as a node whose text has all digits, also of an integer beyond 64 bits, so that it is written to JSON
    /// and to the copy of a base configuration as the user gave it.
    public var configNode: ConfigNode {
        switch self {
        case .largeInteger(let digits): ConfigNode(configValue, text: digits)
        case .integer, .number, .string, .boolean, .null, .list, .mapping: ConfigNode(configValue)
        }
    }

    /// The value that a node of a file stands for. Nil for NaN, and for a list or mapping that contains it: NaN is not
    /// equal to itself, so no sampler could find it again.
    ///
    ///     64                      .integer(64)
    ///     6.4e1                   .number(64.0)
    ///     [64, auto]              .list([64, "auto"])
    ///     .nan                    nil
    public init?(_ node: ConfigNode) {
        switch node.value {
        case .null: self = .null
        case .boolean(let flag): self = .boolean(flag)
        case .integer(let number): self = .integer(number)
        case .number(let number):
            if number.isNaN { return nil }
            self = node.largeIntegerDigits.map { .largeInteger($0) } ?? .number(number)
        case .string(let text): self = .string(text)
        case .sequence(let nodes):
            let elements = nodes.compactMap { ParameterValue($0) }
            guard elements.count == nodes.count else { return nil }
            self = .list(elements)
        case .mapping(let entries):
            let fields = entries.compactMap { entry in ParameterValue(entry.node).map { Entry(entry.key, $0) } }
            guard fields.count == entries.count else { return nil }
            self = .mapping(fields)
        }
    }

    /// The value that stands for this one; an integer of more than 64 bits, whose digits only a node has, becomes a
    /// number.
    public init?(_ value: ConfigNode.Value) { self.init(ConfigNode(value)) }
}
