import SweepModel
import SweepSearch
import Tables

/// Trials one by one as lines for other programs, so that memory does not grow with their number.
///
/// As comma-separated values, with the columns that `revsweep import` reads:
///
///     number,state,value,reason,started,ended,seconds,attempts,param.lr
///     0,complete,0.21,,2026-03-01T09:30:00.125Z,2026-03-01T09:30:03.125Z,3.0,1,0.01
///
/// An empty cell of a parameter means that it was inactive; an empty text has quotes. A sweep with bounds has a column
/// `keeps_bounds` behind `attempts`, and one with several metrics a column `front`: true or false for complete trials.
///
///     let table = TrialTable(parameterNames: ["lr"])
///     print(table.header + table.line(for: trial))
public struct TrialTable: Sendable {
    /// The parameters that have a column `param.NAME`, in this order.
    public var parameterNames: [String]
    /// The metrics that have a column `metric.NAME` for their last value.
    public var metricNames: [String]
    /// Nil for no columns about bounds and the front.
    public var objectives: Objectives?
    /// The numbers of the trials that no other one dominates.
    public var front: Set<Int>

    public init(
        parameterNames: [String], metricNames: [String] = [], objectives: Objectives? = nil, front: Set<Int> = []
    ) {
        self.parameterNames = parameterNames
        self.metricNames = metricNames
        self.objectives = objectives
        self.front = front
    }

    private var hasBounds: Bool { objectives?.bounds.isEmpty == false }
    private var hasFront: Bool { objectives?.areSeveral == true }

    /// The names of the columns, with the line's end.
    public var header: String {
        CSVText.line(
            ["number", "state", "value", "reason", "started", "ended", "seconds", "attempts"]
                + (hasBounds ? ["keeps_bounds"] : []) + (hasFront ? ["front"] : [])
                + parameterNames.map { "param.\($0)" } + metricNames.map { "metric.\($0)" })
    }

    /// The trial as a line of comma-separated values.
    ///
    /// - Parameter metrics: the last value of each metric.
    public func line(for trial: TrialRecord, metrics: [String: Double] = [:]) -> String {
        var cells = [
            String(trial.number), trial.state.rawValue, trial.value?.description ?? "",
            trial.reason == nil ? "" : CSVText.cell(trial.whyAtOneGlance), trial.started?.timestamp ?? "",
            trial.ended?.timestamp ?? "", trial.seconds?.description ?? "", String(trial.attempt),
        ]
        let isComplete = trial.state == .complete
        if hasBounds { cells.append(isComplete ? String(objectives?.keepsBounds(trial) ?? true) : "") }
        if hasFront { cells.append(isComplete ? String(front.contains(trial.number)) : "") }
        trial.parameters.forEachValue(of: parameterNames) { cells.append($0.map { CSVText.cell($0.argument) } ?? "") }
        for name in metricNames { cells.append(metrics[name]?.description ?? "") }
        return cells.joined(separator: ",") + "\r\n"
    }
}
