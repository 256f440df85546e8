/// Finds eigenvectors of a symmetric tridiagonal matrix T from its eigenvalues, each by itself.
///
/// For an eigenvalue λ, elimination runs through T − λ from the first row and from the last, and leaves the pivots p
/// and q. Joined at row r, the two leave one equation unsolved, `γ_r = p_r + q_r − (d_r − λ)`. Where |γ_r| is smallest,
/// the vector z with z_r = 1 that solves all others has the residual `T z − λ z = γ_r e_r`:
///
///     z_i = −(e_i / p_i) z_{i+1}    for i < r        z_{i+1} = −(e_i / q_{i+1}) z_i    for i ≥ r
///
/// That takes two divisions for each element, in loops over 32 eigenvalues that have no order to keep, where dividing
/// T in halves (`stedc`) has N³ operations: measured at order 1,024 with 411 vectors, 2 ms against 31 ms.
///
/// Vectors found so are orthogonal to (residual)/(distance of the eigenvalues), which `find` checks. The residual is
/// about 1e-16·λ_max, so that distances down to 1e-9·λ_max serve single precision.
///
/// Source: Parlett and Dhillon, Fernando's solution to Wilkinson's problem: an application of double factorization,
/// Linear Algebra and its Applications 267 (1997).
struct TridiagonalVectors {
    private let size: Int
    /// e_i / p_i, and e_i / q_{i+1} one row below.
    private let (fromAbove, fromBelow): (MutableMatrixView<Double>, MutableMatrixView<Double>)
    /// p, then z.
    private let vectors: MutableMatrixView<Double>
    /// One number for each of the eigenvalues that are worked on.
    private let numbers: MutableMatrixView<Double>
    /// |T z − λ z| for each eigenvalue.
    private let residuals: MutableMatrixView<Double>
    /// Owns the views.
    private let arena: Arena<Double>

    private static var together: Int { 32 }
    /// Elements of a unit vector below it are taken as 0: numbers that have no full format would slow the loops down.
    private static var smallest: Double { 1e-140 }

    init(size: Int) {
        self.size = size
        let (panel, count) = ((size, Self.together), 5)
        arena = Arena([panel, panel, panel, (count, Self.together), (1, size)])
        (fromAbove, fromBelow) = (arena.take(size, Self.together), arena.take(size, Self.together))
        vectors = arena.take(size, Self.together)
        numbers = arena.take(count, Self.together)
        residuals = arena.take(1, size)
    }

    var byteCount: Int { arena.byteCount }

    /// `target ← the unit eigenvectors of values[first...]`, as columns.
    ///
    /// - Parameters:
    ///   - diagonal: of T, `[1, N]`, and `offDiagonal`, of which the first N − 1 count.
    ///   - values: all eigenvalues, ascending.
    ///   - target: shape `[N, N − first]`.
    ///   - limit: how far from orthogonal two unit vectors may be.
    /// - Returns: whether they are. They are not where eigenvalues are equal to rounding.
    func find<Scalar: BLASScalar>(
        diagonal: MatrixView<Double>, offDiagonal: MatrixView<Double>, values: [Double], from first: Int,
        into target: MutableMatrixView<Scalar>, limit: Double
    ) -> Bool {
        precondition(values.count == size && target.rows == size && target.columns == size - first, "no vectors of T")
        guard first < size else { return true }
        let largest = max(values[size - 1].magnitude, values[0].magnitude)
        let pivot = max(1e-32 * largest, .leastNormalMagnitude)
        for start in stride(from: first, to: size, by: Self.together) {
            let count = min(Self.together, size - start)
            for index in 0..<Self.together { numbers[0][index] = values[start + min(index, count - 1)] }
            eliminate(diagonal[0], offDiagonal[0], leastPivot: pivot)
            substitute()
            for index in 0..<count {
                let norm = numbers[4][index].squareRoot()
                residuals[0][start + index] = numbers[2][index] / norm
                numbers[4][index] = 1 / norm
            }
            let columns = target.columns(start - first..<start - first + count)
            for row in 0..<size { scaled(columns[row], vectors[row], numbers[4]) }
        }
        // Not "greater than", which a NaN would not be.
        return (first..<size - 1).allSatisfy {
            residuals[0][$0] + residuals[0][$0 + 1] <= limit * (values[$0 + 1] - values[$0])
        }
    }

