/// The region that a set of vectors dominates, and the one that it does not.
///
///     Hypervolume.volume(of: [[1, 4], [2, 2], [4, 1]], below: [5, 5])         // 11
///
/// The volume measures how good a front is: it grows whenever a vector is added that none dominates (Zitzler and Thiele
/// 1998). Both computations slice the space along the last objective: between two neighbouring values of it the
/// dominated region is that of fewer objectives, of the vectors with the lower values.
public enum Hypervolume {
    /// A part of space: for each objective the open interval of its values. The lower end may be −∞.
    package struct Box: Sendable, Hashable {
        package var lower: [Double]
        package var upper: [Double]

        package init(lower: [Double], upper: [Double]) {
            self.lower = lower
            self.upper = upper
        }
    }

    /// The volume of what the vectors dominate and is less than the reference in every objective.
    ///
    /// - Complexity: O(n log n) for n vectors with two values, O(n² log n) with three.
    public static func volume(of vectors: [[Double]], below reference: [Double]) -> Double {
        let inside = vectors.filter { vector in vector.indices.allSatisfy { vector[$0] < reference[$0] } }
        guard let last = reference.indices.last, !inside.isEmpty else { return 0 }
        if last == 0 { return reference[0] - (inside.map { $0[0] }.min() ?? reference[0]) }
        var volume = 0.0
        slices(of: inside, along: last, below: reference) { active, lower, upper in
            guard !active.isEmpty else { return }
            let area = self.volume(of: active.map { Array($0.dropLast()) }, below: Array(reference.dropLast()))
            volume += (upper - lower) * area
        }
        return volume
    }

    /// Disjoint boxes that together are what the vectors do not dominate and is less than the reference.
    ///
    ///     Hypervolume.boxes(of: [[2, 3]], below: [5, 5])
    ///     // (−∞, 5) × (−∞, 3) and (−∞, 2) × (3, 5)
    ///
    /// - Returns: up to n + 1 boxes for n vectors with two values, up to (n + 1)·(n + 2)/2 with three.
    package static func boxes(of vectors: [[Double]], below reference: [Double]) -> [Box] {
        guard let last = reference.indices.last else { return [] }
        let inside = vectors.filter { vector in vector.indices.allSatisfy { vector[$0] < reference[$0] } }
        if last == 0 {
            return [Box(lower: [-.infinity], upper: [min(reference[0], inside.map { $0[0] }.min() ?? .infinity)])]
        }
        var boxes: [Box] = []
        slices(of: inside, along: last, below: reference) { active, lower, upper in
            let others = self.boxes(of: active.map { Array($0.dropLast()) }, below: Array(reference.dropLast()))
            boxes += others.map { Box(lower: $0.lower + [lower], upper: $0.upper + [upper]) }
        }
        return boxes
    }

    /// Hands over the slices along one objective, from −∞ to the reference: the vectors that dominate something in
    /// the slice, and its ends.
    private static func slices(
        of vectors: [[Double]], along objective: Int, below reference: [Double],
        _ body: (_ active: [[Double]], _ lower: Double, _ upper: Double) -> Void
    ) {
        let sorted = vectors.sorted { $0[objective] < $1[objective] }
        var active: [[Double]] = []
        var lower = -Double.infinity
        for (index, vector) in sorted.enumerated() {
            if vector[objective] > lower { body(active, lower, vector[objective]) }
            lower = vector[objective]
            insert(vector, into: &active, objective)
            if index == sorted.count - 1 { body(active, lower, reference[objective]) }
        }
        if sorted.isEmpty { body([], lower, reference[objective]) }
    }

    /// Adds a vector to those that count in a slice, unless one of them is no worse in the objectives before
    /// `objective`; what it is no worse than is left out from now on.
    private static func insert(_ vector: [Double], into active: inout [[Double]], _ objective: Int) {
        func isNoWorse(_ one: [Double], _ other: [Double]) -> Bool {
            (0..<objective).allSatisfy { one[$0] <= other[$0] }
        }
        if active.contains(where: { isNoWorse($0, vector) }) { return }
        active.removeAll { isNoWorse(vector, $0) }
        active.append(vector)
    }
}
