/// The candidate that the user most likely meant by `name`; nil if none is similar.
///
///     nearestName(to: "dampng", among: ["damping", "momentum"])                   // "damping"
///     nearestName(to: "learning_rate", among: ["optimizer.learning_rate"])        // "optimizer.learning_rate"
///     nearestName(to: "low", among: ["min", "max"])                               // nil
///
/// Two names are similar if their Damerau-Levenshtein distance (in its form called optimal string alignment, case
/// ignored) is at most a third of the longer name's length, or 1, and less than the shorter one's length. If none is, a
/// candidate with the same last component of a dotted path is taken: the user may have forgotten the rest. Of several
/// equally near ones the first is taken.
///
/// A wrong suggestion misleads more than none helps, so names that share only a few letters are not suggested.
public func nearestName(to name: String, among candidates: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased().unicodeScalars)
    guard wanted.count <= 200 else { return nil }
    var best: (name: String, distance: Int)?
    for candidate in candidates where candidate != name {
        let other = Array(candidate.lowercased().unicodeScalars)
        guard other.count <= 200 else { continue }
        let distance = editDistance(wanted, other)
        let isNear =
            distance <= max(1, max(wanted.count, other.count) / 3) && distance < min(wanted.count, other.count)
        if isNear, distance < best?.distance ?? .max {
            best = (candidate, distance)
        }
    }
    if let best { return best.name }
    let last = name.split(separator: ".").last.map(String.init)
    return candidates.first { $0 != name && $0.split(separator: ".").last.map(String.init) == last }
}

/// The least number of insertions, deletions, substitutions and swaps of neighbours that turn one text into the other.
///
/// - Complexity: O(*nm*) for texts of *n* and *m* characters; so names are compared only up to 200 characters.
private func editDistance(_ first: [Unicode.Scalar], _ second: [Unicode.Scalar]) -> Int {
    var beforePrevious: [Int] = []
    var previous = Array(0...second.count)
    for (i, a) in first.enumerated() {
        var current = [i + 1]
        for (j, b) in second.enumerated() {
            var cost = min(previous[j] + (a == b ? 0 : 1), previous[j + 1] + 1, current[j] + 1)
            if i > 0, j > 0, a == second[j - 1], first[i - 1] == b { cost = min(cost, beforePrevious[j - 1] + 1) }
            current.append(cost)
        }
        (beforePrevious, previous) = (previous, current)
    }
    return previous[second.count]
}
