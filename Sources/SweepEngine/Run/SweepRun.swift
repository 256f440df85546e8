import EarlyStopping
import Foundation
import SweepExecution
import SweepFile
import SweepModel
import SweepSearch
import SweepStore
import Synchronization
import TrialProtocol

/// The state of one run of a sweep, and the performing of its actions. Only one task ever holds it.
struct SweepRun {
    /// What happens outside of `SweepState` and is told to it. Events wait in a mailbox and are taken one at a time.
    enum Event: Sendable {
        /// An attempt is over; it is among the ended ones, unless it was taken from there already.
        case ended
        /// Values were chosen for a trial.
        case suggested(Suggestions.Answer)
        /// A trial that was to wait for some time may be run again.
        case ready(Int)
        case interrupted
        case timeIsUp
        /// Something could not be stored or checked; the run ends with this error.
        case failed(any Error)
    }

    let context: SweepContext
    /// Gathers the metrics of all attempts.
    private let recorder: MetricRecorder
    /// Nil where every trial runs to its end.
    private let judge: TrialJudge?
    let mailbox: AsyncStream<Event>.Continuation
    /// As it is stored.
    var history: TrialHistory
    var suggestions: Suggestions
    /// Those that are over, and not stored yet.
    private let endedAttempts = EndedAttempts()
    /// Those that run, by the number of their trial.
    private var attempts: [Int: Attempt] = [:]
    /// Decides what is done next.
    var state: SweepState
    /// The slots that are not in use, by index; a trial takes the first.
    private var freeSlots: [Int]
    /// The slot of each running trial, by the trial's number.
    private var slots: [Int: Int] = [:]
    /// The ends that could not be stored, by the numbers of their trials.
    private var unstored: [Int: End] = [:]
    /// When the running attempts were started, by a clock that does not jump.
    private var starts: [Int: SuspendingClock.Instant] = [:]
    private let advice = Advice()
    /// Notices that the first trials all fail alike.
    private var hopeless: HopelessStart
    private var hasAdvisedOfFile = false
    /// When the queue of enqueued trials was last seen to be empty.
    var queueWasEmpty: ContinuousClock.Instant?
    /// Launches that failed in a row.
    private var failedLaunches = 0
    /// After this many in a row the run stops: the fault is then hardly a trial's, and each failed launch costs a
    /// trial.
    private static let maxFailedLaunches = 3

    /// Takes up the sweep as earlier runs have left it.
    ///
    /// - Throws: what `SweepPast` throws: the store cannot be read, or contradicts itself.
    init(_ context: SweepContext, recorder: MetricRecorder, mailbox: AsyncStream<Event>.Continuation) async throws {
        self.context = context
        self.recorder = recorder
        self.mailbox = mailbox
        freeSlots = Array(context.slots.indices)
        let sweep = context.file.sweep
        let past = try await SweepPast(of: context)
        history = past.history
        suggestions = Suggestions(context, try context.store.lessons(for: sweep))
        judge = sweep.pruning.map {
            TrialJudge($0, metric: sweep.metric, lag: context.lag, recorder: recorder, now: context.now)
        }
        hopeless = HopelessStart(
            after: past.states,
            hasValues: try sweep.objectives.measured.allSatisfy { try context.store.hasReported($0.name) },
            parallel: context.slots.count)
        await judge?.load(
            past.states, breakingBounds: past.breakingBounds, curves: past.curves, decisions: past.decisions)
        let rungs: Rungs? = if case .promoting(let rungs) = sweep.pruning { rungs } else { nil }
        state = SweepState(
            SweepState.Limits(
                trials: sweep.budget.trials.map { $0 + past.history.imported }, failures: sweep.budget.failures,
                parallel: context.slots.count,
                lag: context.lag, plansAgain: sweep.sampler.name == .grid && sweep.replicates != nil),
            states: past.states, rungs: rungs, turns: past.turns)
    }

