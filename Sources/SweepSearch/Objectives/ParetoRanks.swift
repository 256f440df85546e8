/// Non-dominated sorting: which trials no other one dominates, which ones only these dominate, and so on.
///
///     let vectors = [[1.0, 4], [2, 2], [4, 1], [3, 3]].map { ObjectiveVector(values: $0) }
///     ParetoRanks(of: vectors).ranks          // [0, 0, 0, 1]: the last one is dominated by the second
///
/// The trials of rank 0 that satisfy all bounds are the Pareto front.
public struct ParetoRanks: Sendable {
    /// For each trial how many fronts are better; 0 for what nothing dominates.
    public let ranks: [Int]
    /// The trials that satisfy all bounds and that no other one dominates, ordered by their values.
    public let front: [Int]

    /// Sorts by the values, and then finds for each trial the first front without one that dominates it, by binary
    /// search (Zhang et al. 2015, "An Efficient Approach to Nondominated Sorting for Evolutionary Multiobjective
    /// Optimization", algorithm ENS-BS). What comes later in that order dominates nothing before it.
    ///
    /// - Parameter vectors: with equally many values each.
    /// - Complexity: O(n²) comparisons for n trials in the worst case, O(n log n) for two objectives.
    public init(of vectors: [ObjectiveVector]) {
        let violations = vectors.map(\.violation)
        let order = vectors.indices.sorted { first, second in
            if violations[first] != violations[second] { return violations[first] < violations[second] }
            let (one, other) = (vectors[first].values, vectors[second].values)
            for index in one.indices where one[index] != other[index] { return one[index] < other[index] }
            return first < second
        }
        var ranks = [Int](repeating: 0, count: vectors.count)
        let feasible = order.prefix { violations[$0] == 0 }
        // Side by side, as they are compared very often.
        let width = vectors.first?.values.count ?? 0
        let values = vectors.flatMap(\.values)
        func dominates(_ one: Int, _ other: Int) -> Bool {
            var isBetter = false
            let values = values.span
            for index in 0..<width {
                let (own, others) = (values[one * width + index], values[other * width + index])
                if own > others { return false }
                if own < others { isBetter = true }
            }
            return isBetter
        }
        var fronts: [[Int]] = []
        for trial in feasible {
            var (low, high) = (0, fronts.count)
            while low < high {
                let middle = (low + high) / 2
                // With two objectives the last one of a front has the least second value.
                let rivals = fronts[middle].suffix(width == 2 ? 1 : fronts[middle].count)
                let isDominated = rivals.reversed().contains { dominates($0, trial) }
                if isDominated { low = middle + 1 } else { high = middle }
            }
            if low == fronts.count { fronts.append([]) }
            fronts[low].append(trial)
            ranks[trial] = low
        }
        var rank = fronts.count - 1
        var violation = 0.0
        for trial in order.dropFirst(feasible.count) {
            if violations[trial] != violation { rank += 1 }
            violation = violations[trial]
            ranks[trial] = rank
        }
        self.ranks = ranks
        front = fronts.first ?? []
    }
}
