import RandomStreams
import SweepSearch
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

/// What each type of parameter means, against formulas that share nothing with the code.
@Suite struct ParameterTypeTests {
    private static func normalCumulative(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }

    /// The distribution functions of the continua, before they are cut off.
    private static let cumulatives: [(distribution: Distribution, function: @Sendable (Double) -> Double)] = [
        (.uniform(min: -2, max: 3), { ($0 + 2) / 5 }),
        (.logUniform(min: 1e-3, max: 10), { log10($0 * 1000) / 4 }),
        (.normal(mean: 3, std: 2), { normalCumulative(($0 - 3) / 2) }),
        (
            .normal(mean: 0, std: 1, min: 1, max: 2),
            { (normalCumulative($0) - normalCumulative(1)) / (normalCumulative(2) - normalCumulative(1)) }
        ),
        (.logNormal(mean: -1, std: 0.5), { normalCumulative((log($0) + 1) / 0.5) }),
        (
            .logNormal(mean: 0, std: 1, min: 0.5, max: 2),
            {
                (normalCumulative(log($0)) - normalCumulative(log(0.5)))
                    / (normalCumulative(log(2)) - normalCumulative(log(0.5)))
            }
        ),
    ]

    @Test(arguments: cumulatives.indices)
    func `draws of a continuum follow its distribution function`(index: Int) {
        let (distribution, function) = Self.cumulatives[index]
        var random = RandomStream(seed: 4, stream: UInt64(index))
        let draws = 20_000
        let sample = (0..<draws).map { _ in distribution.sample(using: &random).asNumber ?? .infinity }
        let quantiles = sample.map(function).sorted()
        // Kolmogorov and Smirnov: √n·D exceeds 2.9 with probability 2·exp(−2·2.9²) = 1e-7.
        var distance = 0.0
        for (place, quantile) in quantiles.enumerated() {
            let (below, above) = (Double(place) / Double(draws), Double(place + 1) / Double(draws))
            distance = max(distance, quantile - below, above - quantile)
        }
        #expect(distance * Double(draws).squareRoot() < 2.9)
    }

    @Test(arguments: cumulatives.indices) func `quantiles of a continuum are its distribution function`(index: Int)
        throws
    {
        let (distribution, function) = Self.cumulatives[index]
        for step in 1..<100 {
            let quantile = Double(step) / 100
            let number = try #require(distribution.value(atQuantile: quantile).asNumber)
            // 8 deviations leave out 1.2e-15, and a few roundings do the rest.
            #expect(abs(function(number) - quantile) < 1e-13)
        }
    }

    @Test func `a quantised number is as likely as the numbers that round to it`() {
        let bell = Distribution.quantized(.normal(mean: 1, std: 2), min: -15, max: 17, step: 0.5)
        // Φ((1.75 − 1)/2) − Φ((1.25 − 1)/2)
        #expect(abs(bell.probability(of: 1.5) - 0.09643154184261082) < 1e-15)
        let log = Distribution.quantized(.logarithmic, min: 1, max: 1000, step: 10)
        // 10 to 1000 are legal, their cells together from 5 to 1005: log(25/15)/log(1005/5).
        #expect(abs(log.probability(of: 20.0) - 0.09632212980809822) < 1e-15)
        let flat = Distribution.quantized(.linear, min: 0, max: 1, step: 0.25)
        #expect([0, 0.25, 0.5, 0.75, 1].allSatisfy { flat.probability(of: .number($0)).isApproximately(0.2) })
        let tail = Distribution.quantized(.logNormal(mean: 0, std: 1), min: 0.5, max: 3, step: 1)
        // (Φ(log 1.5) − Φ(log 0.5)) / (Φ(log 3.5) − Φ(log 0.5))
        #expect(abs(tail.probability(of: 1.0) - 0.6351540331594648) < 1e-15)
    }

    @Test(arguments: [
        (0.1, 3, "0.3"), (0.05, 7, "0.35"), (1e-3, 999, "0.999"), (0.3, 3, "0.9"), (2.5e-8, 3, "7.5e-08"),
    ])
    func `a multiple is the number that one would write`(step: Double, factor: Int, written: String) {
        let distribution = Distribution.quantized(.linear, min: 0, max: 1, step: step)
        let value = distribution.legalForm(of: .number(step * Double(factor)))
        #expect(value?.description == written)
    }

    @Test func `a normal parameter far out in its tail keeps its digits`() throws {
        // Beyond 20 deviations a normal is an exponential of rate about 20: half of it lies within log(2)/20 of the
        // start.
        let distribution = Distribution.normal(mean: 0, std: 1, min: 20, max: 40)
        let median = try #require(distribution.value(atQuantile: 0.5).asNumber)
        #expect(abs(median - 20.0345) < 2e-4)
        let mirrored = Distribution.normal(mean: 0, std: 1, min: -40, max: -20)
        #expect(abs((mirrored.value(atQuantile: 0.5).asNumber ?? .infinity) + median) < 1e-12)
    }

    @Test func `an ordinal's quantiles keep its order`() {
        let sizes = Distribution.ordinal(["small", "medium", "large"])
        #expect((0..<3).map { sizes.value(atQuantile: (Double($0) + 0.5) / 3) } == ["small", "medium", "large"])
        #expect(sizes.probability(of: "medium").isApproximately(1.0 / 3))
        #expect(!sizes.contains("huge"))
    }

    @Test(
        arguments: [
            (.normal(mean: 0, std: 1), "a number around 0.0 ± 1.0"),
            (.normal(mean: 0, std: 1, min: 0, max: 2), "a number around 0.0 ± 1.0 from 0.0 to 2.0"),
            (.logNormal(mean: 2, std: 1), "a number whose logarithm is around 2.0 ± 1.0"),
            (.quantized(.linear, min: 0, max: 1, step: 0.1), "a multiple of 0.1 from 0.0 to 1.0"),
            (
                .quantized(.normal(mean: 3, std: 2), min: 0, max: 9, step: 1),
                "a multiple of 1.0 around 3.0 ± 2.0 from 0.0 to 9.0"
            ),
            (.ordinal([1, 2, 4]), "one of 1 < 2 < 4"), (.constant("sgd"), "sgd"),
        ] as [(Distribution, String)])
    func `the legal values are said in words`(distribution: Distribution, words: String) {
        #expect(distribution.description == words)
    }
}

extension Double {
    /// To four roundings.
    fileprivate func isApproximately(_ other: Double) -> Bool { abs(self - other) <= 4 * other.ulp }
}
