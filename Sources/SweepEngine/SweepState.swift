import SweepStore

/// Why a sweep came to its end for now.
public enum SweepEnding: String, Sendable, Hashable {
    /// As many trials have ended as the budget has.
    case trials
    /// Every point of the grid has been tried.
    case grid
    case time
    case failures
    case interrupted
}

/// What the shell around `SweepState` has to do.
package enum SweepAction: Sendable, Hashable {
    /// Choose the values of the trial with this number and store it.
    case plan(Int)
    case launch(Int)
    /// End every running attempt; within the trainers' grace, or at once.
    case stopAll(atOnce: Bool)
    case finish(SweepEnding)
}

/// The sweep as a value: events go in, actions come out. It never waits, sleeps or touches a file.
package struct SweepState: Sendable {
    package struct Limits: Sendable, Hashable {
        package var trials: Int?
        package var failures: Int?
        package var parallel: Int
        /// Trial n is planned once all trials up to n − lag have ended; nil for no such wait.
        package var lag: Int?

        package init(trials: Int?, failures: Int?, parallel: Int, lag: Int?) {
            self.trials = trials
            self.failures = failures
            self.parallel = parallel
            self.lag = lag
        }
    }

    private let limits: Limits
    /// By trial number.
    private var states: [TrialState]
    private var running = 0
    private var failed: Int
    /// The lowest number that has not ended.
    private var firstOpen = 0
    private var isPlanning = false
    private var isExhausted = false
    private var ending: SweepEnding?
    private var interruptions = 0

    /// - Parameter states: of the trials so far, by number; none is running.
    package init(_ limits: Limits, states: [TrialState]) {
        precondition(!states.contains(.running), "a sweep starts without running trials")
        self.limits = limits
        self.states = states
        failed = states.count { $0 == .failed }
        advanceFirstOpen()
    }

    /// What to do first.
    package mutating func begin() -> [SweepAction] { next() }

    package mutating func planned(_ trial: Int) -> [SweepAction] {
        precondition(trial == states.count, "trial \(trial) was planned out of turn")
        isPlanning = false
        states.append(.waiting)
        return next()
    }

    /// The trial that was to be planned does not exist: everything has been tried.
    package mutating func nothingLeftToPlan() -> [SweepAction] {
        isPlanning = false
        isExhausted = true
        return next()
    }

    /// An attempt is over; the trial is in a final state, or waits to be run again.
    package mutating func ended(_ trial: Int, in state: TrialState) -> [SweepAction] {
        precondition(states[trial] == .running && state != .running, "trial \(trial) cannot have ended")
        states[trial] = state
        running -= 1
        if state == .failed { failed += 1 }
        advanceFirstOpen()
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

    private mutating func next() -> [SweepAction] {
        if ending == nil, let most = limits.failures, failed >= most { ending = .failures }
        var actions: [SweepAction] = []
        if ending == nil {
            while running < limits.parallel, let trial = firstWaiting {
                states[trial] = .running
                running += 1
                actions.append(.launch(trial))
            }
            if running < limits.parallel, !isPlanning, mayPlan {
                isPlanning = true
                actions.append(.plan(states.count))
            }
        }
        if running == 0, !isPlanning { actions.append(.finish(ending ?? (isExhausted ? .grid : .trials))) }
        return actions
    }

    private var firstWaiting: Int? {
        states[firstOpen...].firstIndex(of: .waiting)
    }

    private var mayPlan: Bool {
        let next = states.count
        if isExhausted { return false }
        if let most = limits.trials, next >= most { return false }
        guard let lag = limits.lag else { return true }
        return firstOpen > next - lag
    }

    private mutating func advanceFirstOpen() {
        while firstOpen < states.count, states[firstOpen].isFinal { firstOpen += 1 }
    }
}
