import EarlyStopping
import Foundation
import SweepExecution
import SweepFile
import SweepModel
import SweepSearch
import SweepStore
import Synchronization
import TrialProtocol

/// What the user should know about a trial that runs.
enum TrialNotice: Sendable, Hashable {
    /// The trainer cannot be started for now.
    case delayed(String)
    /// A step that it reported is no whole number.
    case unusableStep
    /// It reports the metric at steps that it has passed already.
    case restartedSteps(step: Int, after: Int)
}

/// One attempt of one trial: its process, and what is made of its reports while it runs.
///
/// Reports arrive in the process's own task; what they add up to is kept under a lock, because the sweep may interrupt
/// the attempt at any moment from another task.
///
///     let attempt = Attempt(
///         trial: trial, attempt: 1, earlier: EarlierAttempts(), objectives: sweep.objectives, launch: launch,
///         reporting: reporting)
///     let outcome = await attempt.run()
///     let ending = outcome.ending(retry: sweep.retry)
final class Attempt: Sendable {
    /// What the reports so far add up to.
    fileprivate struct Progress {
        /// What earlier attempts reported, as far as this one goes on from there.
        var earlier: [(step: Int, value: Double)]
        /// The steps at which the metric was not a finite number in earlier attempts: one that was to pause, say,
        /// went on until it heard of it.
        var earlierDivergences: [Int]
        var steps = StepCount()
        /// By the metric's rule, of this attempt alone; nil before the first finite value.
        var value: Double?
        /// The other metrics that the sweep optimizes or bounds.
        var further: FurtherMetrics
        var hasDiverged = false
        var wasInterrupted = false
        var decision: TrialDecision?
        /// What came after the decision.
        var late = AttemptOutcome.Late()
        var decided: ContinuousClock.Instant?
        var isHurried = false
    }

    /// What is told of an attempt, and to whom.
    struct Reporting: Sendable {
        /// Where metrics go that nothing is decided about.
        let recorder: MetricRecorder
        /// Nil where every trial runs to its end.
        let judge: TrialJudge?
        /// Whether a decision counts even if the trainer comes to its own end before it hears of it.
        let decisionsStand: Bool
        /// Called with each report before the next piece of them is read.
        let reported: @Sendable (MetricReport) -> Void
        /// Called with each decision that the trial goes on.
        let judged: @Sendable (TrialDecision) -> Void
        /// Called if reports cannot be stored.
        let failed: @Sendable (any Error) -> Void
        /// Called with what the user should know about the trial.
        let notice: @Sendable (TrialNotice) -> Void
        /// Told of the process while it runs; nil without guardians.
        let guardian: GuardianLine?
    }

    let trial: TrialRecord
    private let attempt: Int
    private let metric: Metric
    private let reporting: Reporting
    private let launch: TrialLaunch
    private let stop = StopRequest()
    private let progress: Mutex<Progress>
    private let failures: Int
    /// How much of its logs earlier attempts wrote.
    private let errorsBefore: Int
    private let outputBefore: Int

    /// - Parameter earlier: what the attempts before this one left, of which the last values count too.
    init(
        trial: TrialRecord, earlier: EarlierAttempts, objectives: Objectives, launch: TrialLaunch,
        reporting: Reporting
    ) {
        self.trial = trial
        attempt = trial.attempt
        metric = objectives.metric
        self.launch = launch
        self.reporting = reporting
        progress = Mutex(
            Progress(
                earlier: earlier.values, earlierDivergences: earlier.divergences,
                further: FurtherMetrics(objectives, after: earlier)))
        failures = earlier.failures
        errorsBefore = TrialFiles.size(of: TrialLog.errors.fileName, in: launch.directory)
        outputBefore = TrialFiles.size(of: TrialLog.output.fileName, in: launch.directory)
    }

    /// Ends the attempt so that the trial can be run again.
    ///
    /// May be called from any task and more than once. The outcome then says `wasInterrupted`, and the trial waits to
    /// be run again unless its trainer came to its own end first.
    ///
    /// - Parameter atOnce: whether the trainer gets no time to save its work.
    func interrupt(atOnce: Bool) {
        progress.withLock { $0.wasInterrupted = true }
        stop.stop(grace: atOnce ? .zero : launch.grace)
    }

    /// Runs the process to its end.
    ///
    /// It does not throw: reports that cannot be stored are told to `reporting.failed`, and the process still runs to
    /// its end. A promoted trial that has passed its next rung already is not started at all.
    func run() async -> AttemptOutcome {
        do { follow(try await reporting.judge?.attemptIsDue(trial.number, attempt: attempt)) } catch {
            reporting.failed(error)
        }
        let isDone = progress.withLock { $0.decision != nil }
        let exit = isDone ? .exited(0) : await process()
        let cameToItsEnd = !isDone && exit == .exited(0) && !stop.wasTold
        // Logs are read below: whoever interrupts the attempt must not wait for that.
        let progress = progress.withLock(\.self)
        let value = progress.value(by: metric)
        var late = progress.late
        late.value = metric.value(of: value, then: late.value)
        // It goes on behind a step at which it had diverged, or had nothing left to do.
        let hadDiverged =
            exit == .exited(0) && (!progress.wasInterrupted || cameToItsEnd) && !progress.earlierDivergences.isEmpty
        let missing = value == nil ? metric.name : progress.further.missing
        return AttemptOutcome(
            exit: exit, value: value, further: progress.further.values,
            hasDiverged: progress.hasDiverged || hadDiverged,
            wasInterrupted: progress.wasInterrupted,
            decision: progress.decision, decisionStands: reporting.decisionsStand, cameToItsEnd: cameToItsEnd,
            late: late, earlierFailures: failures,
            errorOutput: exit == .exited(0) ? nil : errorOutput(),
            missingMetric: exit != .exited(0) || progress.decision != nil
                ? nil
                : missing.map {
                    MissingMetric(
                        $0, in: launch.directory, output: outputBefore, errors: errorsBefore,
                        patterns: launch.reportPatterns)
                })
    }