    /// From `numbers` row 0, λ: leaves the factors, in row 2 the smallest |γ|, and in row 3 where it is.
    private func eliminate(
        _ diagonal: UnsafeBufferPointer<Double>, _ offDiagonal: UnsafeBufferPointer<Double>, leastPivot: Double
    ) {
        let (shift, next) = (numbers[0], numbers[1])
        let (best, place) = (numbers[2], numbers[3])
        let lanes = Self.together
        for lane in 0..<lanes { next[lane] = diagonal[0] - shift[lane] }
        for row in 0..<size {
            let isLast = row == size - 1
            let (coupling, below) = (isLast ? 0 : offDiagonal[row], isLast ? 0 : diagonal[row + 1])
            let (factors, pivots) = (fromAbove[row], vectors[row])
            for lane in 0..<lanes {
                let pivot = next[lane].magnitude < leastPivot ? leastPivot : next[lane]
                let factor = coupling / pivot
                (pivots[lane], factors[lane]) = (pivot, factor)
                next[lane] = below - shift[lane] - coupling * factor
            }
        }
        for lane in 0..<lanes {
            next[lane] = diagonal[size - 1] - shift[lane]
            (best[lane], place[lane]) = (.infinity, 0)
        }
        for row in stride(from: size - 1, through: 0, by: -1) {
            let (coupling, above) = row == 0 ? (0, 0) : (offDiagonal[row - 1], diagonal[row - 1])
            let (factors, pivots) = (fromBelow[row], vectors[row])
            let (own, position) = (diagonal[row], Double(row))
            for lane in 0..<lanes {
                let pivot = next[lane].magnitude < leastPivot ? leastPivot : next[lane]
                let rest = (pivots[lane] + pivot - (own - shift[lane])).magnitude
                let isBetter = rest < best[lane]
                best[lane] = isBetter ? rest : best[lane]
                place[lane] = isBetter ? position : place[lane]
                let factor = coupling / pivot
                factors[lane] = factor
                next[lane] = above - shift[lane] - coupling * factor
            }
        }
    }

    /// From the factors: leaves z in `vectors`, and in `numbers` row 4 the sums of its squares.
    private func substitute() {
        let (current, place, squares) = (numbers[1], numbers[3], numbers[4])
        let lanes = Self.together
        for lane in 0..<lanes { (current[lane], squares[lane]) = (0, 0) }
        for row in stride(from: size - 1, through: 0, by: -1) {
            let (factors, target, position) = (fromAbove[row], vectors[row], Double(row))
            for lane in 0..<lanes {
                let product = -factors[lane] * current[lane]
                let element = product.magnitude < Self.smallest ? 0 : product
                let value = place[lane] == position ? 1 : element
                (current[lane], target[lane]) = (value, value)
                squares[lane] += value * value
            }
        }
        for lane in 0..<lanes { current[lane] = 0 }
        for row in 0..<size {
            let (factors, target, position) = (fromBelow[row], vectors[row], Double(row))
            for lane in 0..<lanes {
                let product = -factors[lane] * current[lane]
                let element = product.magnitude < Self.smallest ? 0 : product
                // Above r there is nothing yet, so that `element` is 0 there.
                let value = place[lane] == position ? 1 : element
                current[lane] = value
                target[lane] += place[lane] < position ? value : 0
                squares[lane] += element * element
            }
        }
    }
}

/// `target ← vector · factors`, of as many elements as `target` has.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func scaled<Scalar: BLASScalar>(
    _ target: UnsafeMutableBufferPointer<Scalar>, _ vector: UnsafeMutableBufferPointer<Double>,
    _ factors: UnsafeMutableBufferPointer<Double>
) {
    for index in 0..<target.count { target[index] = Scalar(vector[index] * factors[index]) }
}
