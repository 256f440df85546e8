import LinearAlgebra
import RealModule

/// Finds the hyperparameters θ of a Gaussian process from observations: the maximum of their posterior density (MAP).
///
///     −log p(θ | y) = ½ yᵀK⁻¹y + ½ log |K| − log p(θ) + constant
///
/// with K including the noise (Rasmussen and Williams 2006, eqs. 2.30 and 5.8). Priors, for inputs from 0 to 1 and
/// values of variance 1:
/// - log ℓⱼ is normal around √2 + ½ log d with the variance 3, where d is the number of dimensions. Length scales grow
///   with √d, so that the function does not become more complex just because there are more parameters (Hvarfner,
///   Hellsten and Nardi 2024, arXiv:2402.02229).
/// - log σ_f² is normal around 0 with the variance 1.
/// - σₙ² has a gamma distribution of shape 1.1, whose rate says how much noise is expected: see ``Subject``.
package struct HyperparameterFit {
    /// What the values are, and so what is expected of the process.
    package enum Subject: Sendable {
        /// Of a metric. Little noise is expected, by a rate of 30, so that hardly anything of it is taken for noise.
        case metric
        /// Labels of trials, by which regions are told apart. Any share of them may be noise: the rate is 1.5. As no
        /// region is thin, ℓⱼ is at least 0.15: with shorter ones each label has a region of its own, and none is
        /// noise.
        case labels

        fileprivate var noiseRate: Double {
            switch self {
            case .metric: 30
            case .labels: 1.5
            }
        }

        fileprivate var minLength: Double {
            switch self {
            case .metric: 0.01
            case .labels: 0.15
            }
        }
    }

    private let dimensions: [InputDimension]
    private let kernel: ProcessKernel
    private let values: [Double]
    /// The variance of each value beside that of the noise.
    private let errors: [Double]
    private let subject: Subject
    /// For each dimension, dⱼ of all pairs of observations i < k, by i, then by k.
    private let distances: [[Double]]

    /// With values of variance 1 this is a noise of 3e-6, about as little as the factorization can bear. With a
    /// variance of 1e-6, a noise of 1e-3, the last improvements on a smooth function were all taken for noise.
    static let minNoiseVariance = 1e-11

    /// Computes the distances of all pairs, which do not depend on the hyperparameters, once.
    ///
    /// - Parameters:
    ///   - columns: one for each dimension, each as long as `values`.
    ///   - values: y, standardized to mean 0 and variance 1, which the priors take for granted.
    ///   - errors: the variance of each value beside that of the noise, which all have; none if empty.
    package init(
        _ dimensions: [InputDimension], columns: [[Double]], values: [Double], errors: [Double] = [],
        kernel: ProcessKernel = .matern, of subject: Subject = .metric
    ) {
        self.dimensions = dimensions
        self.kernel = kernel
        self.values = values
        self.subject = subject
        self.errors = errors.isEmpty ? values.map { _ in 0 } : errors
        let count = values.count
        distances = zip(dimensions, columns).map { dimension, column in
            var pairs = [Double](repeating: 0, count: count * (count - 1) / 2)
            var next = 0
            for row in 0..<max(0, count - 1) {
                for other in row + 1..<count {
                    pairs[next] = dimension.distance(column[row], column[other])
                    next += 1
                }
            }
            return pairs
        }
    }

    /// Searches for the maximum over log ℓⱼ, log σ_f² and log σₙ², within bounds: ℓⱼ from 0.01 or 0.15 to 100, σ_f²
    /// from 0.05 to 20, σₙ² from 1e-11 to 2.
    ///
    ///     let fit = HyperparameterFit(dimensions, columns: columns, values: values)
    ///     let (hyperparameters, cost) = fit.maximumAPosteriori()
    ///
    /// - Parameters:
    ///   - start: hyperparameters fitted to fewer trials or with another kernel; nil to search from fixed points.
    ///   - iterations: the most that the minimizer may do from each start.
    /// - Returns: the hyperparameters and their −log p(θ | y).
    package func maximumAPosteriori(
        from start: Hyperparameters? = nil, iterations: Int = 30
    ) -> (hyperparameters: Hyperparameters, value: Double) {
        var minimizer = BoxMinimizer(lower: bounds.lower, upper: bounds.upper)
        minimizer.maxIterations = iterations
        minimizer.tolerance = 2e-3
        if let start {
            let fit = minimizer.minimum(from: logarithms(start), of: negativeLogPosterior)
            return (hyperparameters(fit.point), fit.value)
        }
        let fits = starts.map { minimizer.minimum(from: $0, of: negativeLogPosterior) }
        let best = fits.dropFirst().reduce(fits[0]) { $1.value < $0.value ? $1 : $0 }
        return (hyperparameters(best.point), best.value)
    }

    /// Where the search for the maximum begins: at the prior's mode, and at what is hard to find from there, short
    /// length scales and, of labels, much noise.
    private var starts: [[Double]] {
        func start(_ logLength: Double, signal: Double, noise: Double) -> [Double] {
            [Double](repeating: logLength, count: dimensions.count) + [Double.log(signal), Double.log(noise)]
        }
        let mode = max(Double.log(0.05), centre - 3)
        let common = [start(mode, signal: 1, noise: 1e-3), start(Double.log(0.2), signal: 1, noise: 1e-3)]
        switch subject {
        case .metric: return common
        case .labels: return common + [start(mode, signal: 0.3, noise: 0.7)]
        }
    }

    /// The least and the greatest log ℓ₁ … log ℓ_d, log σ_f² and log σₙ².
    var bounds: (lower: [Double], upper: [Double]) {
        let count = dimensions.count
        return (
            [Double](repeating: Double.log(subject.minLength), count: count)
                + [Double.log(0.05), Double.log(Self.minNoiseVariance)],
            [Double](repeating: Double.log(100), count: count) + [Double.log(20), Double.log(2)]
        )
    }

    /// d.
    var dimensionCount: Int { dimensions.count }

    /// The prior mean of log ℓⱼ.
    private var centre: Double { 2.0.squareRoot() + 0.5 * Double.log(Double(max(1, dimensions.count))) }

    /// - Parameter logarithms: log ℓ₁ … log ℓ_d, log σ_f², log σₙ².
    func hyperparameters(_ logarithms: [Double]) -> Hyperparameters {
        let count = logarithms.count - 2
        return Hyperparameters(
            kernel: kernel, weights: logarithms[..<count].map { Double.exp(-2 * $0) },
            signalVariance: Double.exp(logarithms[count]),
            noiseVariance: Double.exp(logarithms[count + 1]))
    }

    func logarithms(_ hyperparameters: Hyperparameters) -> [Double] {
        hyperparameters.weights.map { -0.5 * Double.log($0) } + [
            Double.log(hyperparameters.signalVariance), Double.log(hyperparameters.noiseVariance),
        ]
    }

    /// −log p(θ | y) of given hyperparameters; the kernel is that of the fit.
    func negativeLogPosterior(of hyperparameters: Hyperparameters) -> Double {
        negativeLogPosterior(logarithms(hyperparameters)).value
    }

    /// −log p at log ℓ₁ … log ℓ_d, log σ_f², log σₙ², and its gradient. The value is infinite where K is not positive
    /// definite to working accuracy.
    ///
    /// - Complexity: O(n³ + d·n²) for n values and d dimensions.
    package func negativeLogPosterior(_ point: [Double]) -> (value: Double, gradient: [Double]) {
        let count = values.count
        let parameters = hyperparameters(point)
        var squares = [Double](repeating: 0, count: distances.first?.count ?? count * (count - 1) / 2)
        for (pairs, weight) in zip(distances, parameters.weights) {
            let pairs = pairs.span
            var sums = squares.mutableSpan
            for index in 0..<pairs.count { sums[index] += weight * pairs[index] }
        }
        var derivatives = squares
        for index in squares.indices {
            (squares[index], derivatives[index]) = kernel(squares[index], parameters.signalVariance)
        }
        var covariance = Matrix<Double>(rows: count, columns: count)
        covariance.withMutableElements { elements in
            let pairs = squares.span
            var next = 0
            for row in 0..<count {
                elements[row * count + row] = parameters.signalVariance + parameters.noiseVariance + errors[row]
                for column in row + 1..<max(count, row + 1) {
                    elements[row * count + column] = pairs[next]
                    next += 1
                }
            }
        }
        guard
            let factor = try? CholeskyFactorization(ofUpper: covariance),
            let solution = try? factor.solution(of: Matrix(rows: count, columns: 1, elements: values)),
            let inverse = try? factor.upperInverse()
        else { return (.infinity, []) }
        let diagonal = factor.diagonal
        let solved = solution.elements
        var value = 0.0
        for index in 0..<count { value += 0.5 * values[index] * solved[index] + Double.log(diagonal[index]) }

        // ½ tr((K⁻¹ − ααᵀ) ∂K/∂θ), eq. 5.9; K is symmetric, so every pair counts twice.
        var signalSlope = 0.0
        var trace = 0.0
        inverse.withElements { elements in
            let (pairs, alpha) = (squares.span, solved.span)
            var next = 0
            for row in 0..<count {
                let difference = elements[row * count + row] - alpha[row] * alpha[row]
                trace += difference
                for column in row + 1..<max(count, row + 1) {
                    let difference = elements[row * count + column] - alpha[row] * alpha[column]
                    signalSlope += difference * pairs[next]
                    derivatives[next] *= difference
                    next += 1
                }
            }
        }
        var gradient = zip(distances, parameters.weights).map { pairs, weight in
            -2 * weight * pairs.span.dot(derivatives.span)
        }
        gradient.append(signalSlope + 0.5 * parameters.signalVariance * trace)
        gradient.append(0.5 * parameters.noiseVariance * trace)
        addPriors(point, to: &value, &gradient)
        return (value, gradient)
    }

    /// Adds −log p(θ) and its gradient, but for a constant.
    private func addPriors(_ point: [Double], to value: inout Double, _ gradient: inout [Double]) {
        let count = dimensions.count
        for dimension in 0..<count {
            // The mode of the density of ℓ, not of log ℓ: hence the term log ℓ.
            let distance = point[dimension] - centre
            value += distance * distance / 6 + point[dimension]
            gradient[dimension] += distance / 3 + 1
        }
        let signal = point[count]
        value += 0.5 * signal * signal
        gradient[count] += signal
        let noise = subject.noiseRate * Double.exp(point[count + 1])
        value += noise - 0.1 * point[count + 1]
        gradient[count + 1] += noise - 0.1
    }
}
