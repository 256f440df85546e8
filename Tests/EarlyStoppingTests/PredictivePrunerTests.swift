import EarlyStopping
import RandomStreams
import Testing

/// Pruning by what the early reports of complete trials said of their ends.
@Suite struct PredictivePrunerTests {
    private static let length = 16

    /// A curve from `start` to `end` in equal steps.
    private func curve(_ trial: Int, from start: Double, to end: Double, complete: Bool = true) -> LearningCurve {
        LearningCurve(
            trial: trial,
            points: (1...Self.length).map { step in
                .init(step: step, value: start + (end - start) * Double(step - 1) / Double(Self.length - 1))
            },
            outcome: complete ? .complete : .open)
    }

    /// The step at which the trial is pruned; nil if it comes to its end.
    private func end(of curve: LearningCurve, among curves: [LearningCurve], _ pruner: PredictivePruner) -> Int? {
        for count in 1...curve.points.count {
            let sofar = LearningCurve(trial: curve.trial, points: Array(curve.points.prefix(count)))
            if case .prune? = pruner.decide(sofar, among: curves[...]) { return curve.points[count - 1].step }
        }
        return nil
    }

    @Test func `where early reports say how trials end, a bad one is pruned at once and a good one is not`() {
        // The end is half of the beginning, more or less.
        let known = (0..<12).map { curve($0, from: 1 + 0.2 * Double($0), to: 0.5 + 0.1 * Double(($0 + 1) ^ 1)) }
        let pruner = PredictivePruner()
        #expect(end(of: curve(20, from: 6, to: 3, complete: false), among: known, pruner) == 1)
        #expect(end(of: curve(20, from: 1.1, to: 0.5, complete: false), among: known, pruner) == nil)
        #expect(end(of: curve(20, from: 6, to: 3), among: known, PredictivePruner(warmupSteps: 5)) == 6)
    }

    @Test(arguments: 0..<20) func `where early reports say nothing, hardly any trial is pruned early`(seed: UInt64) {
        var random = RandomStream(seed: seed, stream: 1)
        let known = (0..<20).map { curve($0, from: 1 + random.uniform(), to: random.uniform()) }
        let pruner = PredictivePruner()
        let first = (0..<20).count { _ in
            let trial = curve(30, from: 1 + random.uniform(), to: random.uniform(), complete: false)
            let start = LearningCurve(trial: 30, points: Array(trial.points.prefix(1)))
            if case .prune? = pruner.decide(start, among: known[...]) { return true }
            return false
        }
        #expect(first <= 4)
    }

    @Test func `nothing is pruned before four trials are complete, and failed ones do not count`() {
        var known = (0..<3).map { curve($0, from: 1 + 0.1 * Double($0), to: 0.5 + 0.05 * Double($0)) }
        for trial in 3..<9 {
            known.append(curve(trial, from: 1, to: 0.5, complete: false))
            known[trial].outcome = trial % 2 == 0 ? .failed : .open
        }
        let bad = curve(20, from: 50, to: 40, complete: false)
        #expect(end(of: bad, among: known, PredictivePruner()) == nil)
        known.append(curve(9, from: 1.3, to: 0.65))
        #expect(end(of: bad, among: known, PredictivePruner()) == 1)
    }

    @Test func `of a metric whose best report counts, a curve that turns up again is as good as its best`() {
        // Down to the best at step 8, then up to 5.
        func valley(_ trial: Int, _ least: Double, complete: Bool = true) -> LearningCurve {
            LearningCurve(
                trial: trial,
                points: (1...16).map { .init(step: $0, value: $0 <= 8 ? least * (2 - Double($0) / 8) : 5) },
                outcome: complete ? .complete : .open)
        }
        let known = (0..<8).map { valley($0, 1 + 0.1 * Double($0)) }
        let best = PredictivePruner(countsBest: true)
        #expect(end(of: valley(20, 0.9, complete: false), among: known, best) == nil)
        #expect(end(of: valley(20, 4, complete: false), among: known, best) == 1)
    }

    @Test func `values of any size are no trap, and the reason is in words`() throws {
        let values: [Double] = [1e308, -1e308, 0, .leastNonzeroMagnitude, 1e200, .infinity, -.infinity, .nan, 1]
        var random = RandomStream(seed: 1, stream: 2)
        for _ in 0..<500 {
            let curves = (0..<8).map { trial in
                LearningCurve(
                    trial: trial,
                    points: (1...4).map { .init(step: $0, value: values[Int(random.integer(below: 9))]) },
                    outcome: .complete)
            }
            for curve in curves { _ = PredictivePruner().decide(curve, among: curves[...]) }
        }
        let reason = PruningReason.prediction(step: 4, chance: 0.0123, bound: -0.9, trials: 12)
        #expect(
            reason.words(maximizing: true) == "step 4: 1.2 % likely to end better than 0.9, by 12 complete trials")
    }

    @Test func `progress is what a trial had reported at the steps where trials are compared`() {
        let curve = LearningCurve(trial: 0, points: (1...13).map { .init(step: $0, value: -Double($0)) })
        #expect(PercentilePruner().progress(of: curve) == [-1, -2, -3, -4, -6, -8, -12])
        #expect(
            AsynchronousHalvingPruner(Rungs(minSteps: 1, reductionFactor: 3)).progress(of: curve) == [-1, -3, -9])
        #expect(
            HyperbandPruner(minSteps: 2, maxSteps: 20, reductionFactor: 3).progress(of: curve) == [-2, -6])
        // Reports that skip steps, and a first one that comes late.
        let sparse = LearningCurve(trial: 0, points: [.init(step: 5, value: 5), .init(step: 9, value: 9)])
        #expect(PercentilePruner().progress(of: sparse) == [5, 5, 5, 5, 5, 5])
        #expect(Rungs(minSteps: 1, reductionFactor: 3).progress(of: sparse) == [5, 5, 9])
        #expect(PercentilePruner().progress(of: LearningCurve(trial: 0)) == [])
        #expect(PredictivePruner(countsBest: true).progress(of: curve).last == -12)
        let huge = LearningCurve(trial: 0, points: [.init(step: .max, value: 1)])
        #expect(PercentilePruner().progress(of: huge).count < 130)
    }
}
