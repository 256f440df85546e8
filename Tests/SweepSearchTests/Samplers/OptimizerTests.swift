import RandomStreams
import SweepSearch
import Testing

/// The two optimisers that samplers rest on.
@Suite struct OptimizerTests {
    @Test func `a curved valley is followed to its end`() {
        var minimizer = BoxMinimizer(lower: [-2, -2], upper: [2, 2])
        minimizer.maxIterations = 200
        let end = minimizer.minimum(from: [-1.2, 1]) { x in
            let (a, b) = (x[1] - x[0] * x[0], 1 - x[0])
            return (100 * a * a + b * b, [-400 * a * x[0] - 2 * b, 200 * a])
        }
        #expect(abs(end.point[0] - 1) < 1e-3 && abs(end.point[1] - 1) < 1e-3 && end.value < 1e-6)
    }

    @Test func `a minimum outside the box is sought on its faces`() {
        let minimizer = BoxMinimizer(lower: [0, 0, 0], upper: [1, 1, 1])
        // The constrained minimum of a coupled bowl around (2, 0.3, -1): x and z at their bounds.
        let end = minimizer.minimum(from: [0.5, 0.9, 0.5]) { p in
            let d = [p[0] - 2, p[1] - 0.3, p[2] + 1]
            let coupling = d[0] + d[1]
            return (
                d.reduce(0) { $0 + $1 * $1 } + coupling * coupling,
                [2 * d[0] + 2 * coupling, 2 * d[1] + 2 * coupling, 2 * d[2]]
            )
        }
        // Along y: 2(y − 0.3) + 2(−1 + y − 0.3) = 0.
        #expect(end.point[0] == 1 && end.point[2] == 0 && abs(end.point[1] - 0.8) < 1e-4)
    }

    @Test func `a point without a value is not entered`() {
        let minimizer = BoxMinimizer(lower: [0], upper: [1])
        let end = minimizer.minimum(from: [0.9]) { x in x[0] < 0.25 ? (.nan, x) : (x[0], [1]) }
        #expect(end.point[0] >= 0.25 && end.point[0] < 0.9)
    }

    /// Values of a rotated ellipsoid whose axes differ by a factor of 30.
    private func ellipsoid(_ x: [Double]) -> Double {
        let (u, v, w) = (x[0] - 0.7 + x[1] - 0.2, x[0] - 0.7 - x[1] + 0.2, x[2] - 0.4 + 0.5 * (x[0] - 0.7))
        return u * u + 1000 * v * v + 30 * w * w
    }

    @Test(arguments: 0..<5) func `a strategy learns the shape of an ellipsoid`(seed: UInt64) throws {
        var strategy = EvolutionStrategy(mean: [0.3, 0.8, 0.9], population: 8)
        for generation in 0..<120 {
            var random = RandomStream(seed: seed, stream: 1, UInt64(generation))
            let points = (0..<8).map { _ in strategy.sample(minStd: [0, 0, 0], using: &random) }
            #expect(points.allSatisfy { $0.allSatisfy { $0 >= 0 && $0 <= 1 } })
            try strategy.update(points, values: points.map(ellipsoid))
        }
        #expect(ellipsoid(strategy.mean) < 1e-10)
    }

    @Test func `a strategy that has shrunk or found nothing better for long is exhausted`() throws {
        var strategy = EvolutionStrategy(mean: [0.5, 0.5], population: 6)
        #expect(!strategy.isExhausted)
        var generations = 0
        while !strategy.isExhausted && generations < 500 {
            var random = RandomStream(seed: 1, stream: 1, UInt64(generations))
            let points = (0..<6).map { _ in strategy.sample(minStd: [0, 0], using: &random) }
            try strategy.update(points, values: points.map { _ in 1 })
            generations += 1
        }
        #expect(strategy.isExhausted && generations > 5)
    }

    @Test func `a margin keeps a coordinate moving`() {
        let strategy = EvolutionStrategy(mean: [0.5, 0.5], population: 6)
        var random = RandomStream(seed: 1, stream: 0)
        let distances = (0..<400).map { _ in
            abs(strategy.sample(minStd: [0.9, 0], using: &random)[0] - 0.5)
        }
        var again = RandomStream(seed: 1, stream: 0)
        let plain = (0..<400).map { _ in abs(strategy.sample(minStd: [0, 0], using: &again)[0] - 0.5) }
        // Means of 400 of deviation 0.15: two of 0.2 and 0.3 lie 9 standard errors apart.
        #expect(distances.reduce(0, +) > 1.2 * plain.reduce(0, +))
    }
}
