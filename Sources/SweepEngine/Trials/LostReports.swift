import SweepExecution
import SweepModel
import SweepStore
import TrialProtocol

/// What a trainer had reported when its planner was killed, and what of it was not stored yet: reports are stored in
/// batches, and written to the trial's log at once.
struct LostReports {
    let store: SweepStore
    let metric: Metric

    /// Reads the log of a trial that was interrupted, and stores what the database lacks of its last attempt.
    ///
    /// - Parameter directory: of the trial; none of its processes is left.
    func recover(_ trial: TrialRecord, from directory: String) async throws {
        guard let reports = TrialFiles.reports(in: directory), !reports.isEmpty else { return }
        let stored = try store.metrics(ofTrial: trial.number)
        let lost = Self.records(of: trial, in: reports, stored: stored, metric: metric)
        try await store.record(lost)
    }

    /// The numbers of the last attempt that are in the log and not in the database.
    ///
    /// - Parameters:
    ///   - reports: all that the log holds, of all attempts.
    ///   - stored: all that the database holds of the trial, in the order of arrival.
    static func records(
        of trial: TrialRecord, in reports: [MetricReport], stored: [MetricRecord], metric: Metric
    ) -> [MetricRecord] {
        let printed = reports.flatMap { report in report.metrics.map { (name: $0.name, value: $0.value) } }
        func matches(_ records: [MetricRecord], at start: Int) -> Bool {
            start >= 0 && start + records.count <= printed.count
                && zip(records, printed[start...]).allSatisfy { record, printed in
                    record.name == printed.name
                        && (record.value == printed.value || record.value.isNaN && printed.value.isNaN)
                }
        }
        let known = stored.filter { $0.attempt == trial.attempt }
        let earlier = stored.filter { $0.attempt < trial.attempt }
        // Where reports of an earlier attempt were dropped, the database has less than the log: then what is known of
        // the last attempt says where that begins.
        let beginning: Int
        if matches(earlier, at: 0), matches(known, at: earlier.count) {
            beginning = earlier.count
        } else if !known.isEmpty,
            let found = (0...max(0, printed.count - known.count)).last(where: { matches(known, at: $0) })
        {
            beginning = found
        } else {
            return []
        }
        var records: [MetricRecord] = []
        var steps = StepCount()
        var position = 0
        for report in reports {
            defer { position += report.metrics.count }
            guard position >= beginning else { continue }
            let step = steps.take(report, of: metric).step
            for (offset, number) in report.metrics.enumerated() where position + offset >= beginning + known.count {
                records.append(
                    MetricRecord(
                        trial: trial.number, attempt: trial.attempt, step: step, name: number.name,
                        value: number.value))
            }
        }
        return records
    }
}
