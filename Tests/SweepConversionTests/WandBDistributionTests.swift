import Foundation
import RandomStreams
import SweepConversion
import SweepSearch
import Testing

/// Every distribution of W&B, against what its documentation and sources say it means.
@Suite struct WandBDistributionTests {
    private static func distribution(_ definition: String, method: String = "random") throws -> Distribution? {
        try Converted("method: \(method)\nmetric: {name: loss}\nparameters: {x: \(definition)}\n").distribution("x")
    }

    private static let constants: [(String, Distribution)] = [
        ("{value: 3}", .constant(3)),
        ("{value: null}", .constant(.null)),
        ("{value: no}", .constant(false)),
        ("{value: 'no'}", .constant("no")),
        ("{value: 1_000}", .constant(1000)),
        ("{value: 017}", .constant(15)),
        ("{value: 1e-6}", .constant(1e-6)),
        ("{value: [1, two, null]}", .constant([1, "two", .null])),
        ("{value: {a: on, b: [x]}}", .constant(.mapping([.init("a", true), .init("b", ["x"])]))),
        ("{distribution: constant, value: a}", .constant("a")),
        ("{values: [1e-6, 1e-5]}", .choice([1e-6, 1e-5])),
        ("{values: [yes, no]}", .choice([true, false])),
        ("{values: [[3, 3], [5]]}", .choice([[3, 3], [5]])),
        ("{values: [adam]}", .choice(["adam"])),
        ("{values: [null, 0.1, 'null']}", .choice([.null, 0.1, "null"])),
        ("{values: [a, b], probabilities: [0.25, 0.75]}", .choice(values: ["a", "b"], weights: [0.25, 0.75])),
        ("{values: [8, 8, 16]}", .choice(values: [8, 16], weights: [2, 1])),
    ]
    private static let choices: [(String, Distribution)] = [
        ("{distribution: categorical, values: [a, b]}", .choice(["a", "b"])),
        ("{distribution: uniform, values: [0.1, 0.2]}", .choice([0.1, 0.2])),
    ]
    private static let ranges: [(String, Distribution)] = [
        ("{min: 1, max: 8}", .integer(min: 1, max: 8, step: 1, log: false)),
        ("{min: 3, max: 3}", .integer(min: 3, max: 3, step: 1, log: false)),
        ("{distribution: int_uniform, min: 1.0, max: 1e1}", .integer(min: 1, max: 10, step: 1, log: false)),
        ("{min: 0, max: 1.0}", .uniform(min: 0, max: 1)),
        ("{min: 0.0, max: 10.0}", .uniform(min: 0, max: 10)),
        ("{min: 1e-5, max: 1}", .uniform(min: 1e-5, max: 1)),
        ("{min: '0.1', max: '0.9'}", .uniform(min: 0.1, max: 0.9)),
        ("{distribution: uniform, min: 1, max: 8}", .uniform(min: 1, max: 8)),
        ("{distribution: log_uniform, min: -9, max: -2}", .logUniform(min: exp(-9), max: exp(-2))),
        ("{distribution: log_uniform, min: 0.001, max: 0.1}", .logUniform(min: exp(0.001), max: exp(0.1))),
        ("{distribution: log_uniform, min: 1, max: 4}", .logUniform(min: exp(1), max: exp(4))),
        ("{distribution: log_uniform_values, min: 1e-5, max: 0.1}", .logUniform(min: 1e-5, max: 0.1)),
        ("{distribution: inv_log_uniform, min: 2, max: 9}", .logUniform(min: exp(-9), max: exp(-2))),
        ("{distribution: inv_log_uniform_values, min: 1e-5, max: 0.1}", .logUniform(min: 1e-5, max: 0.1)),
    ]
    private static let others: [(String, Distribution)] = [
        ("{distribution: q_uniform, min: 0, max: 64, q: 16}", .quantized(.linear, min: 0, max: 64, step: 16)),
        ("{distribution: q_uniform, min: 0, max: 1, q: 0.1}", .quantized(.linear, min: 0, max: 1, step: 0.1)),
        ("{distribution: q_uniform, min: 0.5, max: 9.5}", .quantized(.linear, min: 1, max: 9, step: 1)),
        ("{distribution: q_uniform, min: 1, max: 3, q: 10}", .constant(0)),
        (
            "{distribution: q_log_uniform_values, min: 32, max: 256, q: 8}",
            .quantized(.logarithmic, min: 32, max: 256, step: 8)
        ),
        ("{distribution: q_log_uniform_values, min: 1e-5, max: 0.1}", .constant(0)),
        (
            "{distribution: q_log_uniform, min: 0, max: 4, q: 0.5}",
            .quantized(.logarithmic, min: 1, max: exp(4), step: 0.5)
        ),
        ("{distribution: normal}", .normal(mean: 0, std: 1)),
        ("{distribution: normal, mu: 3, sigma: 0.5}", .normal(mean: 3, std: 0.5)),
        ("{distribution: log_normal, mu: -1}", .logNormal(mean: -1, std: 1)),
        ("{distribution: beta, a: 1, b: 1.0}", .uniform(min: 0, max: 1)),
        ("{distribution: q_beta, q: 0.25}", .quantized(.linear, min: 0, max: 1, step: 0.25)),
    ]

