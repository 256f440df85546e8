import LinearAlgebra
import RandomStreams
import RealModule

/// The state of a CMA-ES run on the unit cube: the normal distribution N(m, σ²C) that points are drawn from, and the
/// evolution paths by which it is adapted. It is a value that moves on from one generation of evaluated points to the
/// next.
///
///     var strategy = EvolutionStrategy(mean: [0.5, 0.5], population: 6)
///     while !strategy.isExhausted {
///         let points = (0..<6).map { _ in strategy.sample(minStd: [0, 0], using: &random) }
///         try strategy.update(points, values: points.map(loss))
///     }
///
/// Symbols, equation numbers and default parameters are those of Hansen, "The CMA Evolution Strategy: A Tutorial"
/// (arXiv:1604.00772), appendix A. Points that this distribution would hardly have drawn, as other samplers propose
/// them, are shortened as in Hansen 2011, "Injecting External Solutions Into CMA-ES" (arXiv:1110.4181). A run that is
/// exhausted is followed by one of twice the population (Auger and Hansen 2005, IPOP-CMA-ES).
package struct EvolutionStrategy {
    /// n
    private let dimensions: Int
    /// λ, the number of points in a generation.
    package let population: Int
    /// m
    package private(set) var mean: [Double]
    /// σ
    private(set) var stepSize: Double
    /// C, shape [n, n].
    private var covariance: Matrix<Double>
    /// p_c, the evolution path of the rank-one update.
    private var evolutionPath: [Double]
    /// p_σ, the conjugate evolution path that controls the step size.
    private var stepPath: [Double]
    /// g
    private var generation = 0
    /// Bᵀ of C = B D² Bᵀ: row i is the i-th eigenvector of C.
    private var eigenvectors: Matrix<Double>
    /// The diagonal of D: the square roots of the eigenvalues of C.
    private var scales: [Double]
    /// The best value of every generation.
    private var bestValues: [Double] = []

    /// σ of generation 0: a quarter of the unit interval reaches most of it.
    static let initialStepSize = 0.25

    /// λ of the first run, eq. (48).
    ///
    ///     λ = 4 + ⌊3 ln n⌋        6 for n = 2, 10 for n = 10
    static func defaultPopulation(_ dimensions: Int) -> Int { 4 + Int(3 * Double.log(Double(max(1, dimensions)))) }

    /// A run that starts around a point of the unit cube, with C = I and σ = `initialStepSize`.
    ///
    /// - Parameters:
    ///   - mean: m, one coordinate in 0…1 for each dimension.
    ///   - population: λ, at least 2.
    package init(mean: [Double], population: Int) {
        dimensions = mean.count
        self.population = population
        self.mean = mean
        stepSize = Self.initialStepSize
        covariance = .identity(mean.count)
        eigenvectors = .identity(mean.count)
        scales = mean.map { _ in 1 }
        evolutionPath = mean.map { _ in 0 }
        stepPath = mean.map { _ in 0 }
    }

    /// Whether the run should end, after the termination criteria of the tutorial's appendix B: the distribution has
    /// shrunk to a point, is far wider than the cube, is ill-conditioned, or the best value has not improved for a
    /// number of generations.
    package var isExhausted: Bool {
        let widest = stepSize * (scales.max() ?? 1)
        let narrowest = stepSize * (scales.min() ?? 1)
        if !(widest > 1e-9) || !(widest < 100) || !(narrowest > 1e-7 * widest) { return true }
        let window = 10 + 30 * dimensions / population
        guard bestValues.count >= 2 * window else { return false }
        let (before, after) = (bestValues.suffix(2 * window).prefix(window), bestValues.suffix(window))
        return (after.min() ?? 0) >= (before.min() ?? 0)
    }

    /// Draws a point x = m + σBDz with z ~ N(0, I), eqs. (38) to (40).
    ///
    /// A point outside the unit cube is drawn again, up to 20 times, then clipped to the cube.
    ///
    /// - Parameter minStd: for each coordinate a lower bound of its standard deviation, in quantiles. It keeps a
    ///   discrete parameter from settling on one value for good: the margin of Hamano et al. 2022, "CMA-ES with Margin"
    ///   (arXiv:2205.13482), in a simple form.
    package func sample(minStd: [Double], using random: inout RandomStream) -> [Double] {
        var point = mean
        for _ in 0..<20 {
            let scaledNormals = scales.map { $0 * random.normal() }
            for coordinate in 0..<dimensions {
                var step = 0.0
                var variance = 0.0
                for index in 0..<dimensions {
                    let element = eigenvectors[index, coordinate]
                    step += element * scaledNormals[index]
                    variance += element * element * scales[index] * scales[index]
                }
                let std = stepSize * variance.squareRoot()
                let widening = std < minStd[coordinate] ? minStd[coordinate] / std : 1
                point[coordinate] = mean[coordinate] + stepSize * step * widening
            }
            if point.allSatisfy({ $0 >= 0 && $0 <= 1 }) { return point }
        }
        return point.map { min(max($0, 0), 1) }
    }

    /// Moves on by a generation.
    ///
    /// - Parameters:
    ///   - points: x₁ … x_λ, inside the unit cube.
    ///   - values: of the function at the points, lower is better.
    /// - Throws: `NumericalFailure` if the eigenvalues of C cannot be found; the state is then useless.
    package mutating func update(_ points: [[Double]], values: [Double]) throws(NumericalFailure) {
        let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        let rates = Rates(dimensions: dimensions, population: points.count)
        let n = Double(dimensions)

        // Selection and recombination: yᵢ = (xᵢ − m)/σ of the μ best, and ⟨y⟩_w, eq. (41).
        let steps = order.prefix(rates.weights.count).map { index -> [Double] in
            let step = zip(points[index], mean).map { ($0 - $1) / stepSize }
            // A step much longer than this distribution makes came from elsewhere: it is shortened.
            let length = whitened(step).reduce(0) { $0 + $1 * $1 }.squareRoot()
            let maxLength = n.squareRoot() + 2 * n / (n + 2)
            return length > maxLength ? step.map { $0 * maxLength / length } : step
        }
        var meanStep = [Double](repeating: 0, count: dimensions)
        for (weight, step) in zip(rates.weights, steps) {
            for coordinate in 0..<dimensions { meanStep[coordinate] += weight * step[coordinate] }
        }
        // m ← m + σ⟨y⟩_w, eq. (42) with c_m = 1, clipped to the cube.
        for coordinate in 0..<dimensions {
            mean[coordinate] = min(max(mean[coordinate] + stepSize * meanStep[coordinate], 0), 1)
        }
        generation += 1

        // p_σ ← (1 − c_σ) p_σ + √(c_σ(2 − c_σ)μ_eff) C^(−½)⟨y⟩_w, eq. (43).
        let cSigma = rates.cSigma
        let stepGain = (cSigma * (2 - cSigma) * rates.muEff).squareRoot()
        stepPath = zip(stepPath, whitened(meanStep)).map { (1 - cSigma) * $0 + stepGain * $1 }
        let length = stepPath.reduce(0) { $0 + $1 * $1 }.squareRoot()

        // p_c ← (1 − c_c) p_c + h_σ √(c_c(2 − c_c)μ_eff) ⟨y⟩_w, eq. (45). h_σ is 0 while p_σ is so long that the step
        // size is about to grow: C would else grow with it along p_c.
        let cC = rates.cC
        let settled = (1 - Double.pow(1 - cSigma, 2 * Double(generation))).squareRoot()
        let hSigma = length / settled < (1.4 + 2 / (n + 1)) * rates.expectedLength
        let pathGain = hSigma ? (cC * (2 - cC) * rates.muEff).squareRoot() : 0
        evolutionPath = zip(evolutionPath, meanStep).map { (1 - cC) * $0 + pathGain * $1 }

        // C ← (1 + c₁δ(h_σ) − c₁ − c_μ) C + c₁ p_c p_cᵀ + c_μ Σ wᵢ yᵢ yᵢᵀ, eq. (47) with positive weights only.
        let delta = hSigma ? 0 : cC * (2 - cC)
        let (c1, cMu) = (rates.c1, rates.cMu)
        for row in 0..<dimensions {
            for column in row..<dimensions {
                var rankMu = 0.0
                for (weight, step) in zip(rates.weights, steps) { rankMu += weight * step[row] * step[column] }
                let element =
                    (1 - c1 - cMu + c1 * delta) * covariance[row, column]
                    + c1 * evolutionPath[row] * evolutionPath[column] + cMu * rankMu
                covariance[row, column] = element
                covariance[column, row] = element
            }
        }
        // σ ← σ exp(c_σ/d_σ (‖p_σ‖/E‖N(0, I)‖ − 1)), eq. (44); never by more than e in one generation.
        stepSize *= Double.exp(min(1, cSigma / rates.dSigma * (length / rates.expectedLength - 1)))
        let eigen = try SymmetricEigen(ofUpper: covariance)
        eigenvectors = eigen.vectors
        scales = eigen.values.map { max($0, 1e-20).squareRoot() }
        bestValues.append(values[order[0]])
    }

    /// C^(−½) v = B D⁻¹ Bᵀ v
    private func whitened(_ vector: [Double]) -> [Double] {
        var result = [Double](repeating: 0, count: dimensions)
        for index in 0..<dimensions {
            var projection = 0.0
            for coordinate in 0..<dimensions { projection += eigenvectors[index, coordinate] * vector[coordinate] }
            projection /= scales[index]
            for coordinate in 0..<dimensions { result[coordinate] += projection * eigenvectors[index, coordinate] }
        }
        return result
    }
}