    /// Performs actions and takes events, until `SweepState` says that the sweep has ended.
    ///
    /// - Parameters:
    ///   - timeIsUp: whether earlier runs have used up the budget's time; nothing is then started.
    ///   - group: the tasks of attempts are added to it.
    /// - Throws: the first error of storing or checking; the caller then calls `giveUp`.
    mutating func run(
        _ events: AsyncStream<Event>, timeIsUp: Bool, in group: inout DiscardingTaskGroup
    ) async throws -> SweepEnding {
        let first = timeIsUp ? state.timeIsUp() : state.begin()
        if let ending = try await perform(first, in: &group) { return ending }
        for await event in events {
            let actions: [SweepAction]
            switch event {
            case .ended: actions = []
            case .suggested(let answer): actions = try await take(answer, in: &group)
            case .ready(let trial): actions = state.ready(trial)
            case .interrupted:
                context.notify(.stopping(.interrupted))
                actions = state.interrupted()
            case .timeIsUp:
                context.notify(.stopping(.time))
                actions = state.timeIsUp()
            case .failed(let error): throw error
            }
            if let ending = try await perform(actions, in: &group) { return ending }
            prepareSuggestion(in: &group)
        }
        throw CancellationError()
    }

    /// After an error: stops the trainers, and still stores how they ended as far as that can be stored.
    mutating func giveUp(_ events: AsyncStream<Event>) async {
        stopAll(atOnce: false)
        if !attempts.isEmpty { await endAttempts(events) }
        // Meanwhile the fault may have passed: a disk that was full, a database that was held.
        for end in unstored.values {
            try? await store(end)
            if unstored[end.number] == nil { noteEnd(of: end.number, end.ending) }
        }
        // A trial whose folder could not be made had no attempt that would end.
        for trial in history.open.values where trial.state == .running {
            try? await context.store.end(trial.number, .interrupted, metrics: [], at: context.now())
        }
    }

    /// Waits for the ends of all attempts, and stores them as far as that can be done.
    private mutating func endAttempts(_ events: AsyncStream<Event>) async {
        for await event in events {
            switch event {
            case .ended:
                guard let (attempt, outcome) = endedAttempts.popFirst() else { continue }
                let end = End(of: attempt.trial.number, ending(outcome), outcome.lateRecords, at: context.now())
                attempts[end.number] = nil
                try? await store(end)
                if unstored[end.number] == nil { noteEnd(of: end.number, end.ending) }
                if attempts.isEmpty { return }
            case .interrupted: stopAll(atOnce: true)
            case .suggested, .ready, .timeIsUp, .failed: continue
            }
        }
    }

    /// Says how a trial ended.
    private mutating func noteEnd(of number: Int, _ ending: TrialEnding) {
        guard history.open[number] != nil else { return }
        let now = context.now()
        let trial = history.update(number) { $0.end(ending, at: now) }
        context.notify(.ended(trial))
    }

    /// Ends all attempts; each of them still comes in as an event of its own.
    private func stopAll(atOnce: Bool) {
        for attempt in attempts.values { attempt.interrupt(atOnce: atOnce) }
    }

    /// Performs the actions in their order. What they lead to comes after those that were there already.
    ///
    /// - Returns: why the sweep ends; nil while it goes on.
    private mutating func perform(
        _ actions: [SweepAction], in group: inout DiscardingTaskGroup
    ) async throws -> SweepEnding? {
        var actions = actions[...]
        while true {
            // What has ended is stored before anything new is begun.
            while let ended = endedAttempts.popFirst() {
                actions += try await end(ended.attempt, ended.outcome, in: &group)
            }
            guard let action = actions.popFirst() else { return nil }
            switch action {
            case .plan: actions += try await plan(in: &group)
            case .promote(let promotion):
                try await context.store.promote(decision(.promote, promotion))
                history.update(promotion.trial) { $0.reason = nil }
            case .launch(let number): try await launch(number, in: &group)
            case .prune(let promotion):
                // At the end of a sweep there may be thousands; those that are left are pruned when it goes on.
                if context.isInterrupted() { return .interrupted }
                try await prune(promotion)
            case .stopAll(let atOnce): stopAll(atOnce: atOnce)
            case .finish(let ending):
                // The last trial of a grid may have taken a while, and the user has enqueued something meanwhile.
                queueWasEmpty = nil
                guard ending == .grid, try nextQueued() != nil else { return ending }
                actions += state.planAgain()
            }
        }
    }

