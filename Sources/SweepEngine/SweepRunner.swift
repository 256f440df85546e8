import Foundation
import SweepExecution
import SweepFile
import SweepStore
import TrialProtocol

/// What happens while a sweep runs, for whoever watches.
public enum SweepNotice: Sendable {
    /// These trials were running when an earlier planner was killed, and are run again.
    case recovered([Int])
    case started(TrialRecord)
    case reported(trial: Int, MetricReport)
    /// The attempt is over, and the trial with it unless it waits to be run again.
    case ended(TrialRecord)
    case stopping(SweepEnding)
}

/// Why a sweep cannot go on, though its file and its database are all right.
public enum SweepRunError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Several launches in a row failed; each costs a trial of the budget.
    case trainerDoesNotStart(String)

    public var description: String {
        switch self {
        case .trainerDoesNotStart(let detail): "the trainer does not start: \(detail)"
        }
    }
}

/// Runs a sweep: performs what `SweepState` decides.
public struct SweepRunner: Sendable {
    private let file: SweepFile
    private let store: SweepStore
    private let lag: Int?
    private let folder: TrialFolder
    private let parallel: Int
    private let now: @Sendable () -> Date
    private let notify: @Sendable (SweepNotice) -> Void

    /// - Parameters:
    ///   - directory: the sweep's own folder, absolute; its store is in it, and this process holds its lock.
    ///   - program: the trainer's program, absolute.
    ///   - token: names this planner, and no other, in the environment of its trainers.
    ///   - lag: as it is stored with the sweep.
    ///   - parallel: how many trials run at once.
    public init(
        _ file: SweepFile, store: SweepStore, directory: String, program: String, token: String, lag: Int?,
        parallel: Int, now: @escaping @Sendable () -> Date = { Date() },
        notify: @escaping @Sendable (SweepNotice) -> Void = { _ in }
    ) {
        self.file = file
        self.store = store
        self.lag = lag
        folder = TrialFolder(file: file, directory: directory, program: program, token: token)
        self.parallel = parallel
        self.now = now
        self.notify = notify
    }

    private enum Event: Sendable {
        case ended(Attempt, AttemptOutcome)
        case interrupted
        case timeIsUp
        case failed(any Error)
    }