    @Test(arguments: constants + choices + ranges + others)
    func `each has its counterpart`(definition: String, expected: Distribution) throws {
        #expect(try Self.distribution(definition) == expected)
    }

    @Test(arguments: [
        ("{distribution: q_normal, mu: 5, sigma: 2, q: 2}", 2.0), ("{distribution: q_log_normal, q: 0.5}", 0.5),
    ])
    func `a quantized bell has its step`(definition: String, step: Double) throws {
        guard case .quantized(let axis, _, _, let found) = try Self.distribution(definition) else {
            Issue.record("it is not quantized")
            return
        }
        #expect(found == step)
        #expect(axis == (step == 2 ? .normal(mean: 5, std: 2) : .logNormal(mean: 0, std: 1)))
    }

    /// W&B's grid leaves the maximum of `q_uniform` out, and has each value once.
    @Test(arguments: [
        ("{min: 1, max: 3}", [ParameterValue.integer(1), 2, 3]), ("{values: [a, b, a]}", ["a", "b"]),
        ("{value: 1}", [1]),
        ("{distribution: q_uniform, min: 0, max: 64, q: 16}", [0, 16, 32, 48]),
        ("{distribution: q_uniform, min: 0, max: 65, q: 16}", [0, 16, 32, 48, 64]),
        ("{distribution: q_uniform, min: 0.25, max: 1, q: 0.25}", [0.25, 0.5, 0.75]),
    ])
    func `a grid has W&B's points`(definition: String, expected: [ParameterValue]) throws {
        let converted = try Converted("method: grid\nparameters: {x: \(definition)}\n")
        let points = expected.compactMap { converted.distribution("x")?.legalForm(of: $0) }
        #expect(Set(points).count == expected.count)
        #expect(GridSampler().size(in: converted.sweep.space) == .points(expected.count))
        #expect(converted.sweep.budget.trials == nil)
    }

    /// Draws from W&B's own definition of each distribution and from ours must agree: a sample's share below a number
    /// differs from the probability by at most 6 standard deviations, 6 · 0.5 / √4000.
    @Test(arguments: 0..<40)
    func `the same numbers are as likely as in W&B`(seed: Int) throws {
        var random = RandomStream(seed: 7, stream: 0x57, UInt64(seed))
        func number(_ low: Double, _ high: Double) -> Double {
            let raw = low + (high - low) * random.uniform()
            return (raw * 1000).rounded() / 1000
        }
        let (low, width) = (number(-4, 2), number(0.5, 4))
        let high = low + width
        let definitions: [(String, (Double) -> Double)] = [
            ("{distribution: uniform, min: \(low), max: \(high)}", { low + $0 * (high - low) }),
            ("{distribution: log_uniform, min: \(low), max: \(high)}", { exp(low + $0 * (high - low)) }),
            ("{distribution: inv_log_uniform, min: \(low), max: \(high)}", { exp(-(low + $0 * (high - low))) }),
            (
                "{distribution: log_uniform_values, min: \(exp(low)), max: \(exp(high))}",
                { exp(low + $0 * (high - low)) }
            ),
            (
                "{distribution: inv_log_uniform_values, min: \(exp(low)), max: \(exp(high))}",
                { exp(-(-high + $0 * (high - low))) }
            ),
        ]
        for (definition, draw) in definitions {
            let distribution = try #require(try Self.distribution(definition))
            let samples = (0..<4000).map { _ in draw(random.uniform()) }
            for quantile in [0.1, 0.5, 0.9] {
                let value = try #require(distribution.value(atQuantile: quantile).asNumber)
                let share = Double(samples.count { $0 <= value }) / 4000
                #expect((share - quantile).magnitude <= 6 * 0.5 / 4000.0.squareRoot(), "\(definition) at \(quantile)")
            }
        }
    }
}
