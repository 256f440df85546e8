import SweepModel

/// Trials with all their metrics as lines of comma-separated values: what `revsweep trials --csv` and `revsweep export
/// --format csv --metrics` write.
///
/// A metric has its last value. One that the sweep optimizes or bounds beside the first has the value that counts,
/// which by `value: best` may be another one, and has a column also where no trial has reported it.
///
///     let table = MetricTable(
///         parameterNames: record.parameterNames, objectives: record.objectives,
///         lastMetrics: try store.lastMetrics(), front: Set(try store.front()))
///     print(table.header + table.line(for: trial))
public struct MetricTable: Sendable {
    private let table: TrialTable
    private let lastMetrics: [Int: [String: Double]]

    /// - Parameters:
    ///   - lastMetrics: by trial and name; empty for no columns but those of the further objectives.
    ///   - front: the numbers of the trials that no other one dominates.
    public init(
        parameterNames: [String], objectives: Objectives, lastMetrics: [Int: [String: Double]], front: Set<Int>
    ) {
        let names = lastMetrics.values.flatMap(\.keys) + objectives.further.map(\.name)
        table = TrialTable(
            parameterNames: parameterNames, metricNames: Set(names).sorted(), objectives: objectives, front: front)
        self.lastMetrics = lastMetrics
    }

    /// The names of the columns, with the line's end.
    public var header: String { table.header }

    /// The trial as a line of comma-separated values.
    public func line(for trial: TrialRecord) -> String {
        table.line(for: trial, metrics: (lastMetrics[trial.number] ?? [:]).merging(trial.further) { _, value in value })
    }
}
