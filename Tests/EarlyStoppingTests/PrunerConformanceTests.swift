import EarlyStopping
import Foundation
import RandomStreams
import Testing

/// What every pruner must do, whatever its rule is.
@Suite struct PrunerConformanceTests {
    enum Candidate: CaseIterable {
        case asha, laterAsha, hyperband, median, percentile, sparsePercentile, predictive, predictiveOfBest, patience,
            patienceWithDelta, threshold

        var pruner: any Pruner {
            switch self {
            case .asha: AsynchronousHalvingPruner(Rungs(minSteps: 1, reductionFactor: 2))
            case .laterAsha:
                AsynchronousHalvingPruner(Rungs(minSteps: 1, reductionFactor: 3, maxSteps: 9, bracket: 1))
            case .hyperband: HyperbandPruner(minSteps: 1, maxSteps: 9, reductionFactor: 3)
            case .median: PercentilePruner(startupTrials: 1)
            case .percentile: PercentilePruner(percentile: 25, startupTrials: 3, minTrials: 2)
            case .sparsePercentile: PercentilePruner(startupTrials: 1, warmupSteps: 2, intervalSteps: 3)
            case .predictive: PredictivePruner()
            case .predictiveOfBest: PredictivePruner(countsBest: true, warmupSteps: 2)
            case .patience: PatiencePruner(patience: 2)
            case .patienceWithDelta: PatiencePruner(patience: 2, minDelta: 0.25)
            case .threshold: ThresholdPruner(lower: 0.1, upper: 0.9)
            }
        }

        /// Whether it compares trials with each other. The others judge a trial by itself.
        var compares: Bool {
            switch self {
            case .asha, .laterAsha, .hyperband, .median, .percentile, .sparsePercentile, .predictive,
                .predictiveOfBest:
                true
            case .patience, .patienceWithDelta, .threshold: false
            }
        }

        /// Whether the order of the values is all that counts.
        var usesOrderOnly: Bool {
            switch self {
            case .asha, .laterAsha, .hyperband, .median, .percentile, .sparsePercentile, .patience: true
            case .patienceWithDelta, .threshold, .predictive, .predictiveOfBest: false
            }
        }
    }

    private static let steps = 9

    /// Curves of random values from 0 to 1, each around a level of its own, of which every third is complete, every
    /// fifth failed, and some are short.
    private func curves(_ count: Int, seed: UInt64) -> [LearningCurve] {
        var random = RandomStream(seed: seed, stream: 5)
        return (0..<count).map { trial in
            let outcome: LearningCurve.Outcome = trial % 3 == 0 ? .complete : trial % 5 == 1 ? .failed : .open
            let length = outcome == .complete ? Self.steps : 1 + Int(random.integer(below: UInt64(Self.steps)))
            let level = random.uniform()
            let points = (1...length).map { step in
                LearningCurve.Point(step: step, value: 0.9 * level + 0.1 * random.uniform())
            }
            return LearningCurve(trial: trial, points: points, outcome: outcome)
        }
    }

    /// The curve as it was after each of its reports.
    private func prefixes(of curve: LearningCurve, delta: Double = 0) -> [LearningCurve] {
        (1...curve.points.count).map { count in
            LearningCurve(trial: curve.trial, points: Array(curve.points.prefix(count)), delta: delta)
        }
    }

    private func isPruned(_ decision: PruningDecision?) -> Bool { if case .prune = decision { true } else { false } }

    @Test(arguments: Candidate.allCases, 0..<10)
    func `a trial that is better than all others at every step is not pruned for what they do`(
        candidate: Candidate, seed: UInt64
    ) {
        let pruner = candidate.pruner
        let all = curves(24, seed: seed)
        for trial in all.indices {
            // Values of the others are above 0. It gets no better, which only patience minds.
            let best = LearningCurve(trial: trial, points: (1...Self.steps).map { .init(step: $0, value: -1) })
            for curve in prefixes(of: best, delta: pruner.improvementDelta) {
                // Among fewer than the reduction factor, too.
                for others in [all[...], all.suffix(1), all.prefix(2)] {
                    let decision = pruner.decide(curve, among: others)
                    if candidate.compares {
                        #expect(!isPruned(decision), "trial \(trial): \(String(describing: decision))")
                    } else {
                        #expect(decision == pruner.decide(curve, among: []))
                    }
                }
            }
        }
    }

