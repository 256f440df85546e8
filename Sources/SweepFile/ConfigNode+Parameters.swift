import ConfigFile
import SweepSearch

extension ConfigNode {
    /// A mapping made in code, for output as JSON; a pair whose value is nil becomes null, so that a reader finds the
    /// same keys in every answer.
    ///
    ///     ConfigNode.object(["trial": .integer(12), "value": nil]).json       // {"trial": 12, "value": null}
    public static func object(_ pairs: KeyValuePairs<String, Value?>) -> ConfigNode {
        ConfigNode(.mapping(pairs.map { ConfigEntry(key: $0, node: ConfigNode($1 ?? .null)) }))
    }

    /// A mapping of parameters by name, in the order given. A name with dots in it stays one key.
    ///
    ///     ConfigNode.parameters(assignment).json      // {"optimizer.learning_rate": 0.01, "layers": 2}
    public static func parameters(_ parameters: some Sequence<(name: String, value: ParameterValue)>) -> ConfigNode {
        ConfigNode(.mapping(parameters.map { ConfigEntry(key: $0.name, node: $0.value.configNode) }))
    }
}
