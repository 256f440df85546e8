import ConfigFile

extension SweepFile {
    /// What may change between two runs of one sweep: it does not alter what any trial means.
    static let changeableKeys: Set = ["budget", "resources"]

    /// The dotted paths at which this file says something else than `other`, budget and resources apart; those of
    /// the base configuration are marked as such. Comments, layout and the order of keys do not count.
    public func differences(from other: SweepFile) -> [String] {
        let file = Self.differences(document.root, other.document.root, path: "")
            .filter { path in !Self.changeableKeys.contains { path == $0 || path.hasPrefix($0 + ".") } }
        let base = Self.differences(
            base?.root ?? ConfigNode(.null), other.base?.root ?? ConfigNode(.null), path: "")
        return file + base.map { "\($0.isEmpty ? "all" : $0) (of the base configuration)" }
    }

    private static func differences(_ first: ConfigNode, _ second: ConfigNode, path: String) -> [String] {
        if case .sequence(let items) = first.value, case .sequence(let others) = second.value {
            let isSame =
                items.count == others.count && zip(items, others).allSatisfy { differences($0, $1, path: "").isEmpty }
            return isSame ? [] : [path]
        }
        guard case .mapping(let entries) = first.value, case .mapping(let others) = second.value else {
            return first == second || first.isNaN && second.isNaN ? [] : [path]
        }
        var keys = entries.map(\.key)
        keys += others.map(\.key).filter { !keys.contains($0) }
        return keys.flatMap { key -> [String] in
            let below = path.isEmpty ? key : "\(path).\(key)"
            guard let left = first[key], let right = second[key] else { return [below] }
            return differences(left, right, path: below)
        }
    }
}

extension ConfigNode {
    fileprivate var isNaN: Bool { if case .number(let number) = value { number.isNaN } else { false } }
}
