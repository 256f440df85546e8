import RandomStreams

/// A tree that divides a space into boxes in each of which the value is about the same, grown on a resample of trials.
///
/// Each split is the one that leaves the least squares. Categories are split into two sets: sorted by their mean value,
/// the best division into sets is one of the divisions into neighbours (Breiman et al., 1984, theorem 4.5), so no
/// combination has to be tried.
struct RegressionTree {
    /// What part of an axis a box has.
    enum Side {
        /// Coordinates from `lower` up to, and without, `upper`.
        case numbers(lower: Double, upper: Double)
        /// Whether each category is in it.
        case categories([Bool])
    }

    /// A box without further splits.
    struct Leaf {
        var sides: [Side]
        var value: Double
    }

    /// A place of the tree. They are kept in place of the leaves, which need many times the memory.
    private enum Node {
        case leaf(Double)
        /// The lower side follows it at once, with all that is below it; then comes the upper one.
        case split(axis: Int, Division)
    }

    private var nodes: [Node] = []
    private let axes: [FeatureAxis]
    private let values: [Double]

    private static let maxDepth = 64

    /// - Parameter values: what is to be explained, one for each trial.
    init(_ axes: [FeatureAxis], _ values: [Double], using random: inout RandomStream) {
        self.axes = axes
        self.values = values
        let rows = values.indices.map { _ in Int(random.integer(below: UInt64(max(1, values.count)))) }
        if !rows.isEmpty { grow(rows, depth: 0) }
    }

    private mutating func grow(_ rows: [Int], depth: Int) {
        let sum = rows.reduce(0.0) { $0 + values[$1] }
        guard depth < Self.maxDepth, let split = bestSplit(rows, sum) else {
            nodes.append(.leaf(sum / Double(rows.count)))
            return
        }
        nodes.append(.split(axis: split.axis, split.division))
        let axis = axes[split.axis]
        grow(rows.filter { split.division.isLower(axis.coordinates[$0]) }, depth: depth + 1)
        grow(rows.filter { !split.division.isLower(axis.coordinates[$0]) }, depth: depth + 1)
    }

    // MARK: Leaves

    /// The boxes, from the lowest side of all to the highest.
    var leaves: [Leaf] {
        let whole = axes.map { axis -> Side in
            switch axis.kind {
            case .numbers: .numbers(lower: -.infinity, upper: .infinity)
            case .categories(let measures): .categories(Array(repeating: true, count: measures.count))
            }
        }
        var leaves: [Leaf] = []
        // The boxes whose nodes are still to come, the next one last.
        var boxes = [whole]
        for node in nodes {
            guard let box = boxes.popLast() else { break }
            switch node {
            case .leaf(let value): leaves.append(Leaf(sides: box, value: value))
            case .split(let axis, let division):
                let (lower, upper) = Self.parts(of: box[axis], division)
                for side in [upper, lower] {
                    var part = box
                    part[axis] = side
                    boxes.append(part)
                }
            }
        }
        return leaves
    }

    private static func parts(of side: Side, _ division: Division) -> (lower: Side, upper: Side) {
        switch (side, division) {
        case (.numbers(let least, let greatest), .below(let threshold)):
            (.numbers(lower: least, upper: threshold), .numbers(lower: threshold, upper: greatest))
        case (.categories(let members), .among(let chosen)):
            (
                .categories(zip(members, chosen).map { $0 && $1 }),
                .categories(zip(members, chosen).map { $0 && !$1 })
            )
        // No split of an axis is of the other kind.
        case (.numbers, .among), (.categories, .below): (side, side)
        }
    }

    // MARK: Splits

    private enum Division {
        case below(Double)
        case among([Bool])

        func isLower(_ coordinate: Double) -> Bool {
            switch self {
            case .below(let threshold): coordinate < threshold
            case .among(let chosen): chosen.indices.contains(Int(coordinate)) && chosen[Int(coordinate)]
            }
        }
    }

    private struct Split {
        var axis: Int
        var division: Division
        /// The sum over both sides of (sum of values)² / number of values, which the least squares make greatest.
        var gain: Double
    }

    /// Nil where all values, or all coordinates, are the same.
    private func bestSplit(_ rows: [Int], _ sum: Double) -> Split? {
        guard rows.count >= 2, rows.contains(where: { values[$0] != values[rows[0]] }) else { return nil }
        var best: Split?
        for (index, axis) in axes.enumerated() {
            let candidate =
                switch axis.kind {
                case .numbers: numberSplit(index, axis, rows, sum)
                case .categories(let measures): categorySplit(index, axis, measures.count, rows, sum)
                }
            if let candidate, candidate.gain > best?.gain ?? -.infinity { best = candidate }
        }
        return best
    }

    private func numberSplit(_ index: Int, _ axis: FeatureAxis, _ rows: [Int], _ sum: Double) -> Split? {
        let sorted = rows.map { (place: axis.coordinates[$0], value: values[$0]) }.sorted { $0.place < $1.place }
        var best: (gain: Double, threshold: Double)?
        var left = 0.0
        for position in 1..<sorted.count {
            left += sorted[position - 1].value
            let (before, after) = (sorted[position - 1].place, sorted[position].place)
            if before == after { continue }
            let gain = Self.gain(left, position, sum, sorted.count)
            if gain > best?.gain ?? -.infinity {
                // Halfway, but between what is inactive and what is not at 0, where the numbers begin.
                let middle = before < 0 ? 0 : before + (after - before) / 2
                // Of two neighbours so close that there is no number between them, the upper one begins its side.
                best = (gain, middle > before ? middle : after)
            }
        }
        guard let best else { return nil }
        return Split(axis: index, division: .below(best.threshold), gain: best.gain)
    }

    private func categorySplit(
        _ index: Int, _ axis: FeatureAxis, _ count: Int, _ rows: [Int], _ sum: Double
    ) -> Split? {
        var groups = Array(repeating: (count: 0, sum: 0.0), count: count)
        for row in rows {
            let category = Int(axis.coordinates[row])
            groups[category].count += 1
            groups[category].sum += values[row]
        }
        let present = groups.indices.filter { groups[$0].count > 0 }.sorted { first, second in
            let (left, right) = (groups[first], groups[second])
            let (mean, other) = (left.sum / Double(left.count), right.sum / Double(right.count))
            return mean == other ? first < second : mean < other
        }
        guard present.count >= 2 else { return nil }
        var best: (gain: Double, size: Int)?
        var (left, leftCount) = (0.0, 0)
        for size in 1..<present.count {
            left += groups[present[size - 1]].sum
            leftCount += groups[present[size - 1]].count
            let gain = Self.gain(left, leftCount, sum, rows.count)
            if gain > best?.gain ?? -.infinity { best = (gain, size) }
        }
        guard let best else { return nil }
        var chosen = Array(repeating: false, count: count)
        for category in present.prefix(best.size) { chosen[category] = true }
        let lowerCount = present.prefix(best.size).reduce(0) { $0 + groups[$1].count }
        // A category that no trial here has goes with the larger part.
        if 2 * lowerCount > rows.count {
            for category in groups.indices where groups[category].count == 0 { chosen[category] = true }
        }
        return Split(axis: index, division: .among(chosen), gain: best.gain)
    }

    private static func gain(_ left: Double, _ leftCount: Int, _ sum: Double, _ count: Int) -> Double {
        let right = sum - left
        return left * left / Double(leftCount) + right * right / Double(count - leftCount)
    }
}
