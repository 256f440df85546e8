import Foundation
import SweepExecution
import SweepFile
import SweepModel
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
    /// Something holds the sweep up for now, or has to be known.
    case notice(String)
}

/// Why a sweep cannot go on, though its file and its database are all right.
public enum SweepRunError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Several launches in a row failed; each costs a trial of the budget.
    case trainerDoesNotStart(String)
    /// So many trials from the first failed in one way, and others would as well. The reason is that of the last, and
    /// `errors` are its last words.
    case everyTrialFailsAlike(count: Int, trial: Int, reason: TrialReason?, errors: String?, log: String)
    /// What a trainer prints cannot be kept: a full disk, mostly.
    case outputIsLost(String)
    /// This machine has no room for a trial's files.
    case noRoom(String)
    /// This machine has less than the sweep asks for.
    case tooLittle(String)

    public var description: String {
        switch self {
        case .trainerDoesNotStart(let detail): "the trainer does not start: \(detail)"
        case .everyTrialFailsAlike(let count, let trial, let reason, let errors, let log):
            "the first \(count) trials have all failed alike, which other values will hardly change; trial \(trial): "
                + (reason?.description ?? "") + (errors?.split(separator: "\n").last.map { ": \($0)" } ?? "")
                + "; what it printed: \(log)"
        case .outputIsLost(let detail): "what a trainer prints cannot be kept: \(detail)"
        case .noRoom(let detail): "the files of a trial cannot be written: \(detail)"
        case .tooLittle(let detail): detail
        }
    }
}

/// Runs a sweep: performs what `SweepState` decides.
public struct SweepRunner: Sendable {
    let file: SweepFile
    let store: SweepStore
    /// The right to run it, which this process must not lose.
    let lock: SweepLock?
    let lag: Int?
    let folder: TrialFolder
    /// One for each trial that may run at once.
    let slots: [TrialSlots.Slot]
    let guardian: GuardianLine?
    let isInterrupted: @Sendable () -> Bool
    let now: @Sendable () -> Date
    let notify: @Sendable (SweepNotice) -> Void

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
        self.file = file
        self.store = store
        self.lock = lock
        self.lag = lag
        folder = TrialFolder(file: file, directory: directory, programs: programs, token: token)
        self.slots = slots
        self.guardian = guardian
        self.isInterrupted = isInterrupted
        self.now = now
        self.notify = notify
    }

    /// Runs until the budget is spent or the sweep is interrupted.
    ///
    /// - Parameter interruptions: the first lets running trials end, the second ends them, the third at once.
    /// - Throws: what the store or the file system reports; all trainers have then been stopped, and what was stored
    ///   is a sweep that can be resumed.
    public func run(interruptions: AsyncStream<Void>) async throws -> SweepEnding {
        store.whenHeldUp { [notify] in
            notify(.notice("another program holds the database of this sweep; waiting until it lets go"))
        }
        let spent = try store.timeRun()
        let begin = SuspendingClock.now
        try await store.log(
            EventRecord(.plannerStarted, at: now(), detail: "process \(getpid()), \(slots.count) workers"))
        let note = try await store.noteAlive(at: now(), worked: 0)
        let interrupted = try await store.recoverInterruptedTrials(at: now())
        if !interrupted.isEmpty {
            // Their planner was killed, and its guardian too perhaps: nobody else may be in their folders.
            await ProcessTable.endAll(
                inTrialsBelow: "\(folder.directory)/trials", areLaunchers: file.sweep.launcher != nil)
            try await recoverReports(of: interrupted)
            notify(.recovered(interrupted))
        }
        let recorder = MetricRecorder(store: store)
        let (events, mailbox) = AsyncStream<SweepRun.Event>.makeStream()
        let ending = try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { for await _ in interruptions { mailbox.yield(.interrupted) } }
            tasks.addTask { try? await keepAlive(recorder, note, since: begin, reportingTo: mailbox) }
            if let time = file.sweep.budget.time, time > spent {
                tasks.addTask {
                    do { try await Task.sleep(for: time - spent, clock: .suspending) } catch { return }
                    mailbox.yield(.timeIsUp)
                }
            }
            defer { tasks.cancelAll() }
            var run = try await SweepRun(self, recorder: recorder, mailbox: mailbox)
            let timeIsUp = file.sweep.budget.time.map { $0 <= spent } ?? false
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
        try await store.log(
            EventRecord(.plannerEnded, at: now(), detail: "\(ending)", seconds: Self.seconds(since: begin)))
        return ending
    }

    /// Takes from the logs what the planner that was killed had not stored yet.
    private func recoverReports(of interrupted: [Int]) async throws {
        let pruned = try store.decisionsInForce().filter { $0.action == .prune }.map(\.trial)
        let lost = LostReports(store: store, metric: file.sweep.metric)
        // What comes after the decision to prune a trial is no report.
        for number in interrupted where !pruned.contains(number) {
            guard let trial = try store.trial(number) else { continue }
            try await lost.recover(trial, from: folder.path(of: number))
        }
    }

    /// To the millisecond, by a clock that no one sets and that stands still while the machine sleeps.
    static func seconds(since begin: SuspendingClock.Instant) -> Double {
        ((SuspendingClock.now - begin) / .milliseconds(1)).rounded() / 1000
    }

    /// Stores what is reported soon after it is, and that this planner lives: a budget of time is charged up to the
    /// last moment known, also of a planner that was killed.
    private func keepAlive(
        _ recorder: MetricRecorder, _ note: Int64, since begin: SuspendingClock.Instant,
        reportingTo mailbox: AsyncStream<SweepRun.Event>.Continuation
    ) async throws {
        var rounds = 0
        while true {
            try await Task.sleep(for: .milliseconds(250))
            rounds += 1
            do {
                try store.requireInPlace()
                try lock?.requireHeld()
                try await recorder.flush()
                if rounds.isMultiple(of: 8) {
                    _ = try await store.noteAlive(at: now(), worked: Self.seconds(since: begin), renewing: note)
                }
            } catch {
                mailbox.yield(.failed(error))
            }
        }
    }
}
