import Foundation
import ImportanceAnalysis
import RandomStreams
import SweepModel
import SweepSearch
import TestSupport
import Testing

@Suite struct FunctionalANOVATests {
    /// Trials drawn from a space, with the value of a function.
    private static func trials(
        _ count: Int, _ space: SearchSpace, _ value: (Assignment) -> Double
    ) -> [TrialRecord] {
        (0..<count).map { number in
            var random = RandomStream(seed: 5, stream: .trialValues, UInt64(number))
            let parameters = space.sample(using: &random)
            return .complete(number, value(parameters), parameters)
        }
    }

    private static func number(_ values: Assignment, _ name: String) -> Double { values[name]?.asNumber ?? 0 }

    private static func share(_ analysis: FunctionalANOVA, _ names: String...) -> Double {
        (analysis.effects + analysis.interactions).first { $0.names == names }?.share ?? -1
    }

    @Test func `the shares of a sum are those of its variance`() throws {
        let space = try SearchSpace([
            Parameter("x", .uniform(min: 0, max: 1)), Parameter("y", .uniform(min: -3, max: 3)),
            Parameter("kind", .choice(["a", "b", "c"])), Parameter("idle", .uniform(min: 0, max: 1)),
        ])
        // Variances 9/12, 4 · 36/12/36 = 4/12, and 1 · 2/9.
        let trials = Self.trials(500, space) { values in
            3 * Self.number(values, "x") + Self.number(values, "y") / 3 + (values["kind"] == "b" ? 1 : 0)
        }
        let analysis = FunctionalANOVA(of: trials, in: space)
        let sum = 9.0 / 12 + 4.0 / 12 + 2.0 / 9
        #expect(abs(Self.share(analysis, "x") - 9 / 12 / sum) < 0.06, "\(analysis.effects)")
        #expect(abs(Self.share(analysis, "y") - 4 / 12 / sum) < 0.06)
        #expect(abs(Self.share(analysis, "kind") - 2 / 9 / sum) < 0.06)
        #expect(Self.share(analysis, "idle") < 0.01)
        #expect(analysis.interactions.allSatisfy { $0.share < 0.03 }, "\(analysis.interactions)")
        #expect(analysis.effects.map(\.share) == analysis.effects.map(\.share).sorted(by: >))
        #expect(analysis.effects.allSatisfy { $0.interval.contains($0.share) })
        #expect(analysis.isReliable)
        #expect(analysis == FunctionalANOVA(of: trials, in: space))
    }

    /// Most resamples of the trials leave out the only one that differs, and their trees say the same everywhere. The
    /// measures of six and seven choices do not add up to 1 exactly.
    @Test(arguments: [4, 6, 7, 11]) func `a tree that says the same everywhere explains nothing`(choices: Int) throws {
        let space = try SearchSpace([
            Parameter("x", .uniform(min: 0, max: 1)),
            Parameter("c", .choice((0..<choices).map { .integer($0) })),
        ])
        var trials = (0..<100).map { number in
            TrialRecord.complete(number, 1, ["x": .number(Double(number) / 100), "c": .integer(number % choices)])
        }
        trials[3].value = 0
        let analysis = FunctionalANOVA(of: trials, in: space)
        for effect in analysis.effects + analysis.interactions {
            #expect((0...1).contains(effect.interval.lowerBound) && (0...1).contains(effect.interval.upperBound))
        }
        #expect(Self.share(analysis, "c") < 0.2, "\(analysis.effects)")
    }

    @Test(arguments: [(1, 1e9), (1e-200, 0), (1e300, -1e300)])
    func `neither the unit of the values nor where they begin matters`(unit: Double, start: Double) throws {
        let space = try SearchSpace([
            Parameter("x", .uniform(min: 0, max: 1)), Parameter("y", .uniform(min: 0, max: 1)),
        ])
        func value(_ values: Assignment) -> Double {
            let distance = Self.number(values, "x") - 0.5
            return 4 * distance * distance + Self.number(values, "y") / 4
        }
        let plain = FunctionalANOVA(of: Self.trials(200, space, value), in: space)
        let moved = FunctionalANOVA(of: Self.trials(200, space) { start + unit * value($0) }, in: space)
        #expect(abs(Self.share(moved, "x") - Self.share(plain, "x")) < 1e-3, "\(moved.effects)")
        #expect(moved.effects.allSatisfy { $0.share <= 1 })
    }

