import RandomStreams
import SweepEngine
import SweepExecution
import SweepFile
import SweepStore
import Testing

@Suite struct SweepStateTests {
    private static func limits(
        trials: Int? = nil, failures: Int? = nil, parallel: Int = 1, lag: Int? = nil
    ) -> SweepState.Limits {
        SweepState.Limits(trials: trials, failures: failures, parallel: parallel, lag: lag)
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
                case .stopAll: #expect(interruptions > 1)
                case .finish(let ending):
                    #expect(running.isEmpty)
                    #expect(ending == (interruptions > 0 ? .interrupted : .trials))
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
        (TrialExit.exited(0), 0.5 as Double?, 1, TrialEnding(.complete, value: 0.5)),
        (.exited(0), nil, 1, TrialEnding(.failed, reason: "no metric")),
        (.exited(3), 0.5, 2, TrialEnding(.failed, reason: "crash: exit 3")),
        (.exited(3), 0.5, 1, TrialEnding(.waiting, reason: "crash: exit 3")),
        (.signaled(11), nil, 2, TrialEnding(.failed, reason: "crash: signal 11")),
        (.timedOut, 0.5, 2, TrialEnding(.failed, reason: "timeout")),
        (.timedOut, 0.5, 1, TrialEnding(.waiting, reason: "timeout")),
        (.notLaunched("gone"), nil, 1, TrialEnding(.failed, reason: "launch: gone")),
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
                    == TrialEnding(.diverged, reason: "the metric is not a finite number"))
        }
    }

    @Test func `an interrupted attempt waits even if the trainer exits politely`() {
        let outcome = AttemptOutcome(exit: .exited(0), value: 0.5, hasDiverged: false, wasInterrupted: true)
        #expect(outcome.ending(retry: Self.retry) == TrialEnding(.waiting, reason: "interrupted"))
    }
}
