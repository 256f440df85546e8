import RandomStreams
import Statistics
import Testing

/// The regression by which a final value is foretold from an early one.
@Suite struct RisingLineTests {
    @Test func `without priors it is the line of least squares, with the variance of a new value`() {
        // x̄ = 2.5, ȳ = 4, Σ(x−x̄)² = 5, Σ(x−x̄)(y−ȳ) = 7, residuals 0.1, −0.3, 0.3, −0.1.
        let line = RisingLine([(1, 2), (2, 3), (3, 5), (4, 6)], slopePrior: 0, residualPrior: 0)
        #expect(abs(line.mean(at: 2.5) - 4) < 1e-12 && abs(line.mean(at: 5) - 7.5) < 1e-12)
        #expect(abs(line.variance(at: 2.5) - 0.2 / 3 * 1.25) < 1e-12)
        #expect(abs(line.variance(at: 5) - 0.2 / 3 * (1.25 + 6.25 / 5)) < 1e-12)
    }

    @Test func `it never falls`() {
        let line = RisingLine([(1, 3), (2, 2), (3, 1)], slopePrior: 0, residualPrior: 0)
        #expect(line.mean(at: 0) == 2 && line.mean(at: 9) == 2)
        #expect(abs(line.variance(at: 2) - 1 * (1 + 1.0 / 3)) < 1e-12)
    }

    @Test func `where all x are equal the mean is expected everywhere`() {
        let line = RisingLine([(1, 2), (1, 4)], slopePrior: 0, residualPrior: 0)
        #expect(line.mean(at: 5) == 3 && abs(line.variance(at: 5) - 2 * 1.5) < 1e-12)
    }

    @Test func `priors make it flatter and less certain`() {
        var random = RandomStream(seed: 1, stream: 1)
        for _ in 0..<100 {
            let pairs = (0..<2 + Int(random.integer(below: 8))).map { _ in
                let x = random.normal()
                return (x: x, y: 2 * x + 0.1 * random.normal())
            }
            let (far, near) = (pairs.map(\.x).max() ?? 0, pairs.map(\.x).reduce(0, +) / Double(pairs.count))
            let plain = RisingLine(pairs, slopePrior: 0, residualPrior: 0)
            let careful = RisingLine(pairs, slopePrior: 1, residualPrior: 0.1)
            #expect(careful.mean(at: far) <= plain.mean(at: far))
            #expect(abs(careful.mean(at: near) - plain.mean(at: near)) < 1e-12)
            #expect(careful.variance(at: near) > plain.variance(at: near))
        }
    }
}
