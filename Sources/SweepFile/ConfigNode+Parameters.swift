import ConfigFile
import SweepSearch

extension ConfigNode {
    /// A mapping made in code, for output as JSON; a pair whose value is nil becomes null.
    public static func object(_ pairs: KeyValuePairs<String, Value?>) -> ConfigNode {
        ConfigNode(.mapping(pairs.map { ConfigEntry(key: $0, node: ConfigNode($1 ?? .null)) }))
    }

    /// A mapping of parameters by name, in the order given.
    public static func parameters(_ parameters: some Sequence<(name: String, value: ParameterValue)>) -> ConfigNode {
        ConfigNode(.mapping(parameters.map { ConfigEntry(key: $0.name, node: $0.value.configNode) }))
    }
}