    /// Runs until the budget is spent or the sweep is interrupted.
    ///
    /// - Parameter interruptions: the first lets running trials end, the second ends them, the third at once.
    /// - Throws: what the store or the file system reports; all trainers have then been stopped, and what was stored
    ///   is a sweep that can be resumed.
    public func run(interruptions: AsyncStream<Void>) async throws -> SweepEnding {
        let spent = try store.timeRun()
        try await store.log(EventRecord(.plannerStarted, at: now(), detail: "process \(getpid()), \(parallel) workers"))
        let interrupted = try await store.recoverInterruptedTrials(at: now())
        if !interrupted.isEmpty {
            // Their planner was killed, and its guardian too perhaps: nobody else may be in their folders.
            ProcessTable.killAll(within: .seconds(5)) {
                ProcessTable.processes(inTrialsBelow: "\(folder.directory)/trials")
            }
            notify(.recovered(interrupted))
        }
        let recorder = MetricRecorder(store: store)
        let (events, mailbox) = AsyncStream<Event>.makeStream()

        let ending = try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { for await _ in interruptions { mailbox.yield(.interrupted) } }
            tasks.addTask { try? await flush(recorder, reportingTo: mailbox) }
            if let time = file.sweep.budget.time, time > spent {
                tasks.addTask {
                    do { try await Task.sleep(for: time - spent) } catch { return }
                    mailbox.yield(.timeIsUp)
                }
            }
            defer { tasks.cancelAll() }
            var session = Session(runner: self, recorder: recorder, mailbox: mailbox, trials: try store.trials())
            let timeIsUp = file.sweep.budget.time.map { $0 <= spent } ?? false
            // A group that discards what its tasks return also forgets the tasks themselves: memory does not grow with
            // the number of trials. An error is caught inside, since one that left the group would cancel the trials,
            // and a cancelled trainer loses its last words.
            return try await withDiscardingTaskGroup { trials in
                do {
                    return Result<SweepEnding, any Error>.success(
                        try await session.run(events, timeIsUp: timeIsUp, in: &trials))
                } catch {
                    await session.giveUp(events)
                    return .failure(error)
                }
            }.get()
        }
        try await recorder.flush()
        try await store.log(EventRecord(.plannerEnded, at: now(), detail: "\(ending)"))
        return ending
    }

    private func flush(_ recorder: MetricRecorder, reportingTo mailbox: AsyncStream<Event>.Continuation) async throws {
        while true {
            try await Task.sleep(for: .milliseconds(250))
            do {
                try store.requireInPlace()
                try await recorder.flush()
            } catch {
                mailbox.yield(.failed(error))
            }
        }
    }

    /// The state of one run, and the performing of its actions. Only one task ever holds it.
    private struct Session {
        let runner: SweepRunner
        let recorder: MetricRecorder
        let mailbox: AsyncStream<Event>.Continuation
        /// As it is stored.
        var history: TrialHistory
        var attempts: [Int: Attempt] = [:]
        var state: SweepState
        /// Launches that failed in a row.
        var failedLaunches = 0
        private static let mostFailedLaunches = 3

        init(
            runner: SweepRunner, recorder: MetricRecorder, mailbox: AsyncStream<Event>.Continuation,
            trials: [TrialRecord]
        ) {
            self.runner = runner
            self.recorder = recorder
            self.mailbox = mailbox
            history = TrialHistory(trials, in: runner.file.sweep.space)
            let budget = runner.file.sweep.budget
            state = SweepState(
                SweepState.Limits(
                    trials: budget.trials, failures: budget.failures, parallel: runner.parallel, lag: runner.lag),
                states: trials.map(\.state))
        }

        mutating func run(
            _ events: AsyncStream<Event>, timeIsUp: Bool, in group: inout DiscardingTaskGroup
        ) async throws -> SweepEnding {
            let first = timeIsUp ? state.timeIsUp() : state.begin()
            if let ending = try await perform(first, in: &group) { return ending }
            for await event in events {
                let actions: [SweepAction]
                switch event {
                case .ended(let attempt, let outcome): actions = try await end(attempt, outcome)
                case .interrupted:
                    runner.notify(.stopping(.interrupted))
                    actions = state.interrupted()
                case .timeIsUp:
                    runner.notify(.stopping(.time))
                    actions = state.timeIsUp()
                case .failed(let error): throw error
                }
                if let ending = try await perform(actions, in: &group) { return ending }
            }
            throw CancellationError()
        }

        /// After an error: stops the trainers, and still stores how they ended as far as that can be stored.
        mutating func giveUp(_ events: AsyncStream<Event>) async {
            stopAll(atOnce: false)
            if attempts.isEmpty { return }
            for await event in events {
                switch event {
                case .ended(let attempt, let outcome):
                    attempts[attempt.trial.number] = nil
                    let ending = outcome.ending(retry: runner.file.sweep.retry)
                    let metrics = (try? await recorder.take(trial: attempt.trial.number)) ?? []
                    try? await runner.store.end(attempt.trial.number, ending, metrics: metrics, at: runner.now())
                    if attempts.isEmpty { return }
                case .interrupted: stopAll(atOnce: true)
                case .timeIsUp, .failed: continue
                }
            }
        }

        func stopAll(atOnce: Bool) {
            for attempt in attempts.values { attempt.interrupt(atOnce: atOnce) }
        }

        private mutating func perform(
            _ actions: [SweepAction], in group: inout DiscardingTaskGroup
        ) async throws -> SweepEnding? {
            var actions = actions[...]
            while let action = actions.popFirst() {
                switch action {
                case .plan(let number):
                    let planner = TrialPlanner(sweep: runner.file.sweep, lag: runner.lag)
                    guard let trial = try planner.plan(after: history, at: runner.now()) else {
                        actions += state.nothingLeftToPlan()
                        continue
                    }
                    try await runner.store.plan(trial)
                    history.append(trial)
                    actions += state.planned(number)
                case .launch(let number): try await launch(number, in: &group)
                case .stopAll(let atOnce): stopAll(atOnce: atOnce)
                case .finish(let ending): return ending
                }
            }
            return nil
        }

        private mutating func launch(_ number: Int, in group: inout DiscardingTaskGroup) async throws {
            try runner.store.requireInPlace()
            let time = runner.now()
            let attemptNumber = try await runner.store.start(number, at: time)
            let trial = history.update(number) { trial in
                trial.state = .running
                trial.reason = nil
                trial.attempt = attemptNumber
                trial.started = time
            }
            let launch = try runner.folder.prepare(trial, attempt: attemptNumber)
            let metric = runner.file.sweep.metric
            let earlier =
                attemptNumber > 1
                ? try runner.store.earlierAttempts(ofTrial: number, metric: metric.name) : EarlierAttempts()
            let attempt = Attempt(
                trial: trial, attempt: attemptNumber, earlier: earlier, metric: metric, launch: launch)
            attempts[number] = attempt
            runner.notify(.started(trial))
            group.addTask { [recorder, mailbox, notify = runner.notify] in
                let outcome = await attempt.run { records, last in
                    do { try await recorder.append(records) } catch { mailbox.yield(.failed(error)) }
                    notify(.reported(trial: number, last))
                }
                mailbox.yield(.ended(attempt, outcome))
            }
        }

        private mutating func end(_ attempt: Attempt, _ outcome: AttemptOutcome) async throws -> [SweepAction] {
            let number = attempt.trial.number
            let ending = outcome.ending(retry: runner.file.sweep.retry)
            let time = runner.now()
            try await runner.store.end(
                number, ending, metrics: try await recorder.take(trial: number), at: time)
            attempts[number] = nil
            let trial = history.update(number) { trial in
                trial.state = ending.state
                trial.reason = ending.reason
                trial.value = ending.value
                trial.errorOutput = ending.errorOutput
                trial.ended = ending.state.isFinal ? time : nil
            }
            runner.notify(.ended(trial))
            if case .notLaunched(let detail) = outcome.exit {
                failedLaunches += 1
                if failedLaunches == Self.mostFailedLaunches { throw SweepRunError.trainerDoesNotStart(detail) }
            } else {
                failedLaunches = 0
            }
            return state.ended(number, in: ending.state)
        }
    }
}
