/// The regression of one number on another that rises with it, cautious where few pairs are known:
///
///     y = ȳ + b·(x − x̄) + ε
///     b = Σ (x − x̄)(y − ȳ) / S, at least 0          S = s + Σ (x − x̄)²
///     variance of a y at x = (r + Σ residual²)/(n − 1) · (1 + 1/n + (x − x̄)²/S)
///
/// s draws the slope towards 0, and r keeps few pairs that lie on a line by chance from making a certainty.
///
///     let line = RisingLine([(1, 2), (2, 4), (3, 6)], slopePrior: 0, residualPrior: 0.1)
///     line.mean(at: 4)                    // 8
///     line.variance(at: 4)                // 0.167
package struct RisingLine: Sendable {
    private let meanX: Double
    private let meanY: Double
    private let slope: Double
    /// S.
    private let squares: Double
    /// (r + Σ residual²)/(n − 1).
    private let residual: Double
    private let count: Double

    /// - Parameters:
    ///   - pairs: at least two, finite.
    ///   - slopePrior: s, in the square of x's unit; as much as one more pair at the distance √s that says nothing.
    ///   - residualPrior: r, in the square of y's unit.
    package init(_ pairs: [(x: Double, y: Double)], slopePrior: Double, residualPrior: Double) {
        precondition(pairs.count >= 2, "a line through \(pairs.count) points")
        let count = Double(pairs.count)
        let (meanX, meanY) = (pairs.reduce(0) { $0 + $1.x } / count, pairs.reduce(0) { $0 + $1.y } / count)
        let squares = slopePrior + pairs.reduce(0) { $0 + ($1.x - meanX) * ($1.x - meanX) }
        let products = pairs.reduce(0) { $0 + ($1.x - meanX) * ($1.y - meanY) }
        let slope = squares > 0 ? max(0, products / squares) : 0
        let residuals = pairs.reduce(residualPrior) { sum, pair in
            let rest = pair.y - meanY - slope * (pair.x - meanX)
            return sum + rest * rest
        }
        self.count = count
        (self.meanX, self.meanY, self.squares, self.slope) = (meanX, meanY, squares, slope)
        residual = residuals / (count - 1)
    }

    /// What y is expected at x.
    package func mean(at x: Double) -> Double { meanY + slope * (x - meanX) }

    /// How far a single y at x may be from there, as a variance.
    package func variance(at x: Double) -> Double {
        let distance = x - meanX
        return residual * (1 + 1 / count + (squares > 0 ? distance * distance / squares : 0))
    }
}
