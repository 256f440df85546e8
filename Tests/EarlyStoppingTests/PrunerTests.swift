import EarlyStopping
import RandomStreams
import Testing

/// Draws curves and checks where they are cut.
///
///     epoch      1    2    4
///     trial-0    9    7    5
///     trial-1   10✂
///
/// Trials report one after the other within a column, from top to bottom: the first row is always ahead.
private func check(
    _ pruner: some Pruner, maximizing: Bool = false, _ table: String,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let lines = table.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    let steps = try lines[0].dropFirst().map { try #require(Int($0)) }
    var curves = (1..<lines.count).map { LearningCurve(trial: $0 - 1) }
    for (column, step) in steps.enumerated() {
        for row in 1..<lines.count where column + 1 < lines[row].count {
            let cell = lines[row][column + 1]
            let value = try #require(Double(cell.filter { $0 != "✂" }))
            curves[row - 1].append(.init(step: step, value: maximizing ? -value : value))
            let decision = pruner.decide(curves[row - 1], among: curves[...])
            let isPruned = if case .prune = decision { true } else { false }
            #expect(
                isPruned == cell.hasSuffix("✂"), "\(lines[row][0]) at step \(step): \(String(describing: decision))",
                sourceLocation: sourceLocation)
        }
    }
}

@Suite struct PrunerTests {
    @Test func `ASHA keeps the best of those that have come to a rung`() throws {
        try check(
            AsynchronousHalvingPruner(Rungs(minSteps: 1, reductionFactor: 2)),
            """
            epoch      1    2    3    4    5
            trial-0    9    9    1    9    1
            trial-1    10✂
            trial-2    8    8    9    10✂
            trial-3    8    9✂
            trial-4    9✂
            trial-5    7    7    9    8    9
            """)
    }

    @Test func `rungs may be further apart than one in so many goes on`() throws {
        let rungs = Rungs(minSteps: 1, reductionFactor: 2, spacing: 3, maxSteps: 27)
        #expect((0..<4).map(rungs.step) == [1, 3, 9, nil])
        #expect(Rungs(minSteps: 2, reductionFactor: 4) == Rungs(minSteps: 2, reductionFactor: 4, spacing: 4))
        try check(
            AsynchronousHalvingPruner(rungs),
            """
            epoch      1    2    3    4
            trial-0    9    9    1    9
            trial-1    8    9    9✂
            trial-2    9✂
            trial-3    7    9    0    9
            """)
        var ladder = PromotionLadder(rungs)
        for (trial, value) in [4.0, 3, 2, 1].enumerated() { ladder.pause(trial, at: 0, step: 1, value: value) }
        for trial in [3, 2] {
            #expect(ladder.promotable?.trial == trial)
            ladder.promote(trial)
        }
        #expect(ladder.promotable == nil)
        for trial in [3, 2] { ladder.pause(trial, at: 1, step: 3, value: Double(trial)) }
        #expect(ladder.promotable?.reason == .rung(1, step: 3, rank: 1, competitors: 2, kept: 1))
    }

