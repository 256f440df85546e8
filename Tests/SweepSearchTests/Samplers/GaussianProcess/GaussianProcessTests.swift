import RandomStreams
import SweepSearch
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

@Suite struct GaussianProcessTests {
    private let dimensions: [InputDimension] = [.numeric, .categorical(3), .numeric]
    private let hyperparameters = Hyperparameters(weights: [4, 0.7, 1.5], signalVariance: 1.3, noiseVariance: 1e-3)

    /// Random points, some with an inactive parameter, and a smooth function of them.
    private func data(_ count: Int) -> (columns: [[Double]], values: [Double]) {
        var random = RandomStream(seed: 4, stream: 0)
        var columns = [[Double]](repeating: [], count: 3)
        for _ in 0..<count {
            columns[0].append(random.uniform())
            columns[1].append(Double(random.integer(below: 4)) - 1)
            columns[2].append(columns[1].last == 0 ? 0.5 : random.uniform())
        }
        let values = (0..<count).map {
            sin(5 * columns[0][$0]) + 0.3 * columns[1][$0] + columns[2][$0] * columns[0][$0]
        }
        return (columns, values)
    }

    private func process(_ count: Int, _ kernel: ProcessKernel = .matern) throws -> GaussianProcess {
        let (columns, values) = data(count)
        var hyperparameters = hyperparameters
        hyperparameters.kernel = kernel
        return try GaussianProcess(dimensions, columns: columns, values: values, hyperparameters)
    }

    @Test func `it passes near what it has seen and knows less elsewhere`() throws {
        let (columns, values) = data(40)
        let process = try process(40)
        for index in values.indices {
            let posterior = process.posterior(at: columns.map { $0[index] })
            // A few of the noise's deviations; the value itself lies one away as a rule.
            #expect(abs(posterior.mean - values[index]) < 6 * hyperparameters.noiseVariance.squareRoot())
            #expect(posterior.deviation < 1.001 * hyperparameters.noiseVariance.squareRoot())
        }
        #expect(process.posterior(at: [9, -1, 9]).deviation > 0.99 * hyperparameters.signalVariance.squareRoot())
    }

    @Test(arguments: [ProcessKernel.matern, .roughMatern, .squaredExponential])
    func `its slopes are those of central differences`(kernel: ProcessKernel) throws {
        let process = try process(30, kernel)
        let point = [0.37, 2, 0.81]
        expectCentralDifferences(
            of: process.posterior, at: point, along: [0, 2], are: process.slopes(at: point, along: [0, 2]))
    }

    @Test func `to believe what is expected is to have seen it`() throws {
        var (columns, values) = data(25)
        var grown = try process(25)
        for point in [[0.2, 1, 0.9], [0.7, -1, 0.5]] {
            let expected = grown.posterior(at: point).mean
            grown.addBelief(at: point)
            for dimension in point.indices { columns[dimension].append(point[dimension]) }
            values.append(expected)
        }
        let whole = try GaussianProcess(dimensions, columns: columns, values: values, hyperparameters)
        let points = [[0.21, 1, 0.88], [0.5, 0, 0.5], [0.99, 2, 0.01]]
        let batch = whole.posteriors(at: points)
        for (index, point) in points.enumerated() {
            let (left, right) = (grown.posterior(at: point), whole.posterior(at: point))
            // The condition of K is about signal·n/noise = 4e4, so 1e-11 is what rounding costs.
            #expect(abs(left.mean - right.mean) < 1e-9 && abs(left.deviation - right.deviation) < 1e-9)
            #expect(abs(batch[index].mean - right.mean) < 1e-9 && abs(batch[index].deviation - right.deviation) < 1e-9)
        }
    }

    @Test func `two observations with twice the noise are as good as their mean`() throws {
        let (columns, values) = data(25)
        let whole = try process(25)
        let noise = hyperparameters.noiseVariance
        let split = try GaussianProcess(
            dimensions, columns: columns.map { $0 + [$0[7]] },
            values: values.enumerated().map { $0 == 7 ? $1 + 0.4 : $1 } + [values[7] - 0.4],
            errors: (0..<26).map { $0 == 7 || $0 == 25 ? noise : 0 }, hyperparameters)
        for point in [[0.21, 1, 0.88], [0.5, 0, 0.5], columns.map { $0[7] }] {
            let (left, right) = (split.posterior(at: point), whole.posterior(at: point))
            #expect(abs(left.mean - right.mean) < 1e-9 && abs(left.deviation - right.deviation) < 1e-9)
        }
    }

    @Test(arguments: [ProcessKernel.matern, .roughMatern, .squaredExponential])
    func `the likelihood's gradient is that of central differences`(kernel: ProcessKernel) {
        let (columns, values) = data(30)
        let errors = (0..<30).map { $0 % 3 == 0 ? 0.2 : 0 }
        let fit = HyperparameterFit(dimensions, columns: columns, values: values, errors: errors, kernel: kernel)
        let point = [log(0.4), log(2), log(0.9), 0.3, log(0.01)]
        let gradient = fit.negativeLogPosterior(point).gradient
        for variable in point.indices {
            let ends = [-1e-5, 1e-5].map { shift in
                var moved = point
                moved[variable] += shift
                return fit.negativeLogPosterior(moved).value
            }
            #expect(abs((ends[1] - ends[0]) / 2e-5 - gradient[variable]) < 1e-5 * max(1, abs(gradient[variable])))
        }
    }

