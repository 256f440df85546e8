import EarlyStopping
import RandomStreams
import SweepEngine
import SweepExecution
import SweepFile
import SweepModel
import SweepSearch
import SweepStore
import Testing

@Suite struct SweepStateTests {
    private static func limits(
        trials: Int? = nil, failures: Int? = nil, parallel: Int = 1, lag: Int? = nil
    ) -> SweepState.Limits {
        SweepState.Limits(trials: trials, failures: failures, parallel: parallel, lag: lag)
    }

    @Test func `a plan that an interruption has cut short is none, and the sweep ends`() {
        var state = SweepState(
            SweepState.Limits(trials: 5, failures: nil, parallel: 2, lag: nil), states: [.complete])
        #expect(state.begin() == [.plan(1)])
        #expect(state.planWithdrawn() == [])
        #expect(state.interrupted() == [.finish(.interrupted)])
    }

    @Test func `a plan that comes when the sweep is about to end is not used, and nothing waits for it`() {
        var state = SweepState(Self.limits(trials: 5, parallel: 2), states: [])
        #expect(state.begin() == [.plan(0)])
        #expect(state.interrupted() == [] && state.isEnding, "the plan is still being made")
        #expect(state.planWithdrawn() == [.finish(.interrupted)])
        state = SweepState(Self.limits(trials: 5, parallel: 2), states: [])
        #expect(state.begin() == [.plan(0)] && state.planned(0) == [.launch(0), .plan(1)])
        #expect(state.ended(0, in: .complete, reachesTarget: true) == [])
        #expect(state.isEnding && state.planWithdrawn() == [.finish(.target)])
    }

    @Test func `one worker plans and runs one trial after the other`() {
        var state = SweepState(Self.limits(trials: 2), states: [])
        #expect(state.begin() == [.plan(0)])
        #expect(state.planned(0) == [.launch(0)])
        #expect(state.ended(0, in: .complete) == [.plan(1)])
        #expect(state.planned(1) == [.launch(1)])
        #expect(state.ended(1, in: .failed) == [.finish(.trials)])
    }

    @Test func `several workers are kept busy`() {
        var state = SweepState(Self.limits(trials: 9, parallel: 3), states: [])
        #expect(state.begin() == [.plan(0)])
        #expect(state.planned(0) == [.launch(0), .plan(1)])
        #expect(state.planned(1) == [.launch(1), .plan(2)])
        #expect(state.planned(2) == [.launch(2)])
        #expect(state.ended(1, in: .complete) == [.plan(3)])
        #expect(state.planned(3) == [.launch(3)])
    }

    @Test func `a trial that waits runs before a new one is planned`() {
        var state = SweepState(Self.limits(trials: 4), states: [.complete, .waiting, .complete])
        #expect(state.begin() == [.launch(1)])
        #expect(state.ended(1, in: .waiting) == [.launch(1)])
        #expect(state.ended(1, in: .complete) == [.plan(3)])
    }

    @Test func `a sweep whose budget is spent has nothing to do`() {
        var state = SweepState(Self.limits(trials: 2), states: [.complete, .failed])
        #expect(state.begin() == [.finish(.trials)])
    }

    @Test func `a larger budget goes on`() {
        var state = SweepState(Self.limits(trials: 3), states: [.complete, .failed])
        #expect(state.begin() == [.plan(2)])
    }

    @Test func `failures end the sweep when running trials have ended`() {
        var state = SweepState(Self.limits(failures: 2, parallel: 3), states: [.failed, .waiting, .waiting, .waiting])
        #expect(state.begin() == [.launch(1), .launch(2), .launch(3)])
        #expect(state.ended(2, in: .failed) == [])
        #expect(state.ended(1, in: .complete) == [])
        #expect(state.ended(3, in: .complete) == [.finish(.failures)])
    }

