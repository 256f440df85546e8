import RandomStreams
import SweepSearch
import Testing

/// How well the samplers for several objectives search. Seeds are fixed, so that a result is the same every time.
@Suite struct ObjectivesSamplerTests {
    enum Candidate: CaseIterable, Sendable {
        case process, tpe, nsga2

        func sampler(_ seed: UInt64) -> any Sampler {
            switch self {
            case .process: ObjectivesSampler(by: .process(maxTrials: 300), seed: seed)
            case .tpe: ObjectivesSampler(by: .tpe, seed: seed)
            case .nsga2: NSGA2Sampler(population: 10, seed: seed)
            }
        }

        /// Suggestions by processes take long and differ little from seed to seed.
        var seeds: Range<UInt64> { self == .process ? 1..<2 : 1..<16 }
        /// A generation of a genetic algorithm gains less than a model does.
        var trials: Int { self == .process ? 40 : 80 }
    }

    /// The mean over all seeds of what the trials have reached.
    private static func mean(
        _ candidate: Candidate, _ problem: VectorProblem, parallel: Int = 1, _ measure: ([Observation]) -> Double
    ) -> Double {
        let reached = candidate.seeds.map { seed in
            measure(problem.trials(candidate.trials, by: candidate.sampler(seed), seed: seed, parallel: parallel))
        }
        return reached.reduce(0, +) / Double(reached.count)
    }

    @Test(arguments: Candidate.allCases, [1, 4])
    func `the trials dominate more than those of random search`(candidate: Candidate, parallel: Int) throws {
        let problem = try VectorProblem.zdt1(3)
        func volume(_ trials: [Observation]) -> Double { trials.volume(below: [1.1, 1.1]) }
        let random = (0..<20).map { seed in
            volume(problem.trials(candidate.trials, by: RandomSampler(), seed: seed))
        }
        let own = Self.mean(candidate, problem, parallel: parallel, volume)
        #expect(own > random.reduce(0, +) / 20, "\(own), \(random)")
        // The front itself dominates 0.1·1.1 + 2/3 + 0.1.
        if candidate == .process { #expect(own > random.max() ?? 1 && own > 0.6 && own < 0.877, "\(own), \(random)") }
    }

    @Test(arguments: Candidate.allCases)
    func `one metric is searched where a bound on another one holds`(candidate: Candidate) throws {
        let problem = try VectorProblem.bounded()
        let kept = Self.mean(candidate, problem) { trials in
            Double(trials.suffix(20).count { $0.objectives?.isFeasible == true }) / 20
        }
        // Of random trials 8% keep it: 1.6 of 20, with a deviation of 1.2.
        #expect(kept > 0.25, "\(kept)")
        let least = Self.mean(candidate, problem) { trials in
            trials.compactMap { $0.objectives }.filter { $0.isFeasible }.map { $0.values[0] }.min() ?? .infinity
        }
        #expect(least >= 1.28 - 1e-12 && least < (candidate == .process ? 1.3 : 1.5), "\(least)")
    }

    @Test(arguments: Candidate.allCases)
    func `where trials fail, fewer are tried`(candidate: Candidate) throws {
        let problem = try VectorProblem.failing()
        let failed = Self.mean(candidate, problem) { trials in
            Double(trials.suffix(20).count { $0.objectives == nil }) / 20
        }
        // Half of the space.
        #expect(failed < 0.35, "\(failed)")
    }

    @Test(arguments: Candidate.allCases)
    func `as long as no trial keeps the bounds, they are exceeded by less and less`(candidate: Candidate) throws {
        let space = try VectorProblem.zdt1(3).space
        let problem = VectorProblem(space: space) { assignment in
            let x = assignment.numbers
            return ObjectiveVector(values: [x[0], x[1]], excesses: [1.1 - x[0] * x[1], 0.2 - x[2]])
        }
        let gained = Self.mean(candidate, problem) { trials in
            let violations = trials.map { $0.objectives?.violation ?? .infinity }
            return (violations.prefix(4).min() ?? 0) - (violations.dropFirst(4).min() ?? 0)
        }
        #expect(gained > 0, "\(gained)")
    }

    @Test func `without vectors the genetic algorithm minimizes the outcome`() throws {
        let problem = try VectorProblem.zdt1(2)
        func least(_ sampler: some Sampler, _ seed: UInt64) -> Double {
            var observations = Observations()
            var values: [Double] = []
            for number in 0..<80 {
                var random = RandomStream(seed: seed, stream: 1, UInt64(number))
                let assignment = sampler.suggest(
                    from: problem.space, given: observations, pending: [], using: &random)
                let x = assignment.numbers
                values.append((x[0] - 0.31) * (x[0] - 0.31) + (x[1] - 0.62) * (x[1] - 0.62))
                observations.insert(
                    Observation(
                        number: number, assignment: assignment,
                        outcome: number % 9 == 8 ? .failed : .value(values[number])))
            }
            return values.min() ?? .infinity
        }
        let own = (0..<5).map { least(NSGA2Sampler(population: 10, seed: $0), $0) }.reduce(0, +) / 5
        let random = (0..<20).map { least(RandomSampler(), $0) }.reduce(0, +) / 20
        #expect(own < random, "\(own), \(random)")
    }

    @Test(arguments: Candidate.allCases)
    func `branches are searched with their own parameters, however many trials run at once`(
        candidate: Candidate
    ) throws {
        let space = try mixedConditionalSpace()
        let problem = VectorProblem(space: space) { assignment in
            let rate = assignment["rate"]?.asNumber ?? 1
            let hidden = assignment["hidden"]?.asNumber ?? 1
            // Some fail, and some values are missing in every branch.
            if assignment["optimizer"] == "adam", rate > 0.5 { return nil }
            let momentum = assignment["momentum"]?.asNumber ?? 0.5
            return ObjectiveVector(
                values: [rate + momentum, -hidden, hidden * rate], excesses: [hidden / 400 - 1, rate - 0.9])
        }
        let trials = problem.trials(30, by: candidate.sampler(3), seed: 3, parallel: 3)
        #expect(trials.allSatisfy { space.problem(with: $0.assignment) == nil })
        #expect(Set(trials.map(\.assignment)).count == 30)
    }
}

/// What they must do, whatever they are good at.
@Suite struct ObjectivesConformanceTests {
    typealias Candidate = ObjectivesSamplerTests.Candidate

