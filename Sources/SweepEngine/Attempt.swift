import Foundation
import SweepExecution
import SweepFile
import SweepStore
import Synchronization
import TrialProtocol

/// One attempt of one trial: its process, and what is made of its reports while it runs.
final class Attempt: Sendable {
    private struct Progress {
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
    private let progress = Mutex(Progress())

    /// - Parameter attempt: its number, from 1.
    init(trial: TrialRecord, attempt: Int, metric: Metric, launch: TrialLaunch) {
        self.trial = trial
        self.attempt = attempt
        self.metric = metric
        self.launch = launch
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
                exit: exit, value: progress.value, hasDiverged: progress.hasDiverged,
                wasInterrupted: progress.wasInterrupted, errorOutput: Self.tail(of: "\(launch.directory)/stderr.log"))
        }
    }

    private func take(_ report: MetricReport) -> [MetricRecord] {
        let (step, diverges) = progress.withLock { progress in
            let step = report.step ?? progress.nextStep
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

    /// The last lines of a log, at most 4 KiB of them.
    private static func tail(of path: String) -> String? {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        guard let size = try? file.seekToEnd(), size > 0 else { return nil }
        let most: UInt64 = 4096
        try? file.seek(toOffset: size > most ? size - most : 0)
        guard let data = try? file.readToEnd() else { return nil }
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n").suffix(20)
        return (size > most ? lines.dropFirst() : lines).joined(separator: "\n")
    }
}
