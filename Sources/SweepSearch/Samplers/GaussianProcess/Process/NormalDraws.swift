import LinearAlgebra
import RandomStreams
import RealModule

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
