import Foundation
import RandomStreams
import SweepSearch
import Testing

@Suite struct DistributionTests {
    @Test(arguments: everyDistribution) func `the quantiles 0 and 1 are the ends, to the last bit`(
        distribution: Distribution
    ) {
        let (low, high) = (distribution.value(atQuantile: 0), distribution.value(atQuantile: 1))
        switch distribution {
        case .real(_, let min, let max):
            #expect(low == .number(min) && high == .number(max))
        case .integer(let min, _, let step, _):
            #expect(low == .integer(min) && distribution.contains(high))
            guard case .integer(let last) = high else { return }
            let (above, isTooLarge) = last.addingReportingOverflow(step)
            #expect(isTooLarge || !distribution.contains(.integer(above)))
        case .quantized, .choice, .ordinal:
            #expect(distribution.contains(low) && distribution.contains(high))
        }
    }

    @Test(arguments: everyDistribution) func `every quantile is a legal value`(distribution: Distribution) {
        #expect(distribution.problem() == nil)
        var random = RandomStream(seed: 1, stream: 0)
        let quantiles =
            [0, 1, .leastNonzeroMagnitude, 1.0.nextDown, 0.5, -1, 2, .nan] + (0..<1000).map { _ in random.uniform() }
        for quantile in quantiles {
            let value = distribution.value(atQuantile: quantile)
            #expect(distribution.contains(value), "\(value) at \(quantile)")
        }
        for _ in 0..<1000 { #expect(distribution.contains(distribution.sample(using: &random))) }
    }

    @Test(arguments: everyDistribution) func `values never fall as the quantile rises`(distribution: Distribution) {
        switch distribution {
        // The order of choices is nobody's business, and an ordinal's need not be numbers.
        case .choice, .ordinal: return
        case .real, .quantized, .integer: break
        }
        var last = -Double.infinity
        for step in 0...1000 {
            let number = distribution.value(atQuantile: Double(step) / 1000).asNumber ?? .nan
            #expect(number >= last)
            last = number
        }
    }

    @Test(
        arguments: [
            .integer(min: 1, max: 6, step: 1, log: false), .integer(min: -7, max: 8, step: 5, log: false),
            .integer(min: 1, max: 1000, step: 1, log: true), .integer(min: 3, max: 1000, step: 7, log: true),
            .integer(min: 10_000_000_000_000_000, max: 10_000_000_000_000_010, step: 1, log: true),
            .integer(min: .max - 3, max: .max, step: 1, log: true),
            .quantized(.logarithmic, min: 1e16, max: 1e16 + 64, step: 16),
            .choice([1, "1", true, 2.5]), .choice(values: ["a", "b", "c"], weights: [1, 10, 3]),
            .uniform(min: 2, max: 2), .ordinal(["a", "b", 3]), .constant(true),
            .quantized(.linear, min: 0, max: 1, step: 0.1), .quantized(.linear, min: -7, max: 8, step: 0.3),
            .quantized(.logarithmic, min: 0.05, max: 50, step: 0.05),
            .quantized(.normal(mean: 3, std: 2), min: -5, max: 11, step: 0.25),
            .quantized(.normal(mean: 0, std: 1), min: 3, max: 8, step: 0.5),
            .quantized(.logNormal(mean: 1, std: 0.5), min: 0.1, max: 40, step: 1),
        ] as [Distribution])
    func `a discrete value survives its quantile, and cells tile the unit interval`(distribution: Distribution) throws {
        let space = try SearchSpace([Parameter("p", distribution)])
        let values = everyAssignment(of: space).compactMap { $0["p"] }
        var end = 0.0
        for value in values {
            let cell = try #require(distribution.cell(of: value))
            #expect(distribution.value(atQuantile: try #require(distribution.quantile(of: value))) == value)
            guard values.count > 1 else { continue }
            // Two roundings of numbers up to 1.
            #expect(abs(cell.lowerBound - end) < 4 * 1.0.ulp)
            end = cell.upperBound
        }
        #expect(values.count == 1 || abs(end - 1) < 4 * 1.0.ulp)
    }

    /// A logarithm has too few digits to tell numbers apart that are large and close together.
    @Test func `a narrow bell on a logarithmic axis stays a bell`() {
        let distribution = Distribution.logNormal(mean: 0, std: 1e-9)
        var random = RandomStream(seed: 1, stream: 0)
        let values = (0..<400).map { _ in log(distribution.sample(using: &random).asNumber ?? 0) / 1e-9 }
        // Two thirds of a normal distribution, and an eighth of a uniform one over 8 deviations to both sides.
        #expect((200..<330).contains(values.count { abs($0) < 1 }))
    }

    @Test(
        arguments: [
            .uniform(min: -5, max: 10), .uniform(min: -1e308, max: 1.7e308), .logUniform(min: 1e-4, max: 1),
            .logUniform(min: 1e-300, max: 1e300), .logUniform(min: 1e16, max: 1.000_000_1e16),
            .normal(mean: -20, std: 3),
            .normal(mean: 0, std: 1, min: -1, max: 30), .normal(mean: 0, std: 1, min: 3, max: 20),
            .normal(mean: 0, std: 1, min: -37, max: -30), .normal(mean: 1e300, std: 1e299),
            .logNormal(mean: -100, std: 10), .logNormal(mean: 0, std: 1, min: 100, max: 1e10),
        ] as [Distribution])
    func `a number survives its quantile but for rounding`(distribution: Distribution) throws {
        for step in 0...100 {
            let quantile = Double(step) / 100
            let back = try #require(distribution.quantile(of: distribution.value(atQuantile: quantile)))
            // exp and log each lose an ulp of a logarithm that is at most 691 and spans at least 9: 1e-13. Of a normal
            // piece 37 deviations out, whose density changes by e in 1/37 deviation, an ulp of the number is 3e-13.
            #expect(abs(back - quantile) < 1e-12)
        }
    }

    @Test(
        arguments: [
            .uniform(min: -5, max: 10), .logUniform(min: 1e-4, max: 1), .integer(min: 1, max: 6, step: 1, log: false),
            .integer(min: 1, max: 20, step: 3, log: true), .integer(min: .min, max: .max, step: 1, log: false),
            .integer(min: 1, max: .max, step: 1, log: true), .choice(["a", "b", "c"]), .normal(mean: 2, std: 3),
            .logNormal(mean: 2, std: 3, min: 1, max: 100), .quantized(.linear, min: 0, max: 1, step: 0.1),
            .quantized(.logarithmic, min: 5, max: 1000, step: 5),
            .quantized(.normal(mean: 3, std: 2), min: -5, max: 11, step: 1),
            .quantized(.logNormal(mean: 1, std: 0.5), min: 1, max: 40, step: 1), .ordinal([1, 2, 4, 8]),
        ] as [Distribution])
    func `samples follow the distribution`(distribution: Distribution) throws {
        // Of a discrete type, the values; of a continuum, tenths of the quantiles.
        var random = RandomStream(seed: 2, stream: 0)
        var counts = [Int](repeating: 0, count: 10)
        let draws = 20_000
        let steps = 100_000
        func bin(_ value: ParameterValue) throws -> Int {
            min(9, Int(try #require(distribution.quantile(of: value)) * 10))
        }
        for _ in 0..<draws { counts[try bin(distribution.sample(using: &random))] += 1 }
        var expected = [Double](repeating: 0, count: 10)
        for step in 0..<steps {
            let value = distribution.value(atQuantile: (Double(step) + 0.5) / Double(steps))
            expected[try bin(value)] += Double(draws) / Double(steps)
        }
        let used = expected.indices.filter { expected[$0] > 0 }
        #expect(used.map { counts[$0] }.reduce(0, +) == draws)
        #expect(agree(used.map { counts[$0] }, with: used.map { expected[$0] }), "\(counts) \(expected)")
    }

    @Test func `weights are probabilities and a weight of zero is legal but never drawn`() {
        let distribution = Distribution.choice(values: ["a", "b", "c", "d"], weights: [1, 0, 3, 0])
        var random = RandomStream(seed: 3, stream: 0)
        var counts = [ParameterValue: Int]()
        for _ in 0..<10_000 { counts[distribution.sample(using: &random), default: 0] += 1 }
        #expect(distribution.contains("b"))
        #expect(Set(counts.keys) == ["a", "c"])
        #expect(agree([counts["a", default: 0], counts["c", default: 0]], with: [2500, 7500]))
        #expect(distribution.value(atQuantile: 1) == "c")
    }

    @Test func `a logarithmic integer is as likely as its share of the axis`() {
        let distribution = Distribution.integer(min: 1, max: 100, step: 1, log: true)
        // log(3.5/2.5) / log(100.5/0.5), to a few roundings.
        #expect(abs(distribution.probability(of: 3) - 0.06344576494364838) < 1e-15)
    }

    @Test(
        arguments: [
            (.uniform(min: 0, max: 1), 1, 1.0), (.uniform(min: 0, max: 1), 2, nil),
            (.uniform(min: 0, max: 1), "1", nil),
            (.logUniform(min: 1, max: 4), 2, 2.0), (.integer(min: 0, max: 64, step: 2, log: false), 64.0, 64),
            (.integer(min: 0, max: 64, step: 2, log: false), 63, nil),
            (.integer(min: 0, max: 64, step: 2, log: false), 0.5, nil),
            (.choice([1, 2.0]), 1.0, 1), (.choice([1, 2.0]), 2, 2.0), (.choice([1, "2"]), 2, nil),
            (.choice([true]), 1, nil), (.ordinal([1, 2.0]), 2, 2.0), (.normal(mean: 0, std: 1), 1, 1.0),
            (.normal(mean: 0, std: 1), 9, nil), (.logNormal(mean: 0, std: 1), 0, nil),
            (.quantized(.linear, min: 0, max: 1, step: 0.1), .number(0.1 * 3), 0.3),
            (.quantized(.linear, min: 0, max: 1, step: 0.1), 1, 1.0),
            (.quantized(.linear, min: 0, max: 1, step: 0.1), 0.35, nil),
            (.quantized(.linear, min: 0, max: 1, step: 0.1), 1.1, nil),
            (.quantized(.linear, min: 0, max: 1, step: 0.1), "0.1", nil),
        ] as [(Distribution, ParameterValue, ParameterValue?)])
    func `a value is taken in the form the distribution has`(
        distribution: Distribution, written: ParameterValue, legal: ParameterValue?
    ) {
        #expect(distribution.legalForm(of: written) == legal)
    }

    @Test(
        arguments: [
            (.uniform(min: 2, max: 1), "min 2.0 is larger than max 1.0"),
            (.uniform(min: 0, max: .infinity), "the bound .inf is not a finite number"),
            (.logUniform(min: .nan, max: 1), "the bound .nan is not a finite number"),
            (.logUniform(min: 0, max: 1), "a logarithmic range needs min > 0, and min is 0.0"),
            (.integer(min: 3, max: 1, step: 1, log: false), "min 3 is larger than max 1"),
            (.integer(min: 0, max: 1, step: 1, log: true), "a logarithmic range needs min > 0, and min is 0"),
            (.integer(min: 0, max: 1, step: 0, log: false), "step must be at least 1, and is 0"),
            (.choice([]), "there is no value to choose from"),
            (.choice([1, "a", 1.0]), "the value 1.0 is listed twice"),
            (.choice([.number(.nan)]), "'.nan' cannot be a choice"),
            (.choice(values: [1, 2], weights: [1]), "there are 1 weights for 2 values"),
            (.choice(values: [1, 2], weights: [1, -1]), "a weight must be a number from 0 up, not -1.0"),
            (
                .choice(values: [1, 2], weights: [1e308, 1e308]),
                "the sum of the weights is too large for a number; only their ratios matter"
            ),
            (.choice(values: [1, 2], weights: [0, 0]), "all weights are 0"),
            (.ordinal([]), "there is no value to choose from"), (.ordinal([1, 1]), "the value 1 is listed twice"),
            (.quantized(.linear, min: 0, max: 1, step: 0), "step must be greater than 0, and is 0.0"),
            (.quantized(.linear, min: 0, max: 1, step: .nan), "the bound .nan is not a finite number"),
            (.quantized(.linear, min: 0.1, max: 0.2, step: 1), "no multiple of 1.0 lies between 0.1 and 0.2"),
            (
                .quantized(.linear, min: 0, max: 1e300, step: 1), "the step 1.0 is too small for so wide a range"
            ),
            (
                .quantized(.logarithmic, min: 0, max: 3, step: 1),
                "a logarithmic range needs min > 0, and min is 0.0"
            ),
            (.normal(mean: 0, std: 0, min: 0, max: 1), "std must be greater than 0, and is 0.0"),
            (.normal(mean: .infinity, std: 1, min: 0, max: 1), "the bound .inf is not a finite number"),
            (.normal(mean: 0, std: 1, min: 1, max: 0), "min 1.0 is larger than max 0.0"),
            (
                .normal(mean: 0, std: 1, min: 40, max: 50),
                "40.0 to 50.0 is too far from the mean 0.0 with std 1.0 to be ever drawn"
            ),
            (
                .logNormal(mean: 0, std: 1, min: 0, max: 50),
                "a logarithmic range needs min > 0, and min is 0.0"
            ),
            (
                .logNormal(mean: 1000, std: 1),
                "mean is that of the logarithm and must lie between -700 and 700, and is 1000.0"
            ),
        ] as [(Distribution, String)])
    func `what is wrong is said`(distribution: Distribution, words: String) {
        #expect(distribution.problem()?.description == words)
    }

    @Test(
        arguments: [
            (
                .integer(min: 0, max: 9, step: 3, log: false), [.comparison(.greater, 3)],
                .integer(min: 6, max: 9, step: 3, log: false)
            ),
            (.integer(min: 0, max: 9, step: 3, log: false), [.comparison(.greater, 3), .comparison(.less, 6)], nil),
            (.integer(min: .min, max: .max, step: 1, log: false), [.comparison(.greaterOrEqual, 1e300)], nil),
            (.uniform(min: 0, max: 1), [.comparison(.less, 0.5)], .uniform(min: 0, max: 0.5.nextDown)),
            (.uniform(min: 0, max: 1), [.comparison(.greater, 1)], nil),
            (.uniform(min: 0, max: 1), [.comparison(.less, .nan)], nil),
            (.uniform(min: 0, max: 1), [.equals(1)], .choice([1.0])),
            (
                .choice(values: [1, 2, 3], weights: [1, 2, 0]), [.comparison(.greater, 1)],
                .choice(values: [2, 3], weights: [2, 0])
            ),
            (.choice(values: [1, 2, 3], weights: [1, 2, 0]), [.equals(3)], .choice([3])),
            (.choice(["a", 2]), [.comparison(.greater, 2)], nil),
            (.choice(["a", 2]), [.isOneOf(["a", "b"])], .choice(["a"])),
            (.ordinal([1, 2, 4, 8]), [.comparison(.greater, 1), .comparison(.less, 8)], .ordinal([2, 4])),
            (.ordinal([1, 2]), [.equals(3)], nil),
            (
                .normal(mean: 0, std: 1), [.comparison(.greaterOrEqual, 1)],
                .normal(mean: 0, std: 1, min: 1, max: 8)
            ),
            (.normal(mean: 0, std: 1), [.comparison(.greater, 8)], nil),
            (
                .quantized(.linear, min: 0, max: 1, step: 0.1), [.comparison(.less, 0.3)],
                .quantized(.linear, min: 0, max: 0.3.nextDown, step: 0.1)
            ),
            (.quantized(.linear, min: 0, max: 1, step: 0.1), [.equals(0.25)], nil),
            (
                .quantized(.linear, min: 0, max: 1, step: 0.1),
                [.comparison(.greater, 0.5), .comparison(.less, 0.6)], nil
            ),
        ] as [(Distribution, [Condition.Test], Distribution?)])
    func `a distribution is restricted to what passes the tests`(
        distribution: Distribution, tests: [Condition.Test], expected: Distribution?
    ) {
        #expect(distribution.restricted(to: tests) == expected)
    }
}
