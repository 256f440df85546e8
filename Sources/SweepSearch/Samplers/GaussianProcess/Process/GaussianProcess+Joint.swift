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
