/// The variance of one tree's prediction over the whole space, and the parts of it that single parameters and pairs of
/// them explain.
///
/// A tree is constant in each of its boxes, so all integrals are sums over boxes: nothing is sampled (Hutter, Hoos and
/// Leyton-Brown, ICML 2014, algorithm 2).
struct TreeVariance {
    /// The variance of the prediction by the measure of the space.
    let total: Double
    private let mean: Double
    private let axes: [FeatureAxis]
    private let leaves: [RegressionTree.Leaf]
    /// The measure of each leaf along each axis: `[leaf][axis]`.
    private let measures: [[Double]]
    /// The parts into which the tree's splits divide each axis.
    private let cells: [AxisCells]

    init(_ tree: RegressionTree, _ axes: [FeatureAxis]) {
        self.axes = axes
        let leaves = tree.leaves
        let cells = axes.indices.map { axis in AxisCells(axes[axis], leaves.map { $0.sides[axis] }) }
        self.leaves = leaves
        self.cells = cells
        measures = leaves.map { leaf in axes.indices.map { cells[$0].measure(of: leaf.sides[$0]) } }
        var (sum, squares) = (0.0, 0.0)
        for (leaf, measures) in zip(leaves, measures) {
            let volume = measures.reduce(1, *)
            sum += volume * leaf.value
            squares += volume * leaf.value * leaf.value
        }
        mean = sum
        total = max(0, squares - sum * sum)
    }

    /// The variance of the mean prediction along one axis.
    func variance(of axis: Int) -> Double {
        var marginal = DifferenceArray(count: cells[axis].count)
        for (index, leaf) in leaves.enumerated() {
            let weight = leaf.value * volume(of: index, without: axis, axis)
            for run in cells[axis].runs(of: leaf.sides[axis]) { marginal.add(weight, to: run) }
        }
        let squares = zip(marginal.sums, cells[axis].measures).reduce(0.0) { $0 + $1.0 * $1.0 * $1.1 }
        return max(0, squares - mean * mean)
    }

    /// The variance of the mean prediction over each pair of some axes, less what both explain alone. The pairs are in
    /// the order of the axes: the first with the second, the first with the third, and so on.
    func interactions(among chosen: [Int]) -> [Double] {
        let parts = chosen.map { axis in JoinedCells(cells[axis], leaves.map { $0.sides[axis] }) }
        let alone = chosen.map(variance(of:))
        return chosen.indices.flatMap { first in
            (first + 1..<chosen.count).map { second -> Double in
                let both = squares(of: (chosen[first], parts[first]), (chosen[second], parts[second]))
                return max(0, both - mean * mean - (alone[first] + alone[second]))
            }
        }
    }

    /// The mean of the squares of the mean prediction over two axes.
    private func squares(
        of first: (axis: Int, cells: JoinedCells), _ second: (axis: Int, cells: JoinedCells)
    ) -> Double {
        let (rows, columns) = (first.cells.measures, second.cells.measures)
        var marginal = DifferenceGrid(rows: rows.count, columns: columns.count)
        for (index, leaf) in leaves.enumerated() {
            let weight = leaf.value * volume(of: index, without: first.axis, second.axis)
            for run in first.cells.runs[index] {
                for other in second.cells.runs[index] { marginal.add(weight, rows: run, columns: other) }
            }
        }
        var squares = 0.0
        marginal.visit { row, column, value in squares += value * value * rows[row] * columns[column] }
        return squares
    }

    /// The measure of a leaf along all axes but two, which may be the same.
    private func volume(of leaf: Int, without first: Int, _ second: Int) -> Double {
        var volume = 1.0
        for (axis, measure) in measures[leaf].enumerated() where axis != first && axis != second { volume *= measure }
        return volume
    }
}

/// The parts of one axis between the splits of a tree.
private struct AxisCells {
    /// The measure of each part; together they make 1.
    let measures: [Double]
    /// Where the parts of numbers begin, in order; empty for categories.
    private let starts: [Double]

    var count: Int { measures.count }

    var areNumbers: Bool { !starts.isEmpty }

