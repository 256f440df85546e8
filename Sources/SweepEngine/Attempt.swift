import Foundation
import SweepExecution
import SweepFile
import SweepStore
import Synchronization
import TrialProtocol

/// One attempt of one trial: its process, and what is made of its reports while it runs.
final class Attempt: Sendable {
    fileprivate struct Progress {
        /// What earlier attempts reported, as far as this one goes on from there.
        var earlier: [(step: Int, value: Double)]
        var hasReported = false
        var value: Double?
        var hasDiverged = false
        var wasInterrupted = false
        var nextStep = 1
    }

    let trial: TrialRecord
    private let attempt: Int
    private let metric: Metric
    private let launch: TrialLaunch
    private let stop = StopRequest()
    private let progress: Mutex<Progress>
    private let failures: Int
    /// How much of standard error earlier attempts wrote.
    private let errorsBefore: UInt64

    /// - Parameter attempt: its number, from 1.
    init(trial: TrialRecord, attempt: Int, earlier: EarlierAttempts, metric: Metric, launch: TrialLaunch) {
        self.trial = trial
        self.attempt = attempt
        self.metric = metric
        self.launch = launch
        progress = Mutex(Progress(earlier: earlier.values))
        failures = earlier.failures
        errorsBefore = Self.size(of: "\(launch.directory)/stderr.log")
    }

    /// Ends the attempt so that the trial can be run again.
    func interrupt(atOnce: Bool) {
        progress.withLock { $0.wasInterrupted = true }
        stop.stop(grace: atOnce ? .zero : launch.grace)
    }

    /// Runs the process to its end.
    ///
    /// - Parameter record: called with each piece of reports before the next one is read.
    func run(record: @escaping @Sendable ([MetricRecord], MetricReport) async -> Void) async -> AttemptOutcome {
        let exit = await TrialProcess.run(launch, stop: stop) { [self] reports in
            var records: [MetricRecord] = []
            for report in reports { records += take(report) }
            if let last = reports.last { await record(records, last) }
        }
        return progress.withLock { progress in
            AttemptOutcome(
                exit: exit, value: progress.value(by: metric), hasDiverged: progress.hasDiverged,
                wasInterrupted: progress.wasInterrupted, earlierFailures: failures,
                errorOutput: exit == .exited(0) ? nil : errorOutput())
        }
    }

    private func take(_ report: MetricReport) -> [MetricRecord] {
        let (step, diverges) = progress.withLock { progress in
            let step = report.step ?? progress.nextStep
            if !progress.hasReported {
                // What an earlier attempt did from this step on is done again: it never was.
                progress.hasReported = true
                progress.earlier.removeAll { $0.step >= step }
            }
            progress.nextStep = step == .max ? step : step + 1
            guard let value = report[metric.name] else { return (step, false) }
            guard value.isFinite else {
                progress.hasDiverged = true
                return (step, true)
            }
            switch metric.rule {
            case .last: progress.value = value
            case .best:
                if progress.value.map({ metric.prefers(value, to: $0) }) ?? true { progress.value = value }
            }
            return (step, false)
        }
        if diverges { stop.stop(grace: launch.grace) }
        return report.metrics.map {
            MetricRecord(trial: trial.number, attempt: attempt, step: step, name: $0.name, value: $0.value)
        }
    }

    /// The last lines that this attempt wrote to standard error, at most 4 KiB of them.
    private func errorOutput() -> String? {
        guard let file = FileHandle(forReadingAtPath: "\(launch.directory)/stderr.log") else { return nil }
        defer { try? file.close() }
        guard let size = try? file.seekToEnd(), size > errorsBefore else { return nil }
        let most: UInt64 = 4096
        let isCut = size - errorsBefore > most
        try? file.seek(toOffset: isCut ? size - most : errorsBefore)
        guard let data = try? file.readToEnd() else { return nil }
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n").suffix(20)
        return (isCut ? lines.dropFirst() : lines).joined(separator: "\n")
    }

    private static func size(of path: String) -> UInt64 {
        let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber
        return size?.uint64Value ?? 0
    }
}

extension Attempt.Progress {
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
