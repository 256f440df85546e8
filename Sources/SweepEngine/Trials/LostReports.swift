import SweepExecution
import SweepModel
import SweepStore
import TrialProtocol

/// Finds what a trainer had reported and its planner, which was killed, had not stored yet.
///
/// Lines are written to the trial's log at once, and reports to the database in batches: the log knows more. What the
/// database holds of the trial is looked for in the log, and what follows it there is stored.
///
/// Names and values are compared, not steps: a report without a step gets one by being counted, and where that count
/// began is what is looked for here. If the log reads `3, 2, 1.5, 1.2` and the database holds `3, 2` of the only
/// attempt, then `1.5` and `1.2` are stored. If the database's numbers are nowhere in the log, nothing is stored: a gap
/// does less harm than values at the wrong steps.
struct LostReports {
    let store: SweepStore
    let metric: Metric
    /// Whether launchers ran the trainers.
    let areLaunchers: Bool
    /// What lines of text look like that are reports.
    let patterns: [ReportPattern]

    /// Reads the log of a trial that was interrupted, and stores what the database lacks of its last attempt.
    ///
    /// A trial without a log, or with one that is too large to be read (`TrialFiles.reports`), is left as it is.
    ///
    /// - Parameter directory: of the trial; none of its processes is left.
    /// - Throws: what the store throws.
    func recover(_ trial: TrialRecord, from directory: String) async throws {
        // There is no mark of where the attempt begins if an old release has run it, or if its planner was killed
        // before the trainer was started.
        let start = LogMarks(in: directory).start(of: trial.attempt, in: .output)
        guard
            let reports = TrialFiles.reports(
                in: directory, from: start ?? 0, isLauncher: areLaunchers, patterns: patterns),
            !reports.isEmpty
        else { return }
        let stored = try store.metrics(ofTrial: trial.number).filter { start == nil || $0.attempt == trial.attempt }
        let lost = Self.records(of: trial, in: reports, stored: stored, metric: metric)
        try await store.record(lost)
    }

    /// The numbers of the last attempt that are in the log and not in the database.
    ///
    /// - Parameters:
    ///   - reports: what the log holds, of all attempts or of the last one.
    ///   - stored: what the database holds of the same attempts, in the order of arrival.
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
        // Where reports of an earlier attempt were dropped, the database has less than the log: then the last that is
        // known of the last attempt says where that begins. A few numbers tell the place, and looking for more would
        // take long where a trainer reports the same number again and again.
        let beginning: Int
        let end = Array(known.suffix(100))
        if matches(earlier, at: 0), matches(known, at: earlier.count) {
            beginning = earlier.count
        } else if !known.isEmpty,
            let place = (0...max(0, printed.count - end.count)).last(where: { matches(end, at: $0) }),
            place >= known.count - end.count
        {
            beginning = place - (known.count - end.count)
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
