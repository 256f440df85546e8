import Foundation
import ImportanceAnalysis
import SweepModel
import SweepSearch
import Testing

@Suite struct PedANOVATests {
    @Test(arguments: ["maximize", "minimize", "first 60", "first 12", "rounded"])
    func `the numbers are those of Optuna's evaluator`(name: String) throws {
        let golden = try GoldenTrials.read()
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
        let golden = try GoldenTrials.read()
        let space = try golden.space()
        let trials = golden.trials(space)
        let forwards = PedANOVA(of: trials, in: space, metric: Self.loss)
        let backwards = PedANOVA(of: trials.reversed(), in: space, metric: Self.loss)
        #expect(forwards == backwards)
    }

    @Test func `trials that are not complete count nothing`() throws {
        let golden = try GoldenTrials.read()
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
        let analysis = PedANOVA(of: trials, in: space, metric: Self.loss)
        let shares = analysis.importances.map(\.share)
        #expect(shares.allSatisfy { $0 >= 0 && $0 <= 1 }, "\(shares)")
        #expect((shares.reduce(0, +) - 1).magnitude < 1e-9)
        #expect(analysis.intervals(resamples: 20).values.allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= 1 })
    }

    @Test func `intervals hold the shares, are the same each time, and narrow with more trials`() throws {
        let golden = try GoldenTrials.read()
        let space = try golden.space()
        let trials = golden.trials(space)
        let all = PedANOVA(of: trials, in: space, metric: Self.loss)
        let intervals = all.intervals()
        #expect(intervals == all.intervals())
        #expect(Set(intervals.keys) == Set(all.importances.map(\.name)))
        let held = all.importances.count { intervals[$0.name]?.contains($0.share) ?? false }
        #expect(held >= all.importances.count - 1, "\(intervals) \(all.importances)")
        func width(_ analysis: PedANOVA) -> Double {
            analysis.intervals().values.reduce(0) { $0 + $1.upperBound - $1.lowerBound }
        }
        #expect(width(PedANOVA(of: trials.prefix(60), in: space, metric: Self.loss)) > 1.3 * width(all))
        #expect(PedANOVA(of: [], in: space, metric: Self.loss).intervals().isEmpty)
    }
}
