import LinearAlgebra

/// A Gaussian process over encoded assignments, given its hyperparameters.
///
///     k(x, x′) = k(r)        r² = Σⱼ wⱼ·dⱼ(xⱼ, x′ⱼ)
///
/// a `ProcessKernel` with a weight wⱼ = 1/ℓⱼ² for every parameter (automatic relevance determination). dⱼ is the squared
/// distance of two quantiles, or 1 for two different choices, as corners of a simplex have it. An inactive parameter
/// rests in the middle of its range, or of its simplex: assignments of different branches so share what they have in
/// common, and every dⱼ is a squared distance of points, which keeps the kernel positive definite.
///
/// Observations carry noise of variance `noise`, and the prior mean is 0.
package struct GaussianProcess {
    let axes: [ProcessAxis]
    package let hyperparameters: Hyperparameters
    /// The encoded points, axis by axis.
    private(set) var columns: [[Double]]
    private(set) var count: Int
    /// L⁻¹ of K + noise = L Lᵀ, row by row, each as long as its index says: row i has i + 1 elements.
    private var inverseFactor: [[Double]]
    /// K⁻¹y, with 0 for points that were added later.
    private var coefficients: [Double]

    /// - Throws: `NumericalFailure` if K is not positive definite in Doubles.
    package init(
        _ axes: [ProcessAxis], columns: [[Double]], values: [Double], _ hyperparameters: Hyperparameters
    ) throws(NumericalFailure) {
        self.axes = axes
        self.columns = columns
        self.hyperparameters = hyperparameters
        count = values.count
        let size = count
        var covariance = Matrix<Double>(rows: size, columns: size)
        covariance.withMutableElements { elements in
            for row in 0..<size {
                let covariances = Self.covariances(
                    of: columns.map { $0[row] }, with: columns, from: row, axes, hyperparameters
                ).values
                for column in row..<size { elements[row * size + column] = covariances[column - row] }
                elements[row * size + row] = hyperparameters.signal + hyperparameters.noise
            }
        }
        let inverse = try CholeskyFactorization(ofUpper: covariance).inverseLowerFactor()
        inverseFactor = inverse.withElements { elements in
            (0..<size).map { row in (0...row).map { elements[row * size + $0] } }
        }
        coefficients = []
        coefficients = transposedProduct(product(values))
    }

    /// Adds a point whose value is taken to be what is expected there: the mean stays as it is everywhere, and the
    /// variance shrinks around it. One row of the factor, in O(n²).
    package mutating func believe(_ point: [Double]) {
        let covariances = Self.covariances(of: point, with: columns, from: 0, axes, hyperparameters).values
        let projected = product(covariances)
        let variance = hyperparameters.signal + hyperparameters.noise - projected.reduce(0) { $0 + $1 * $1 }
        let pivot = max(variance, hyperparameters.noise).squareRoot()
        inverseFactor.append(transposedProduct(projected).map { -$0 / pivot } + [1 / pivot])
        for axis in columns.indices { columns[axis].append(point[axis]) }
        coefficients.append(0)
        count += 1
    }

    /// What is expected at a point, without the noise of an observation.
    package func posterior(at point: [Double]) -> (mean: Double, deviation: Double) {
        let covariances = Self.covariances(of: point, with: columns, from: 0, axes, hyperparameters).values
        return posterior(covariances, product(covariances))
    }

    /// What is expected at many points: one product of matrices instead of many with vectors.
    package func posteriors(at points: [[Double]]) -> [(mean: Double, deviation: Double)] {
        var inverse = Matrix<Double>(rows: count, columns: count)
        inverse.withMutableElements { elements in
            for (row, factor) in inverseFactor.enumerated() {
                for (column, element) in factor.enumerated() { elements[row * count + column] = element }
            }
        }
        let covariances = points.map { Self.covariances(of: $0, with: columns, from: 0, axes, hyperparameters).values }
        let rows = Matrix(rows: points.count, columns: count, elements: covariances.flatMap { $0 })
        let projected = rows.timesTransposed(inverse).elements
        return covariances.enumerated().map { index, covariances in
            posterior(covariances, Array(projected[(index * count)..<((index + 1) * count)]))
        }
    }

    private func posterior(_ covariances: [Double], _ projected: [Double]) -> (mean: Double, deviation: Double) {
        var mean = 0.0
        var explained = 0.0
        for index in 0..<count {
            mean += covariances[index] * coefficients[index]
            explained += projected[index] * projected[index]
        }
        // Rounding must not make a place that is known exactly look better than known.
        let variance = max(hyperparameters.signal - explained, 1e-10 * hyperparameters.signal)
        return (mean, variance.squareRoot())
    }

    /// Mean and deviation at a point, and their derivatives along the given axes.
    package func slopes(
        at point: [Double], along moving: [Int]
    ) -> (mean: Double, deviation: Double, meanSlopes: [Double], deviationSlopes: [Double]) {
        let (covariances, derivatives) = Self.covariances(
            of: point, with: columns, from: 0, axes, hyperparameters)
        let projected = product(covariances)
        let solved = transposedProduct(projected)
        let (mean, deviation) = posterior(covariances, projected)
        var meanSlopes = [Double]()
        var deviationSlopes = [Double]()
        for axis in moving {
            let column = columns[axis]
            var meanSlope = 0.0
            var varianceSlope = 0.0
            for index in 0..<count {
                let pull = derivatives[index] * (point[axis] - column[index])
                meanSlope += pull * coefficients[index]
                varianceSlope -= pull * solved[index]
            }
            let weight = 2 * hyperparameters.weights[axis]
            meanSlopes.append(weight * meanSlope)
            deviationSlopes.append(weight * varianceSlope / deviation)
        }
        return (mean, deviation, meanSlopes, deviationSlopes)
    }

    /// k and dk/d(r²) between a point and the columns from a row on.
    private static func covariances(
        of point: [Double], with columns: [[Double]], from start: Int, _ axes: [ProcessAxis],
        _ hyperparameters: Hyperparameters
    ) -> (values: [Double], derivatives: [Double]) {
        let count = (columns.first?.count ?? start) - start
        var squares = [Double](repeating: 0, count: count)
        for (axis, column) in columns.enumerated() {
            axes[axis].addDistances(from: point[axis], to: column, start, hyperparameters.weights[axis], into: &squares)
        }
        var derivatives = squares
        for index in 0..<count {
            (squares[index], derivatives[index]) = hyperparameters.kernel(squares[index], hyperparameters.signal)
        }
        return (squares, derivatives)
    }

    /// L⁻¹ v
    private func product(_ vector: [Double]) -> [Double] {
        let elements = vector.span
        var product = [Double]()
        product.reserveCapacity(vector.count)
        for row in inverseFactor { product.append(row.span.dot(elements)) }
        return product
    }

    /// L⁻ᵀ v
    private func transposedProduct(_ vector: [Double]) -> [Double] {
        var product = [Double](repeating: 0, count: vector.count)
        var span = product.mutableSpan
        for (row, scale) in zip(inverseFactor, vector) {
            let elements = row.span
            for index in 0..<elements.count { span[index] += scale * elements[index] }
        }
        return product
    }
}

