import ConfigFile

/// Settings that may hold an interpolation, `${…}`, which Hydra fills in from the whole configuration.
///
///     n_trials: ${n}                        the value of n in this file; a note if it is in another one
///     n_jobs: ${oc.env:JOBS,4}              4, with a note
struct HydraSettings {
    /// The whole file.
    let root: ConfigNode
    /// Whether the file holds the keys of the whole configuration, and not only those of the sweeper.
    let isWhole: Bool
    let notes: ConversionNotes

    static func isInterpolation(_ node: ConfigNode) -> Bool { node.foreignText?.contains("${") ?? false }

    /// What a setting says; nil if it is not there, or if another file says it.
    ///
    /// - Parameters:
    ///   - key: the name of the setting, for notes.
    ///   - comments: receives the note on an interpolation.
    ///   - otherwise: what is written if another file says it.
    func value(
        of node: ConfigNode?, _ key: String, _ comments: inout [String], otherwise: String
    ) -> ConfigNode? {
        guard let node, node.value != .null else { return nil }
        guard let text = node.foreignText, text.contains("${") else { return node }
        if let standard = Self.standard(in: text) {
            comments.append(
                notes.add(
                    "'\(key)' is \(text), a variable of the environment; its default is written", at: node.location))
            return ConfigNode(.string(standard), at: node.location, text: standard)
        }
        if let found = target(of: text) {
            let line = found.location.map { " on line \($0.line)" } ?? ""
            comments.append(
                notes.add("'\(key)' is \(text), which is \(found.foreignText ?? "")\(line)", at: node.location))
            return found
        }
        comments.append(
            notes.add(
                "'\(key)' is \(text), which \(Self.source(of: text)); \(otherwise)", at: node.location))
        return nil
    }

    /// Who fills in what this file does not say. `${now:%H}` and `${hydra.job.name}` are no values of a file.
    private static func source(of text: String) -> String {
        let inner = text.firstRange(of: "${").map { text[$0.upperBound...].prefix { $0 != "}" } } ?? ""
        return inner.contains(":") || inner.hasPrefix("hydra.")
            ? "only Hydra can fill in" : "another file of the configuration says"
    }

    /// The default in `${oc.env:NAME,DEFAULT}`.
    private static func standard(in text: String) -> String? {
        for start in ["${oc.env:", "${env:"] where text.hasPrefix(start) && text.hasSuffix("}") {
            let inner = text.dropFirst(start.count).dropLast()
            guard !inner.contains("{"), let comma = inner.firstIndex(of: ",") else { return nil }
            let word = String(inner[inner.index(after: comma)...]).trimmingWhitespace
            let isQuoted = word.count > 1 && word.first == word.last && (word.first == "'" || word.first == "\"")
            return isQuoted ? String(word.dropFirst().dropLast()) : word
        }
        return nil
    }

    /// The value in this file that `${a.b}` stands for; nil if the file does not have it.
    private func target(of text: String) -> ConfigNode? {
        guard isWhole, text.hasPrefix("${"), text.hasSuffix("}") else { return nil }
        let path = text.dropFirst(2).dropLast()
        guard !path.isEmpty, !path.hasPrefix("."),
            path.allSatisfy({ $0.isLetter || $0.isNumber || "_.-".contains($0) }),
            let node = root[path: String(path)], node.foreignText != nil, !Self.isInterpolation(node)
        else { return nil }
        return node
    }
}