    @Test func `what only two parameters together explain is found as a pair`() throws {
        let space = try SearchSpace([
            Parameter("x", .uniform(min: -1, max: 1)), Parameter("y", .uniform(min: -1, max: 1)),
            Parameter("z", .uniform(min: -1, max: 1)),
        ])
        let trials = Self.trials(800, space) { Self.number($0, "x") * Self.number($0, "y") }
        let analysis = FunctionalANOVA(of: trials, in: space)
        #expect(Self.share(analysis, "x", "y") > 0.7, "\(analysis.interactions)")
        #expect(analysis.interactions.first?.names == ["x", "y"])
        #expect(analysis.effects.allSatisfy { $0.share < 0.12 })
    }

    @Test func `of many parameters those that explain most are looked at in pairs`() throws {
        let names = (0..<18).map { "p\($0)" }
        let space = try SearchSpace(names.map { Parameter($0, .uniform(min: 0, max: 1)) })
        // The later a parameter, the more it explains.
        let trials = Self.trials(200, space) { values in
            names.enumerated().reduce(0.0) { $0 + Double($1.offset * $1.offset) * Self.number(values, $1.element) }
        }
        let analysis = FunctionalANOVA(of: trials, in: space, treeCount: 8)
        #expect(analysis.effects.count == 18)
        #expect(analysis.interactions.count == FunctionalANOVA.maxPaired * (FunctionalANOVA.maxPaired - 1) / 2)
        let most = Set(analysis.effects.prefix(FunctionalANOVA.maxPaired).map { $0.names[0] })
        #expect(Set(analysis.interactions.flatMap(\.names)) == most)
    }

    /// Two choices of 8,000 words and a number. The trials have some of the words, of which half are good.
    private static func choices(words used: Int) throws -> FunctionalANOVA {
        let words = (0..<8000).map { ParameterValue.string("w\($0)") }
        let space = try SearchSpace([
            Parameter("left", .choice(words)), Parameter("right", .choice(words)),
            Parameter("x", .uniform(min: 0, max: 1)),
        ])
        let trials = (0..<600).map { number in
            let (left, right) = (number * 7 % used, number * 11 % used)
            let x = Double(number * 13 % 600) / 600
            return TrialRecord.complete(
                number, Double(left % 2) + x, ["left": words[left], "right": words[right], "x": .number(x)])
        }
        return FunctionalANOVA(of: trials, in: space, treeCount: 4)
    }

    @Test(.timeLimit(.minutes(2)))
    func `choices of thousands of words come to an end`() throws {
        let few = try Self.choices(words: 50)
        #expect(few.interactions.count == 3)
        let many = try Self.choices(words: 600)
        #expect(many.effects.count == 3)
        // With two trials of a word nothing can be said of pairs.
        #expect(many.interactions.isEmpty)
        for effect in few.effects + few.interactions + many.effects {
            #expect(effect.share >= 0 && effect.share <= 1 + 1e-9, "\(effect)")
        }
    }

    @Test func `words that no trial has and none can get change nothing`() throws {
        let words = (0..<300).map { ParameterValue.string("w\($0)") }
        let x = Parameter("x", .uniform(min: 0, max: 1))
        let few = try SearchSpace([Parameter("kind", .choice(Array(words.prefix(20)))), x])
        let weights = words.indices.map { $0 < 20 ? 1.0 : 0 }
        let many = try SearchSpace([Parameter("kind", .choice(values: words, weights: weights)), x])
        let good = Set(words.prefix(20).enumerated().filter { $0.offset % 3 == 0 }.map(\.element))
        let trials = Self.trials(300, few) { values in
            values["kind"].map { good.contains($0) } == true ? 2 * Self.number(values, "x") : 1
        }
        let one = FunctionalANOVA(of: trials, in: few)
        let other = FunctionalANOVA(of: trials, in: many)
        #expect(Self.share(one, "kind", "x") > 0.02, "\(one.interactions)")
        for (first, second) in zip(one.effects + one.interactions, other.effects + other.interactions) {
            #expect(first.names == second.names && abs(first.share - second.share) < 1e-9)
        }
    }

    @Test func `the prior counts decades alike, and plain values do not`() throws {
        let space = try SearchSpace([
            Parameter("rate", .logUniform(min: 1e-4, max: 1)), Parameter("other", .uniform(min: 0, max: 1)),
        ])
        // Below 0.001, a quarter of the prior and a thousandth of the plain values, the rate decides.
        let trials = Self.trials(600, space) { values in
            let rate = Self.number(values, "rate")
            return rate < 0.001 ? 5 : Self.number(values, "other")
        }
        let prior = FunctionalANOVA(of: trials, in: space)
        let plain = FunctionalANOVA(of: trials, in: space, measure: .plain)
        #expect(Self.share(prior, "rate") > 0.95)
        #expect(Self.share(plain, "rate") < 0.5, "\(plain.effects)")
    }