    @Test(arguments: Candidate.allCases, 0..<12)
    func `a suggestion is an assignment of the space, whatever the history`(candidate: Candidate, seed: UInt64) {
        let space = randomSpace(seed)
        for count in [0, 1, 11, 30] {
            let observations = vectorHistory(count, in: space, objectives: 1 + Int(seed % 4), seed: seed)
            let pending = history(Int(seed % 4), in: space, seed: seed + 1).map(\.assignment)
            var random = RandomStream(seed: seed, stream: 1, 0)
            let suggestion = candidate.sampler(seed).suggest(
                from: space, given: observations, pending: pending, using: &random)
            #expect(space.problem(with: suggestion) == nil, "\(suggestion) after \(count)")
            #expect(
                !suggestion.contains { $0.value == "b" && space[$0.name]?.distribution.probability(of: "b") == 0 })
        }
    }

    @Test(arguments: Candidate.allCases, [1, 2, 4])
    func `the same arguments give the same suggestion, another stream another`(
        candidate: Candidate, objectives: Int
    ) throws {
        let space = try mixedConditionalSpace()
        let observations = vectorHistory(20, in: space, objectives: objectives)
        func suggestion(_ trial: UInt64, _ observations: [Observation]) -> Assignment {
            var random = RandomStream(seed: 1, stream: 1, trial)
            return candidate.sampler(1).suggest(from: space, given: observations, pending: [], using: &random)
        }
        #expect(suggestion(1, observations) == suggestion(1, observations))
        // In whatever order the trials have ended.
        #expect(suggestion(1, observations) == suggestion(1, observations.reversed()))
        #expect(Set((0..<6).map { suggestion($0, observations) }).count > 1)
    }

