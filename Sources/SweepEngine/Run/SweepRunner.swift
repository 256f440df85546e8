import Foundation
import SweepExecution
import SweepFile
import SweepModel
import SweepStore
import TrialProtocol

/// Runs a sweep: it performs what `SweepState` decides, and tells that what has come of it.
///
/// All decisions are in `SweepState`, which is a value and can be tested without a process; this has the processes, the
/// clock and the database.
///
///     let runner = SweepRunner(
///         file, store: store, directory: "/results/digits", programs: programs, token: token, lag: nil, slots: slots)
///     let ending = try await runner.run(interruptions: interruptions)     // .trials
public struct SweepRunner: Sendable {
    private let context: SweepContext

    /// - Parameters:
    ///   - directory: the sweep's own folder, absolute; its store is in it, and this process holds its lock.
    ///   - token: names this planner, and no other, in the environment of its trainers.
    ///   - lag: as it is stored with the sweep.
    ///   - slots: one for each trial that may run at once.
    ///   - guardian: told of each trainer while it runs.
    ///   - isInterrupted: whether there is or will be an element of `interruptions`. It is asked while a trial is being
    ///     planned, which may take long, and keeps the only thread busy that a small machine has.
    public init(
        _ file: SweepFile, store: SweepStore, lock: SweepLock? = nil, directory: String, programs: TrialPrograms,
        token: String, lag: Int?, slots: [TrialSlots.Slot], guardian: GuardianLine? = nil,
        isInterrupted: @escaping @Sendable () -> Bool = { false }, now: @escaping @Sendable () -> Date = { Date() },
        notify: @escaping @Sendable (SweepNotice) -> Void = { _ in }
    ) {
        context = SweepContext(
            file: file, store: store, lock: lock, lag: lag,
            folder: TrialFolder(file: file, directory: directory, programs: programs, token: token), slots: slots,
            guardian: guardian, isInterrupted: isInterrupted, now: now, notify: notify)
    }

    /// Runs until the budget is spent or the sweep is interrupted.
    ///
    /// - Parameter interruptions: the first lets running trials end, the second ends them, the third at once.
    /// - Throws: what the store or the file system reports; all trainers have then been stopped, and what was stored
    ///   is a sweep that can be resumed.
    public func run(interruptions: AsyncStream<Void>) async throws -> SweepEnding {
        // Not the whole context: it has the store, which would then keep itself open for ever.
        context.store.whenHeldUp { [notify = context.notify] in
            notify(.notice("another program holds the database of this sweep; waiting until it lets go"))
        }
        let spent = try context.store.timeRun()
        let begin = SuspendingClock.now
        try await context.store.log(
            EventRecord(
                .plannerStarted, at: context.now(), detail: "process \(getpid()), \(context.slots.count) workers"))
        let note = try await context.store.noteAlive(at: context.now(), worked: 0)
        try await recoverInterruptedTrials()
        let recorder = MetricRecorder(store: context.store)
        let (events, mailbox) = AsyncStream<SweepRun.Event>.makeStream()
        let ending = try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { for await _ in interruptions { mailbox.yield(.interrupted) } }
            tasks.addTask { try? await keepAlive(recorder, note, since: begin, reportingTo: mailbox) }
            if let time = context.file.sweep.budget.time, time > spent {
                tasks.addTask {
                    do { try await Task.sleep(for: time - spent, clock: .suspending) } catch { return }
                    mailbox.yield(.timeIsUp)
                }
            }
            defer { tasks.cancelAll() }
            var run = try await SweepRun(context, recorder: recorder, mailbox: mailbox)
            let timeIsUp = context.file.sweep.budget.time.map { $0 <= spent } ?? false
            // A group that discards what its tasks return also forgets the tasks themselves: memory does not grow with
            // the number of trials. An error is caught inside, since one that left the group would cancel the trials,
            // and a cancelled trainer loses its last words.
            return try await withDiscardingTaskGroup { trials in
                // Only those are left that wait until a trial may be run again.
                defer { trials.cancelAll() }
                do {
                    return Result<SweepEnding, any Error>.success(
                        try await run.run(events, timeIsUp: timeIsUp, in: &trials))
                } catch {
                    await run.giveUp(events)
                    return .failure(error)
                }
            }.get()
        }
        try await recorder.flush()
        try await context.store.log(
            EventRecord(.plannerEnded, at: context.now(), detail: "\(ending)", seconds: begin.secondsSoFar))
        return ending
    }

    /// Makes the trials that a planner was running when it was killed trials that wait.
    ///
    /// That comes last: until then they are stored as running, so that a planner that is killed meanwhile leaves the
    /// same for the next one to do.
    private func recoverInterruptedTrials() async throws {
        let running = try context.store.runningTrials(reportsOf: context.file.sweep.metric.name).map(\.number)
        if running.isEmpty { return }
        // Perhaps its guardian was killed as well: no process of theirs may be left.
        await ProcessTable.endAll(
            inTrialsBelow: "\(context.folder.directory)/trials", areLaunchers: context.file.sweep.launcher != nil)
        try await recoverReports(of: running)
        context.notify(.recovered(try await context.store.recoverInterruptedTrials(at: context.now())))
    }

    /// Takes from the logs what the planner that was killed had not stored yet.
    private func recoverReports(of interrupted: [Int]) async throws {
        let pruned = try context.store.decisionsInForce().filter { $0.action == .prune }.map(\.trial)
        let lost = LostReports(
            store: context.store, metric: context.file.sweep.metric,
            areLaunchers: context.file.sweep.launcher != nil, patterns: context.file.sweep.trainer.reports)
        // What comes after the decision to prune a trial is no report.
        for number in interrupted where !pruned.contains(number) {
            guard let trial = try context.store.trial(number) else { continue }
            try await lost.recover(trial, from: context.folder.path(of: number))
        }
    }

    /// Stores what is reported soon after it is, and that this planner lives: a budget of time is charged up to the
    /// last moment known, also of a planner that was killed.
    ///
    /// Four times a second metrics are stored, and it is checked that the database and the lock are still the ones that
    /// were opened: a sweep whose folder was removed must not go on. The note of being alive is renewed every two
    /// seconds. An error goes to the run as an event, which then stops the trainers in order.
    private func keepAlive(
        _ recorder: MetricRecorder, _ note: Int64, since begin: SuspendingClock.Instant,
        reportingTo mailbox: AsyncStream<SweepRun.Event>.Continuation
    ) async throws {
        var rounds = 0
        while true {
            try await Task.sleep(for: .milliseconds(250))
            rounds += 1
            do {
                try context.store.requireInPlace()
                try context.lock?.requireHeld()
                try await recorder.flush()
                if rounds.isMultiple(of: 8) {
                    _ = try await context.store.noteAlive(at: context.now(), worked: begin.secondsSoFar, renewing: note)
                }
            } catch {
                mailbox.yield(.failed(error))
            }
        }
    }
}
