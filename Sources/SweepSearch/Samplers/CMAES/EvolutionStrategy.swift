import LinearAlgebra
import RandomStreams
import RealModule

/// The state of a covariance matrix adaptation evolution strategy on the unit cube: where it searches, how far around,
/// and in what shape. A value: it moves on from one generation of ranked points to the next.
///
/// Sources: Hansen 2016, "The CMA Evolution Strategy: A Tutorial" (arXiv:1604.00772), whose names and default constants
/// these are; Hansen 2011, "Injecting External Solutions Into CMA-ES" (arXiv:1110.4181), for points that the
/// distribution would hardly have drawn; Auger and Hansen 2005 for restarts with a doubled population.
package struct EvolutionStrategy {
    private let dimensions: Int
    /// λ
    package let population: Int
    package private(set) var mean: [Double]
    /// σ
    private(set) var stepSize: Double
    private var covariance: Matrix<Double>
    private var evolutionPath: [Double]
    private var stepPath: [Double]
    private var generation = 0
    /// C = B D² Bᵀ: row i of `vectors` is the i-th column of B, `scales` the diagonal of D.
    private var vectors: Matrix<Double>
    private var scales: [Double]
    private var recentBests: [Double] = []

    static let firstStepSize = 0.25

    /// λ of the first run.
    static func defaultPopulation(_ dimensions: Int) -> Int { 4 + Int(3 * Double.log(Double(max(1, dimensions)))) }

    package init(mean: [Double], population: Int) {
        dimensions = mean.count
        self.population = population
        self.mean = mean
        stepSize = Self.firstStepSize
        covariance = .identity(mean.count)
        vectors = .identity(mean.count)
        scales = mean.map { _ in 1 }
        evolutionPath = mean.map { _ in 0 }
        stepPath = mean.map { _ in 0 }
    }

    /// Whether nothing more is to be expected of this run: the distribution has shrunk to a point, is as wide as the
    /// cube, is ill-conditioned, or has stopped improving.
    package var isExhausted: Bool {
        let widest = stepSize * (scales.max() ?? 1)
        let narrowest = stepSize * (scales.min() ?? 1)
        if !(widest > 1e-9) || !(widest < 100) || !(narrowest > 1e-7 * widest) { return true }
        let window = 10 + 30 * dimensions / population
        guard recentBests.count >= 2 * window else { return false }
        let (before, after) = (recentBests.suffix(2 * window).prefix(window), recentBests.suffix(window))
        return (after.min() ?? 0) >= (before.min() ?? 0)
    }

    /// Draws a point; coordinates outside the unit interval are drawn again, and cut off if they keep falling there.
    ///
    /// - Parameter leastDeviation: for each coordinate the deviation it must at least have, which keeps a discrete one
    ///   from settling in a cell for good: the margin of Hamano et al. 2022 (arXiv:2205.13482), in a simple form.
    package func sample(leastDeviation: [Double], using random: inout RandomStream) -> [Double] {
        var point = mean
        for _ in 0..<20 {
            let normals = scales.map { $0 * random.normal() }
            for coordinate in 0..<dimensions {
                var step = 0.0
                var variance = 0.0
                for index in 0..<dimensions {
                    step += vectors[index, coordinate] * normals[index]
                    variance += vectors[index, coordinate] * vectors[index, coordinate] * scales[index] * scales[index]
                }
                let deviation = stepSize * variance.squareRoot()
                let widening = deviation < leastDeviation[coordinate] ? leastDeviation[coordinate] / deviation : 1
                point[coordinate] = mean[coordinate] + stepSize * step * widening
            }
            if point.allSatisfy({ $0 >= 0 && $0 <= 1 }) { return point }
        }
        return point.map { min(max($0, 0), 1) }
    }

    /// Moves on by a generation: points, and their values of which lower is better.
    ///
    /// - Throws: `NumericalFailure` if the covariance has no eigenvalues; the state is then useless.
    package mutating func update(_ points: [[Double]], values: [Double]) throws(NumericalFailure) {
        let count = points.count
        let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        let (n, parents) = (Double(dimensions), count / 2)
        let raw = (0..<parents).map { Double.log((Double(count) + 1) / 2) - Double.log(Double($0 + 1)) }
        let weights = raw.map { $0 / raw.reduce(0, +) }
        let effective = 1 / weights.reduce(0) { $0 + $1 * $1 }
        let stepRate = (effective + 2) / (n + effective + 5)
        let stepDamping = 1 + 2 * max(0, ((effective - 1) / (n + 1)).squareRoot() - 1) + stepRate
        let pathRate = (4 + effective / n) / (n + 4 + 2 * effective / n)
        let rankOne = 2 / ((n + 1.3) * (n + 1.3) + effective)
        let rankMany = min(1 - rankOne, 2 * (effective - 2 + 1 / effective) / ((n + 2) * (n + 2) + effective))
        let expectedLength = n.squareRoot() * (1 - 1 / (4 * n) + 1 / (21 * n * n))

        let steps = order.prefix(parents).map { index -> [Double] in
            let step = zip(points[index], mean).map { ($0 - $1) / stepSize }
            // A step that is far too long for this distribution came from elsewhere: it is shortened.
            let length = whitened(step).reduce(0) { $0 + $1 * $1 }.squareRoot()
            let longest = n.squareRoot() + 2 * n / (n + 2)
            return length > longest ? step.map { $0 * longest / length } : step
        }
        var step = [Double](repeating: 0, count: dimensions)
        for (weight, parent) in zip(weights, steps) {
            for coordinate in 0..<dimensions { step[coordinate] += weight * parent[coordinate] }
        }
        for coordinate in 0..<dimensions {
            mean[coordinate] = min(max(mean[coordinate] + stepSize * step[coordinate], 0), 1)
        }
        generation += 1
        let stepGain = (stepRate * (2 - stepRate) * effective).squareRoot()
        stepPath = zip(stepPath, whitened(step)).map { (1 - stepRate) * $0 + stepGain * $1 }
        let length = stepPath.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let settled = (1 - Double.pow(1 - stepRate, 2 * Double(generation))).squareRoot()
        let isSteady = length / settled < (1.4 + 2 / (n + 1)) * expectedLength
        let pathGain = isSteady ? (pathRate * (2 - pathRate) * effective).squareRoot() : 0
        evolutionPath = zip(evolutionPath, step).map { (1 - pathRate) * $0 + pathGain * $1 }
        let lost = isSteady ? 0 : pathRate * (2 - pathRate)
        for row in 0..<dimensions {
            for column in row..<dimensions {
                var spread = 0.0
                for (weight, parent) in zip(weights, steps) { spread += weight * parent[row] * parent[column] }
                let element =
                    (1 - rankOne - rankMany + rankOne * lost) * covariance[row, column]
                    + rankOne * evolutionPath[row] * evolutionPath[column] + rankMany * spread
                covariance[row, column] = element
                covariance[column, row] = element
            }
        }
        stepSize *= Double.exp(min(1, stepRate / stepDamping * (length / expectedLength - 1)))
        let eigen = try SymmetricEigen(ofUpper: covariance)
        vectors = eigen.vectors
        scales = eigen.values.map { max($0, 1e-20).squareRoot() }
        recentBests.append(values[order[0]])
    }

    /// C^(−1/2) v
    private func whitened(_ vector: [Double]) -> [Double] {
        var result = [Double](repeating: 0, count: dimensions)
        for index in 0..<dimensions {
            var projection = 0.0
            for coordinate in 0..<dimensions { projection += vectors[index, coordinate] * vector[coordinate] }
            projection /= scales[index]
            for coordinate in 0..<dimensions { result[coordinate] += projection * vectors[index, coordinate] }
        }
        return result
    }
}
