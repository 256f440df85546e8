import Foundation
import ImportanceAnalysis
import SweepModel
import SweepSearch
import Testing

@Suite struct PedANOVATests {
    /// `Golden/trials.json`; see the README beside it.
    private struct Golden: Decodable {
        struct Named: Decodable {
            struct Attributes: Decodable {
                var low: Double?
                var high: Double?
                var step: Double?
                var log: Bool?
                var choices: [Choice]?
            }
            /// What a choice is does not matter, only which one it is.
            struct Choice: Decodable {
                init(from decoder: any Decoder) throws {}
            }
            var name: String
            var attributes: Attributes

            var distribution: Distribution {
                let (low, high) = (attributes.low ?? 0, attributes.high ?? 0)
                switch (name, attributes.log == true, attributes.step) {
                case ("CategoricalDistribution", _, _):
                    return .choice((attributes.choices ?? []).indices.map { .integer($0) })
                case ("IntDistribution", let log, let step):
                    return .integer(min: Int(low), max: Int(high), step: Int(step ?? 1), log: log)
                case (_, true, _): return .logUniform(min: low, max: high)
                case (_, false, let step?): return .quantized(.linear, min: low, max: high, step: step)
                case (_, false, nil): return .uniform(min: low, max: high)
                }
            }

            func value(_ stored: Double) -> ParameterValue {
                name == "FloatDistribution" ? .number(stored) : .integer(Int(stored))
            }
        }
        var distributions: [String: Named]
        var values: [Double]
        var parameters: [String: [Double?]]
        var importances: [String: [String: Double]]

        func space() throws -> SearchSpace {
            try SearchSpace(distributions.sorted { $0.key < $1.key }.map { Parameter($0.key, $0.value.distribution) })
        }

        func trials(_ space: SearchSpace) -> [TrialRecord] {
            values.enumerated().map { index, value in
                let stored = distributions.compactMap { name, named in
                    (parameters[name]?[index]).map { (name, named.value($0)) }
                }
                return .complete(index, value, Assignment(Dictionary(uniqueKeysWithValues: stored), in: space))
            }
        }
    }

    private static func golden() throws -> Golden {
        let url = try #require(Bundle.module.url(forResource: "trials", withExtension: "json", subdirectory: "Golden"))
        return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: url))
    }

    @Test(arguments: ["maximize", "minimize", "first 60", "first 12", "rounded"])
    func `the numbers are those of Optuna's evaluator`(name: String) throws {
        let golden = try Self.golden()
        let space = try golden.space()
        var trials = golden.trials(space)
        if name == "first 60" { trials = Array(trials.prefix(60)) }
        if name == "first 12" { trials = Array(trials.prefix(12)) }
        if name == "rounded" {
            for index in trials.indices { trials[index].value = trials[index].value.map { ($0 * 100).rounded() / 100 } }
        }
        let metric = Metric(name: "accuracy", goal: name == "minimize" ? .minimize : .maximize, rule: .last)
        let analysis = PedANOVA(of: trials, in: space, metric: metric)
        let expected = try #require(golden.importances[name])
        #expect(Set(analysis.importances.map(\.name)) == Set(expected.keys))
        for importance in analysis.importances {
            let difference = importance.share - (expected[importance.name] ?? .nan)
            #expect(difference.magnitude < 1e-9, "\(importance.name): \(importance.share)")
        }
        #expect(analysis.importances.map(\.share) == analysis.importances.map(\.share).sorted(by: >))
        #expect(analysis.isReliable == (name != "first 12"))
    }

    private static let loss = Metric(name: "loss", goal: .minimize, rule: .last)

    @Test func `the order of the trials does not matter`() throws {
        let golden = try Self.golden()
        let space = try golden.space()
        let trials = golden.trials(space)
        let forwards = PedANOVA(of: trials, in: space, metric: Self.loss)
        let backwards = PedANOVA(of: trials.reversed(), in: space, metric: Self.loss)
        #expect(forwards == backwards)
    }

    @Test func `trials that are not complete count nothing`() throws {
        let golden = try Self.golden()
        let space = try golden.space()
        let trials = golden.trials(space)
        var more = trials
        for (index, state) in [TrialState.pruned, .running, .failed, .diverged, .waiting].enumerated() {
            var trial = trials[index]
            (trial.state, trial.value) = (state, 0)
            more.append(trial)
        }
        let analysis = PedANOVA(of: more, in: space, metric: Self.loss)
        #expect(analysis == PedANOVA(of: trials, in: space, metric: Self.loss))
    }

    @Test func `too few trials say nothing`() throws {
        let space = try SearchSpace([Parameter("x", .uniform(min: 0, max: 1))])
        #expect(PedANOVA(of: [], in: space, metric: Self.loss).importances.isEmpty)
        let one = [TrialRecord.complete(0, 1, ["x": .number(0.5)])]
        #expect(PedANOVA(of: one, in: space, metric: Self.loss).importances.isEmpty)
        #expect(PedANOVA(of: one + one, in: space, metric: Self.loss).importances.map(\.share) == [1])
    }

    /// Whatever a space and its trials hold, the shares are finite and make 1.
    @Test(arguments: [
        Distribution.uniform(min: -1, max: 1), .uniform(min: 1, max: 1), .logUniform(min: 1e-300, max: 1e300),
        .uniform(min: -1.7e308, max: 1.7e308), .normal(mean: 0, std: 1), .logNormal(mean: 0, std: 1),
        .normal(mean: 0, std: 1e308), .logNormal(mean: 0, std: 300), .quantized(.linear, min: 0, max: 1, step: 0.3),
        .quantized(.logarithmic, min: 0.1, max: 10, step: 0.1), .quantized(.linear, min: 0, max: 1, step: 5),
        .integer(min: .min, max: .max, step: 1, log: false), .integer(min: 1, max: .max, step: 1, log: true),
        .integer(min: 0, max: 10, step: 4, log: false), .choice(["a", "b"]), .constant("a"), .ordinal([1, 2, 3]),
    ])
    func `any distribution and any values are possible`(distribution: Distribution) throws {
        let space = try SearchSpace([Parameter("x", distribution), Parameter("y", .uniform(min: 0, max: 1))])
        let values: [ParameterValue?] = [
            .number(0), .number(-1), .number(1e308), .number(.infinity), .number(.nan), .integer(.max), .integer(3),
            "a", "b", "c", .null, .boolean(true), nil, .list([]), .largeInteger("123456789012345678901234567890"),
        ]
        let trials = (0..<90).map { number in
            let x = values[number % values.count]
            let y = ParameterValue.number(Double(number % 7) / 7)
            return TrialRecord.complete(
                number, Double(number % 11), x.map { ["x": $0, "y": y] } ?? ["y": y])
        }
        let shares = PedANOVA(of: trials, in: space, metric: Self.loss).importances.map(\.share)
        #expect(shares.allSatisfy { $0 >= 0 && $0 <= 1 }, "\(shares)")
        #expect((shares.reduce(0, +) - 1).magnitude < 1e-9)
    }
}

extension TrialRecord {
    fileprivate static func complete(_ number: Int, _ value: Double, _ parameters: Assignment) -> TrialRecord {
        let time = Date(timeIntervalSince1970: 0)
        var trial = TrialRecord(number: number, origin: .sampled, seed: 0, parameters: parameters, created: time)
        trial.end(.complete(value), at: time)
        return trial
    }
}
