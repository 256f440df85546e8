import ConfigFile
import SweepSearch
import TrialProtocol

extension ConfigNode {
    /// The node as JSON on one line, keys in their order. What JSON has no word for, NaN and infinities, is `null`.
    public var json: String { json(separator: ", ", open: "", close: "") }

    /// The node as JSON without spaces.
    var compactJSON: String { json(separator: ",", colon: ":", open: "", close: "") { $0.compactJSON } }

    /// The node as JSON over several lines, for people.
    public func indentedJSON(by indentation: Int = 0) -> String {
        let margin = "\n" + String(repeating: " ", count: indentation)
        return json(separator: "," + margin + "  ", open: margin + "  ", close: margin) {
            $0.indentedJSON(by: indentation + 2)
        }
    }

    private func json(
        separator: String, colon: String = ": ", open: String, close: String,
        below: (ConfigNode) -> String = { $0.json }
    ) -> String {
        switch value {
        case .null: return "null"
        case .boolean(let flag): return flag ? "true" : "false"
        case .integer(let number): return String(number)
        case .number(let number):
            // An integer of more than 64 bits has all its digits in its text alone.
            if number.magnitude >= 0x1p63, case .largeInteger(let digits) = ParameterValue(self) { return digits }
            return number.isFinite ? number.description : "null"
        case .string(let text): return MetricReport.quoted(text)
        case .sequence(let nodes):
            return nodes.isEmpty ? "[]" : "[" + open + nodes.map(below).joined(separator: separator) + close + "]"
        case .mapping(let entries):
            let fields = entries.map { "\(MetricReport.quoted($0.key))\(colon)\(below($0.node))" }
            return fields.isEmpty ? "{}" : "{" + open + fields.joined(separator: separator) + close + "}"
        }
    }
}

extension ConfigNode {
    /// A mapping made in code; a pair whose value is nil is null.
    public static func object(_ pairs: KeyValuePairs<String, Value?>) -> ConfigNode {
        ConfigNode(.mapping(pairs.map { ConfigEntry(key: $0, node: ConfigNode($1 ?? .null)) }))
    }

    /// Parameters by name, in the order given.
    public static func parameters(_ parameters: some Sequence<(name: String, value: ParameterValue)>) -> ConfigNode {
        ConfigNode(.mapping(parameters.map { ConfigEntry(key: $0.name, node: $0.value.configNode) }))
    }
}