    /// Notes that an attempt begins, in the trial's record and by a clock that measures how long it takes.
    mutating func started(_ number: Int, attempt: Int, at time: Date) {
        starts[number] = .now
        history.update(number) { trial in
            trial.state = .running
            trial.reason = nil
            trial.attempt = attempt
            trial.started = time
        }
    }

    /// Starts an attempt in the lowest free slot: stores it as running if it is not yet, then adds its task to the
    /// group.
    private mutating func launch(_ number: Int, in group: inout DiscardingTaskGroup) async throws {
        if history.open[number]?.state != .running {
            try context.store.requireInPlace()
            let time = context.now()
            started(number, attempt: try await context.store.start(number, at: time), at: time)
        }
        guard let trial = history.open[number] else { preconditionFailure("trial \(number) is over") }
        let slot = freeSlots.removeFirst()
        slots[number] = slot
        let launch = try context.folder.launch(trial, in: context.slots[slot])
        if launch.environment[TrialVariable.parameters.rawValue] == nil { adviseOfParametersFile() }
        let objectives = context.file.sweep.objectives
        let earlier =
            trial.attempt > 1
            ? try context.store.earlierAttempts(
                ofTrial: number, metric: objectives.metric.name, further: objectives.further.map(\.name))
            : EarlierAttempts()
        let reporting = Attempt.Reporting(
            recorder: recorder, judge: history.isFurtherSeed(trial) ? nil : judge, decisionsStand: context.lag != nil,
            reported: { [notify = context.notify] in notify(.reported(trial: number, $0)) },
            judged: { [notify = context.notify] in notify(.judged($0)) },
            failed: { [mailbox] in mailbox.yield(.failed($0)) },
            notice: { [notify = context.notify, advice] notice in
                if let words = advice.words(on: notice, ofTrial: number) { notify(.notice(words)) }
            },
            guardian: context.guardian)
        let attempt = Attempt(
            trial: trial, earlier: earlier, objectives: objectives, launch: launch, reporting: reporting)
        attempts[number] = attempt
        context.notify(.started(trial))
        group.addTask { [mailbox, endedAttempts] in
            endedAttempts.append(attempt, await attempt.run())
            mailbox.yield(.ended)
        }
    }

    /// Says once where trainers find parameters that no environment variable can hold.
    private mutating func adviseOfParametersFile() {
        if hasAdvisedOfFile { return }
        hasAdvisedOfFile = true
        context.notify(
            .notice(
                "a trial's parameters are larger than an environment variable may be, 128 KiB: "
                    + "REVSWEEP_PARAMS is not set, and REVSWEEP_PARAMS_FILE names a file that holds them"))
    }

    /// Takes in the end of an attempt.
    ///
    /// - Returns: what to do next.
    /// - Throws: what the store throws; `SweepRunError` where the next trials would end in the same way.
    private mutating func end(
        _ attempt: Attempt, _ outcome: AttemptOutcome, in group: inout DiscardingTaskGroup
    ) async throws -> [SweepAction] {
        let number = attempt.trial.number
        let ending = ending(outcome)
        let (trial, passed) = try await storeEnd(of: attempt, outcome, ending)
        try requireThatNextCanRun(after: outcome)
        let isHopeless = hopeless.take(trial, outcome)
        let sweep = context.file.sweep
        if ending.isPause, let pause = outcome.pause {
            let value = sweep.metric.minimized(pause.decision.value)
            return state.paused(number, at: pause.rung, step: pause.decision.step, value: value)
        }
        let pause =
            ending.state == .waiting && !outcome.wasInterrupted
            ? sweep.retry.pause(afterFailures: outcome.earlierFailures + 1) : .zero
        if pause > .zero {
            group.addTask { [mailbox] in
                try? await Task.sleep(for: pause)
                mailbox.yield(.ready(number))
            }
        }
        let next = state.ended(
            number, in: ending.state, reachesTarget: sweep.reachesTarget(trial),
            breaksBounds: sweep.objectives.breaksBounds(trial), passing: passed, isDelayed: pause > .zero)
        let isFinishing = next.contains { if case .finish = $0 { true } else { false } }
        if isHopeless, !isFinishing { throw everyTrialFailsAlike(trial, outcome) }
        return next
    }