/// The default strategy parameters of table 1 of the tutorial, with α_cov = 2 and without negative weights.
private struct Rates {
    /// w₁ ≥ … ≥ w_μ > 0 with the sum 1, eqs. (49) and (53); μ = λ/2.
    let weights: [Double]
    /// μ_eff = 1/Σwᵢ², the variance effective selection mass.
    let muEff: Double
    /// c_σ and d_σ, eq. (55).
    let cSigma: Double
    let dSigma: Double
    /// c_c, eq. (56).
    let cC: Double
    /// c₁, eq. (57), and c_μ, eq. (58): as in the first version of the tutorial, without the term ¼ of the second.
    let c1: Double
    let cMu: Double
    /// E‖N(0, I)‖, to the second order in 1/n.
    let expectedLength: Double

    /// - Parameters:
    ///   - dimensions: n.
    ///   - population: λ; of its best half the mean and the covariance are formed.
    init(dimensions: Int, population: Int) {
        let n = Double(dimensions)
        let raw = (0..<population / 2).map { Double.log((Double(population) + 1) / 2) - Double.log(Double($0 + 1)) }
        weights = raw.map { $0 / raw.reduce(0, +) }
        muEff = 1 / weights.reduce(0) { $0 + $1 * $1 }
        cSigma = (muEff + 2) / (n + muEff + 5)
        dSigma = 1 + 2 * max(0, ((muEff - 1) / (n + 1)).squareRoot() - 1) + cSigma
        cC = (4 + muEff / n) / (n + 4 + 2 * muEff / n)
        c1 = 2 / ((n + 1.3) * (n + 1.3) + muEff)
        cMu = min(1 - c1, 2 * (muEff - 2 + 1 / muEff) / ((n + 2) * (n + 2) + muEff))
        expectedLength = n.squareRoot() * (1 - 1 / (4 * n) + 1 / (21 * n * n))
    }
}
