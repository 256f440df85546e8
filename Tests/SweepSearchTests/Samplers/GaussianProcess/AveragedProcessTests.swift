import Foundation
import RandomStreams
import SweepSearch
import Testing

/// Hyperparameters drawn from their posterior density, and the average of processes with them.
@Suite struct AveragedProcessTests {
    private let dimensions: [InputDimension] = [.numeric, .categorical(3), .numeric]
    private let columns = [[0.1, 0.9, 0.4, 0.7, 0.25], [0, 2, 1, 1, 0], [0.3, 0.8, 0.2, 0.6, 0.95]]
    private let values = [0.4, -1.2, 0.1, -0.6, 1.3]

    private func processes() throws -> [GaussianProcess] {
        try [([4, 0.7, 1.5], 1.3, 1e-3), ([0.2, 3, 0.4], 0.8, 0.1), ([30, 0.1, 9], 2, 0.02)].map {
            weights, signal, noise in
            try GaussianProcess(
                dimensions, columns: columns, values: values,
                Hyperparameters(weights: weights, signalVariance: signal, noiseVariance: noise))
        }
    }

    @Test func `its moments are those of a draw from one of them`() throws {
        let processes = try processes()
        let average = AveragedProcess(of: processes, counts: [3, 1, 2])
        let shares = [0.5, 1.0 / 6, 1.0 / 3]
        let points = [[0.5, 1, 0.5], [0.12, 0, 0.33], [0.99, 2, 0.01]]
        for (point, together) in zip(points, average.posteriors(at: points)) {
            let parts = processes.map { $0.posterior(at: point) }
            let mean = zip(shares, parts).reduce(0) { $0 + $1.0 * $1.1.mean }
            let square = zip(shares, parts).reduce(0) {
                $0 + $1.0 * ($1.1.mean * $1.1.mean + $1.1.deviation * $1.1.deviation)
            }
            for posterior in [average.posterior(at: point), together] {
                #expect(abs(posterior.mean - mean) < 1e-9)
                #expect(abs(posterior.deviation - (square - mean * mean).squareRoot()) < 1e-9)
            }
        }
    }

    @Test func `its slopes are those of central differences`() throws {
        let average = AveragedProcess(of: try processes(), counts: [3, 1, 2])
        let point = [0.37, 2, 0.81]
        expectCentralDifferences(
            of: average.posterior, at: point, along: [0, 2], are: average.slopes(at: point, along: [0, 2]))
    }

    /// One value says nothing of length scales: their posterior is their prior, exp(−(x − c)²/6 − x) for x = log ℓ from
    /// log 0.01 to log 100, and c = √2 with one dimension.
    @Test func `where trials say nothing of a length scale it is drawn from its prior`() {
        let fit = HyperparameterFit([.numeric], columns: [[0.5]], values: [0])
        var random = RandomStream(seed: 3, stream: 0)
        let start = Hyperparameters(weights: [1], signalVariance: 1, noiseVariance: 1e-3)
        let drawn = fit.samples(4000, from: start, using: &random).map { -0.5 * log($0.weights[0]) }
        let grid = (0..<10_000).map { log(0.01) + (Double($0) + 0.5) * log(10_000) / 10_000 }
        let density = grid.map { exp(-($0 - 2.0.squareRoot()) * ($0 - 2.0.squareRoot()) / 6 - $0) }
        let mass = density.reduce(0, +)
        let mean = zip(grid, density).reduce(0) { $0 + $1.0 * $1.1 } / mass
        let variance = zip(grid, density).reduce(0) { $0 + ($1.0 - mean) * ($1.0 - mean) * $1.1 } / mass
        let drawnMean = drawn.reduce(0, +) / 4000
        let drawnVariance = drawn.reduce(0) { $0 + ($1 - drawnMean) * ($1 - drawnMean) } / 4000
        // The chain's samples are about as good as 1,000 independent ones: standard errors of 0.05 and 0.1.
        #expect(abs(drawnMean - mean) < 0.2)
        #expect(abs(drawnVariance - variance) < 0.4)
    }

    @Test func `drawn hyperparameters say which parameters matter`() {
        var random = RandomStream(seed: 8, stream: 0)
        let columns = (0..<2).map { _ in (0..<12).map { _ in random.uniform() } }
        let fit = HyperparameterFit(
            [.numeric, .numeric], columns: columns, values: columns[0].map { 1.5 * sin(7 * $0) })
        let drawn = fit.samples(200, from: fit.maximumAPosteriori().hyperparameters, using: &random)
        #expect(drawn.count == 200)
        #expect(Set(drawn.map { $0.weights[0] }).count > 20)
        #expect(drawn.allSatisfy { $0.weights[0] > $0.weights[1] })
    }

    @Test func `a start at which nothing can be computed gives no samples`() {
        let fit = HyperparameterFit([.numeric], columns: [[0.5, 0.5]], values: [.infinity, 0])
        var random = RandomStream(seed: 1, stream: 0)
        let start = Hyperparameters(weights: [1], signalVariance: 1, noiseVariance: 1e-3)
        #expect(fit.samples(16, from: start, using: &random).isEmpty)
    }
}