    /// Stores how an attempt ended, frees its slot, and tells those who follow the trial. Nothing is done about the end
    /// before it is stored: a planner killed in between would otherwise have acted on an end that the database does not
    /// have.
    ///
    /// - Returns: the trial as it is now, and the rungs that it passed though it was to pause.
    /// - Throws: what the store throws.
    private mutating func storeEnd(
        of attempt: Attempt, _ outcome: AttemptOutcome, _ ending: TrialEnding
    ) async throws -> (trial: TrialRecord, passed: [SweepState.RungPass]) {
        let number = attempt.trial.number
        let time = context.now()
        // Whether or not that can be stored: nothing more will be heard of this attempt.
        attempts[number] = nil
        let lasted = starts.removeValue(forKey: number).map { $0.secondsSoFar }
        try await store(End(of: number, ending, outcome.lateRecords, at: time, lasted: lasted))
        if let slot = slots.removeValue(forKey: number) {
            freeSlots.insert(slot, at: freeSlots.firstIndex { $0 > slot } ?? freeSlots.count)
        }
        if let lasted { suggestions.noteEnd(lasted: lasted) }
        var passed: [SweepState.RungPass] = []
        if ending.state.isFinal {
            var ended = attempt.trial
            ended.end(ending, at: time, lasted: lasted)
            await judge?.ended(
                number, ending.state, breaksBounds: context.file.sweep.objectives.breaksBounds(ended),
                late: outcome.isOverruled ? outcome.late.points : [])
            if let pause = outcome.pause { passed = await judge?.passes(of: number, from: pause.rung) ?? [] }
        }
        let progress = ending.state.isFinal || ending.isPause ? await judge?.progress(of: number) : nil
        let trial = history.update(number, progress: progress) { $0.end(ending, at: time, lasted: lasted) }
        context.notify(.ended(trial))
        return (trial, passed)
    }

    /// - Throws: `SweepRunError` if an attempt ended by what would end the next one as well.
    private mutating func requireThatNextCanRun(after outcome: AttemptOutcome) throws {
        if case .notLogged(let detail) = outcome.exit { throw SweepRunError.outputIsLost(detail) }
        if case .noRoom(let detail) = outcome.exit {
            try context.store.requireInPlace()
            throw SweepRunError.noRoom(detail)
        }
        if case .notLaunched(let detail) = outcome.exit, !outcome.wasInterrupted {
            failedLaunches += 1
            if failedLaunches == Self.maxFailedLaunches { throw SweepRunError.trainerDoesNotStart(detail) }
        } else {
            failedLaunches = 0
        }
    }

    /// The error after the last of the first trials that have all failed in one way.
    private func everyTrialFailsAlike(_ trial: TrialRecord, _ outcome: AttemptOutcome) -> SweepRunError {
        // The reason of a missing metric would name the log once more.
        let missing = outcome.missingMetric
        let log: TrialLog = missing?.log ?? (outcome.exit == .exited(0) ? .output : .errors)
        return .everyTrialFailsAlike(
            count: hopeless.count, trial: trial.number,
            reason: missing.map { .noMetric(hint: $0.words) } ?? trial.reason, errors: trial.errorOutput,
            log: "\(context.folder.path(of: trial.number))/\(log.fileName)")
    }

    /// The end of an attempt, as it is stored.
    private struct End {
        let number: Int
        let ending: TrialEnding
        /// What was reported behind the decision to stop it.
        let late: [MetricRecord]
        let time: Date
        let lasted: Double?