    @Test func `trials that crashed or diverged rank last and stop nobody`() throws {
        func curve(_ trial: Int, _ values: [Double], _ outcome: LearningCurve.Outcome = .open) -> LearningCurve {
            LearningCurve(
                trial: trial, points: values.enumerated().map { .init(step: $0 + 1, value: $1) }, outcome: outcome)
        }
        let rungs = Rungs(minSteps: 1, reductionFactor: 2)
        let pruners: [any Pruner] = [
            AsynchronousHalvingPruner(rungs), PercentilePruner(startupTrials: 1),
            // The last bracket of one is the whole.
            HyperbandPruner(minSteps: 1, maxSteps: 1, reductionFactor: 2),
        ]
        let failed = (0..<6).map { curve($0, [0.1 * Double($0)], .failed) }
        for pruner in pruners {
            let alone = pruner.decide(curve(9, [5]), among: failed[...])
            if case .prune = alone { Issue.record("\(pruner): \(String(describing: alone))") }
        }
        let others = failed + [curve(6, [1]), curve(7, [2], .complete)]
        let asha = AsynchronousHalvingPruner(rungs)
        #expect(
            asha.decide(curve(9, [3]), among: others[...])
                == .goOn(.rung(0, step: 1, rank: 3, competitors: 9, kept: 4)))
        #expect(
            asha.decide(curve(9, [3]), among: others[6...])
                == .prune(.rung(0, step: 1, rank: 3, competitors: 3, kept: 1)))
    }

    @Test func `a curve of very many points is judged in a moment at each`() {
        let count = 200_000
        let pruners: [any Pruner] = [
            AsynchronousHalvingPruner(Rungs(minSteps: 1, reductionFactor: 3)),
            HyperbandPruner(minSteps: 1, maxSteps: count, reductionFactor: 3), PercentilePruner(startupTrials: 1),
            PatiencePruner(patience: count), PatiencePruner(patience: count, minDelta: 0.1),
            ThresholdPruner(lower: nil, upper: 3),
        ]
        let start = ContinuousClock.now
        for pruner in pruners {
            var curves = [
                LearningCurve(
                    trial: 0, points: [.init(step: 1, value: 3), .init(step: count, value: 3)], outcome: .complete),
                LearningCurve(trial: 1, delta: pruner.improvementDelta),
            ]
            for step in 1...count {
                curves[1].append(.init(step: step, value: 2 + 1 / Double(step)))
                if case .prune = pruner.decide(curves[1], among: curves[...]) { Issue.record("\(pruner) at \(step)") }
            }
        }
        // Some seconds where nothing else runs; an hour if every point were looked at again.
        #expect(ContinuousClock.now - start < .seconds(240))
    }

    @Test func `a trial that jumps over rungs is judged at each of them`() throws {
        try check(
            AsynchronousHalvingPruner(Rungs(minSteps: 1, reductionFactor: 2)),
            """
            epoch      1    5
            trial-0    1    3
            trial-1    0    4✂
            """)
        let pruner = AsynchronousHalvingPruner(Rungs(minSteps: 1, reductionFactor: 2))
        let curve = LearningCurve(trial: 7, points: [.init(step: 6, value: 2)])
        let decision = try #require(pruner.decide(curve, among: []))
        #expect(decision == .goOn(.rung(2, step: 4, rank: 1, competitors: 1, kept: 1)))
        #expect(decision.reason.words(maximizing: false) == "rung 2 at step 4: rank 1 of 1, 1 goes on")
    }

    @Test func `rungs end before the last step and begin after the bracket's`() {
        let rungs = Rungs(minSteps: 2, reductionFactor: 3, maxSteps: 54, bracket: 1)
        #expect((0..<4).map { rungs.step(of: $0) } == [6, 18, nil, nil])
        #expect(Rungs(minSteps: 2, reductionFactor: 3, maxSteps: 55).step(of: 3) == 54)
        #expect(Rungs(minSteps: 1, reductionFactor: 1000).step(of: 40) == nil)
    }

    @Test func `Hyperband fills its brackets evenly and never stops the trials of the last`() {
        let pruner = HyperbandPruner(minSteps: 1, maxSteps: 9, reductionFactor: 3)
        let counts = (0..<1000).reduce(into: [Int: Int]()) { $0[pruner.bracket(of: $1), default: 0] += 1 }
        // 3 brackets of ⌈3·9/3⌉ = 9, ⌈3·3/2⌉ = 5 and 3 trials.
        for (bracket, share) in [(0, 9), (1, 5), (2, 3)] {
            let expected = Double(share) / 17 * 1000
            #expect(abs(Double(counts[bracket] ?? 0) - expected) < 3, "bracket \(bracket)")
        }
        var curves: [LearningCurve] = []
        for trial in 0..<60 {
            var curve = LearningCurve(trial: trial)
            // Each is worse than all before it, so only the first of a bracket goes on.
            for step in 1...9 {
                curve.append(.init(step: step, value: Double(trial)))
                let decision = pruner.decide(curve, among: curves[...])
                guard case .prune(.rung(_, let rungStep, _, _, _)) = decision else { continue }
                #expect(pruner.bracket(of: trial) < 2)
                #expect(rungStep == (pruner.bracket(of: trial) == 0 ? 1 : 3))
                break
            }
            curves.append(curve)
        }
        let lengths = curves.map { ($0.points.count, pruner.bracket(of: $0.trial)) }
        #expect(lengths.count { $0.0 == 9 && $0.1 == 2 } == lengths.count { $0.1 == 2 })
        #expect(lengths.contains { $0.0 == 1 } && lengths.contains { $0.0 == 3 })
    }

    @Test func `the median rule compares with complete trials at the same step`() {
        let pruner = PercentilePruner(percentile: 50, startupTrials: 3)
        func complete(_ trial: Int, _ values: [Double]) -> LearningCurve {
            LearningCurve(
                trial: trial, points: values.enumerated().map { .init(step: $0 + 1, value: $1) }, outcome: .complete)
        }
        var others = [complete(0, [5, 1]), complete(1, [6, 2]), complete(2, [7, 3])]
        func decide(_ values: [Double]) -> PruningDecision? {
            pruner.decide(
                LearningCurve(trial: 9, points: values.enumerated().map { .init(step: $0 + 1, value: $1) }),
                among: others[...])
        }
        #expect(decide([6]) == .goOn(.percentile(50, step: 1, best: 6, bound: 6, trials: 3)))
        #expect(decide([6.5]) == .prune(.percentile(50, step: 1, best: 6.5, bound: 6, trials: 3)))
        // Its best value counts, not its last.
        #expect(decide([1.5, 100]) == .goOn(.percentile(50, step: 2, best: 1.5, bound: 2, trials: 3)))
        #expect(decide([6, 6, 6]) == nil, "nobody came to step 3")
        others[2].outcome = .open
        #expect(decide([100]) == nil, "two are complete")
    }

    /// numpy.percentile([1, 2, 4, 8], q): 1.0, 1.75, 3.0, 5.0, 8.0 (NumPy 2.3).
    @Test(arguments: [(0.0, 1.0), (25, 1.75), (50, 3), (75, 5), (100, 8)])
    func `a percentile is interpolated as NumPy does it`(percentile: Double, bound: Double) {
        let others = [4.0, 1, 8, 2].enumerated().map {
            LearningCurve(trial: $0, points: [.init(step: 1, value: $1)], outcome: .complete)
        }
        let decision = PercentilePruner(percentile: percentile, startupTrials: 0)
            .decide(LearningCurve(trial: 9, points: [.init(step: 1, value: 0)]), among: others[...])
        #expect(decision == .goOn(.percentile(percentile, step: 1, best: 0, bound: bound, trials: 4)))
    }

    @Test func `warm-up and intervals leave steps out`() {
        let pruner = ThresholdPruner(lower: nil, upper: 1, warmupSteps: 3, intervalSteps: 4)
        var curve = LearningCurve(trial: 0)
        var pruned: [Int] = []
        for step in [1, 2, 4, 5, 6, 7, 9, 10, 11, 16] {
            curve.append(.init(step: step, value: 2))
            if pruner.decide(curve, among: []) != nil { pruned.append(step) }
        }
        // Intervals begin at 3, 7, 11 and 15; the first report in each decides.
        #expect(pruned == [4, 7, 11, 16])
    }

    @Test func `a threshold works on both sides`() {
        let pruner = ThresholdPruner(lower: -1, upper: 1)
        func decide(_ value: Double) -> PruningDecision? {
            pruner.decide(LearningCurve(trial: 0, points: [.init(step: 3, value: value)]), among: [])
        }
        #expect(decide(1) == nil && decide(-1) == nil)
        #expect(decide(1.5)?.reason.words(maximizing: false) == "step 3: 1.5 is above 1.0")
        #expect(decide(-1.5)?.reason.words(maximizing: false) == "step 3: -1.5 is below -1.0")
        // Of a metric to maximize the values are negated: what is pruned here was 1.5, and too high.
        #expect(decide(-1.5)?.reason.words(maximizing: true) == "step 3: 1.5 is above 1.0")
    }

    @Test func `patience ends when there was no improvement for so many reports`() throws {
        try check(
            PatiencePruner(patience: 2),
            """
            epoch      1    2    3    4    5    6
            trial-0    5    6    4    4    3    3
            trial-1    5    5    5✂
            trial-2    1    2    0.9  1    0.9✂
            """)
        try check(
            PatiencePruner(patience: 2, minDelta: 1),
            """
            epoch      1    2    3    4
            trial-0    5    4.5  4✂
            trial-1    5    3    2.5  2✂
            """)
    }

    @Test func `a metric to maximize is pruned from the other side`() throws {
        try check(
            AsynchronousHalvingPruner(Rungs(minSteps: 1, reductionFactor: 2)), maximizing: true,
            """
            epoch      1    2
            trial-0    9    9
            trial-1    8✂
            trial-2    9    8✂
            """)
    }

    @Test func `a decision does not depend on the trial's own curve being among the others`() throws {
        let pruners: [any Pruner] = [
            AsynchronousHalvingPruner(Rungs(minSteps: 1, reductionFactor: 2)),
            HyperbandPruner(minSteps: 1, maxSteps: 9, reductionFactor: 3),
            PercentilePruner(startupTrials: 1), PatiencePruner(patience: 2), ThresholdPruner(lower: nil, upper: 3),
        ]
        let curves = (0..<12).map { trial in
            LearningCurve(
                trial: trial, points: (1...4).map { .init(step: $0, value: Double((trial * 7 + $0 * 5) % 11)) },
                outcome: trial % 2 == 0 ? .complete : .open)
        }
        for pruner in pruners {
            for curve in curves {
                let others = curves.filter { $0.trial != curve.trial }
                #expect(pruner.decide(curve, among: curves[...]) == pruner.decide(curve, among: others[...]))
            }
        }
    }
}

