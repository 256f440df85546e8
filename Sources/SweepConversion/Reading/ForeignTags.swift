import ConfigFile

/// Tags that only another program understands, such as `!!python/object`, in a file that is converted.
///
/// Where the converter reads, a tag means that the value is not what is written there. Elsewhere it matters as little
/// as the key that it stands at, and a note is enough.
struct ForeignTags {
    let problems: DiagnosticCollector
    let notes: ConversionNotes

    /// Looks through a node.
    ///
    /// - Parameters:
    ///   - path: the keys above it.
    ///   - isRead: whether the converter reads what stands below these keys.
    /// - Returns: comments for the top of the sweep file.
    func check(_ node: ConfigNode, below path: [String] = [], isRead: ([String]) -> Bool) -> [String] {
        if let tag = node.foreignTag {
            if isRead(path) {
                problems.report(
                    "the tag '\(tag)' is not understood", at: node.location,
                    help: "known are !!str, !!int, !!float, !!bool, !!null, !!seq, !!map")
                return []
            }
            let key = path.joined(separator: ".")
            return [notes.add("the tag '\(tag)' at '\(key)' is not understood, and not needed", at: node.location)]
        }
        switch node.value {
        case .sequence(let nodes): return nodes.flatMap { check($0, below: path, isRead: isRead) }
        case .mapping(let entries):
            return entries.flatMap { check($0.node, below: path + [$0.key], isRead: isRead) }
        case .null, .boolean, .integer, .number, .string: return []
        }
    }
}

extension ForeignTool {
    /// Whether the conversion reads what stands below these keys of a file.
    ///
    /// - Parameter part: the keys below which the search itself stands.
    func reads(_ path: [String], part: [String]) -> Bool {
        switch self {
        case .wandb:
            // Keys that W&B does not know are left out.
            path.starts(with: part) && path.dropFirst(part.count).first.map(WandBSweep.keys.contains) ?? true
                || part.starts(with: path)
        case .hydra: path.starts(with: part) || part.starts(with: path)
        case .katib: path.isEmpty || ["spec", "kind", "metadata"].contains(path[0])
        case .nniExperiment: path.contains { $0.lowercased().replacing("_", with: "") == "searchspace" }
        case .nniSpace, .research: true
        case .optuna: false
        }
    }
}
