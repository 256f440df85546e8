import JSONWriting
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
/// An empty cell of a parameter means that it was inactive; an empty text has quotes.
///
///     let table = TrialTable(parameterNames: ["lr"])
///     print(table.header + table.line(for: trial))
public struct TrialTable: Sendable {
    public var parameterNames: [String]
    /// The metrics that have a column `metric.NAME` for their last value.
    public var metricNames: [String]

    public init(parameterNames: [String], metricNames: [String] = []) {
        self.parameterNames = parameterNames
        self.metricNames = metricNames
    }

    /// The names of the columns, with the line's end.
    public var header: String {
        CSVText.line(
            ["number", "state", "value", "reason", "started", "ended", "seconds", "attempts"]
                + parameterNames.map { "param.\($0)" } + metricNames.map { "metric.\($0)" })
    }

    /// The trial as a line of comma-separated values.
    ///
    /// - Parameter metrics: the last value of each metric.
    public func line(for trial: TrialRecord, metrics: [String: Double] = [:]) -> String {
        var cells = [
            String(trial.number), trial.state.rawValue, trial.value?.description ?? "",
            trial.reason.map { CSVText.cell($0.description) } ?? "", trial.started?.timestamp ?? "",
            trial.ended?.timestamp ?? "", trial.seconds?.description ?? "", String(trial.attempt),
        ]
        // Both are in the order of the sweep file, but of a trial only the active ones are there.
        var place = trial.parameters.startIndex
        for name in parameterNames {
            guard place < trial.parameters.endIndex, trial.parameters[place].name == name else {
                cells.append(trial.parameters[name].map { CSVText.cell($0.argument) } ?? "")
                continue
            }
            cells.append(CSVText.cell(trial.parameters[place].value.argument))
            place += 1
        }
        for name in metricNames { cells.append(metrics[name]?.description ?? "") }
        return cells.joined(separator: ",") + "\r\n"
    }

    /// The trial as a JSON object on one line, as in `TrialListing.node(of:)`.
    ///
    /// It is put together here, without nodes, since ten thousand trials should take no longer than a moment.
    public static func json(of trial: TrialRecord, metrics: [String: Double] = [:]) -> String {
        func quoted(_ text: String?) -> String { text.map(JSONText.quoted) ?? "null" }
        func number(_ value: Double?) -> String { value.flatMap { $0.isFinite ? "\($0)" : nil } ?? "null" }
        func object(_ fields: some Sequence<(String, String)>) -> String {
            "{" + fields.map { "\(JSONText.quoted($0)): \($1)" }.joined(separator: ", ") + "}"
        }
        let parameters = object(trial.parameters.lazy.map { ($0.name, $0.value.json(.spaced)) })
        let metrics = object(metrics.sorted { $0.key < $1.key }.lazy.map { ($0.key, number($0.value)) })
        let source = trial.source.map { object([("sweep", quoted($0.sweep)), ("trial", String($0.trial))]) }
        return object([
            ("number", String(trial.number)), ("state", quoted(trial.state.rawValue)),
            ("reason", quoted(trial.reason?.description)), ("error_output", quoted(trial.errorOutput)),
            ("attempt", String(trial.attempt)), ("value", number(trial.value)), ("params", parameters),
            ("metrics", metrics), ("started", quoted(trial.started?.timestamp)),
            ("ended", quoted(trial.ended?.timestamp)), ("seconds", number(trial.seconds)),
            ("origin", quoted(trial.isImported ? "imported" : trial.origin.rawValue)), ("source", source ?? "null"),
        ])
    }
}