        init(
            of number: Int, _ ending: TrialEnding, _ late: [MetricRecord], at time: Date, lasted: Double? = nil
        ) {
            (self.number, self.ending, self.late, self.time, self.lasted) = (number, ending, late, time, lasted)
        }
    }

    /// - Throws: what the store throws; `giveUp` then tries once more.
    private mutating func store(_ end: End) async throws {
        unstored[end.number] = end
        try await recorder.end(trial: end.number) { [store = context.store] rest in
            try await store.end(
                end.number, end.ending, metrics: rest.metrics + end.late, decisions: rest.decisions, at: end.time,
                lasted: end.lasted)
        }
        unstored[end.number] = nil
    }

    /// What the outcome means for the trial, with a reason for pruning that says whether the sweep is reproducible.
    private func ending(_ outcome: AttemptOutcome) -> TrialEnding {
        var ending = outcome.ending(retry: context.file.sweep.retry)
        if case .pruned(let words) = ending.reason {
            ending.reason = .pruned(context.file.sweep.reasonToPrune(words, lag: context.lag))
        }
        return ending
    }

    /// Ends a trial that is not promoted.
    private mutating func prune(_ promotion: PromotionLadder.Promotion) async throws {
        let sweep = context.file.sweep
        let decision = decision(.prune, promotion)
        let values = try context.store.earlierAttempts(ofTrial: promotion.trial, metric: sweep.metric.name).values
            .filter { $0.step <= promotion.step }.map(\.value)
        let value = sweep.metric.value(of: values + [decision.value])
        let time = context.now()
        let reason = sweep.reasonToPrune(decision.reason, lag: context.lag)
        try await context.store.prune(promotion.trial, decision, because: reason, value: value, at: time)
        let progress = await judge?.progress(of: promotion.trial)
        let trial = history.update(promotion.trial, progress: progress) { trial in
            let (errorOutput, seconds) = (trial.errorOutput, trial.seconds)
            trial.end(
                TrialEnding(.pruned, .pruned(reason), value: value, errorOutput: errorOutput), at: time, lasted: seconds
            )
        }
        context.notify(.ended(trial))
    }

    /// The decision about a paused trial as it is stored: with the rank that it had at its rung, in words.
    private func decision(
        _ action: TrialDecision.Action, _ promotion: PromotionLadder.Promotion
    ) -> TrialDecision {
        let metric = context.file.sweep.metric
        return TrialDecision(
            trial: promotion.trial, attempt: max(1, history.open[promotion.trial]?.attempt ?? 1), step: promotion.step,
            rung: promotion.rung, value: metric.minimized(promotion.value), action: action,
            reason: promotion.reason.words(maximizing: metric.goal == .maximize), at: context.now())
    }
}

/// The words for notices about trials. What a trainer mostly does in every trial is said for the first one only.
private final class Advice: Sendable {
    /// What has been said so far in this run.
    private struct Given {
        var unusableStep = false
        var restartedSteps = false
    }

    private let given = Mutex(Given())

    /// Nil where it was said before.
    func words(on notice: TrialNotice, ofTrial number: Int) -> String? {
        switch notice {
        case .delayed(let reason): return "trial \(number): \(reason)"
        case .unusableStep:
            guard isFirst(\.unusableStep) else { return nil }
            return "a trainer reports steps that are no whole numbers: its reports are counted instead"
        case .restartedSteps(let step, let last):
            guard isFirst(\.restartedSteps) else { return nil }
            return """
                a trainer's steps start again, as those of folds do \
                (trial \(number): step \(step) after step \(last)): what it reports at a step that is not beyond \
                all before it counts for the trial's value, and a pruner passes over it
                """
        }
    }

    /// Whether this kind of notice has not been given yet; from now on it has.
    private func isFirst(_ kind: WritableKeyPath<Given, Bool> & Sendable) -> Bool {
        given.withLock { given in
            defer { given[keyPath: kind] = true }
            return !given[keyPath: kind]
        }
    }
}
