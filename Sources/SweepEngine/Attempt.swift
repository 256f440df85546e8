import Foundation
import SweepExecution
import SweepFile
import SweepSearch
import SweepStore
import Synchronization
import TrialProtocol

/// What somebody has to know about a trial that runs.
enum TrialNotice: Sendable, Hashable {
    /// The trainer cannot be started for now.
    case delayed(String)
    /// A step that it reported is no whole number.
    case unusableStep
}

/// One attempt of one trial: its process, and what is made of its reports while it runs.
final class Attempt: Sendable {
    fileprivate struct Progress {
        /// What earlier attempts reported, as far as this one goes on from there.
        var earlier: [(step: Int, value: Double)]
        var hasReported = false
        var value: Double?
        var hasDiverged = false
        var wasInterrupted = false
        var decision: AttemptOutcome.Decision?
        var nextStep = 1
    }

    /// Where reports go.
    struct Desk: Sendable {
        let recorder: MetricRecorder
        /// Nil where every trial runs to its end.
        let judge: TrialJudge?
        /// Called with the last of each piece of reports before the next one is read.
        let reported: @Sendable (MetricReport) -> Void
        /// Called if reports cannot be stored.
        let failed: @Sendable (any Error) -> Void
        /// Called with what somebody has to know about the trial.
        let notice: @Sendable (TrialNotice) -> Void
        let guardian: GuardianLine?
    }

    let trial: TrialRecord
    private let attempt: Int
    private let metric: Metric
    private let desk: Desk
    private let launch: TrialLaunch
    private let stop = StopRequest()
    private let progress: Mutex<Progress>
    private let failures: Int
    /// How much of standard error earlier attempts wrote.
    private let errorsBefore: Int

    /// - Parameter attempt: its number, from 1.
    init(trial: TrialRecord, attempt: Int, earlier: EarlierAttempts, metric: Metric, launch: TrialLaunch, desk: Desk) {
        self.trial = trial
        self.attempt = attempt
        self.metric = metric
        self.launch = launch
        self.desk = desk
        progress = Mutex(Progress(earlier: earlier.values))
        failures = earlier.failures
        errorsBefore = TrialFiles.size(of: "stderr.log", in: launch.directory)
    }

    /// Ends the attempt so that the trial can be run again.
    func interrupt(atOnce: Bool) {
        progress.withLock { $0.wasInterrupted = true }
        stop.stop(grace: atOnce ? .zero : launch.grace)
    }

    /// Runs the process to its end.
    func run() async -> AttemptOutcome {
        do { follow(try await desk.judge?.attemptIsDue(trial.number, attempt: attempt)) } catch { desk.failed(error) }
        let isDone = progress.withLock { $0.decision != nil }
        let exit = isDone ? .exited(0) : await process()
        return progress.withLock { progress in
            AttemptOutcome(
                exit: exit, value: progress.value(by: metric), hasDiverged: progress.hasDiverged,
                wasInterrupted: progress.wasInterrupted, decision: progress.decision, earlierFailures: failures,
                errorOutput: exit == .exited(0) ? nil : errorOutput())
        }
    }

    private func process() async -> TrialExit {
        await TrialProcess.run(
            launch, stop: stop, guardian: desk.guardian, delayed: { [desk] in desk.notice(.delayed($0)) },
            report: { [self] reports in
                do { try await take(reports) } catch { desk.failed(error) }
                if let last = reports.last { desk.reported(last) }
            })
    }

    private func take(_ reports: [MetricReport]) async throws {
        var records: [MetricRecord] = []
        for report in reports {
            if report.hasUnusableStep { desk.notice(.unusableStep) }
            guard let taken = progress.withLock({ $0.take(report, metric) }) else { break }
            records += report.metrics.map {
                MetricRecord(trial: trial.number, attempt: attempt, step: taken.step, name: $0.name, value: $0.value)
            }
            if taken.diverges { stop.stop(grace: launch.grace) }
            guard let judge = desk.judge else { continue }
            if taken.isFirst { await judge.attemptBegins(trial.number, at: taken.step) }
            guard let value = taken.value else { continue }
            let point = LearningCurve.Point(step: taken.step, value: value)
            if taken.isLate {
                try await judge.late(point, of: trial.number, records: records)
            } else {
                follow(try await judge.report(point, of: trial.number, attempt: attempt, records: records))
            }
            records = []
        }
        try await desk.recorder.append(records)
    }

    private func follow(_ verdict: Verdict?) {
        let decision: AttemptOutcome.Decision
        switch verdict {
        case nil, .goOn: return
        case .prune(let reason): decision = .prune(reason: reason)
        case .pause(let rung, let step, let value, let reason):
            decision = .pause(rung: rung, step: step, value: value, reason: reason)
        }
        progress.withLock { $0.decision = decision }
        stop.stop(grace: launch.grace)
    }

    /// The last lines that this attempt wrote to standard error, at most 4 KiB of them.
    private func errorOutput() -> String? {
        let most = 4096
        guard
            let bytes = TrialFiles.tail(
                of: "stderr.log", in: launch.directory, from: errorsBefore, atMost: most + 1), !bytes.isEmpty
        else { return nil }
        let isCut = bytes.count > most
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").suffix(20)
        return (isCut ? lines.dropFirst() : lines).joined(separator: "\n")
    }
}

extension Attempt.Progress {
    struct Taken {
        var step: Int
        /// Of the metric, where it is reported and finite.
        var value: Double?
        var isFirst: Bool
        var diverges = false
        /// The trial is to pause; a step that it reports now it will not report again.
        var isLate = false
    }

    /// Takes note of a report; nil if the attempt is over already, though its process may not be.
    fileprivate mutating func take(_ report: MetricReport, _ metric: Metric) -> Taken? {
        if hasDiverged { return nil }
        var taken = Taken(step: report.step ?? nextStep, isFirst: !hasReported)
        switch decision {
        // How much a trainer still prints is a matter of timing, and it will never go on.
        case .prune: return nil
        case .pause: taken.isLate = true
        case nil: break
        }
        if !hasReported {
            // What an earlier attempt did from this step on is done again: it never was.
            hasReported = true
            earlier.removeAll { $0.step >= taken.step }
        }
        nextStep = taken.step == .max ? taken.step : taken.step + 1
        guard let reported = report[metric.name] else { return taken }
        guard reported.isFinite else {
            // A trial that is paused diverges when it goes on, if it does.
            if taken.isLate { return taken }
            hasDiverged = true
            taken.diverges = true
            return taken
        }
        taken.value = reported
        switch metric.rule {
        case .last: value = reported
        case .best: if value.map({ metric.prefers(reported, to: $0) }) ?? true { value = reported }
        }
        return taken
    }

    /// The trial's value: this attempt goes on where an earlier one was, so what that one reported before counts too.
    fileprivate func value(by metric: Metric) -> Double? {
        switch metric.rule {
        case .last: value ?? earlier.last?.value
        case .best:
            (earlier.map(\.value).filter(\.isFinite) + [value].compactMap(\.self))
                .min { metric.prefers($0, to: $1) }
        }
    }
}