    @Test(arguments: Candidate.allCases)
    func `what is pending is not proposed again`(candidate: Candidate) throws {
        let space = try VectorProblem.zdt1(2).space
        let observations = vectorHistory(30, in: space, objectives: 2)
        var pending: [Assignment] = []
        for _ in 0..<5 {
            var random = RandomStream(seed: 1, stream: 1, 7)
            let suggestion = candidate.sampler(1).suggest(
                from: space, given: observations, pending: pending, using: &random)
            #expect(!pending.contains(suggestion))
            pending.append(suggestion)
        }
    }

    @Test(arguments: Candidate.allCases)
    func `a discrete space is tried out before anything is tried again`(candidate: Candidate) throws {
        let space = try discreteConditionalSpace()
        let all = Set(everyAssignment(of: space))
        let problem = VectorProblem(space: space) { assignment in
            let x = assignment.numbers
            return x.count == 3 ? nil : ObjectiveVector(values: [x[0], -x[1]], excesses: [Double(x.count) - 3.5])
        }
        let trials = problem.trials(all.count + 3, by: candidate.sampler(1), seed: 1, parallel: 3)
        #expect(trials.allSatisfy { all.contains($0.assignment) })
        #expect(Set(trials.map(\.assignment)).count == all.count)
    }

    @Test(arguments: Candidate.allCases)
    func `no suggestion violates a constraint of the space`(candidate: Candidate) throws {
        let parameters = [Parameter("x0", .uniform(min: 0, max: 1)), Parameter("x1", .uniform(min: 0, max: 1))]
        let space = try SearchSpace(
            parameters, constraints: [try Constraint(parsing: "x0 + x1 <= 0.3", over: parameters)])
        let problem = VectorProblem(space: space) { assignment in
            let x = assignment.numbers
            return ObjectiveVector(values: [-x[0], -x[1]], excesses: [0.1 - x[0]])
        }
        let trials = problem.trials(25, by: candidate.sampler(2), seed: 2)
        #expect(trials.allSatisfy { space.isFeasible($0.assignment) && space.problem(with: $0.assignment) == nil })
    }

    @Test(arguments: Candidate.allCases)
    func `extreme values, and the same trial again and again, are no obstacle`(candidate: Candidate) throws {
        let space = try mixedConditionalSpace()
        let most = Double.greatestFiniteMagnitude
        let values = [most, -most, .leastNonzeroMagnitude, 0, -0.0, 1e300, 1, 1.0.nextUp]
        var extremes = vectorHistory(30, in: space, objectives: 3)
        for index in extremes.indices {
            let own = (0..<3).map { values[(index + 3 * $0) % values.count] }
            extremes[index].outcome = .value(own[0])
            extremes[index].objectives = ObjectiveVector(
                values: own, excesses: [values[(index + 1) % values.count], index % 2 == 0 ? -1 : .infinity])
        }
        var same = vectorHistory(30, in: space, objectives: 2)
        for index in same.indices { same[index].assignment = same[0].assignment }
        var equal = vectorHistory(30, in: space, objectives: 2)
        for index in equal.indices {
            (equal[index].outcome, equal[index].objectives) = (.value(1), ObjectiveVector(values: [1, 2]))
        }
        var failed = equal
        for index in failed.indices { (failed[index].outcome, failed[index].objectives) = (.failed, nil) }
        // The file got another metric after these had ended.
        var former = equal
        for index in former.indices.dropFirst(2) {
            (former[index].outcome, former[index].objectives) = (.value(Double(index)), nil)
        }
        for observations in [extremes, same, equal, failed, former] {
            var random = RandomStream(seed: 1, stream: 0)
            let suggestion = candidate.sampler(1).suggest(
                from: space, given: observations, pending: [same[0].assignment, same[0].assignment], using: &random)
            #expect(space.problem(with: suggestion) == nil)
        }
    }

