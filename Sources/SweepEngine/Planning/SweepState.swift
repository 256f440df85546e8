import EarlyStopping
import SweepModel

/// Why a sweep came to its end for now.
public enum SweepEnding: String, Sendable, Hashable {
    /// As many trials have ended as the budget has.
    case trials
    /// Every point of the grid has been tried.
    case grid
    case time
    case failures
    /// The metric has reached what is good enough.
    case target
    case interrupted
}

/// What `SweepRun` has to do: all that changes anything outside of `SweepState`.
package enum SweepAction: Sendable, Hashable {
    /// Choose the values of the trial with this number and store it.
    case plan(Int)
    /// Store that a paused trial goes on.
    case promote(PromotionLadder.Promotion)
    case launch(Int)
    /// Store that a paused trial will not go on.
    case prune(PromotionLadder.Promotion)
    /// End every running attempt; within the trainers' grace, or at once.
    case stopAll(atOnce: Bool)
    case finish(SweepEnding)
}

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
package struct SweepState: Sendable {
    package struct Limits: Sendable, Hashable {
        package var trials: Int?
        package var failures: Int?
        package var parallel: Int
        /// Turn n is decided once all turns up to n − lag have ended; nil for no such wait.
        package var lag: Int?

        package init(trials: Int?, failures: Int?, parallel: Int, lag: Int?) {
            self.trials = trials
            self.failures = failures
            self.parallel = parallel
            self.lag = lag
        }
    }

    /// One turn of a trial, and what came of it; nil while that is open.
    package struct Turn: Sendable, Hashable {
        package var trial: Int
        package var result: TurnResult?

        package init(trial: Int, result: TurnResult? = nil) {
            self.trial = trial
            self.result = result
        }
    }

    package enum TurnResult: Sendable, Hashable {
        /// The trial waits at a rung; lower values are better.
        case paused(rung: Int, step: Int, value: Double)
        /// The trial has ended, with a value that is good enough or without. Where it was to pause and its trainer
        /// came to its own end before, it has passed these rungs in this turn.
        case ended(TrialState, reachesTarget: Bool, passing: [RungPass] = [])
    }

    /// What a trial had when it came to a rung; lower values are better.
    package struct RungPass: Sendable, Hashable {
        package var rung: Int
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
        package enum Kind: Sendable, Hashable {
            /// With this value; lower is better.
            case paused(Double)
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
    private var ending: SweepEnding?
    private var interruptions = 0

    /// - Parameters:
    ///   - states: of the trials so far, by number; none is running.
    ///   - rungs: where trials pause; nil where they do not.
    ///   - turns: so far, in their order; nil for one turn a trial.
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
        for turn in turns { replay(turn, states) }
        advance()
    }

    /// What to do first.
    package mutating func begin() -> [SweepAction] { next() }

    package mutating func planned(_ trial: Int) -> [SweepAction] {
        precondition(trial == states.count, "trial \(trial) was planned out of turn")
        isPlanning = false
        begin(turn: Turn(trial: trial), state: .waiting)
        return next()
    }

    /// The trial that was to be planned does not exist: everything has been tried.
    package mutating func nothingLeftToPlan() -> [SweepAction] {
        isPlanning = false
        isExhausted = true
        return next()
    }

    /// The trial that was to be planned was not, since the sweep is about to be interrupted.
    package mutating func planWithdrawn() -> [SweepAction] {
        isPlanning = false
        return []
    }

    /// An attempt is over; the trial is in a final state, or waits to be run again.
    ///
    /// - Parameters:
    ///   - passed: the rungs that it came to without waiting there.
    ///   - isDelayed: whether a waiting trial is not to be run before `ready` is called.
    package mutating func ended(
        _ trial: Int, in state: TrialState, reachesTarget: Bool = false, passing passed: [RungPass] = [],
        isDelayed: Bool = false
    ) -> [SweepAction] {
        precondition(states[trial] == .running && state != .running, "trial \(trial) cannot have ended")
        states[trial] = state
        running -= 1
        if isDelayed { delayed.insert(trial) }
        if state.isFinal { finish(turnOf: trial, .ended(state, reachesTarget: reachesTarget, passing: passed)) }
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

    package mutating func timeIsUp() -> [SweepAction] {
        ending = ending ?? .time
        return next()
    }

    /// The first interruption lets running trials end, the second ends them, the third ends them at once.
    package mutating func interrupted() -> [SweepAction] {
        interruptions += 1
        ending = .interrupted
        let stop: [SweepAction] = interruptions > 1 && running > 0 ? [.stopAll(atOnce: interruptions > 2)] : []
        return stop + next()
    }

    /// What the plan of the next trial may rest on and none before could; of a trial that comes twice the last counts.
    package mutating func takeNews() -> [News] {
        defer { news = [] }
        return news
    }

    // MARK: What to do next

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
        actions.append(.finish(ending ?? (isExhausted ? .grid : .trials)))
        return actions
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
            isPlanning = true
            actions.append(.plan(states.count))
            return false
        }
        // All trials are planned. The result of the oldest turn that does not count yet may promote a trial: it
        // counts now, and the others still wait for theirs.
        guard limits.lag != nil, counted < firstOpenTurn else { return false }
        countNext()
        return true
    }

    private mutating func promote(_ promotion: PromotionLadder.Promotion, _ actions: inout [SweepAction]) {
        ladder?.promote(promotion.trial)
        paused.remove(promotion.trial)
        begin(turn: Turn(trial: promotion.trial), state: .waiting)
        actions += [.promote(promotion), launch(promotion.trial)]
    }

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

    private mutating func checkBudget() {
        guard ending == nil else { return }
        if hasReachedTarget {
            ending = .target
        } else if let most = limits.failures, failed >= most {
            ending = .failures
        }
    }

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

    private mutating func begin(turn: Turn, state: TrialState) {
        if turn.trial == states.count { states.append(state) }
        if turn.result == nil { openTurns[turn.trial] = turns.count }
        turns.append(turn)
    }

    private mutating func finish(turnOf trial: Int, _ result: TurnResult) {
        guard let turn = openTurns.removeValue(forKey: trial) else {
            preconditionFailure("trial \(trial) has no turn that could end")
        }
        turns[turn].result = result
        if limits.lag == nil { count(Turn(trial: trial, result: result)) }
        advance()
    }

    private mutating func countNext() {
        count(turns[counted])
        counted += 1
    }

    /// From now on the result of this turn counts.
    private mutating func count(_ turn: Turn) {
        switch turn.result {
        case .paused(let rung, let step, let value):
            ladder?.pause(turn.trial, at: rung, step: step, value: value)
            news.append(News(trial: turn.trial, .paused(value)))
        case .ended(let state, let reachesTarget, let passed):
            for pass in passed {
                ladder?.pause(turn.trial, at: pass.rung, step: pass.step, value: pass.value, isPromoted: true)
            }
            if state == .failed || state == .diverged { ladder?.fail(turn.trial) }
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

    private mutating func advance() {
        while firstOpen < states.count, states[firstOpen].isFinal { firstOpen += 1 }
        while firstOpenTurn < turns.count, turns[firstOpenTurn].result != nil { firstOpenTurn += 1 }
        turns.forget(before: limits.lag == nil ? firstOpenTurn : min(counted, firstOpenTurn))
    }
}

/// All turns by their index, without those at the beginning that will not be asked for any more: what a long sweep
/// keeps does not grow with it.
private struct TurnLog: Sendable {
    private var kept: [SweepState.Turn] = []
    private var forgotten = 0
    private static let atOnce = 1000

    var count: Int { forgotten + kept.count }

    subscript(index: Int) -> SweepState.Turn {
        get { kept[index - forgotten] }
        set { kept[index - forgotten] = newValue }
    }

    mutating func append(_ turn: SweepState.Turn) { kept.append(turn) }

    mutating func forget(before index: Int) {
        guard index - forgotten >= Self.atOnce else { return }
        kept.removeFirst(index - forgotten)
        forgotten = index
    }
}
