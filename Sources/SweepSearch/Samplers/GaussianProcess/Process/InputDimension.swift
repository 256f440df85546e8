import LinearAlgebra

/// The kind of one input of a process, by which distances along it are measured.
package enum InputDimension: Hashable, Sendable {
    /// A number from 0 to 1.
    case numeric
    /// The index of one of this many choices, or -1 for the middle of their simplex.
    case categorical(Int)

    /// The coordinate that stands for an inactive parameter.
    var middle: Double {
        switch self {
        case .numeric: 0.5
        case .categorical: -1
        }
    }

    /// d, the squared distance of two coordinates.
    ///
    ///     numeric             (0.2, 0.5)      0.09
    ///     categorical(3)      (0, 2)          1
    ///     categorical(3)      (0, -1)         ⅓ = ½(1 − ⅓): from a corner of the simplex to its middle
    @inline(__always)
    func distance(_ left: Double, _ right: Double) -> Double {
        switch self {
        case .numeric: return (left - right) * (left - right)
        case .categorical(let count):
            if left == right { return 0 }
            return left < 0 || right < 0 ? 0.5 * (1 - 1 / Double(count)) : 1
        }
    }

    /// Adds weight · d(point, element) to the sums, for the elements of a column from `start` on.
    func addDistances(
        from point: Double, to column: [Double], _ start: Int, _ weight: Double, into sums: inout [Double]
    ) {
        let elements = column.span
        var sums = sums.mutableSpan
        precondition(elements.count == start + sums.count)
        switch self {
        case .numeric:
            for index in 0..<sums.count {
                let difference = point - elements[start + index]
                sums[index] += weight * difference * difference
            }
        case .categorical:
            for index in 0..<sums.count { sums[index] += weight * distance(point, elements[start + index]) }
        }
    }
}
