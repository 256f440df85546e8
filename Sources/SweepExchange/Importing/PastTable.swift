import ConfigFile
import Files
import Foundation
import SweepModel
import SweepSearch
import SweepStore
import Tables

/// The trials of a table of comma-separated values, as they may become history of a sweep.
///
/// Columns are found by their names, those that `revsweep export` writes and those of other programs: a parameter as
/// `param.NAME`, `params_NAME` or `NAME`, a metric under its name or as `metric.NAME`, the value also as `value`. An
/// empty cell means that the parameter was inactive. Without a column `state`, a row with a value is a complete trial.
///
/// A metric may have the name of a column that `revsweep export` writes, such as `seconds`. In such a table that column
/// is not the metric's, and in any other it is.
struct PastTable {
    private let path: String
    private let sweep: Sweep
    private var parameters: [(column: Int, name: String)] = []
    private let columns: [String: Int]
    /// Whether `revsweep export` has written it.
    private let isOwn: Bool

    /// - Throws: `ExchangeError` with the line that is wrong.
    static func trials(in path: String, for sweep: Sweep) throws(ExchangeError) -> [PastTrial] {
        let bytes: [UInt8]
        do { bytes = try readAll(path) ?? [] } catch { throw ExchangeError(error) }
        if OptunaFile.isDatabase(bytes) { throw try foreignDatabase(path) }
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw unknown(path, "it is no text")
        }
        try refuseJSON(text, path)
        let rows: [CSVReader.Row]
        do { rows = try CSVReader.rows(of: text) } catch {
            throw ExchangeError(path, line: error.line, "a quote begins here that never ends")
        }
        guard let header = rows.first else { throw unknown(path, "it is empty") }
        let table = try PastTable(header.cells.map(\.text), path, sweep)
        let numbers = rows.dropFirst().map { table.fixed("number", $0).flatMap { Int($0) } }
        // Without numbers of their own, rows are counted.
        let known = numbers.compactMap(\.self).filter { $0 >= 0 }
        let areNumbered = known.count == numbers.count && Set(known).count == known.count
        var trials: [PastTrial] = []
        for (index, row) in rows.dropFirst().enumerated() {
            trials.append(try table.trial(row, number: areNumbered ? known[index] : index, cells: header.cells.count))
        }
        return trials
    }

    private init(_ names: [String], _ path: String, _ sweep: Sweep) throws(ExchangeError) {
        self.path = path
        self.sweep = sweep
        columns = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
        isOwn = Self.fixedColumns.isSubset(of: names)
        var found: [String: Int] = [:]
        for (column, name) in names.enumerated() {
            guard let parameter = Self.parameter(name, sweep, isOwn: isOwn) else { continue }
            if let other = found[parameter] {
                throw ExchangeError(
                    path, line: 1,
                    "the columns '\(names[other])' and '\(name)' are both of the parameter '\(parameter)'")
            }
            found[parameter] = column
            parameters.append((column, parameter))
        }
        if !sweep.space.parameters.isEmpty, !parameters.contains(where: { sweep.space[$0.name] != nil }) {
            throw Self.unknown(
                path, "its first line names no parameter of the sweep: \(names.prefix(8).joined(separator: ", "))")
        }
        for metric in sweep.objectives.measured {
            for name in columns(of: metric) where names.count(where: { $0 == name }) > 1 {
                throw ExchangeError(path, line: 1, "there are several columns '\(name)', which is a metric")
            }
        }
        guard valueColumn != nil else {
            let nearest = nearestName(to: sweep.metric.name, among: names).map { "did you mean '\($0)'?" }
            throw ExchangeError(
                path, line: 1, "there is no column for the metric",
                help:
                    "it is called 'value' or '\(sweep.metric.name)'" + (nearest.map { "; \($0)" } ?? ""))
        }
    }

    /// What to say of an SQLite database that holds no studies of Optuna's.
    private static func foreignDatabase(_ path: String) throws(ExchangeError) -> ExchangeError {
        if try StudyDatabase.isSweep(path) {
            let isNamed = URL(fileURLWithPath: path).lastPathComponent == SweepStore.fileName
            return ExchangeError(
                path, "this is the database of a sweep",
                help: "name the sweep, or the folder that it is in"
                    + (isNamed ? "" : ", where it is called \(SweepStore.fileName)"))
        }
        let missing = try StudyDatabase.missingTable(path) ?? ""
        return unknown(path, "it is a database, but none of Optuna's, which has a table '\(missing)'")
    }

    /// JSON has commas, too, and would be read as a table whose first line names no parameter.
    private static func refuseJSON(_ text: String, _ path: String) throws(ExchangeError) {
        guard let start = text.first(where: { !$0.isWhitespace }), start == "{" || start == "[" else { return }
        let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        let first = start == "{" ? ParameterValue(pythonJSON: line.utf8) : nil
        guard let value = first ?? ParameterValue(pythonJSON: text.utf8) else { return }
        let trial: ParameterValue? = if case .list(let trials) = value { trials.first } else { value }
        let isOwn = trial?["number"] != nil && trial?["value"] != nil && trial?["params"] != nil
        throw ExchangeError(
            path,
            "nothing can be imported from this file: it is \(first == nil ? "JSON" : "lines of JSON")"
                + (isOwn ? ", as revsweep writes trials for other programs" : ""),
            help: isOwn
                ? "the sweep itself can be imported, and what this writes: revsweep export SWEEP --format csv"
                : "a table can be imported: comma-separated values with a column for each parameter")
    }

    private static func unknown(_ path: String, _ why: String) -> ExchangeError {
        ExchangeError(
            path, "nothing can be imported from this file: \(why)",
            help: "what can: an Optuna journal or database, a page of revsweep report, comma-separated values with a "
                + "column for each parameter, the folder of another sweep")
    }

    /// The parameter that a column holds. A column that says that it holds a parameter, which the sweep does not have,
    /// keeps its name. In our own tables each column of a parameter says so.
    private static func parameter(_ column: String, _ sweep: Sweep, isOwn: Bool) -> String? {
        for prefix in ["param.", "params.", "params_", "config.", "config/"] where column.hasPrefix(prefix) {
            let name = String(column.dropFirst(prefix.count))
            return sweep.space[column] != nil && !isOwn ? column : sweep.parameterName(name) ?? name
        }
        if isOwn { return nil }
        let metrics = sweep.objectives.measured.map(\.name)
        if fixedColumns.contains(column) || metrics.contains(column) { return nil }
        return sweep.parameterName(column)
    }

    /// The columns that may hold a metric, those that say so first.
    private func columns(of metric: Metric) -> [String] {
        let place = sweep.objectives.metrics.firstIndex { $0.name == metric.name }
        let isTaken = isOwn && Self.fixedColumns.contains(metric.name)
        return ["metric.\(metric.name)", "metrics.\(metric.name)", "values_\(metric.name)"]
            + (isTaken ? [] : [metric.name]) + (place.map { ["values_\($0)"] } ?? [])
    }

    private static let fixedColumns: Set = [
        "number", "state", "value", "reason", "started", "ended", "seconds", "attempts",
    ]

    /// In our own tables `value` is what counts of all reports, and `metric.NAME` the last one. Another program may
    /// call something else a value.
    private var valueColumn: Int? {
        let names = columns(of: sweep.metric)
        return (isOwn ? ["value"] + names : names + ["value"]).lazy.compactMap { columns[$0] }.first
    }

    /// A cell of one of the columns that say something else than parameters and metrics.
    private func fixed(_ column: String, _ row: CSVReader.Row) -> String? {
        let isMetric = !isOwn && sweep.objectives.measured.contains { $0.name == column }
        return isMetric ? nil : text(column, row)
    }

    private func text(_ column: String, _ row: CSVReader.Row) -> String? {
        guard let place = columns[column], place < row.cells.count, !row.cells[place].text.isEmpty else { return nil }
        return row.cells[place].text
    }

    private func trial(_ row: CSVReader.Row, number: Int, cells: Int) throws(ExchangeError) -> PastTrial {
        if row.cells.count != cells {
            throw ExchangeError(
                path, line: row.line, "this row has \(row.cells.count) cells, and the first line names \(cells) columns"
            )
        }
        let value = try value(valueColumn.map { row.cells[$0].text } ?? "", row.line)
        var past = PastTrial(number: number, state: value == nil ? .failed : .complete)
        if let word = fixed("state", row) ?? fixed("State", row) { past.state = try state(word, row.line) }
        if past.state == .complete, let value, !value.isFinite { past.state = .diverged }
        past.value = value
        for metric in sweep.objectives.further {
            guard let cell = columns(of: metric).lazy.compactMap({ text($0, row) }).first else { continue }
            past.further[metric.name] = try self.value(cell, row.line)
        }
        if past.state == .pruned { past.reason = fixed("reason", row).map { .pruned($0) } }
        for (column, name) in parameters where !isInactive(row.cells[column], name) {
            let cell = row.cells[column].text
            past.parameters[name] =
                sweep.space[name]?.distribution.value(ofText: cell) ?? ParameterValue(json: cell) ?? .string(cell)
        }
        func time(_ names: String...) -> Date? {
            names.lazy.compactMap { fixed($0, row) }.first.flatMap { PythonTime.date($0, utc: false) }
        }
        past.started = time("started", "datetime_start")
        past.ended = time("ended", "datetime_complete")
        past.seconds =
            fixed("seconds", row).flatMap { Double($0) }
            ?? past.started.flatMap { start in past.ended.map { $0.timeIntervalSince(start) } }
        past.attempt = fixed("attempts", row).flatMap { Int($0) } ?? 1
        return past
    }

    /// Whether a cell says that its parameter has no value. Some programs put every cell in quotes, so an empty text
    /// counts only where the parameter can be one.
    private func isInactive(_ cell: CSVReader.Cell, _ name: String) -> Bool {
        cell.isEmpty || cell.text.isEmpty && sweep.space[name]?.distribution.legalForm(of: "") == nil
    }

    private func value(_ cell: String, _ line: Int) throws(ExchangeError) -> Double? {
        let text = cell.trimmingCharacters(in: .whitespaces)
        if text.isEmpty { return nil }
        guard let number = Double(text) else {
            throw ExchangeError(path, line: line, "the metric is '\(text)', which is no number")
        }
        return number
    }

    /// What programs call the states of trials.
    private func state(_ word: String, _ line: Int) throws(ExchangeError) -> TrialState {
        let name = word.lowercased()
        if let state = TrialState(rawValue: name) { return state }
        switch name {
        case "completed", "finished", "success", "succeeded", "done", "terminated": return .complete
        case "stopped", "earlystopped", "early_stopped": return .pruned
        case "fail", "error", "crashed", "killed", "preempted": return .failed
        case "pending", "queued", "enqueued": return .waiting
        default:
            throw ExchangeError(
                path, line: line, "'\(word)' is no state of a trial that is known here",
                help: "the states are \(TrialState.allCases.map(\.rawValue).joined(separator: ", "))")
        }
    }
}