    init(_ axis: FeatureAxis, _ sides: [RegressionTree.Side]) {
        switch axis.kind {
        case .categories(let measures):
            self.measures = measures
            starts = []
        case .numbers:
            var found: Set<Double> = [-.infinity]
            for case .numbers(let lower, _) in sides { found.insert(lower) }
            let starts = found.sorted()
            self.starts = starts
            measures = starts.indices.map { index in
                axis.measure(from: starts[index], to: index + 1 < starts.count ? starts[index + 1] : .infinity)
            }
        }
    }

    /// The neighbouring parts that a side has.
    func runs(of side: RegressionTree.Side) -> [Range<Int>] {
        switch side {
        case .categories(let members): return members.indices.filter { members[$0] }.map { $0..<$0 + 1 }
        case .numbers(let lower, let upper):
            let (begin, end) = (place(of: lower), upper == .infinity ? count : place(of: upper))
            return begin < end ? [begin..<end] : []
        }
    }

    func measure(of side: RegressionTree.Side) -> Double {
        runs(of: side).reduce(0.0) { sum, run in measures[run].reduce(sum, +) }
    }

    private func place(of start: Double) -> Int {
        var (low, high) = (0, starts.count)
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] < start { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// The parts of one axis that a tree tells apart: categories that all leaves have together are one part. Of two axes
/// there are as many pairs of parts as the product of their numbers.
private struct JoinedCells {
    /// The measure of each part; together they make 1.
    let measures: [Double]
    /// The neighbouring parts that each leaf has.
    let runs: [[Range<Int>]]

    /// - Parameter sides: what each leaf has of the axis.
    init(_ cells: AxisCells, _ sides: [RegressionTree.Side]) {
        let found = sides.map { cells.runs(of: $0) }
        // Numbers have a part for each split.
        if cells.areNumbers {
            measures = cells.measures
            runs = found
            return
        }
        let places = Self.places(cells.count, found)
        var sums = Array(repeating: 0.0, count: (places.max() ?? -1) + 1)
        for (cell, place) in places.enumerated() { sums[place] += cells.measures[cell] }
        measures = sums
        runs = found.map { side in Self.runs(of: Set(side.joined().map { places[$0] })) }
    }

    /// The part to which each category belongs.
    private static func places(_ count: Int, _ sides: [[Range<Int>]]) -> [Int] {
        var holders = Array(repeating: [Int](), count: count)
        for (leaf, side) in sides.enumerated() { for cell in side.joined() { holders[cell].append(leaf) } }
        var known: [[Int]: Int] = [:]
        return holders.map { leaves in
            if let place = known[leaves] { return place }
            known[leaves] = known.count
            return known.count - 1
        }
    }

    /// The same numbers as ranges.
    private static func runs(of places: Set<Int>) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        for place in places.sorted() {
            if let last = runs.last, last.upperBound == place {
                runs[runs.count - 1] = last.lowerBound..<place + 1
            } else {
                runs.append(place..<place + 1)
            }
        }
        return runs
    }
}

/// Sums over ranges of places, each added in two steps however long the range is.
private struct DifferenceArray {
    private var differences: [Double]

    init(count: Int) { differences = Array(repeating: 0, count: count + 1) }

    mutating func add(_ value: Double, to range: Range<Int>) {
        differences[range.lowerBound] += value
        differences[range.upperBound] -= value
    }

    var sums: [Double] {
        var sum = 0.0
        return differences.dropLast().map { difference in
            sum += difference
            return sum
        }
    }
}

/// The same for rectangles.
private struct DifferenceGrid {
    private let rows: Int
    private let columns: Int
    private var differences: [Double]

    init(rows: Int, columns: Int) {
        (self.rows, self.columns) = (rows, columns)
        differences = Array(repeating: 0, count: (rows + 1) * (columns + 1))
    }

    mutating func add(_ value: Double, rows rowRange: Range<Int>, columns columnRange: Range<Int>) {
        for (row, sign) in [(rowRange.lowerBound, 1.0), (rowRange.upperBound, -1.0)] {
            differences[row * (columns + 1) + columnRange.lowerBound] += sign * value
            differences[row * (columns + 1) + columnRange.upperBound] -= sign * value
        }
    }

    func visit(_ body: (_ row: Int, _ column: Int, _ value: Double) -> Void) {
        var above = Array(repeating: 0.0, count: columns)
        for row in 0..<rows {
            var sum = 0.0
            for column in 0..<columns {
                sum += differences[row * (columns + 1) + column]
                above[column] += sum
                body(row, column, above[column])
            }
        }
    }
}