@Suite struct LearningCurveTests {
    @Test func `of a step the last value counts, and what comes late does not`() {
        var curve = LearningCurve(trial: 0)
        for (step, value) in [(1, 1.0), (3, 2), (3, 3), (2, 9), (5, 4)] {
            curve.append(.init(step: step, value: value))
        }
        #expect(curve.points == [.init(step: 1, value: 1), .init(step: 3, value: 3), .init(step: 5, value: 4)])
        #expect((0...6).map { curve.value(from: $0) } == [1, 1, 3, 3, 4, 4, nil])
        #expect((0...6).map { curve.value(at: $0) } == [nil, 1, 1, 3, 3, 4, nil])
    }

    @Test(arguments: [0, 0.5, 2]) func `the last improvement is known at every point, also after going back`(
        delta: Double
    ) {
        var random = RandomStream(seed: 3, stream: UInt64(delta * 2))
        var curve = LearningCurve(trial: 0, delta: delta)
        for _ in 0..<2000 {
            let step = (curve.points.last?.step ?? 0) + Int(random.integer(below: 3))
            if random.integer(below: 20) == 0 { curve.goBack(to: step - Int(random.integer(below: 6))) }
            curve.append(.init(step: step, value: random.uniform() * 10))
            var best = curve.points[0]
            for point in curve.points where point.value < best.value - delta { best = point }
            let last = curve.lastImprovement(by: delta)
            #expect(last?.point == best)
            #expect(last.map { curve.points.count - 1 - $0.since } == curve.points.firstIndex(of: best))
            // A curve that was not made for it finds the same.
            let other = LearningCurve(trial: 0, points: curve.points, delta: delta + 1)
            #expect(other.lastImprovement(by: delta)?.point == best)
        }
        #expect(LearningCurve(trial: 0).lastImprovement() == nil)
    }

