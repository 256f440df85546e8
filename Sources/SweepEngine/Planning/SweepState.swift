import EarlyStopping
import SweepModel

/// The sweep as a value: events go in, actions come out. It never waits, sleeps or touches a file.
///
/// Work is given out in turns: a trial's first turn begins when it is planned, and where trials pause at rungs, each
/// promotion is another. With a lag L, turn n rests on the results of the turns up to n − L and on nothing else, and
/// begins only when these have all ended: so what is decided at turn n is the same whatever the timing.
///
///     var state = SweepState(
///         .init(trials: 2, failures: nil, parallel: 1, lag: nil), states: [])
///     state.begin()                          // [.plan(0)]
///     state.planned(0)                       // [.launch(0)]
///     state.ended(0, in: .complete)          // [.plan(1)]
///
/// With a lag, an early result waits until it counts. Trial 1 ends first here, and trial 2 is not planned before trial
/// 0 has ended, so that its plan knows the same trials as in a run where trial 0 was faster:
///
///     var state = SweepState(
///         .init(trials: 3, failures: nil, parallel: 2, lag: 2), states: [])
///     state.begin()                          // [.plan(0)]
///     state.planned(0)                       // [.launch(0), .plan(1)]
///     state.planned(1)                       // [.launch(1)]
///     state.ended(1, in: .complete)          // []
///     state.ended(0, in: .complete)          // [.plan(2)]
///     state.takeNews()                       // [News(trial: 0, .ended)]: trial 1 does not count for trial 2
package struct SweepState: Sendable {
    /// What bounds the run, from the budget and the resources of the sweep file.
    package struct Limits: Sendable, Hashable {
        /// How many trials are planned, imported ones included; nil where only the grid or another limit ends the
        /// sweep.
        package var trials: Int?
        /// How many failed trials end the sweep; nil for no limit.
        package var failures: Int?
        /// How many trials run at the same time.
        package var parallel: Int
        /// Turn n is decided once all turns up to n − lag have ended; nil for no such wait.
        package var lag: Int?
        /// Whether, once nothing was left to be planned, the end of a trial may bring another one: of a grid whose
        /// points are run with several seeds.
        package var plansAgain: Bool

        package init(trials: Int?, failures: Int?, parallel: Int, lag: Int?, plansAgain: Bool = false) {
            self.trials = trials
            self.failures = failures
            self.parallel = parallel
            self.lag = lag
            self.plansAgain = plansAgain
        }
    }

    /// One turn of a trial, and what came of it; nil while that is open.
    package struct Turn: Sendable, Hashable {
        package var trial: Int
        package var result: TurnResult?
        /// Whether the trial paused and was pruned there, as an earlier run of the sweep came to its end: it counts for
        /// the ranks of others, and is not promoted.
        fileprivate var isGivenUp = false

        package init(trial: Int, result: TurnResult? = nil) {
            self.trial = trial
            self.result = result
        }
    }

    /// How a turn of a trial came to its end.
    package enum TurnResult: Sendable, Hashable {
        /// The trial waits at a rung; lower values are better.
        case paused(rung: Int, step: Int, value: Double)
        /// The trial has ended, with a value that is good enough or without, within the bounds or beyond. Where it was
        /// to pause and its trainer came to its own end before, it has passed these rungs in this turn.
        case ended(TrialState, reachesTarget: Bool, breaksBounds: Bool = false, passing: [RungPass] = [])
    }

    /// What a trial had when it came to a rung; lower values are better.
    package struct RungPass: Sendable, Hashable {
        /// From 0, the one with the fewest steps.
        package var rung: Int
        /// The step at which the trial had this value; it may lie beyond that of the rung, if no report came at the
        /// rung itself.
        package var step: Int
        package var value: Double

        package init(rung: Int, step: Int, value: Double) {
            self.rung = rung
            self.step = step
            self.value = value
        }
    }

    /// What has become known of one trial, and plans may rest on from now on.
    package struct News: Sendable, Hashable {
        /// The two things that a plan can learn of a trial.
        package enum Kind: Sendable, Hashable {
            /// At this rung with this value; lower is better.
            case paused(rung: Int, value: Double)
            /// For good. Its value is not repeated here: `TrialHistory` has it from the trial's record.
            case ended
        }

        package var trial: Int
        package var kind: Kind

        package init(trial: Int, _ kind: Kind) {
            self.trial = trial
            self.kind = kind
        }
    }

    private let limits: Limits
    /// By trial number.
    private var states: [TrialState]
    /// Nil where trials do not pause.
    private var ladder: PromotionLadder?
    private var turns = TurnLog()
    /// The index of the turn that each trial has open.
    private var openTurns: [Int: Int] = [:]
    /// The lowest index of a turn that has no result.
    private var firstOpenTurn = 0
    /// With a lag: how many turns, from the first, have results that count by now.
    private var counted = 0
    private var news: [News] = []
    private var failed = 0
    private var hasReachedTarget = false
    /// Trials that wait to be promoted, and trials that wait for their time.
    private var paused: Set<Int> = []
    private var delayed: Set<Int> = []
    private var running = 0
    /// The lowest number that has not ended.
    private var firstOpen = 0
    private var isPlanning = false
    private var isExhausted = false
    /// Whether a trial has ended since the plan that is being made was asked for.
    private var hasEndedMeanwhile = false
    private var ending: SweepEnding?
    private var interruptions = 0

    /// - Parameters:
    ///   - states: of the trials so far, by number; none is running.
    ///   - rungs: where trials pause; nil where they do not.
    ///   - turns: so far, in their order; nil for one turn a trial.
    ///
    /// The turns are gone through again in their order, and each counts the results that counted when it was given.
    /// What is decided next is therefore what an unbroken run would have decided.
    package init(_ limits: Limits, states: [TrialState], rungs: Rungs? = nil, turns: [Turn]? = nil) {
        precondition(!states.contains(.running), "a sweep starts without running trials")
        self.limits = limits
        self.states = []
        ladder = rungs.map { PromotionLadder($0) }
        let turns =
            turns
            ?? states.enumerated().map { number, state in
                Turn(trial: number, result: state.isFinal ? .ended(state, reachesTarget: false) : nil)
            }
        let last = Dictionary(turns.enumerated().map { ($1.trial, $0) }) { $1 }
        for (index, turn) in turns.enumerated() {
            var turn = turn
            turn.isGivenUp = last[turn.trial] == index && states[turn.trial].isFinal
            replay(turn, states)
        }
        advance()
    }

    /// What to do first.
    package mutating func begin() -> [SweepAction] { next() }

    /// The trial has its values. The caller stores it: as running if `.launch` of it is among the actions, else as
    /// waiting. Trials are planned in the order of their numbers: any other number is a programmer's mistake.
    package mutating func planned(_ trial: Int) -> [SweepAction] {
        precondition(trial == states.count, "trial \(trial) was planned out of turn")
        isPlanning = false
        begin(turn: Turn(trial: trial), state: .waiting)
        return next()
    }

    /// The trial that was to be planned does not exist: everything has been tried.
    package mutating func nothingLeftToPlan() -> [SweepAction] {
        isPlanning = false
        isExhausted = !(limits.plansAgain && hasEndedMeanwhile)
        return next()
    }

    /// The sweep was to end, since everything has been tried, and there are values again that the user wants tried.
    package mutating func planAgain() -> [SweepAction] {
        isExhausted = false
        return next()
    }

    /// The trial that was to be planned was not, since the sweep is about to end. If `interrupted` has not been called
    /// yet, it will be.
    package mutating func planWithdrawn() -> [SweepAction] {
        isPlanning = false
        return ending == nil ? [] : next()
    }

    /// Whether it is decided that the sweep ends: no further trial is planned.
    package var isEnding: Bool { ending != nil }

    /// An attempt is over; the trial is in a final state, or waits to be run again.
    ///
    /// - Parameters:
    ///   - breaksBounds: whether it is complete and beyond a bound; at the rungs it then ranks as if it had failed.
    ///   - passed: the rungs that it came to without waiting there.
    ///   - isDelayed: whether a waiting trial is not to be run before `ready` is called.
    package mutating func ended(
        _ trial: Int, in state: TrialState, reachesTarget: Bool = false, breaksBounds: Bool = false,
        passing passed: [RungPass] = [], isDelayed: Bool = false
    ) -> [SweepAction] {
        precondition(states[trial] == .running && state != .running, "trial \(trial) cannot have ended")
        states[trial] = state
        running -= 1
        if isDelayed { delayed.insert(trial) }
        if limits.plansAgain { (isExhausted, hasEndedMeanwhile) = (false, true) }
        if state.isFinal {
            finish(
                turnOf: trial,
                .ended(state, reachesTarget: reachesTarget, breaksBounds: breaksBounds, passing: passed))
        }
        return next()
    }

    /// A running trial has come to a rung and waits there.
    package mutating func paused(_ trial: Int, at rung: Int, step: Int, value: Double) -> [SweepAction] {
        precondition(states[trial] == .running, "trial \(trial) cannot pause")
        states[trial] = .waiting
        running -= 1
        paused.insert(trial)
        finish(turnOf: trial, .paused(rung: rung, step: step, value: value))
        return next()
    }

    /// A trial that was to wait for some time may be run again.
    package mutating func ready(_ trial: Int) -> [SweepAction] {
        delayed.remove(trial)
        return next()
    }

    /// The budget's time has been worked. Nothing new is started; what runs may come to its end.
    ///
    /// An ending that is decided already stays: a sweep that reached its target ends for that, and not for the time.
    package mutating func timeIsUp() -> [SweepAction] {
        ending = ending ?? .time
        return next()
    }

    /// The first interruption lets running trials end, the second ends them, the third ends them at once.
    package mutating func interrupted() -> [SweepAction] {
        interruptions += 1
        // Where the sweep has come to its end already, the first one changes nothing: no trial would have been started.
        if ending == nil || interruptions > 1 { ending = .interrupted }
        let stop: [SweepAction] = interruptions > 1 && running > 0 ? [.stopAll(atOnce: interruptions > 2)] : []
        return stop + next()
    }

    /// What the plan of the next trial may rest on and none before could; of a trial that comes twice the last counts.
    package mutating func takeNews() -> [News] {
        defer { news = [] }
        return news
    }

    // MARK: What to do next

    /// Everything that can be done now: first the trials that wait for a free place, then new turns, then the end of
    /// the sweep.
    ///
    /// The end comes only when nothing runs and nothing is being planned. Where trials pause and none is complete yet,
    /// the one that leads is promoted instead of ending, so that a sweep does not end without any complete trial.
    private mutating func next() -> [SweepAction] {
        var actions: [SweepAction] = []
        if limits.lag == nil { checkBudget() }
        while running < limits.parallel, mayLaunch, let trial = firstWaiting { actions.append(launch(trial)) }
        while ending == nil, !isPlanning, running < limits.parallel, giveTurn(&actions) {}
        guard running == 0, !isPlanning else { return actions }
        if mayLaunch, firstWaiting != nil || !delayed.isEmpty { return actions }
        if ending == nil {
            if !states.contains(.complete), let leader = ladder?.leader {
                promote(leader, &actions)
                return actions
            }
            actions += pruneForGood()
        }
        if ending == .interrupted, isWholeBudgetDone { ending = nil }
        actions.append(.finish(ending ?? (isExhausted ? .grid : .trials)))
        return actions
    }

    /// Whether there is no trial left to start, and all have come to their ends, so that there is nothing to resume.
    private var isWholeBudgetDone: Bool {
        let isPlanned = isExhausted || (limits.trials.map { states.count >= $0 } ?? false)
        return isPlanned && states.allSatisfy(\.isFinal)
    }

    /// Decides the next turn, if that can be decided yet.
    ///
    /// - Returns: whether there may be another.
    private mutating func giveTurn(_ actions: inout [SweepAction]) -> Bool {
        if let lag = limits.lag {
            let needed = max(0, turns.count - lag + 1)
            guard firstOpenTurn >= needed else { return false }
            while counted < needed { countNext() }
            checkBudget()
            if ending != nil { return false }
        }
        if let promotion = ladder?.promotable {
            promote(promotion, &actions)
            return true
        }
        if !isExhausted, limits.trials.map({ states.count < $0 }) ?? true {
            (isPlanning, hasEndedMeanwhile) = (true, false)
            actions.append(.plan(states.count))
            return false
        }
        // All trials are planned. The result of the oldest turn that does not count yet may promote a trial: it
        // counts now, and the others still wait for theirs.
        guard limits.lag != nil, counted < firstOpenTurn else { return false }
        countNext()
        return true
    }

    /// Begins another turn of a paused trial. It is launched at once: there is a free place, or no turn would be given.
    private mutating func promote(_ promotion: PromotionLadder.Promotion, _ actions: inout [SweepAction]) {
        ladder?.promote(promotion.trial)
        paused.remove(promotion.trial)
        begin(turn: Turn(trial: promotion.trial), state: .waiting)
        actions += [.promote(promotion), launch(promotion.trial)]
    }

    /// Takes one of the places for trials that run at the same time.
    private mutating func launch(_ trial: Int) -> SweepAction {
        states[trial] = .running
        running += 1
        return .launch(trial)
    }

    /// With a lag, what was planned is run: whether it had begun when the budget was spent is a matter of timing.
    private var mayLaunch: Bool {
        switch ending {
        case nil: true
        case .failures, .target: limits.lag != nil
        case .trials, .grid, .time, .interrupted: false
        }
    }

    /// Looks whether a target or the limit of failures has been reached by results that count. With a lag this is asked
    /// only when a turn is about to be given, where the answer does not depend on timing.
    private mutating func checkBudget() {
        guard ending == nil else { return }
        if hasReachedTarget {
            ending = .target
        } else if let most = limits.failures, failed >= most {
            ending = .failures
        }
    }

    /// The lowest number that can be started now: neither paused at a rung nor waiting for its time. Low numbers go
    /// first, so that a trial that was interrupted is finished before a new one starts.
    private var firstWaiting: Int? {
        states[firstOpen...].indices.first {
            states[$0] == .waiting && !paused.contains($0) && !delayed.contains($0)
        }
    }

    /// No other trial will come to a rung: those that are paused are not promoted any more.
    private mutating func pruneForGood() -> [SweepAction] {
        let trials = paused.sorted()
        paused = []
        for trial in trials { states[trial] = .pruned }
        return trials.compactMap { ladder?.standing(of: $0) }.map { .prune($0) }
    }

    // MARK: Turns

    /// Adds a turn at the end; for a new trial, its state as well.
    private mutating func begin(turn: Turn, state: TrialState) {
        if turn.trial == states.count { states.append(state) }
        if turn.result == nil { openTurns[turn.trial] = turns.count }
        turns.append(turn)
    }

    /// Notes the result of the trial's open turn. Without a lag it counts from now on; with one, `countNext` decides
    /// when.
    private mutating func finish(turnOf trial: Int, _ result: TurnResult) {
        guard let turn = openTurns.removeValue(forKey: trial) else {
            preconditionFailure("trial \(trial) has no turn that could end")
        }
        turns[turn].result = result
        if limits.lag == nil { count(Turn(trial: trial, result: result)) }
        advance()
    }

    /// Lets the oldest turn that does not count yet count.
    private mutating func countNext() {
        count(turns[counted])
        counted += 1
    }

    /// From now on the result of this turn counts.
    private mutating func count(_ turn: Turn) {
        switch turn.result {
        case .paused(let rung, let step, let value):
            ladder?.pause(turn.trial, at: rung, step: step, value: value, isPromoted: turn.isGivenUp)
            news.append(News(trial: turn.trial, .paused(rung: rung, value: value)))
        case .ended(let state, let reachesTarget, let breaksBounds, let passed):
            for pass in passed {
                ladder?.pause(turn.trial, at: pass.rung, step: pass.step, value: pass.value, isPromoted: true)
            }
            if state == .failed || state == .diverged || breaksBounds { ladder?.fail(turn.trial) }
            if state == .failed { failed += 1 }
            if reachesTarget { hasReachedTarget = true }
            news.append(News(trial: turn.trial, .ended))
        case nil: preconditionFailure("a turn that is open cannot count")
        }
    }

    /// Takes a turn of an earlier run, and lets count what counted when it was given.
    private mutating func replay(_ turn: Turn, _ states: [TrialState]) {
        let isPromotion = turn.trial < self.states.count
        if let lag = limits.lag {
            while counted < turns.count - lag + 1, counted < firstOpenTurn { countNext() }
            while isPromotion, ladder?.promotable?.trial != turn.trial, counted < firstOpenTurn { countNext() }
        }
        if isPromotion { ladder?.promote(turn.trial) }
        if case .paused = turn.result, !states[turn.trial].isFinal {
            paused.insert(turn.trial)
        } else {
            paused.remove(turn.trial)
        }
        begin(turn: turn, state: states[turn.trial])
        if limits.lag == nil, turn.result != nil { count(turn) }
        advance()
    }

    /// Moves the marks of what is done past everything that has ended, and forgets turns that no index points to any
    /// more.
    private mutating func advance() {
        while firstOpen < states.count, states[firstOpen].isFinal { firstOpen += 1 }
        while firstOpenTurn < turns.count, turns[firstOpenTurn].result != nil { firstOpenTurn += 1 }
        turns.forget(before: limits.lag == nil ? firstOpenTurn : min(counted, firstOpenTurn))
    }
}
