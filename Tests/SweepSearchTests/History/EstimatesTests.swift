import RandomStreams
import SweepSearch
import Testing

/// What trials that were stopped early would have ended with.
@Suite struct EstimatesTests {
    private static func observations(_ trials: [(Outcome, [Double])]) -> Observations {
        Observations(
            trials.enumerated().map { number, trial in
                Observation(
                    number: number, assignment: Assignment(names: ["x"], values: [.integer(number)]),
                    outcome: trial.0, progress: trial.1)
            })
    }

    private static func value(_ outcome: Outcome) -> Double? {
        if case .estimated(let value, _) = outcome { value } else { nil }
    }

    @Test func `an estimate is where trials with such values ended, whatever the step was`() throws {
        // What is reported at the first step is four times the end, at the second twice.
        let ends = [1.0, 1.2, 1.5, 1.7, 2.0, 2.3]
        var trials = ends.map { (Outcome.value($0), [4 * $0, 2 * $0]) }
        trials += [3.0, 4.0].map { (.pruned(2 * $0), [4 * $0, 2 * $0]) }
        trials += [1.6, 5.0, 6.0].map { (.pruned(4 * $0), [4 * $0]) }
        let outcomes = Self.observations(trials).estimatingPruned().outcomes
        #expect(Array(outcomes.prefix(6)) == ends.map { .value($0) })
        let estimates = try outcomes.suffix(5).map { try #require(Self.value($0)) }
        #expect(abs(estimates[2] - 1.6) < 0.3, "\(estimates)")
        // By their last values alone, 20 and 24 against 6 and 8, the others would be three times as bad.
        #expect(estimates[2] < estimates[0] && estimates[0] < estimates[1] && estimates[1] < estimates[3])
        #expect(estimates[3] < estimates[4] && estimates[4] <= 24)
    }

    @Test func `no estimate is better than the best, or worse than what the trial had and others ended with`() throws {
        var random = RandomStream(seed: 4, stream: 1)
        for _ in 0..<200 {
            let trials = (0..<20).map { number in
                let progress = (0..<1 + Int(random.integer(below: 4))).map { _ in random.normal() }
                return number % 3 == 0
                    ? (Outcome.value(random.normal()), progress) : (.pruned(progress.last), progress)
            }
            let finals = trials.compactMap { if case .value(let value) = $0.0 { value } else { nil } }
            let (best, worst) = (try #require(finals.min()), try #require(finals.max()))
            let highest = trials.flatMap(\.1).max() ?? 0
            for outcome in Self.observations(trials).estimatingPruned().outcomes {
                guard let value = Self.value(outcome) else { continue }
                #expect(value >= best && value <= max(worst, highest))
            }
        }
    }

    private static func variance(_ outcome: Outcome) -> Double? {
        if case .estimated(_, let variance) = outcome { variance } else { nil }
    }

    @Test func `an estimate is as certain as early reports have told the end`() throws {
        var random = RandomStream(seed: 6, stream: 1)
        let ends = (0..<40).map { _ in random.normal() }
        func variances(noise: Double, now: [Double]) throws -> [Double] {
            let complete = ends.map { end -> (Outcome, [Double]) in
                (.value(end), [end + noise * random.normal(), end])
            }
            let outcomes = Self.observations(complete + now.map { (.pruned($0), [$0]) }).estimatingPruned().outcomes
            return try outcomes.suffix(now.count).map { try #require(Self.variance($0)) }
        }
        let telling = try variances(noise: 0, now: [0, 1])
        let half = try variances(noise: 1, now: [0, 1])
        let nothing = try variances(noise: 100, now: [0, 1])
        #expect(telling.allSatisfy { $0 < 0.1 }, "\(telling)")
        // The end has a variance of 1 and the report one of 2, so half of the end's variance is left.
        #expect(half.allSatisfy { $0 > 0.25 && $0 < 0.75 }, "\(half)")
        #expect(nothing.allSatisfy { $0 > 0.9 && $0 < 1.2 }, "\(nothing)")
        let far = try variances(noise: 1, now: [0, 30])
        #expect(far[1] > far[0])
    }

    @Test func `a search goes where an uncertain estimate says that nothing is to be had`() throws {
        let space = try SearchSpace([Parameter("x", .uniform(min: 0, max: 1))])
        func next(variance: Double) throws -> Double {
            // The valley lies between 0.4 and 0.6, where all that is known are three estimates.
            let known = [0.0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9, 1].map { ($0, Outcome.value(abs($0 - 0.5))) }
            let estimated = [0.45, 0.5, 0.55].map { ($0, Outcome.estimated(0.6, variance: variance)) }
            let observations = Observations(
                (known + estimated).enumerated().map { number, trial in
                    Observation(
                        number: number, assignment: Assignment(names: ["x"], values: [.number(trial.0)]),
                        outcome: trial.1)
                })
            var random = RandomStream(seed: 1, stream: 1)
            let assignment = GPSampler(seed: 1).suggest(from: space, given: observations, pending: [], using: &random)
            return try #require(assignment.first?.value.asNumber)
        }
        #expect(abs(try next(variance: 2) - 0.5) < 0.06)
        #expect(abs(try next(variance: 0) - 0.5) > 0.06)
    }

    @Test func `a trial that was stopped for what came after such a step is as bad as that`() throws {
        let ends = [1.0, 1.2, 1.5, 1.7, 2.0]
        var trials = ends.map { (Outcome.value($0), [4 * $0, 2 * $0]) }
        // It looked best of all at the last step that is compared, and exploded.
        trials.append((.pruned(1e6), [3.6, 1.8]))
        let estimate = try #require(Self.value(Self.observations(trials).estimatingPruned().outcomes[5]))
        #expect(estimate > 2)
    }

    @Test func `without three trials that went further nothing is estimated`() {
        let two: [(Outcome, [Double])] = [(.value(1), [3, 2]), (.value(2), [4, 3]), (.pruned(5), [5])]
        #expect(Self.observations(two).estimatingPruned().outcomes == two.map(\.0))
        // Nor without progress, or for a trial that never reported.
        let none: [(Outcome, [Double])] = (0..<9).map { ($0 % 2 == 0 ? .value(Double($0)) : .pruned(3), []) }
        #expect(Self.observations(none).estimatingPruned().outcomes == none.map(\.0))
        let silent: [(Outcome, [Double])] = (0..<4).map { (.value(Double($0)), [Double($0)]) } + [(.pruned(nil), [])]
        #expect(Self.observations(silent).estimatingPruned().outcomes.last == .pruned(nil))
    }

    @Test func `values of any size are no trap`() {
        let values: [Double] = [1e308, -1e308, 0, .leastNonzeroMagnitude, 1e200, .infinity, -.infinity, .nan, 1]
        var random = RandomStream(seed: 1, stream: 2)
        func any() -> Double { values[Int(random.integer(below: 9))] }
        for _ in 0..<300 {
            let trials = (0..<9).map { number -> (Outcome, [Double]) in
                let progress = [any(), any()]
                return (number % 2 == 0 ? .value(any()) : .pruned(progress[1]), progress)
            }
            for outcome in Self.observations(trials).estimatingPruned().outcomes {
                if let value = Self.value(outcome) { #expect(value.isFinite) }
            }
        }
    }

    @Test(arguments: 0..<3) func `a search with early stopping finds more, since it knows where trials are bad`(
        seed: UInt64
    ) throws {
        // Only trials close to the optimum come to their end, and all say at the first step how good they are.
        let space = try SearchSpace((1...4).map { Parameter("x\($0)", .uniform(min: 0, max: 1)) })
        func best(estimating: Bool) -> Double {
            var (observations, best) = (Observations(), Double.infinity)
            for number in 0..<60 {
                var random = RandomStream(seed: seed, stream: 1, UInt64(number))
                let known = estimating ? observations.estimatingPruned() : observations
                let assignment = AutoSampler(seed: seed).suggest(
                    from: space, given: known, pending: [], using: &random)
                let loss = assignment.reduce(0) { $0 + pow2(($1.value.asNumber ?? 0) - 0.3) }
                best = min(best, loss)
                let isGood = loss < 0.15 || number < 4
                observations.insert(
                    Observation(
                        number: number, assignment: assignment, outcome: isGood ? .value(loss) : .pruned(3 + loss),
                        progress: isGood ? [3 + loss, 2 + loss] : [3 + loss]))
            }
            return best
        }
        #expect(best(estimating: true) < 1e-3)
    }

    private func pow2(_ number: Double) -> Double { number * number }
}
