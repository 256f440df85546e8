import ConfigFile
import SweepSearch

/// Values of parameters as values of a configuration.
extension ParameterValue {
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

    /// The value with all its digits, where its configuration value does not hold them.
    public var configNode: ConfigNode {
        switch self {
        case .largeInteger(let digits): ConfigNode(configValue, text: digits)
        case .integer, .number, .string, .boolean, .null, .list, .mapping: ConfigNode(configValue)
        }
    }

    /// Nil for NaN, and for what holds it: no parameter can be that.
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

    public init?(_ value: ConfigNode.Value) { self.init(ConfigNode(value)) }
}