    /// Starts the trainer and reads what it prints until it has ended.
    private func process() async -> TrialExit {
        await TrialProcess.run(
            launch, stop: stop, guardian: reporting.guardian,
            delayed: { [reporting] in reporting.notice(.delayed($0)) },
            report: { [self] reports in
                do { try await take(reports) } catch { reporting.failed(error) }
                for report in reports { reporting.reported(report) }
            })
    }

    /// Takes in the reports of one piece of output: the numbers are recorded, and the metric is judged.
    private func take(_ reports: [MetricReport]) async throws {
        // One that still reports a while after it was decided to end it is not at its end.
        if !stop.wasTold, progress.withLock({ $0.hurries() }) { stop.stop(grace: launch.grace) }
        var records: [MetricRecord] = []
        for report in reports {
            if report.hasUnusableStep { reporting.notice(.unusableStep) }
            guard let taken = progress.withLock({ $0.take(report, metric) }) else { break }
            if let last = taken.step.restartsAfter {
                reporting.notice(.restartedSteps(step: taken.step.step, after: last))
            }
            let step = taken.step.step
            let news = report.metrics.map {
                MetricRecord(trial: trial.number, attempt: attempt, step: step, name: $0.name, value: $0.value)
            }
            let point = taken.value.map { LearningCurve.Point(step: step, value: $0) }
            if taken.isDropped {
                if !reporting.decisionsStand, !stop.wasTold { progress.withLock { $0.late.append(news, point) } }
                continue
            }
            records += news
            if taken.diverges { stop.stop(grace: launch.grace) }
            guard let judge = reporting.judge else { continue }
            if taken.step.isBeginning { await judge.attemptBegins(trial.number, at: step) }
            guard let point else { continue }
            if taken.isLate {
                try await judge.late(point, of: trial.number, records: records)
            } else {
                follow(try await judge.report(point, of: trial.number, attempt: attempt, records: records))
            }
            records = []
        }
        try await reporting.recorder.append(records)
    }

    /// How long a trainer may take to come to its own end after it was decided to end it: an interpreter that shuts
    /// down is not to be killed at it. It is told to stop before, with a report that comes later than `haste`.
    private static let patience = Duration.milliseconds(100)
    fileprivate static let haste = Duration.milliseconds(25)

    /// Has the trainer stopped if the decision says so. With a lag there is no patience: whether the trainer would have
    /// ended in time is then of no consequence.
    private func follow(_ decision: TrialDecision?) {
        guard let decision else { return }
        if decision.action == .goOn { return reporting.judged(decision) }
        progress.withLock { ($0.decision, $0.decided) = (decision, .now) }
        stop.stop(grace: launch.grace, patience: reporting.decisionsStand ? .zero : Self.patience)
    }

    /// The last lines that this attempt wrote to standard error, at most 4 KiB of them.
    private func errorOutput() -> String? {
        let most = 4096
        guard
            let bytes = TrialFiles.tail(
                of: TrialLog.errors.fileName, in: launch.directory, from: errorsBefore, atMost: most + 1),
            !bytes.isEmpty
        else { return nil }
        let isCut = bytes.count > most
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").suffix(20)
        return (isCut ? lines.dropFirst() : lines).joined(separator: "\n")
    }
}

extension Attempt.Progress {
    /// What one report means for the attempt.
    struct Taken {
        var step: StepCount.Step
        /// Of the metric, where it is reported and finite.
        var value: Double?
        var diverges = false
        /// The trial is to pause; a step that it reports now it will not report again.
        var isLate = false
        /// The trial is to be pruned; this only counts if it comes to its own end before.
        var isDropped = false
    }

    /// Takes note of a report; nil if the attempt is over already, though its process may not be.
    fileprivate mutating func take(_ report: MetricReport, _ metric: Metric) -> Taken? {
        if hasDiverged { return nil }
        var taken = Taken(step: steps.take(report, of: metric))
        switch decision?.action {
        case .prune:
            if late.hasDiverged { return nil }
            taken.isDropped = true
        case .pause: taken.isLate = true
        case .goOn, .promote, nil: break
        }
        if taken.step.isBeginning {
            // What an earlier attempt did from this step on is done again: it never was.
            earlier.removeAll { $0.step >= taken.step.step }
            earlierDivergences.removeAll { $0 >= taken.step.step }
            further.goBack(to: taken.step.step)
        }
        let isFinite = further.take(report)
        let value = report[metric.name]
        if value == nil, isFinite { return taken }
        guard let reported = value, reported.isFinite, isFinite else {
            // A trial that was to end before only diverges if it comes to its own end.
            if decision != nil {
                late.hasDiverged = true
                return taken
            }
            hasDiverged = true
            taken.diverges = true
            return taken
        }
        taken.value = reported
        if taken.isDropped {
            late.value = metric.value(of: late.value, then: reported)
        } else {
            self.value = metric.value(of: self.value, then: reported)
        }
        return taken
    }

    /// Whether the trainer is to be told to stop at once, which is once.
    fileprivate mutating func hurries() -> Bool {
        guard !isHurried, let decided, ContinuousClock.now - decided >= Attempt.haste else { return false }
        isHurried = true
        return true
    }

    /// The trial's value: this attempt goes on where an earlier one was, so what that one reported before counts too.
    fileprivate func value(by metric: Metric) -> Double? {
        metric.value(of: metric.value(of: earlier.lazy.map(\.value)), then: value)
    }
}
