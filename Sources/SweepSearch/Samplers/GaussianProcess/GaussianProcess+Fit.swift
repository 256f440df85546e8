import LinearAlgebra
import RealModule

/// The hyperparameters that are likeliest after the observations (the maximum a posteriori).
///
///     −log p(θ | y) = ½ yᵀK⁻¹y + ½ log |K| − log p(θ) + constant
///
/// Priors, for inputs from 0 to 1 and values of variance 1:
/// - ℓⱼ log-normal around √d·e^√2 with the deviation √3: in many dimensions a function is taken to be the smoother, so that
///   its complexity stays the same (Hvarfner, Hellsten and Nardi 2024, arXiv:2402.02229).
/// - s log-normal around 1.
/// - the noise gamma of shape 1.1 and rate 30: small, unless the values speak for more.
package struct ProcessFit {
    private let axes: [ProcessAxis]
    private let kernel: ProcessKernel
    private let values: [Double]
    /// For each axis the squared distances of all pairs i < k, by i, then by k.
    private let distances: [[Double]]

    /// A trainer that is a smooth function of its values is followed down to 3e-6 of their spread, and no further than
    /// Doubles allow. With 1e-6, which is 1e-3 of the spread, the last improvements were all taken for noise.
    static let leastNoise = 1e-11

    package init(_ axes: [ProcessAxis], columns: [[Double]], values: [Double], kernel: ProcessKernel = .matern) {
        self.axes = axes
        self.kernel = kernel
        self.values = values
        let count = values.count
        distances = zip(axes, columns).map { axis, column in
            var pairs = [Double](repeating: 0, count: count * (count - 1) / 2)
            var next = 0
            for row in 0..<max(0, count - 1) {
                for other in row + 1..<count {
                    pairs[next] = axis.distance(column[row], column[other])
                    next += 1
                }
            }
            return pairs
        }
    }

    /// - Parameter start: what fewer trials or another kernel led to, if there is such; else there are two starts.
    /// - Returns: the hyperparameters and their −log p(θ | y).
    package func likeliest(
        from start: Hyperparameters? = nil, iterations: Int = 30
    ) -> (hyperparameters: Hyperparameters, value: Double) {
        let dimensions = axes.count
        var minimizer = BoxMinimizer(
            lower: [Double](repeating: .log(0.01), count: dimensions) + [.log(0.05), .log(Self.leastNoise)],
            upper: [Double](repeating: .log(100), count: dimensions) + [.log(20), .log(2)])
        minimizer.maxIterations = iterations
        minimizer.tolerance = 2e-3
        if let start {
            let point = start.weights.map { -0.5 * Double.log($0) } + [.log(start.signal), .log(start.noise)]
            let fit = minimizer.minimum(from: point, of: negativeLogPosterior)
            return (hyperparameters(fit.point), fit.value)
        }
        // From the prior's mode, and from a rougher function that is harder to find from there.
        let mode = max(Double.log(0.05), centre - 3)
        let starts = [mode, Double.log(0.2)].map { [Double](repeating: $0, count: dimensions) + [0, .log(1e-3)] }
        let fits = starts.map { minimizer.minimum(from: $0, of: negativeLogPosterior) }
        let best = fits[1].value < fits[0].value ? fits[1] : fits[0]
        return (hyperparameters(best.point), best.value)
    }

    /// The mean of log ℓⱼ.
    private var centre: Double { 2.0.squareRoot() + 0.5 * Double.log(Double(max(1, axes.count))) }

    private func hyperparameters(_ logarithms: [Double]) -> Hyperparameters {
        let count = logarithms.count - 2
        return Hyperparameters(
            kernel: kernel, weights: logarithms[..<count].map { .exp(-2 * $0) }, signal: .exp(logarithms[count]),
            noise: .exp(logarithms[count + 1]))
    }

    /// −log p at log ℓ₁ … log ℓ_d, log s, log noise, and its gradient.
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
            (squares[index], derivatives[index]) = kernel(squares[index], parameters.signal)
        }
        var covariance = Matrix<Double>(rows: count, columns: count)
        covariance.withMutableElements { elements in
            let pairs = squares.span
            var next = 0
            for row in 0..<count {
                elements[row * count + row] = parameters.signal + parameters.noise
                for column in row + 1..<max(count, row + 1) {
                    elements[row * count + column] = pairs[next]
                    next += 1
                }
            }
        }
        guard
            let factor = try? CholeskyFactorization(ofUpper: covariance),
            let inverse = try? factor.solution(of: .identity(count))
        else { return (.infinity, []) }
        let diagonal = factor.upperFactor.withElements { elements in
            (0..<count).map { elements[$0 * (count + 1)] }
        }
        let target = Matrix(rows: count, columns: 1, elements: values)
        let solved = inverse.times(target).elements
        var value = 0.0
        for index in 0..<count { value += 0.5 * values[index] * solved[index] + Double.log(diagonal[index]) }

        // ½ tr((K⁻¹ − ααᵀ) dK); every pair counts twice.
        var signalSlope = 0.0
        var trace = 0.0
        var pulls = derivatives
        inverse.withElements { elements in
            let (pairs, alpha) = (squares.span, solved.span)
            var next = 0
            for row in 0..<count {
                let difference = elements[row * count + row] - alpha[row] * alpha[row]
                trace += difference
                for column in row + 1..<max(count, row + 1) {
                    let difference = elements[row * count + column] - alpha[row] * alpha[column]
                    signalSlope += difference * pairs[next]
                    pulls[next] *= difference
                    next += 1
                }
            }
        }
        var gradient = zip(distances, parameters.weights).map { pairs, weight in
            -2 * weight * pairs.span.dot(pulls.span)
        }
        gradient.append(signalSlope + 0.5 * parameters.signal * trace)
        gradient.append(0.5 * parameters.noise * trace)
        addPriors(point, to: &value, &gradient)
        return (value, gradient)
    }

    private func addPriors(_ point: [Double], to value: inout Double, _ gradient: inout [Double]) {
        let dimensions = axes.count
        for axis in 0..<dimensions {
            // The density of ℓ itself, not of its logarithm: hence the term log ℓ.
            let distance = point[axis] - centre
            value += distance * distance / 6 + point[axis]
            gradient[axis] += distance / 3 + 1
        }
        let signal = point[dimensions]
        value += 0.5 * signal * signal
        gradient[dimensions] += signal
        let noise = Double.exp(point[dimensions + 1])
        value += 30 * noise - 0.1 * point[dimensions + 1]
        gradient[dimensions + 1] += 30 * noise - 0.1
    }
}
