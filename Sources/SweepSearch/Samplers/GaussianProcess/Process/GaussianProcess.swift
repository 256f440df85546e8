import LinearAlgebra

/// A Gaussian process conditioned on observations, with given hyperparameters: it predicts the value at any point and
/// how uncertain that is.
///
///     let process = try GaussianProcess(dimensions, columns: columns, values: values, hyperparameters)
///     let (mean, deviation) = process.posterior(at: [0.5, 0.2])
///
/// The kernel depends on a distance with a length scale ℓⱼ for every dimension (automatic relevance determination,
/// Rasmussen and Williams 2006, eq. 5.1):
///
///     k(x, x′) = k(r)        r² = Σⱼ wⱼ·dⱼ(xⱼ, x′ⱼ)        wⱼ = 1/ℓⱼ²
///
/// dⱼ is the squared distance of two quantiles, or 1 for two different choices, as if they were corners of a simplex.
/// An inactive parameter is placed in the middle of its range, or of its simplex. Assignments of different branches can
/// then be compared in the parameters they share, and every dⱼ is a squared distance of points, which keeps the kernel
/// positive definite.
///
/// Observations carry independent noise, some more than others, and the prior mean is 0. Computed as in algorithm 2.1
/// of the same book, but with L⁻¹ in place of L: a search asks for thousands of predictions, each of which is then a
/// product.
package struct GaussianProcess: Sendable {
    /// The kinds of the inputs, d of them.
    let dimensions: [InputDimension]
    package let hyperparameters: Hyperparameters
    /// The coordinates of the observations: one column for each dimension.
    private(set) var columns: [[Double]]
    /// How many points it is conditioned on: observations and beliefs.
    private(set) var count: Int
    /// L⁻¹ of K + N = L Lᵀ, where N is diagonal: σₙ² plus the error of each observation. It is lower triangular, so
    /// row i has i + 1 elements.
    private(set) var inverseFactor: [[Double]]
    /// α = (K + N)⁻¹y, and 0 for points added by ``addBelief(at:)``.
    private(set) var coefficients: [Double]

    /// - Parameters:
    ///   - columns: one for each dimension, each as long as `values`.
    ///   - values: y, the observations; standardized.
    ///   - errors: the variance of each observation beside that of the noise, which all have; none if empty.
    /// - Throws: `NumericalFailure` if rounding leaves K + N not positive definite.
    /// - Complexity: O(n³) for n values.
    package init(
        _ dimensions: [InputDimension], columns: [[Double]], values: [Double], errors: [Double] = [],
        _ hyperparameters: Hyperparameters
    ) throws(NumericalFailure) {
        self.dimensions = dimensions
        self.columns = columns
        self.hyperparameters = hyperparameters
        count = values.count
        let size = count
        var covariance = Matrix<Double>(rows: size, columns: size)
        covariance.withMutableElements { elements in
            for row in 0..<size {
                let covariances = Self.covariances(
                    of: columns.map { $0[row] }, with: columns, from: row, dimensions, hyperparameters
                ).values
                for column in row..<size { elements[row * size + column] = covariances[column - row] }
                elements[row * size + row] = hyperparameters.signalVariance + hyperparameters.noiseVariance
                if !errors.isEmpty { elements[row * size + row] += errors[row] }
            }
        }
        let inverse = try CholeskyFactorization(ofUpper: covariance).inverseLowerFactor()
        inverseFactor = inverse.withElements { elements in
            (0..<size).map { row in (0...row).map { elements[row * size + $0] } }
        }
        coefficients = []
        coefficients = transposedProduct(product(values))
    }

    /// The same, with more noise where points lie so close together that rounding makes K singular.
    ///
    /// - Returns: nil if K stays singular even with 10⁹ times the noise.
    static func stable(
        _ dimensions: [InputDimension], columns: [[Double]], values: [Double], errors: [Double] = [],
        _ hyperparameters: Hyperparameters
    ) -> GaussianProcess? {
        var hyperparameters = hyperparameters
        for _ in 0..<10 {
            let process = try? GaussianProcess(
                dimensions, columns: columns, values: values, errors: errors, hyperparameters)
            if let process { return process }
            hyperparameters.noiseVariance *= 10
        }
        return nil
    }

    /// Adds a point with the predicted mean as its value, for a trial whose result is pending: the Kriging believer of
    /// Ginsbourger, Le Riche and Carraro 2010, "Kriging Is Well-Suited to Parallelize Optimization".
    ///
    /// The mean stays as it is everywhere, and the variance shrinks around the point.
    ///
    /// - Complexity: O(n²): it appends one row to the factor.
    package mutating func addBelief(at point: [Double]) {
        let covariances = Self.covariances(of: point, with: columns, from: 0, dimensions, hyperparameters).values
        let projected = product(covariances)
        let observed = hyperparameters.signalVariance + hyperparameters.noiseVariance
        let variance = observed - projected.reduce(0) { $0 + $1 * $1 }
        let pivot = max(variance, hyperparameters.noiseVariance).squareRoot()
        inverseFactor.append(transposedProduct(projected).map { -$0 / pivot } + [1 / pivot])
        for dimension in columns.indices { columns[dimension].append(point[dimension]) }
        coefficients.append(0)
        count += 1
    }

    /// The points that it is conditioned on, each with one coordinate for every dimension.
    package var points: [[Double]] { (0..<count).map { row in columns.map { $0[row] } } }

    /// The mean and the standard deviation of the function at a point, without the noise of an observation
    /// (Rasmussen and Williams, eqs. 2.25 and 2.26):
    ///
    ///     μ = k*ᵀα        σ² = k(x, x) − ‖L⁻¹k*‖²
    package func posterior(at point: [Double]) -> (mean: Double, deviation: Double) {
        let covariances = Self.covariances(of: point, with: columns, from: 0, dimensions, hyperparameters).values
        let projected = product(covariances)
        return posterior(covariances.span, projected.span)
    }

    /// The same at many points: one product of matrices is faster than many products with vectors.
    ///
    /// - Parameter points: each with one coordinate for every dimension.
    package func posteriors(at points: [[Double]]) -> [(mean: Double, deviation: Double)] {
        let inverse = inverseLowerFactor()
        let covariances = points.map {
            Self.covariances(of: $0, with: columns, from: 0, dimensions, hyperparameters).values
        }
        let rows = Matrix(rows: points.count, columns: count, elements: covariances.flatMap { $0 })
        return rows.timesTransposed(lowerTriangle: inverse).withElements { projected in
            covariances.enumerated().map { index, covariances in
                posterior(covariances.span, projected.extracting((index * count)..<((index + 1) * count)))
            }
        }
    }

    /// L⁻¹ as a matrix.
    func inverseLowerFactor() -> Matrix<Double> {
        var inverse = Matrix<Double>(rows: count, columns: count)
        inverse.withMutableElements { elements in
            for (row, factor) in inverseFactor.enumerated() {
                let factor = factor.span
                for column in 0..<factor.count { elements[row * count + column] = factor[column] }
            }
        }
        return inverse
    }

    /// - Parameters:
    ///   - covariances: k*, between the point and the observations.
    ///   - projected: L⁻¹k*.
    private func posterior(
        _ covariances: Span<Double>, _ projected: Span<Double>
    ) -> (mean: Double, deviation: Double) {
        var mean = 0.0
        var explained = 0.0
        for index in 0..<count {
            mean += covariances[index] * coefficients[index]
            explained += projected[index] * projected[index]
        }
        // At an observation without noise rounding may leave a variance below 0.
        let variance = max(hyperparameters.signalVariance - explained, 1e-10 * hyperparameters.signalVariance)
        return (mean, variance.squareRoot())
    }

    /// Mean and standard deviation at a point, and their derivatives with respect to some of its coordinates.
    ///
    ///     ∂μ/∂xⱼ = 2wⱼ Σᵢ k′ᵢ (xⱼ − xᵢⱼ) αᵢ        ∂σ/∂xⱼ = −(2wⱼ/σ) Σᵢ k′ᵢ (xⱼ − xᵢⱼ) (K⁻¹k*)ᵢ        k′ = dk/d(r²)
    ///
    /// Here K includes the noise.
    ///
    /// - Parameter moving: the indices of those coordinates; all numeric.
    package func slopes(
        at point: [Double], along moving: [Int]
    ) -> (mean: Double, deviation: Double, meanSlopes: [Double], deviationSlopes: [Double]) {
        let (covariances, derivatives) = Self.covariances(
            of: point, with: columns, from: 0, dimensions, hyperparameters)
        let projected = product(covariances)
        let solved = transposedProduct(projected)
        let (mean, deviation) = posterior(covariances.span, projected.span)
        var meanSlopes = [Double]()
        var deviationSlopes = [Double]()
        for dimension in moving {
            let column = columns[dimension]
            var meanSlope = 0.0
            var varianceSlope = 0.0
            for index in 0..<count {
                let pull = derivatives[index] * (point[dimension] - column[index])
                meanSlope += pull * coefficients[index]
                varianceSlope -= pull * solved[index]
            }
            let weight = 2 * hyperparameters.weights[dimension]
            meanSlopes.append(weight * meanSlope)
            deviationSlopes.append(weight * varianceSlope / deviation)
        }
        return (mean, deviation, meanSlopes, deviationSlopes)
    }

    /// k(x, xᵢ) and dk/d(r²) between a point x and the observations from row `start` on.
    ///
    /// - Parameters:
    ///   - point: one coordinate for each dimension.
    ///   - start: the first row that is wanted.
    /// - Returns: two lists with one element for each row from `start` on.
    static func covariances(
        of point: [Double], with columns: [[Double]], from start: Int, _ dimensions: [InputDimension],
        _ hyperparameters: Hyperparameters
    ) -> (values: [Double], derivatives: [Double]) {
        let count = (columns.first?.count ?? start) - start
        var squares = [Double](repeating: 0, count: count)
        for (dimension, column) in columns.enumerated() {
            dimensions[dimension].addDistances(
                from: point[dimension], to: column, start, hyperparameters.weights[dimension], into: &squares)
        }
        var derivatives = squares
        for index in 0..<count {
            (squares[index], derivatives[index]) = hyperparameters.kernel(
                squares[index], hyperparameters.signalVariance)
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

extension Span<Double> {
    /// The dot product over the shorter length, in eight partial sums so that vector registers are used.
    func dot(_ other: Span<Double>) -> Double {
        withUnsafeBufferPointer { left in
            other.withUnsafeBufferPointer { right in
                let count = Swift.min(left.count, right.count)
                let whole = count / 8 * 8
                let (lefts, rights) = (UnsafeRawBufferPointer(left), UnsafeRawBufferPointer(right))
                var sums = SIMD8<Double>()
                for index in stride(from: 0, to: whole * 8, by: 64) {
                    sums +=
                        lefts.loadUnaligned(fromByteOffset: index, as: SIMD8<Double>.self)
                        * rights.loadUnaligned(fromByteOffset: index, as: SIMD8<Double>.self)
                }
                var sum = sums.sum()
                for index in whole..<count { sum += left[index] * right[index] }
                return sum
            }
        }
    }
}
