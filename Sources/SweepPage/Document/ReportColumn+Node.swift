import ConfigFile
import ReportFormat

extension ReportColumn {
    /// The column as JSON.
    var node: ConfigNode { ConfigNode(.mapping(entries)) }

    private var entries: [ConfigEntry] {
        let (isPacked, base64) = packed
        var entries = [ConfigEntry(key: "type", node: ConfigNode(.string(kind.rawValue)))]
        if isPacked { entries.append(ConfigEntry(key: "packed", node: ConfigNode(.boolean(true)))) }
        entries.append(ConfigEntry(key: "data", node: ConfigNode(.string(base64))))
        return entries
    }

    /// A column of places in a list of words, with the list.
    ///
    /// - Parameters:
    ///   - words: JSON values, `maxWords` at most.
    ///   - written: how the sweep file writes each of them; nil if as JSON.
    static func words(_ places: [Cell<Int>], _ words: [ConfigNode], written: [String]? = nil) -> ConfigNode {
        var entries = Self.places(places, of: words.count).entries
        entries.append(ConfigEntry(key: "words", node: ConfigNode(.sequence(words))))
        if let written {
            let texts = written.map { ConfigNode(.string($0)) }
            entries.append(ConfigEntry(key: "written", node: ConfigNode(.sequence(texts))))
        }
        return ConfigNode(.mapping(entries))
    }
}