    /// Trials that all came to their end.
    private static func ended(_ count: Int, in space: SearchSpace, objectives: Int) -> [Observation] {
        var random = RandomStream(seed: 5, stream: 80)
        return (0..<count).map { number in
            let assignment = RandomSampler().suggest(from: space, given: [], pending: [], using: &random)
            let values = (0..<objectives).map { _ in random.normal() }
            return Observation(
                number: number, assignment: assignment, outcome: .value(values[0]),
                objectives: ObjectiveVector(values: values))
        }
    }

    @Test func `a proposal says who made it, and why another one did`() throws {
        let space = try VectorProblem.zdt1(2).space
        func proposal(
            _ sampler: some Sampler, in space: SearchSpace, after count: Int, pending: Int = 0, objectives: Int = 2
        ) -> [String] {
            let trials = Self.ended(count + pending, in: space, objectives: objectives)
            var random = RandomStream(seed: 1, stream: 0)
            let proposal = sampler.propose(
                from: space, given: Observations(trials.prefix(count)),
                pending: trials.dropFirst(count).map(\.assignment), using: &random)
            return [proposal.method.rawValue, proposal.occasion.rawValue]
        }
        let process = ObjectivesSampler(by: .process(maxTrials: 12))
        #expect(proposal(process, in: space, after: 3) == ["sobol", "start-up"])
        #expect(proposal(process, in: space, after: 4) == ["gp", "regular"])
        #expect(proposal(process, in: space, after: 12, objectives: 3) == ["gp", "regular"])
        #expect(proposal(process, in: space, after: 13) == ["tpe", "many trials"])
        #expect(proposal(process, in: space, after: 12, pending: 13) == ["tpe", "many slots"])
        #expect(proposal(process, in: space, after: 12, objectives: 4) == ["tpe", "many objectives"])
        let wide = try VectorProblem.zdt1(65).space
        #expect(proposal(process, in: wide, after: 12) == ["tpe", "many parameters"])
        #expect(proposal(ObjectivesSampler(by: .tpe), in: space, after: 12) == ["tpe", "regular"])
        #expect(proposal(ObjectivesSampler(by: .tpe), in: space, after: 3) == ["sobol", "start-up"])
        #expect(proposal(NSGA2Sampler(population: 10), in: space, after: 4) == ["sobol", "start-up"])
        #expect(proposal(NSGA2Sampler(population: 10), in: space, after: 5) == ["nsga2", "regular"])
        #expect(proposal(NSGA2Sampler(population: 2), in: space, after: 2) == ["nsga2", "regular"])
    }

    @Test(arguments: [Candidate.process, .nsga2])
    func `as long as all trials are equal there is nothing to learn`(candidate: Candidate) throws {
        let space = try VectorProblem.zdt1(2).space
        var trials = Self.ended(20, in: space, objectives: 2)
        for index in trials.indices { trials[index].objectives = ObjectiveVector(values: [1, 2], excesses: [-1]) }
        var random = RandomStream(seed: 1, stream: 0)
        let proposal = candidate.sampler(1).propose(
            from: space, given: Observations(trials), pending: [], using: &random)
        #expect(proposal.method == .sobol && proposal.occasion == .sameOutcomes)
        // A difference in what is bounded is one.
        trials[7].objectives?.excesses = [1]
        let other = candidate.sampler(1).propose(from: space, given: Observations(trials), pending: [], using: &random)
        #expect(other.method != .sobol)
    }

    @Test func `many objectives cost no more than a moment`() throws {
        let space = try VectorProblem.zdt1(2).space
        let trials = Self.ended(40, in: space, objectives: 9)
        for candidate in Candidate.allCases {
            var random = RandomStream(seed: 1, stream: 0)
            let suggestion = candidate.sampler(1).suggest(from: space, given: trials, pending: [], using: &random)
            #expect(space.problem(with: suggestion) == nil)
        }
    }
}