    @Test func `a new attempt undoes what it does again`() {
        var curve = LearningCurve(trial: 0, points: (1...5).map { .init(step: $0, value: Double($0)) })
        curve.goBack(to: 3)
        #expect(curve.points.map(\.step) == [1, 2])
        curve.goBack(to: 9)
        #expect(curve.points.map(\.step) == [1, 2])
        curve.goBack(to: 0)
        #expect(curve.points.isEmpty)
    }
}

@Suite struct PromotionLadderTests {
    @Test func `the best third of a rung is promoted, the highest rung first`() throws {
        var ladder = PromotionLadder(Rungs(minSteps: 1, reductionFactor: 3))
        for (trial, value) in [5.0, 3].enumerated() { ladder.pause(trial, at: 0, step: 1, value: value) }
        #expect(ladder.promotable == nil)
        ladder.pause(2, at: 0, step: 1, value: 4)
        let first = try #require(ladder.promotable)
        #expect(first.trial == 1 && first.step == 1 && first.value == 3)
        #expect(first.reason == .rung(0, step: 1, rank: 1, competitors: 3, kept: 1))
        ladder.promote(1)
        #expect(ladder.promotable == nil)
        // Three more: the best two of six may go on, whenever they came.
        for (trial, value) in [(3, 6.0), (4, 1), (5, 7)] { ladder.pause(trial, at: 0, step: 1, value: value) }
        #expect(ladder.promotable?.trial == 4)
        ladder.promote(4)
        ladder.pause(1, at: 1, step: 3, value: 2)
        ladder.pause(4, at: 1, step: 3, value: 1)
        #expect(ladder.promotable == nil)
        #expect(ladder.standing(of: 1)?.reason == .rung(1, step: 3, rank: 2, competitors: 2, kept: 0))
        #expect(ladder.standing(of: 5)?.reason == .rung(0, step: 1, rank: 6, competitors: 6, kept: 2))
        for (trial, value) in [(6, 0.5), (7, 0.6), (8, 9)] { ladder.pause(trial, at: 0, step: 1, value: value) }
        ladder.promote(6)
        ladder.pause(6, at: 1, step: 3, value: 0.5)
        // Both rungs have somebody; the higher one goes first.
        #expect(ladder.promotable?.reason == .rung(1, step: 3, rank: 1, competitors: 3, kept: 1))
    }

