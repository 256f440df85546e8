import LinearAlgebra
import RandomStreams
import RealModule

extension GaussianProcess {
    /// Means and covariances of the function at several points together (Rasmussen and Williams, eqs. 2.23 and 2.24):
    ///
    ///     μ = K*ᵀα        Σ = K** − (L⁻¹K*)ᵀ(L⁻¹K*)
    ///
    /// - Parameters:
    ///   - points: each with one coordinate for every dimension.
    ///   - inverse: ``inverseLowerFactor()``, made once for many calls.
    func joint(at points: [[Double]], _ inverse: Matrix<Double>) -> (means: [Double], covariance: Matrix<Double>) {
        let size = points.count
        let rows = points.map { Self.covariances(of: $0, with: columns, from: 0, dimensions, hyperparameters).values }
        let means = rows.map { row in zip(row, coefficients).reduce(0) { $0 + $1.0 * $1.1 } }
        let projected = Matrix(rows: size, columns: count, elements: rows.flatMap { $0 }).timesTransposed(inverse)
        let explained = projected.timesTransposed(projected)
        let own = dimensions.indices.map { dimension in points.map { $0[dimension] } }
        var covariance = Matrix<Double>(rows: size, columns: size)
        covariance.withMutableElements { elements in
            explained.withElements { explained in
                for row in 0..<size {
                    let prior = Self.covariances(of: points[row], with: own, from: 0, dimensions, hyperparameters)
                    for column in 0..<size {
                        elements[row * size + column] = prior.values[column] - explained[row * size + column]
                    }
                }
            }
        }
        return (means, covariance)
    }

    /// What the other trials let expect of each trial, with the noise of one (Rasmussen and Williams, eq. 5.12):
    ///
    ///     μᵢ = yᵢ − αᵢ/(K⁻¹)ᵢᵢ        σᵢ² = 1/(K⁻¹)ᵢᵢ
    ///
    /// - Parameter values: y, what the process was made with; it must have no beliefs.
    func leaveOneOut(_ values: [Double]) -> [(mean: Double, deviation: Double)] {
        precondition(values.count == count, "\(values.count) values for \(count) points")
        var diagonal = [Double](repeating: 0, count: count)
        for row in inverseFactor {
            for (column, element) in row.enumerated() { diagonal[column] += element * element }
        }
        return values.indices.map { index in
            (values[index] - coefficients[index] / diagonal[index], (1 / diagonal[index]).squareRoot())
        }
    }

    /// The share of the variance of the values that the other trials explain of each: 1 is perfect, 0 or less is no
    /// better than the mean of all trials.
    ///
    ///     Q² = 1 − Σ (yᵢ − μ₋ᵢ)² / Σ (yᵢ − ȳ)²
    ///
    /// The hyperparameters stay as they are, though they were fitted to the trial that is left out, too.
    ///
    /// - Parameter values: y, what the process was made with; it must have no beliefs.
    func explained(_ values: [Double]) -> Double {
        let residual = zip(values, leaveOneOut(values)).reduce(0) { $0 + ($1.0 - $1.1.mean) * ($1.0 - $1.1.mean) }
        let mean = values.reduce(0, +) / Double(max(1, values.count))
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return variance > 0 ? 1 - residual / variance : 0
    }
}

/// Functions drawn from a normal distribution over the values at some points.
///
///     let normals = NormalDraws.normals(pairs: 128, size: 2, seed: 0)
///     let draws = NormalDraws(means: [0, 1], covariance, normals, pairs: 128)
///     draws.rows                      // 256 rows of 2 values
///
/// They come in pairs that are mirrored at the means, so that the average of all is the mean itself. The same normal
/// numbers serve for many distributions: curves of neighbouring ones are then smooth.
struct NormalDraws {
    /// One for each draw, with a value for each point.
    let rows: [[Double]]

    /// - Parameters:
    ///   - covariance: symmetric; what rounding has taken from its diagonal is given back.
    ///   - normals: at least `pairs` for each point.
    init(means: [Double], _ covariance: Matrix<Double>, _ normals: [Double], pairs: Int) {
        let size = means.count
        precondition(normals.count >= pairs * size, "\(normals.count) numbers for \(pairs) draws of \(size)")
        let factor = Self.factor(of: covariance)
        let spread = Matrix(rows: pairs, columns: size, elements: normals.prefix(pairs * size)).times(factor).elements
        rows = (0..<2 * pairs).map { draw in
            let start = (draw / 2) * size
            return (0..<size).map { means[$0] + (draw % 2 == 0 ? spread[start + $0] : -spread[start + $0]) }
        }
    }

    /// Standard normal numbers, the same for the same seed.
    static func normals(pairs: Int, size: Int, seed: UInt64) -> [Double] {
        var random = RandomStream(seed: seed, stream: .explanation)
        return (0..<pairs * size).map { _ in random.normal() }
    }

    /// U with UᵀU = Σ. Points that lie close together make Σ singular: a growing multiple of the greatest variance is
    /// added to its diagonal; in the end all points are taken to be independent.
    private static func factor(of covariance: Matrix<Double>) -> Matrix<Double> {
        let size = covariance.rows
        let greatest = max((0..<size).reduce(0) { max($0, covariance[$1, $1]) }, 1e-300)
        for exponent in [-10.0, -8, -6, -4] {
            var shifted = covariance
            for index in 0..<size { shifted[index, index] += greatest * Double.pow(10, exponent) }
            if let factorization = try? CholeskyFactorization(ofUpper: shifted) { return factorization.upperFactor }
        }
        var diagonal = Matrix<Double>(rows: size, columns: size)
        for index in 0..<size { diagonal[index, index] = max(0, covariance[index, index]).squareRoot() }
        return diagonal
    }
}
