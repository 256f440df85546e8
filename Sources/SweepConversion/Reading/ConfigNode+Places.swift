import ConfigFile

extension ConfigEntry {
    /// Where a message about the value should point: to the key, where the value begins on a later line.
    ///
    ///     spec:                  # here is what a message about `spec` should show,
    ///       maxTrialCount: 3     # though its mapping begins here
    var place: SourceLocation? {
        guard let value = node.location, let key = keyLocation else { return node.location ?? keyLocation }
        return value.line == key.line ? value : key
    }

    /// The value with this place as its own.
    var placed: ConfigNode {
        var node = node
        node.location = place
        return node
    }
}

extension ConfigNode {
    /// The value of a key, with the place that messages should point to.
    func child(_ key: String) -> ConfigNode? { entries.first { $0.key == key }?.placed }

    /// Whether any text in it, however deep, has this part.
    func mentions(_ part: String) -> Bool {
        switch value {
        case .string(let text): text.contains(part)
        case .sequence(let nodes): nodes.contains { $0.mentions(part) }
        case .mapping(let entries): entries.contains { $0.node.mentions(part) }
        case .null, .boolean, .integer, .number: false
        }
    }
}

extension ConfigSection {
    /// Where a key stands in the file; nil if it is not there.
    func keyPlace(of key: String) -> SourceLocation? { entries.first { $0.key == key }?.keyLocation }
}