    @Test func `equals are promoted in the order of their numbers, whoever came first`() {
        var ladder = PromotionLadder(Rungs(minSteps: 1, reductionFactor: 2))
        for trial in [3, 1, 2, 0] { ladder.pause(trial, at: 0, step: 1, value: 1) }
        #expect(ladder.promotable?.trial == 0)
        ladder.promote(0)
        #expect(ladder.promotable?.trial == 1)
    }

    @Test func `who fails after a promotion stands last, and another may go on in its place`() throws {
        var ladder = PromotionLadder(Rungs(minSteps: 1, reductionFactor: 2))
        for (trial, value) in [1.0, 2, 3, 4].enumerated() { ladder.pause(trial, at: 0, step: 1, value: value) }
        for trial in [0, 1] { ladder.promote(trial) }
        #expect(ladder.promotable == nil)
        ladder.fail(0)
        let next = try #require(ladder.promotable)
        #expect(next.trial == 2 && next.reason == .rung(0, step: 1, rank: 2, competitors: 4, kept: 2))
        ladder.promote(2)
        #expect(ladder.promotable == nil)
        // One that came to its own end counts where it was, and does not go on.
        ladder.pause(5, at: 0, step: 1, value: 0, isPromoted: true)
        ladder.pause(6, at: 0, step: 1, value: 5)
        #expect(ladder.promotable == nil)
        #expect(ladder.standing(of: 5) == nil)
        #expect(ladder.standing(of: 3)?.reason == .rung(0, step: 1, rank: 4, competitors: 6, kept: 3))
    }
}