    @Test func `the first interruption waits, the second stops, the third stops at once`() {
        var state = SweepState(Self.limits(parallel: 2), states: [.waiting, .waiting])
        #expect(state.begin() == [.launch(0), .launch(1)])
        #expect(state.interrupted() == [])
        #expect(state.ended(0, in: .complete) == [])
        #expect(state.interrupted() == [.stopAll(atOnce: false)])
        #expect(state.interrupted() == [.stopAll(atOnce: true)])
        #expect(state.ended(1, in: .waiting) == [.finish(.interrupted)])
    }

    @Test func `an interruption while the last trials of the budget run leaves nothing to resume`() {
        for isLastKilled in [false, true] {
            var state = SweepState(Self.limits(trials: 2, parallel: 2), states: [.waiting, .waiting])
            #expect(state.begin() == [.launch(0), .launch(1)])
            #expect(state.interrupted() == [])
            #expect(state.ended(0, in: .failed) == [])
            #expect(
                state.ended(1, in: isLastKilled ? .waiting : .complete) == [
                    .finish(isLastKilled ? .interrupted : .trials)
                ])
        }
    }

    @Test func `an interruption while the last trials end changes nothing, a second one does`() {
        for second in [false, true] {
            var state = SweepState(Self.limits(failures: 2, parallel: 3), states: [.failed, .waiting, .waiting])
            #expect(state.begin() == [.launch(1), .launch(2), .plan(3)])
            #expect(state.planned(3) == [.launch(3)])
            #expect(state.ended(2, in: .failed) == [])
            #expect(state.interrupted() == [])
            if second { #expect(state.interrupted() == [.stopAll(atOnce: false)]) }
            #expect(state.ended(1, in: .complete) == [])
            #expect(state.ended(3, in: .complete) == [.finish(second ? .interrupted : .failures)])
        }
    }

    @Test func `when the time is up nothing is started`() {
        var state = SweepState(Self.limits(), states: [.waiting])
        #expect(state.begin() == [.launch(0)])
        #expect(state.timeIsUp() == [])
        #expect(state.ended(0, in: .waiting) == [.finish(.time)])
    }

    @Test func `with a lag a trial is planned only when all up to the lag before it have ended`() {
        var state = SweepState(Self.limits(parallel: 8, lag: 2), states: [])
        #expect(state.begin() == [.plan(0)])
        #expect(state.planned(0) == [.launch(0), .plan(1)])
        #expect(state.planned(1) == [.launch(1)])
        // Trial 2 rests on trial 0, whatever is known of trial 1.
        #expect(state.ended(1, in: .complete) == [])
        #expect(state.ended(0, in: .waiting) == [.launch(0)])
        #expect(state.ended(0, in: .complete) == [.plan(2)])
        #expect(state.planned(2) == [.launch(2), .plan(3)])
        #expect(state.planned(3) == [.launch(3)])
    }

    /// Whatever happens in whatever order: no more at once than allowed, no trial twice, an end.
    @Test(arguments: 0..<200)
    func `any course of events keeps the rules`(seed: UInt64) {
        var random = RandomStream(seed: seed, stream: 0)
        let parallel = 1 + Int(random.integer(below: 4))
        let lag = random.integer(below: 2) == 0 ? nil : 1 + Int(random.integer(below: 5))
        let total = Int(random.integer(below: 20))
        var state = SweepState(Self.limits(trials: total, parallel: parallel, lag: lag), states: [])
        var running = Set<Int>()
        var planned = 0
        var final = Set<Int>()
        var actions = state.begin()[...]
        var finished = false
        var interruptions = 0
        for _ in 0..<1000 {
            while let action = actions.popFirst() {
                switch action {
                case .plan(let trial):
                    #expect(trial == planned)
                    if let lag, trial >= lag { #expect((0...trial - lag).allSatisfy(final.contains)) }
                    planned += 1
                    actions += state.planned(trial)
                case .launch(let trial):
                    #expect(trial < planned && !final.contains(trial))
                    #expect(running.insert(trial).inserted)
                    #expect(running.count <= parallel)
                case .promote, .prune: Issue.record("nobody pauses: \(action)")
                case .stopAll: #expect(interruptions > 1)
                case .finish(let ending):
                    #expect(running.isEmpty)
                    #expect(ending == (final.count < total ? .interrupted : .trials))
                    finished = true
                }
            }
            if finished { break }
            if random.integer(below: 30) == 0 {
                interruptions += 1
                actions += state.interrupted()
            } else if let trial = running.isEmpty
                ? nil : running.sorted()[Int(random.integer(below: UInt64(running.count)))]
            {
                running.remove(trial)
                let next = [TrialState.complete, .failed, .diverged, .waiting][Int(random.integer(below: 4))]
                if next.isFinal { final.insert(trial) }
                actions += state.ended(trial, in: next)
            }
        }
        #expect(finished)
        if interruptions == 0 { #expect(final.count == total) }
    }
}

@Suite struct AttemptOutcomeTests {
    private static let retry = Retry(attempts: 2, causes: [.crash, .timeout])

    @Test(arguments: [
        (TrialExit.exited(0), 0.5 as Double?, 1, TrialEnding.complete(0.5)),
        (.exited(0), nil, 1, TrialEnding(.failed, .noMetric(hint: ""))),
        (.exited(3), 0.5, 2, TrialEnding(.failed, .crash(.exit(3)))),
        (.exited(3), 0.5, 1, TrialEnding(.waiting, .crash(.exit(3)))),
        (.signaled(11), nil, 2, TrialEnding(.failed, .crash(.signal(11)))),
        (.timedOut, 0.5, 2, TrialEnding(.failed, .timeout)),
        (.timedOut, 0.5, 1, TrialEnding(.waiting, .timeout)),
        (.notLaunched("gone"), nil, 1, TrialEnding(.failed, .launch("gone"))),
    ])
    func `an exit means an ending`(exit: TrialExit, value: Double?, attempt: Int, expected: TrialEnding) {
        let outcome = AttemptOutcome(
            exit: exit, value: value, hasDiverged: false, wasInterrupted: false, earlierFailures: attempt - 1)
        #expect(outcome.ending(retry: Self.retry) == expected)
    }

    @Test func `a metric that is no number means diverged, however the trainer went`() {
        for exit in [TrialExit.exited(0), .exited(1), .signaled(15)] {
            let outcome = AttemptOutcome(exit: exit, value: 0.5, hasDiverged: true, wasInterrupted: true)
            #expect(
                outcome.ending(retry: Self.retry)
                    == TrialEnding.diverged)
        }
    }

    @Test func `an interrupted attempt waits even if the trainer exits politely`() {
        let outcome = AttemptOutcome(exit: .exited(0), value: 0.5, hasDiverged: false, wasInterrupted: true)
        #expect(outcome.ending(retry: Self.retry) == .interrupted)
    }
}

@Suite struct SweepTurnTests {
    private static func state(
        trials: Int, parallel: Int, lag: Int? = nil, failures: Int? = nil, reduction: Int = 2
    ) -> SweepState {
        SweepState(
            SweepState.Limits(trials: trials, failures: failures, parallel: parallel, lag: lag), states: [],
            rungs: Rungs(minSteps: 1, reductionFactor: reduction))
    }

    @Test func `a promotion goes before a new trial, and who is left behind is pruned`() {
        var state = Self.state(trials: 3, parallel: 1)
        #expect(state.begin() == [.plan(0)])
        #expect(state.planned(0) == [.launch(0)])
        #expect(state.paused(0, at: 0, step: 1, value: 5) == [.plan(1)])
        #expect(state.takeNews() == [.init(trial: 0, .paused(rung: 0, value: 5))])
        #expect(state.planned(1) == [.launch(1)])
        let promotion = PromotionLadder.Promotion(
            trial: 1, rung: 0, step: 1, value: 4, reason: .rung(0, step: 1, rank: 1, competitors: 2, kept: 1))
        #expect(state.paused(1, at: 0, step: 1, value: 4) == [.promote(promotion), .launch(1)])
        #expect(state.ended(1, in: .complete) == [.plan(2)])
        #expect(state.planned(2) == [.launch(2)])
        let actions = state.ended(2, in: .failed)
        guard case .prune(let left) = actions.first else {
            Issue.record("\(actions)")
            return
        }
        #expect(left.trial == 0 && actions.last == .finish(.trials))
    }

    @Test func `where nothing came to its end, the one that is furthest goes on`() {
        var state = Self.state(trials: 2, parallel: 1, reduction: 3)
        _ = state.begin()
        _ = state.planned(0)
        #expect(state.paused(0, at: 0, step: 1, value: 5) == [.plan(1)])
        _ = state.planned(1)
        func promotion(_ rung: Int, _ competitors: Int) -> PromotionLadder.Promotion {
            PromotionLadder.Promotion(
                trial: 1, rung: rung, step: 1 + rung * 2, value: 4,
                reason: .rung(rung, step: 1 + rung * 2, rank: 1, competitors: competitors, kept: 1))
        }
        #expect(state.paused(1, at: 0, step: 1, value: 4) == [.promote(promotion(0, 2)), .launch(1)])
        #expect(state.paused(1, at: 1, step: 3, value: 4) == [.promote(promotion(1, 1)), .launch(1)])
        let actions = state.ended(1, in: .complete)
        guard case .prune(let left)? = actions.first, left.trial == 0 else {
            Issue.record("\(actions)")
            return
        }
        #expect(actions.last == .finish(.trials))
    }

    @Test func `a trial that waits for its time keeps no worker and no other trial`() {
        var state = Self.state(trials: 2, parallel: 1)
        _ = state.begin()
        #expect(state.planned(0) == [.launch(0)])
        #expect(state.ended(0, in: .waiting, isDelayed: true) == [.plan(1)])
        #expect(state.planned(1) == [.launch(1)])
        #expect(state.ended(1, in: .complete) == [])
        #expect(state.ready(0) == [.launch(0)])
        #expect(state.ended(0, in: .complete) == [.finish(.trials)])
    }

    @Test func `a target ends the sweep when what runs has ended`() {
        var state = Self.state(trials: 9, parallel: 2)
        _ = state.begin()
        _ = state.planned(0)
        #expect(state.planned(1) == [.launch(1)])
        #expect(state.ended(0, in: .complete, reachesTarget: true) == [])
        #expect(state.ended(1, in: .complete) == [.finish(.target)])
    }

    /// Draws what each turn of a trial brings from its numbers alone, ends turns in random order with interruptions,
    /// and notes in which order turns are given.
    ///
    /// - Parameter budgets: how many trials there are; when they have ended, the sweep goes on with the next number.
    private static func run(
        workers: Int, lag: Int?, seed: UInt64, interruptions: Bool, budgets: [Int] = [30]
    ) -> (order: [String], states: [TrialState]) {
        var random = RandomStream(seed: seed, stream: 0)
        var budgets = budgets[...]
        let rungs = Rungs(minSteps: 1, reductionFactor: 2, maxSteps: 8)
        var states: [TrialState] = []
        var turns: [SweepState.Turn] = []
        var order: [String] = []
        while true {
            let limits = SweepState.Limits(
                trials: budgets.first, failures: budgets.count > 1 ? nil : 6, parallel: workers, lag: lag)
            var state = SweepState(limits, states: states, rungs: rungs, turns: turns)
            // Whatever was known before an interruption is known again, and nothing else.
            var known: [Int: SweepState.News.Kind] = [:]
            var running: [Int] = []
            var isInterrupted = false
            var actions = state.begin()[...]
            while true {
                while let action = actions.popFirst() {
                    switch action {
                    case .plan(let trial):
                        for news in state.takeNews() { known[news.trial] = news.kind }
                        order.append("plan \(trial) knowing \((0..<trial).map { known[$0] })")
                        states.append(.waiting)
                        turns.append(SweepState.Turn(trial: trial))
                        actions += state.planned(trial)
                    case .promote(let promotion):
                        order.append("promote \(promotion)")
                        turns.append(SweepState.Turn(trial: promotion.trial))
                    case .launch(let trial): running.append(trial)
                    case .prune(let promotion):
                        order.append("prune \(promotion)")
                        states[promotion.trial] = .pruned
                    case .stopAll: break
                    case .finish(.interrupted): isInterrupted = true
                    case .finish(let ending):
                        order.append("\(ending)")
                        budgets.removeFirst()
                        if budgets.isEmpty { return (order, states) }
                        isInterrupted = true
                    }
                }
                if isInterrupted { break }
                let place = Int(random.integer(below: UInt64(running.count)))
                let trial = running.remove(at: place)
                if interruptions, random.integer(below: 15) == 0 {
                    actions += state.interrupted()
                    actions += state.ended(trial, in: .waiting)
                    continue
                }
                let passed = turns.count { $0.trial == trial } - 1
                var drawn = RandomStream(seed: 7, stream: UInt64(trial), UInt64(passed))
                let value = drawn.uniform()
                guard let turn = turns.lastIndex(where: { $0.trial == trial }) else { continue }
                if passed < 3, drawn.integer(below: 8) > 0 {
                    turns[turn].result = .paused(rung: passed, step: 1 << passed, value: value)
                    actions += state.paused(trial, at: passed, step: 1 << passed, value: value)
                } else {
                    states[trial] = drawn.integer(below: 2) == 0 ? .failed : .complete
                    turns[turn].result = .ended(states[trial], reachesTarget: false)
                    actions += state.ended(trial, in: states[trial])
                }
            }
        }
    }

    @Test(arguments: 0..<20)
    func `with a lag turns are given in one order, whatever the timing`(seed: UInt64) {
        let reference = Self.run(workers: 1, lag: 8, seed: 1000, interruptions: false)
        #expect(reference.order.contains { $0.hasPrefix("promote") })
        for workers in [1, 2, 4, 8] {
            let result = Self.run(workers: workers, lag: 8, seed: seed, interruptions: seed > 10)
            #expect(result.order == reference.order, "\(workers) workers")
            #expect(result.states == reference.states)
        }
    }

    @Test(arguments: 0..<20)
    func `with a larger budget the sweep goes on, and what was pruned at its end stays so`(seed: UInt64) {
        let budgets = [9, 15, 16, 40]
        let reference = Self.run(workers: 1, lag: 8, seed: 1000, interruptions: false, budgets: budgets)
        #expect(reference.order.count { $0 == "trials" } >= 3)
        for lag in [nil, 8] {
            let result = Self.run(workers: 3, lag: lag, seed: seed, interruptions: seed > 10, budgets: budgets)
            if lag != nil { #expect(result.order == reference.order && result.states == reference.states) }
            var pruned: Set<Substring> = []
            for line in result.order {
                let trial = line.split(separator: "trial: ").last?.prefix { $0.isNumber } ?? ""
                if line.hasPrefix("prune") { pruned.insert(trial) }
                if line.hasPrefix("promote") { #expect(!pruned.contains(trial), "\(line)") }
            }
            #expect(!pruned.isEmpty)
        }
    }

    @Test(arguments: 0..<20)
    func `without a lag every course comes to its end and leaves nobody paused`(seed: UInt64) {
        let result = Self.run(workers: 3, lag: nil, seed: seed, interruptions: true)
        #expect(result.order.last == "trials" || result.order.last == "failures")
        if result.order.last == "trials" { #expect(result.states.allSatisfy { $0.isFinal }) }
    }
}
