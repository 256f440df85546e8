import Foundation
import SweepModel

/// How a run plans its trials: by plans that were made ahead, or by one that is made while the run goes on.
extension SweepRun {
    /// Begins to plan the next trial. What was made ahead is taken at once; else the plan comes as an event.
    ///
    /// - Returns: what to do next.
    mutating func plan(in group: inout DiscardingTaskGroup) async throws -> [SweepAction] {
        let queued = try nextQueued()
        history.learn(state.takeNews())
        if queued == nil, let plan = suggestions.takePrepared(for: history.count) {
            return try await take(plan, from: nil)
        }
        let turn = Suggestions.Turn(queued: queued)
        suggestions.request(turn, after: history, in: &group) { [mailbox] in mailbox.yield(.suggested($0)) }
        return []
    }

    /// Has a plan made that is taken later, where that keeps trials from waiting.
    mutating func prepareSuggestion(in group: inout DiscardingTaskGroup) {
        guard !state.isEnding, suggestions.mayPrepare else { return }
        history.learn(state.takeNews())
        suggestions.prepare(after: history, in: &group) { [mailbox] in mailbox.yield(.suggested($0)) }
    }

    /// Takes a plan that was made. Where the sweep is about to end it is not used.
    ///
    /// - Returns: what to do next.
    /// - Throws: what kept the plan from being made.
    mutating func take(
        _ answer: Suggestions.Answer, in group: inout DiscardingTaskGroup
    ) async throws -> [SweepAction] {
        let made = suggestions.take(answer)
        if context.isInterrupted() || state.isEnding {
            let isAwaited = made != nil || suggestions.awaited != nil
            suggestions.withdraw()
            return isAwaited ? state.planWithdrawn() : []
        }
        if let made {
            guard let plan = try made.get() else { return state.nothingLeftToPlan() }
            let turn: Suggestions.Turn? = if case .turn(let turn) = answer.purpose { turn } else { nil }
            return try await take(plan, from: turn?.queued)
        }
        // The turn that waited while this was made ahead.
        guard let turn = suggestions.awaited else { return [] }
        suggestions.withdraw()
        if turn.queued == nil, let plan = suggestions.takePrepared(for: history.count) {
            return try await take(plan, from: nil)
        }
        suggestions.request(turn, after: history, in: &group) { [mailbox] in mailbox.yield(.suggested($0)) }
        return []
    }

    /// Stores a planned trial. One that starts at once is stored as running.
    ///
    /// - Returns: what to do next.
    private mutating func take(_ plan: TrialPlanner.Plan, from queued: QueuedTrial?) async throws -> [SweepAction] {
        var trial = plan.trial
        trial.created = context.now()
        let next = state.planned(trial.number)
        let start = next.contains(.launch(trial.number)) ? context.now() : nil
        try context.store.requireInPlace()
        try await context.store.plan(
            trial, proposal: plan.proposal, from: plan.takesQueued ? queued : nil, startingAt: start)
        history.append(trial)
        if let start { started(trial.number, attempt: 1, at: start) }
        return next
    }

    /// The trial that was enqueued first and has not been planned. It is looked up a few times a second at most, since
    /// a query for each of many short trials would slow them down.
    mutating func nextQueued() throws -> QueuedTrial? {
        let time = ContinuousClock.now
        if let queueWasEmpty, time - queueWasEmpty < .milliseconds(100) { return nil }
        let queued = try context.store.nextQueued()
        queueWasEmpty = queued == nil ? time : nil
        return queued
    }
}