/// One parameter as a process sees it.
package enum ProcessAxis: Hashable {
    /// A coordinate from 0 to 1.
    case numeric
    /// The index of a choice among this many, or -1 for the middle of their simplex.
    case categorical(Int)

    /// Where an inactive parameter rests.
    var middle: Double {
        switch self {
        case .numeric: 0.5
        case .categorical: -1
        }
    }

    /// The squared distance.
    @inline(__always)
    func distance(_ left: Double, _ right: Double) -> Double {
        switch self {
        case .numeric: return (left - right) * (left - right)
        case .categorical(let count):
            if left == right { return 0 }
            return left < 0 || right < 0 ? 0.5 * (1 - 1 / Double(count)) : 1
        }
    }

    /// Adds weight · distance from a point to a column's elements from `start` on.
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

package struct Hyperparameters: Hashable {
    package var kernel: ProcessKernel
    /// wⱼ = 1/ℓⱼ², one for each axis.
    package var weights: [Double]
    /// s, the prior variance.
    package var signal: Double
    /// The variance of an observation's noise.
    package var noise: Double

    package init(kernel: ProcessKernel = .matern, weights: [Double], signal: Double, noise: Double) {
        self.kernel = kernel
        self.weights = weights
        self.signal = signal
        self.noise = noise
    }
}

extension Span<Double> {
    /// The dot product over the shorter length: in eight partial sums, which vector registers hold.
    func dot(_ other: Span<Double>) -> Double {
        let count = Swift.min(count, other.count)
        var sums = SIMD8<Double>()
        var index = 0
        while index + 8 <= count {
            var left = SIMD8<Double>()
            var right = SIMD8<Double>()
            for lane in 0..<8 {
                left[lane] = self[index + lane]
                right[lane] = other[index + lane]
            }
            sums += left * right
            index += 8
        }
        var sum = sums.sum()
        while index < count {
            sum += self[index] * other[index]
            index += 1
        }
        return sum
    }
}
