import SweepSearch

extension ParameterValue {
    /// Parameters with dotted names as mappings: `opt.lr` and `opt.name` become `opt` with the keys `lr` and `name`.
    ///
    /// Each stands where the first of its parts stood. Where a parameter's name is also the beginning of another's,
    /// both stay as they are, since a value cannot have parts.
    package static func nested(
        _ parameters: [(name: String, value: ParameterValue)]
    ) -> [(name: String, value: ParameterValue)] {
        var result: [(name: String, value: ParameterValue)] = []
        /// Where the mappings are in the result.
        var places: [String: Int] = [:]
        let names = Set(parameters.map(\.name))
        for (name, value) in parameters {
            let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            guard let first = parts.first, parts.count > 1, !parts.contains(""), !names.contains(first) else {
                result.append((name, value))
                continue
            }
            let entry = mapping(along: parts.dropFirst(), to: value)
            if let place = places[first], case .mapping(let entries) = result[place].value,
                let merged = merged(entries, entry)
            {
                result[place].value = .mapping(merged)
            } else if places[first] == nil {
                places[first] = result.count
                result.append((first, .mapping([entry])))
            } else {
                result.append((name, value))
            }
        }
        return result
    }

    private static func mapping(along parts: ArraySlice<String>, to value: ParameterValue) -> Entry {
        let inner = parts.dropFirst().reversed().reduce(value) { .mapping([Entry($1, $0)]) }
        return Entry(parts.first ?? "", inner)
    }

    /// The entries with another one among them; nil if a value stands where a mapping would have to be.
    private static func merged(_ entries: [Entry], _ entry: Entry) -> [Entry]? {
        guard let place = entries.firstIndex(where: { $0.key == entry.key }) else { return entries + [entry] }
        guard case .mapping(let old) = entries[place].value, case .mapping(let new) = entry.value,
            let first = new.first, let inner = merged(old, first)
        else { return nil }
        var entries = entries
        entries[place].value = .mapping(inner)
        return entries
    }
}