    @Test func `a parameter that is inactive in some trials is among the results`() throws {
        let space = try SearchSpace([
            Parameter("kind", .choice(["adam", "sgd"])),
            Parameter("momentum", .uniform(min: 0, max: 1), when: [Condition("kind", .equals("sgd"))]),
        ])
        let trials = Self.trials(400, space) { values in
            values["kind"] == "sgd" ? 4 * Self.number(values, "momentum") : 2
        }
        let analysis = FunctionalANOVA(of: trials, in: space)
        #expect(Self.share(analysis, "momentum") > 0.5, "\(analysis.effects)")
        #expect(Set(analysis.effects.map { $0.names[0] }) == ["kind", "momentum"])
        #expect(FunctionalANOVA(of: trials, in: space, measure: .plain).effects.map(\.names) == [["kind"]])
    }

    @Test func `nothing can be said of trials that do not differ`() throws {
        let space = try SearchSpace([Parameter("x", .uniform(min: 0, max: 1))])
        #expect(FunctionalANOVA(of: [], in: space).effects.isEmpty)
        let same = Self.trials(20, space) { _ in 1 }
        #expect(FunctionalANOVA(of: same, in: space).effects.isEmpty)
        let one = [TrialRecord.complete(0, 1, ["x": .number(0.5)])]
        #expect(FunctionalANOVA(of: one + one, in: space).effects.isEmpty)
    }

    @Test(arguments: [
        Distribution.logUniform(min: 1e-300, max: 1e300), .uniform(min: -1.7e308, max: 1.7e308),
        .normal(mean: 0, std: 1), .quantized(.linear, min: 0, max: 1, step: 0.3),
        .integer(min: .min, max: .max, step: 1, log: false), .choice(values: ["a", "b"], weights: [0, 1]),
        .ordinal([1, 2, 3]),
    ])
    func `any values are possible`(distribution: Distribution) throws {
        let space = try SearchSpace([Parameter("x", distribution), Parameter("y", .uniform(min: 0, max: 1))])
        let values: [ParameterValue?] = [
            .number(0), .number(-1), .number(1e308), .number(.infinity), .number(.nan), .integer(.max), .integer(3),
            "a", "b", "c", .null, nil, .list([]), .number(0.3), .integer(1), .integer(2),
        ]
        let trials = (0..<90).map { number in
            let y = ParameterValue.number(Double(number % 7) / 7)
            let assignment: Assignment = values[number % values.count].map { ["x": $0, "y": y] } ?? ["y": y]
            return TrialRecord.complete(number, Double(number % 11), assignment)
        }
        for measure in FunctionalANOVA.Measure.allCases {
            let analysis = FunctionalANOVA(of: trials, in: space, measure: measure, treeCount: 8)
            #expect((analysis.effects + analysis.interactions).allSatisfy { $0.share >= 0 && $0.share <= 1 + 1e-9 })
        }
    }

    /// Optuna's evaluator is a random forest of its own, with other random numbers and one-hot choices.
    @Test(.enabled("there is no Python with Optuna and scikit-learn") { await Python.has("optuna", "sklearn") })
    func `over plain values the shares are those of Optuna`() async throws {
        let golden = try GoldenTrials.read()
        let space = try golden.space()
        let trials = golden.trials(space)
        let ours = FunctionalANOVA(of: trials, in: space, measure: .plain)
        let url = try #require(Bundle.module.url(forResource: "trials", withExtension: "json", subdirectory: "Golden"))
        let printed = try await Python.run(
            """
            import json, sys, optuna
            from optuna.distributions import json_to_distribution
            optuna.logging.set_verbosity(optuna.logging.ERROR)
            golden = json.load(open(sys.argv[1]))
            kinds = {n: json_to_distribution(json.dumps(d)) for n, d in golden["distributions"].items()}
            study = optuna.create_study(direction="maximize")
            for index, value in enumerate(golden["values"]):
                given = {n: v[index] for n, v in golden["parameters"].items() if v[index] is not None}
                study.add_trial(optuna.trial.create_trial(
                    params={n: kinds[n].to_external_repr(v) for n, v in given.items()},
                    distributions={n: kinds[n] for n in given}, value=value))
            evaluator = optuna.importance.FanovaImportanceEvaluator(seed=0)
            print(json.dumps(optuna.importance.get_param_importances(study, evaluator=evaluator)))
            """, [url.path])
        let theirs = try JSONDecoder().decode([String: Double].self, from: Data(printed.utf8))
        #expect(Set(theirs.keys) == Set(ours.normalized.map(\.name)))
        for (name, share) in ours.normalized {
            #expect(abs(share - (theirs[name] ?? .nan)) < 0.02, "\(name): \(share), \(theirs)")
        }
    }
}
