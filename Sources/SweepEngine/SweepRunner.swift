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
        case ended(Attempt, AttemptOutcome, attempt: Int)
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
        let interrupted = try await store.recoverInterruptedTrials(at: now())
        if !interrupted.isEmpty {
            // Their planner was killed, and its guardian too perhaps: nobody else may be in their folders.
            ProcessTable.killAll(within: .seconds(5)) {
                ProcessTable.processes(inTrialsBelow: "\(folder.directory)/trials")
            }
            notify(.recovered(interrupted))
        }
        let spent = try store.timeRun()
        try await store.log(EventRecord(.plannerStarted, at: now(), detail: "process \(getpid()), \(parallel) workers"))
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
            return try await withThrowingTaskGroup(of: Void.self) { trials in
                var session = Session(runner: self, recorder: recorder, mailbox: mailbox, trials: try store.trials())
                let timeIsUp = file.sweep.budget.time.map { $0 <= spent } ?? false
                do {
                    return try await session.run(events, timeIsUp: timeIsUp, in: &trials)
                } catch {
                    session.stopAll(atOnce: false)
                    await trials.waitForAllIgnoringErrors()
                    throw error
                }
            }
        }
        try await recorder.flush()
        try await store.log(EventRecord(.plannerEnded, at: now(), detail: "\(ending)"))
        return ending
    }

    private func flush(_ recorder: MetricRecorder, reportingTo mailbox: AsyncStream<Event>.Continuation) async throws {
        while true {
            try await Task.sleep(for: .milliseconds(250))
            do { try await recorder.flush() } catch { mailbox.yield(.failed(error)) }
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
            _ events: AsyncStream<Event>, timeIsUp: Bool, in group: inout ThrowingTaskGroup<Void, any Error>
        ) async throws -> SweepEnding {
            let first = timeIsUp ? state.timeIsUp() : state.begin()
            if let ending = try await perform(first, in: &group) { return ending }
            for await event in events {
                let actions: [SweepAction]
                switch event {
                case .ended(let attempt, let outcome, let number):
                    actions = try await end(attempt, outcome, attempt: number)
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

        func stopAll(atOnce: Bool) {
            for attempt in attempts.values { attempt.interrupt(atOnce: atOnce) }
        }

        private mutating func perform(
            _ actions: [SweepAction], in group: inout ThrowingTaskGroup<Void, any Error>
        ) async throws -> SweepEnding? {
            var actions = actions[...]
            while let action = actions.popFirst() {
                switch action {
                case .plan(let number):
                    let planner = TrialPlanner(sweep: runner.file.sweep, lag: runner.lag)
                    let trial = try planner.plan(after: history, at: runner.now())
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

        private mutating func launch(_ number: Int, in group: inout ThrowingTaskGroup<Void, any Error>) async throws {
            let time = runner.now()
            let attemptNumber = try await runner.store.start(number, at: time)
            let trial = history.update(number) { trial in
                trial.state = .running
                trial.reason = nil
                trial.attempt = attemptNumber
                trial.started = time
            }
            let launch = try runner.folder.prepare(trial, attempt: attemptNumber)
            let attempt = Attempt(
                trial: trial, attempt: attemptNumber, metric: runner.file.sweep.metric, launch: launch)
            attempts[number] = attempt
            runner.notify(.started(trial))
            group.addTask { [recorder, mailbox, notify = runner.notify] in
                let outcome = await attempt.run { records, last in
                    do { try await recorder.append(records) } catch { mailbox.yield(.failed(error)) }
                    notify(.reported(trial: number, last))
                }
                mailbox.yield(.ended(attempt, outcome, attempt: attemptNumber))
            }
        }

        private mutating func end(
            _ attempt: Attempt, _ outcome: AttemptOutcome, attempt attemptNumber: Int
        ) async throws -> [SweepAction] {
            let number = attempt.trial.number
            let ending = outcome.ending(attempt: attemptNumber, retry: runner.file.sweep.retry)
            let time = runner.now()
            try await runner.store.end(
                number, ending, metrics: await recorder.take(trial: number), at: time)
            attempts[number] = nil
            let trial = history.update(number) { trial in
                trial.state = ending.state
                trial.reason = ending.reason
                trial.value = ending.value
                trial.errorOutput = ending.errorOutput
                trial.ended = ending.state.isFinal ? time : nil
            }
            runner.notify(.ended(trial))
            return state.ended(number, in: ending.state)
        }
    }
}

extension ThrowingTaskGroup where ChildTaskResult == Void {
    fileprivate mutating func waitForAllIgnoringErrors() async {
        while (try? await next()) != nil {}
    }
}
