import RandomStreams
import SweepSearch
import Testing

/// What every sampler must do, whatever it is good at.
@Suite struct SamplerConformanceTests {
    enum Candidate: CaseIterable {
        case random, sobol, tpe, eagerTPE, cmaes, gp, eagerGP, auto

        var sampler: any Sampler {
            switch self {
            case .random: RandomSampler()
            case .sobol: SobolSampler(seed: 3)
            case .tpe: TPESampler()
            case .cmaes: CMAESSampler(seed: 3)
            case .gp: GPSampler(seed: 3)
            case .eagerGP: GPSampler(startupTrials: 1, maxTrials: 35)
            case .auto: AutoSampler(seed: 3)
            case .eagerTPE:
                TPESampler(
                    startupTrials: 0, candidates: 3,
                    selection: TPESampler.Selection(goodFraction: 0.5, rankExponent: 0), maxGood: 5, fullyWeighted: 2)
            }
        }

        /// It takes milliseconds for a suggestion, so it is asked for fewer.
        var isSlow: Bool {
            switch self {
            case .gp, .eagerGP, .auto: true
            case .random, .sobol, .tpe, .eagerTPE, .cmaes: false
            }
        }
    }

    @Test(arguments: Candidate.allCases, 0..<30)
    func `a suggestion is an assignment of the space, whatever the history`(candidate: Candidate, seed: UInt64) {
        let space = randomSpace(seed)
        for count in [0, 1, 9, 11, 40] {
            let observations = history(count, in: space, seed: seed)
            let pending = history(Int(seed % 4), in: space, seed: seed + 1).map(\.assignment)
            for trial in UInt64(0)..<(candidate.isSlow ? 1 : 5) {
                var random = RandomStream(seed: seed, stream: 1, trial)
                let suggestion = candidate.sampler.suggest(
                    from: space, given: observations, pending: pending, using: &random)
                #expect(space.problem(with: suggestion) == nil, "\(suggestion) after \(count)")
                #expect(
                    !suggestion.contains { $0.value == "b" && space[$0.name]?.distribution.probability(of: "b") == 0 })
            }
        }
    }

    @Test(arguments: Candidate.allCases)
    func `a choice of the weight 0 is not proposed, though one that was enqueued is the best`(
        candidate: Candidate
    ) throws {
        let space = try SearchSpace([
            Parameter("x", .uniform(min: 0, max: 1)),
            Parameter("k", .choice(values: ["a", "b", "never", "hardly"], weights: [1, 1, 0, .leastNormalMagnitude])),
        ])
        let enqueued = Assignment(["x": .number(0.5), "k": .string("never")], in: space)
        var observations = [Observation(number: 0, assignment: enqueued, outcome: .value(-10))]
        for number in 1..<20 {
            var random = RandomStream(seed: 1, stream: 1, UInt64(number))
            let suggestion = candidate.sampler.suggest(
                from: space, given: Observations(observations), pending: [], using: &random)
            #expect(suggestion["k"] == .string("a") || suggestion["k"] == .string("b"), "\(suggestion)")
            let value = suggestion["x"]?.asNumber ?? 0
            observations.append(Observation(number: number, assignment: suggestion, outcome: .value(value)))
        }
    }

    @Test(arguments: Candidate.allCases)
    func `the same arguments give the same suggestion, another stream another`(candidate: Candidate) throws {
        let space = try mixedConditionalSpace()
        let observations = history(40, in: space)
        func suggestion(_ trial: UInt64) -> Assignment {
            var random = RandomStream(seed: 1, stream: 1, trial)
            return candidate.sampler.suggest(from: space, given: observations, pending: [], using: &random)
        }
        #expect(suggestion(1) == suggestion(1))
        // What is wanted most may be the same for every stream; a trial's number, though, moves a design on.
        let distinct = Set((0..<20).map(suggestion)).count
        #expect(candidate == .sobol ? distinct == 1 : distinct > 10)
    }

    @Test(arguments: Candidate.allCases)
    func `a discrete space is tried out before anything is tried again`(candidate: Candidate) throws {
        let space = try discreteConditionalSpace()
        let all = Set(everyAssignment(of: space))
        var observations = [Observation]()
        var pending = [Assignment]()
        for number in 0..<(all.count + 5) {
            var random = RandomStream(seed: 1, stream: 1, UInt64(number))
            let suggestion = candidate.sampler.suggest(
                from: space, given: observations, pending: pending, using: &random)
            #expect(all.contains(suggestion))
            pending.append(suggestion)
            // Three are always running.
            if pending.count > 3 {
                let outcome: Outcome = number % 7 == 0 ? .failed : .value(Double(number % 5))
                observations.append(Observation(number: number, assignment: pending.removeFirst(), outcome: outcome))
            }
            #expect(Set(observations.map(\.assignment) + pending).count == min(number + 1, all.count))
        }
    }

    @Test(arguments: Candidate.allCases, [Outcome.value(0.1), .failed])
    func `a continuum is explored without a repetition, also where nothing is learned`(
        candidate: Candidate, outcome: Outcome
    ) throws {
        let space = try SearchSpace([
            Parameter("x", .uniform(min: 0, max: 1)), Parameter("y", .logUniform(min: 1e-5, max: 1)),
            Parameter("c", .choice(["a", "b", "c"])),
        ])
        var observations = [Observation]()
        for number in 0..<40 {
            var random = RandomStream(seed: 1, stream: 1, UInt64(number))
            let suggestion = candidate.sampler.suggest(
                from: space, given: Observations(observations), pending: [], using: &random)
            observations.append(Observation(number: number, assignment: suggestion, outcome: outcome))
        }
        #expect(Set(observations.map(\.assignment)).count == 40)
        if candidate != .cmaes {
            // Anywhere, not in the corners: of 40 even draws, 8 lie within a tenth of an end of x.
            let inside = observations.compactMap { $0.assignment["x"]?.asNumber }.count { $0 > 0.1 && $0 < 0.9 }
            #expect(inside > 20, "\(inside)")
        }
    }

    @Test(arguments: Candidate.allCases)
    func `a branch without a continuum is tried once`(candidate: Candidate) throws {
        let space = try SearchSpace([
            Parameter("kind", .choice(values: ["plain", "tuned"], weights: [9, 1])),
            Parameter("rate", .uniform(min: 0, max: 1), when: [Condition("kind", .equals("tuned"))]),
        ])
        var observations = [Observation]()
        for number in 0..<15 {
            var random = RandomStream(seed: 1, stream: 1, UInt64(number))
            let suggestion = candidate.sampler.suggest(
                from: space, given: Observations(observations), pending: [], using: &random)
            // The plain one is the best by far, and cannot become better.
            let value = suggestion["rate"]?.asNumber ?? -1
            observations.append(Observation(number: number, assignment: suggestion, outcome: .value(value)))
        }
        #expect(Set(observations.map(\.assignment)).count == 15)
    }

    @Test(
        arguments: Candidate.allCases,
        [Outcome.failed, .diverged, .pruned(nil), .pruned(.nan), .value(0), .value(.infinity)])
    func `a history without a difference is no obstacle`(candidate: Candidate, outcome: Outcome) throws {
        let space = try mixedConditionalSpace()
        var observations = history(30, in: space)
        for index in observations.indices { observations[index].outcome = outcome }
        var random = RandomStream(seed: 1, stream: 0)
        let suggestion = candidate.sampler.suggest(from: space, given: observations, pending: [], using: &random)
        #expect(space.problem(with: suggestion) == nil)
    }

    @Test(arguments: Candidate.allCases)
    func `extreme values, the same trial again and again, and ten thousand trials are no obstacle`(
        candidate: Candidate
    ) throws {
        let space = try mixedConditionalSpace()
        var extremes = history(30, in: space)
        let values = [
            Double.greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude, 0, -0.0, 1e300,
        ]
        for index in extremes.indices { extremes[index].outcome = .value(values[index % values.count]) }
        extremes[0].outcome = .value(.nan)
        extremes[1].outcome = .value(-.infinity)
        var same = history(30, in: space)
        for index in same.indices { same[index].assignment = same[0].assignment }
        for observations in [extremes, same, history(10_000, in: space)] {
            var random = RandomStream(seed: 1, stream: 0)
            let suggestion = candidate.sampler.suggest(
                from: space, given: observations, pending: [same[0].assignment, same[0].assignment], using: &random)
            #expect(space.problem(with: suggestion) == nil, "\(suggestion) after \(observations.count)")
        }
    }

    @Test(arguments: Candidate.allCases)
    func `no suggestion violates a constraint`(candidate: Candidate) throws {
        let parameters = [
            Parameter("x", .uniform(min: 0, max: 1)), Parameter("y", .uniform(min: 0, max: 1)),
            Parameter("k", .integer(min: 1, max: 8, step: 1, log: false)), Parameter("c", .choice(["a", "b"])),
        ]
        // A twentieth of the square, the best of which lies outside.
        let space = try SearchSpace(
            parameters,
            constraints: ["x + y <= 0.3", "k >= 3 or c == 'a'"].map { try Constraint(parsing: $0, over: parameters) })
        var observations = [Observation]()
        for number in 0..<25 {
            var random = RandomStream(seed: 2, stream: 1, UInt64(number))
            let suggestion = candidate.sampler.suggest(
                from: space, given: observations, pending: [], using: &random)
            #expect(space.isFeasible(suggestion) && space.problem(with: suggestion) == nil, "\(suggestion)")
            let value = -(suggestion["x"]?.asNumber ?? .nan) - (suggestion["y"]?.asNumber ?? .nan)
            observations.append(Observation(number: number, assignment: suggestion, outcome: .value(value)))
        }
    }

    @Test(arguments: Candidate.allCases)
    func `observations of another space tell nothing and break nothing`(candidate: Candidate) throws {
        let space = try mixedConditionalSpace()
        let stranger = try SearchSpace([
            Parameter("unknown", .uniform(min: 0, max: 1)), Parameter("batch", .choice(["many"])),
            Parameter("rate", .uniform(min: 5, max: 6)), Parameter("optimizer", .choice(["sgd", "lion"])),
        ])
        var random = RandomStream(seed: 1, stream: 0)
        let observations = history(40, in: stranger)
        let suggestion = candidate.sampler.suggest(from: space, given: observations, pending: [], using: &random)
        #expect(space.problem(with: suggestion) == nil)
    }

    @Test(arguments: Candidate.allCases, [0, 1, 1000])
    func `a space may have any number of parameters`(candidate: Candidate, count: Int) throws {
        let space = try SearchSpace(
            (0..<count).map { Parameter("p\($0)", everyDistribution[$0 % everyDistribution.count]) })
        let observations = history(30, in: space)
        var random = RandomStream(seed: 1, stream: 0)
        let suggestion = candidate.sampler.suggest(from: space, given: observations, pending: [], using: &random)
        #expect(suggestion.count == count)
        #expect(space.problem(with: suggestion) == nil)
    }

    @Test func `random search draws every assignment of a branching space as often as it is likely`() throws {
        let space = try mixedConditionalSpace()
        var counts = [String: Int]()
        for trial in 0..<8000 {
            var random = RandomStream(seed: 1, stream: 1, UInt64(trial))
            let suggestion = RandomSampler().suggest(from: space, given: [], pending: [], using: &random)
            counts["\(suggestion["optimizer"]!) \(suggestion["nesterov"] != nil)", default: 0] += 1
        }
        // sgd has weight 2 of 4, and its momentum exceeds 0.5 with probability 0.49/0.99.
        let expected = [
            "sgd true": 4000 * 0.49 / 0.99, "sgd false": 4000 * 0.5 / 0.99, "adam false": 2000, "newton false": 2000,
        ]
        let keys = expected.keys.sorted()
        #expect(Set(counts.keys) == Set(keys))
        #expect(agree(keys.map { counts[$0] ?? 0 }, with: keys.map { expected[$0] ?? 0 }), "\(counts)")
    }
}