    @Test func `it finds out which parameters matter and how much noise there is`() {
        var random = RandomStream(seed: 8, stream: 0)
        let columns = (0..<3).map { _ in (0..<80).map { _ in random.uniform() } }
        let exact = columns[0].map { 1.5 * sin(7 * $0) }
        let fit = { (noise: Double) in
            var random = RandomStream(seed: 9, stream: 0)
            let values = exact.map { $0 + noise * random.normal() }
            return HyperparameterFit([.numeric, .numeric, .numeric], columns: columns, values: values)
                .maximumAPosteriori().hyperparameters
        }
        let (clean, noisy) = (fit(0), fit(0.3))
        #expect(clean.weights[0] > 30 * max(clean.weights[1], clean.weights[2]))
        #expect(clean.noiseVariance < 1e-4)
        // The standard error of a variance from 80 is a sixth of it; three of them.
        #expect(noisy.noiseVariance > 0.045 && noisy.noiseVariance < 0.135)
    }

    /// By mpmath with 60 digits: log(φ(z) + zΦ(z)), and Φ(z)/(φ(z) + zΦ(z)).
    @Test(
        arguments: [
            (3, 1.0987396653277078, 0.33284096845179524), (0.5, -0.35982768374506382, 0.99092271800410996),
            (-1, -2.4851210257126413, 1.9042712333296918), (-5, -16.74430116266099, 5.3618162412880885),
            (-11.9, -76.697699517684516, 12.064671442662859), (-12.1, -79.130370717582071, 12.262054268400983),
            (-40, -808.29856835661996, 40.049906657648518), (-1000, -500_014.73445209116, 1000.001999994),
        ])
    func `the logarithm of the expected improvement is right into its far tail`(
        z: Double, value: Double, slope: Double
    ) {
        let improvement = ExpectedImprovement.logarithm(z)
        #expect(abs(improvement.value - value) < 1e-5 * max(1, abs(value)))
        #expect(abs(improvement.slope - slope) < 1e-5 * slope)
    }

    @Test func `of several kernels the likelier one is that the values were made with`() {
        var random = RandomStream(seed: 12, stream: 0)
        let column = (0..<60).map { _ in random.uniform() }
        let cost = { (kernel: ProcessKernel, function: (Double) -> Double) in
            HyperparameterFit([.numeric], columns: [column], values: column.map(function), kernel: kernel)
                .maximumAPosteriori().value
        }
        let analytic = { (x: Double) in 1.5 * sin(7 * x) }
        #expect(cost(.squaredExponential, analytic) < cost(.matern, analytic))
        let kinked = { (x: Double) in 4 * abs(x - 0.43) - 1 }
        #expect(cost(.matern, kinked) < cost(.squaredExponential, kinked))
        #expect(cost(.matern, analytic) < cost(.roughMatern, analytic))
        let jagged = { (x: Double) in (0..<8).reduce(0) { $0 + pow(0.5, Double($1)) * cos(6 * pow(3, Double($1)) * x) }
        }
        #expect(cost(.roughMatern, jagged) < cost(.matern, jagged))
    }

    @Test func `a smooth function is followed to its minimum`() throws {
        let space = try SearchSpace([
            Parameter("x", .uniform(min: 0, max: 1)), Parameter("y", .uniform(min: 0, max: 1)),
        ])
        let sampler = GPSampler(seed: 1)
        var observations = [Observation]()
        for number in 0..<60 {
            var random = RandomStream(seed: 1, stream: 1, UInt64(number))
            let assignment = sampler.suggest(from: space, given: observations, pending: [], using: &random)
            let (x, y) = ((assignment["x"]?.asNumber ?? 0) - 0.31, (assignment["y"]?.asNumber ?? 0) - 0.62)
            let value = 1 - exp(-3 * x * x - 5 * y * y - 2 * x * y)
            observations.append(Observation(number: number, assignment: assignment, outcome: .value(value)))
        }
        let best = observations.compactMap { if case .value(let value) = $0.outcome { value } else { nil } }.min()
        // With a noise of 1e-3 of the spread, what is below the square of that could not be seen.
        #expect((best ?? 1) < 1e-8)
    }

    @Test func `linear values keep their proportions`() {
        let y = ModelledValues([1.0, 2, 4, 5, 1000].map { .value($0) }, shape: .linear).standardized
        // The spread is 400 units: rounding costs 1e-15 of it.
        #expect(abs((y[4] - y[0]) / (y[3] - y[2]) - 999) < 1e-9)
    }

    @Test func `values become comparable whatever their scale, and bad ones do not stretch it`() {
        let outcomes: [Outcome] = [
            .value(1), .value(2), .value(3), .value(1e9), .diverged, .pruned(0), .pruned(nil), .failed,
            .value(.infinity),
        ]
        let values = ModelledValues(outcomes)
        let y = values.standardized
        #expect(values.informative == 4)
        #expect(abs(y.reduce(0, +)) < 1e-12 && abs(y.reduce(0) { $0 + $1 * $1 } / 9 - 1) < 1e-12)
        #expect(y[0] < y[1] && y[1] < y[2] && y[2] < y[3])
        // As bad as the worst; no better than the median; as the median.
        #expect(y[4] == y[3] && y[8] == y[3] && y[5] == y[2] && y[6] == y[2] && y[7] == y[2])
        let shifted = ModelledValues(
            outcomes.map { outcome in
                switch outcome {
                case .value(let value): .value(1000 * value + 7)
                case .pruned(let value?): .pruned(1000 * value + 7)
                case .estimated(let value, let variance): .estimated(1000 * value + 7, variance: variance)
                case .pruned(nil), .diverged, .failed: outcome
                }
            }
        ).standardized
        for (left, right) in zip(y, shifted) { #expect(abs(left - right) < 1e-9) }
    }
}