    @Test(arguments: Candidate.allCases, 0..<10)
    func `a decision is a function of the curves, in whatever order they come`(candidate: Candidate, seed: UInt64) {
        let pruner = candidate.pruner
        let all = curves(24, seed: seed)
        var random = RandomStream(seed: seed, stream: 6)
        let shuffled = random.permutation(of: all.count).map { all[$0] }
        var pruned = 0
        for curve in all {
            for (plain, prepared) in zip(prefixes(of: curve), prefixes(of: curve, delta: pruner.improvementDelta)) {
                let decision = pruner.decide(plain, among: all[...])
                #expect(pruner.decide(plain, among: all[...]) == decision)
                #expect(pruner.decide(plain, among: shuffled[...]) == decision)
                #expect(pruner.decide(plain, among: all.filter { $0.trial != curve.trial }[...]) == decision)
                // What the curve was prepared for makes it faster, and changes nothing.
                #expect(pruner.decide(prepared, among: all[...]) == decision)
                if let decision { #expect(step(of: decision.reason) <= plain.points.last?.step ?? 0) }
                if isPruned(decision) { pruned += 1 }
            }
        }
        #expect(pruned > 0, "nothing was pruned, so nothing was shown")
    }

    private func step(of reason: PruningReason) -> Int {
        switch reason {
        case .rung(_, let step, _, _, _), .percentile(_, let step, _, _, _), .patience(_, _, let step),
            .threshold(_, _, let step), .prediction(let step, _, _, _):
            step
        }
    }

    @Test(arguments: Candidate.allCases, 0..<10)
    func `failed trials, however good their values, prune nothing that would go on without them`(
        candidate: Candidate, seed: UInt64
    ) {
        let pruner = candidate.pruner
        let all = curves(24, seed: seed)
        let healthy = all.filter { !$0.isFailed }
        let failed = (100..<140).map { trial in
            LearningCurve(
                trial: trial, points: (1...Self.steps).map { .init(step: $0, value: -1) }, outcome: .failed)
        }
        for curve in healthy {
            for prefix in prefixes(of: curve) {
                let without = pruner.decide(prefix, among: healthy[...])
                let with = pruner.decide(prefix, among: (failed + healthy)[...])
                #expect(isPruned(without) || !isPruned(with), "\(String(describing: with))")
                if candidate.compares { #expect(!isPruned(pruner.decide(prefix, among: failed[...]))) }
            }
        }
    }

    @Test(arguments: Candidate.allCases.filter(\.usesOrderOnly), 0..<10)
    func `a monotone transformation of the metric changes no decision`(candidate: Candidate, seed: UInt64) {
        let pruner = candidate.pruner
        // Nine complete curves of all steps: the quartile and the median are the value of one, not between two.
        let all = curves(27, seed: seed)
        let complete = all.count { $0.isComplete }
        #expect(complete == 9)
        func transformed(_ curve: LearningCurve, _ transform: (Double) -> Double) -> LearningCurve {
            LearningCurve(
                trial: curve.trial, points: curve.points.map { .init(step: $0.step, value: transform($0.value)) },
                outcome: curve.outcome)
        }
        let transforms: [(Double) -> Double] = [{ 1e6 * $0 - 3 }, { $0 * $0 * $0 }, { -1 / (0.001 + $0) }]
        for curve in all where !curve.isComplete {
            for prefix in prefixes(of: curve) {
                let decision = pruner.decide(prefix, among: all[...])
                for transform in transforms {
                    let other = pruner.decide(
                        transformed(prefix, transform), among: all.map { transformed($0, transform) }[...])
                    #expect(isPruned(other) == isPruned(decision) && (other == nil) == (decision == nil))
                }
            }
        }
    }

    @Test(arguments: Candidate.allCases, 0..<10)
    func `steps may be skipped, equal, late, enormous or done again`(candidate: Candidate, seed: UInt64) {
        let pruner = candidate.pruner
        var random = RandomStream(seed: seed, stream: 7)
        var all = (0..<8).map { LearningCurve(trial: $0, delta: pruner.improvementDelta) }
        for _ in 0..<400 {
            let trial = Int(random.integer(below: UInt64(all.count)))
            let last = all[trial].points.last?.step ?? 0
            let step =
                switch random.integer(below: 6) {
                case 0: last
                case 1: max(0, last - Int(random.integer(below: 5)))
                case 2: last > Int.max / 2 ? last : last + Int(random.integer(below: 1000))
                case 3: random.integer(below: 20) == 0 ? Int.max : last
                case _: last == Int.max ? last : last + 1
                }
            if random.integer(below: 5) == 0 { all[trial].goBack(to: step) }
            all[trial].append(.init(step: step, value: [0, 0.5, 1, random.uniform()][Int(random.integer(below: 4))]))
            if random.integer(below: 10) == 0 { all[trial].outcome = .complete }
            let decision = pruner.decide(all[trial], among: all[...])
            #expect(pruner.decide(all[trial], among: all[...]) == decision)
        }
        // A trial of which nothing is known is none to compare with, and one that has reported nothing goes on.
        let silent = LearningCurve(trial: 9)
        #expect(pruner.decide(silent, among: all[...]) == nil)
        let alone = LearningCurve(trial: 8, points: [.init(step: 1, value: 0.5)])
        #expect(!isPruned(pruner.decide(alone, among: [silent])))
    }

    /// The processor time of deciding at each of so many points, in seconds.
    private func cost(_ pruner: any Pruner, points count: Int) -> Double {
        func seconds() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
        }
        let other = LearningCurve(
            trial: 0, points: [.init(step: 1, value: 0.8), .init(step: count, value: 0.8)], outcome: .complete)
        var curves = [other, LearningCurve(trial: 1, delta: pruner.improvementDelta)]
        let start = seconds()
        for step in 1...count {
            curves[1].append(.init(step: step, value: 0.5 + 0.1 / Double(step)))
            _ = pruner.decide(curves[1], among: curves[...])
        }
        return seconds() - start
    }

    @Test(arguments: Candidate.allCases)
    func `deciding at each point costs as much for a long curve as for a short one`(candidate: Candidate) {
        // Ten times as many points cost ten times as much, with a logarithm thirteen times; if every decision went
        // through all points, a hundred times. The time is that of the thread, whatever else the machine does.
        let ratios = (0..<3).map { _ in
            cost(candidate.pruner, points: 100_000) / cost(candidate.pruner, points: 10_000)
        }
        #expect((ratios.min() ?? 0) < 40, "\(ratios)")
    }
}
