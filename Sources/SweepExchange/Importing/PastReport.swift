import Foundation
import ReportFormat
import SweepModel
import SweepSearch

/// The trials of a report of revsweep's, as they may become history of a sweep.
///
/// Numbers, states and values of parameters are those of the database it was made from, to the last bit. Of the reports
/// of a trial the values have 16 binary digits, as the page draws them; times are exact to a millisecond.
struct PastReport {
    private(set) var trials: [PastTrial] = []
    private(set) var notes: [String] = []
    private let data: ReportData
    private let sweep: Sweep

    /// No sweep has more. A file of a few bytes may claim to.
    private static let maxTrials = 1_000_000
    /// How many values of parameters all trials have together.
    private static let maxValues = 20_000_000

    /// - Throws: `ExchangeError` if the data are damaged, or the report measures something else than the sweep.
    init(_ name: String, _ node: ParameterValue, in path: String, for sweep: Sweep) throws(ExchangeError) {
        data = ReportData(path: path, sweep: name, node: node)
        self.sweep = sweep
        let rule = try checkedRule(path)
        // Before a value is made of every element: a column of zeros takes a thousand times its room in the file.
        guard try data.column("state", count: nil).count <= Self.maxTrials else {
            throw data.damaged("'state'", "there are more trials than in any sweep")
        }
        let words = try data.words("state", count: nil)
        let values = try data.numbers("value", count: words.count)
        for (number, word) in words.enumerated() {
            guard let state = word.asText.flatMap(TrialState.init) else {
                throw data.damaged("'state'", "\(word) is no state of a trial")
            }
            var trial = PastTrial(number: number, state: state)
            trial.value = values[number].isFinite ? values[number] : nil
            trials.append(trial)
        }
        try takeReasons()
        try takeReports(rule)
        try takeFurther()
        try takeAttempts()
        try takeParameters()
    }

    /// What the report is of has to be what the sweep measures.
    private mutating func checkedRule(_ path: String) throws(ExchangeError) -> String {
        let metric = try data.part("metric")
        guard let name = metric.node["name"]?.asText, let goal = metric.node["goal"]?.asText,
            let rule = metric.node["rule"]?.asText
        else { throw data.damaged("'metric'", "its name, its goal or its rule is missing") }
        guard name == sweep.metric.name, goal == sweep.metric.goal.rawValue else {
            throw ExchangeError(
                path,
                "the sweep '\(data.sweep)' of this report is to \(goal) '\(name)', and this one is to "
                    + "\(sweep.metric.goal) '\(sweep.metric.name)'",
                help: "values of the one say nothing about the other")
        }
        return rule
    }

    // MARK: Parts

    /// The reason of a pruned trial is that of its last decision where the column has none.
    private mutating func takeReasons() throws(ExchangeError) {
        let origins = try data.words("origin", count: trials.count)
        let reasons = try data.texts("reason", count: trials.count)
        let decisions = try data.part("decisions")
        let ranges = try decisions.ranges(count: trials.count)
        let decided = try decisions.texts("reasons", count: ranges.last?.upperBound ?? 0)
        for number in trials.indices {
            if origins[number] == .string("enqueued") { trials[number].origin = .enqueued }
            guard trials[number].state == .pruned else { continue }
            let last = ranges[number].isEmpty ? nil : decided[ranges[number].upperBound - 1]
            let words = reasons[number].isEmpty ? last : reasons[number]
            trials[number].reason = words.map { .pruned($0) }
        }
    }

    /// - Parameter rule: which of its reports a trial's value is, in the sweep of the report.
    private mutating func takeReports(_ rule: String) throws(ExchangeError) {
        let reports = try data.part("reports")
        let ranges = try reports.ranges(count: trials.count)
        let count = ranges.last?.upperBound ?? 0
        let steps = try reports.integers("steps", count: count)
        let values = try reports.numbers("values", count: count)
        let isOtherRule = rule != sweep.metric.rule.rawValue
        for number in trials.indices {
            trials[number].reports = ranges[number].map { .init(step: steps[$0], value: values[$0]) }
            guard isOtherRule, trials[number].state != .diverged, !trials[number].reports.isEmpty else { continue }
            trials[number].value = sweep.metric.value(of: trials[number].reports.map(\.value).filter(\.isFinite))
        }
        if isOtherRule {
            notes.append(
                "the report takes the \(rule) report of a trial as its value, and the sweep the \(sweep.metric.rule): "
                    + "values are taken from the reports in the file, which have 5 digits")
        }
        if let thinned = reports.node["thinned"]?.asText { notes.append(thinned) }
    }

    /// The values of the other metrics that the sweep of the report optimizes or bounds.
    private mutating func takeFurther() throws(ExchangeError) {
        guard case .list(let metrics)? = data.node["objectives"]?["further"] else { return }
        for metric in metrics {
            guard let name = metric["name"]?.asText else { throw data.damaged("'objectives'", "a metric has no name") }
            let entry = ReportData(path: data.path, sweep: data.sweep, node: metric)
            for (number, value) in try entry.numbers("values", count: trials.count).enumerated() where !value.isNaN {
                trials[number].further[name] = value
            }
        }
    }

    private mutating func takeAttempts() throws(ExchangeError) {
        let attempts = try data.part("attempts")
        let ranges = try attempts.ranges(count: trials.count)
        let count = ranges.last?.upperBound ?? 0
        let starts = try attempts.integers("started", count: count)
        let seconds = try attempts.numbers("seconds", count: count)
        let tick = attempts.node["tick"]?.asNumber ?? 0.001
        guard let start = data.node["start"]?.asText.flatMap({ PythonTime.date($0, utc: true) }) else {
            throw data.damaged("'start'", "it is no time")
        }
        for number in trials.indices {
            trials[number].attempt = max(1, ranges[number].count)
            guard let last = ranges[number].last else { continue }
            let begin = start + Double(starts[last]) * tick
            trials[number].started = begin
            guard seconds[last].isFinite, seconds[last] >= 0 else { continue }
            trials[number].seconds = seconds[last]
            trials[number].ended = begin + seconds[last]
        }
    }

    // MARK: Parameters

    private mutating func takeParameters() throws(ExchangeError) {
        guard case .list(let parameters)? = data.node["parameters"] else {
            throw data.damaged("'parameters'", "they are missing")
        }
        guard trials.isEmpty || parameters.count <= Self.maxValues / trials.count else {
            throw data.damaged("'parameters'", "there are more than in any sweep")
        }
        let names = parameters.map { $0["name"]?.asText }
        for (parameter, name) in zip(parameters, names) {
            guard let name else { throw data.damaged("'parameters'", "one has no name") }
            let entry = ReportData(path: data.path, sweep: data.sweep, node: parameter)
            let cells = try Self.cells(entry, "the parameter '\(name)'", count: trials.count)
            // A name in full goes before one that only ends so.
            var own = sweep.parameterName(name) ?? name
            if own != name, names.contains(own) { own = name }
            let distribution = sweep.space[own]?.distribution
            for (number, cell) in cells.enumerated() {
                guard case .value(let value) = cell else { continue }
                trials[number].parameters[own] = distribution?.value(of: value) ?? value
            }
        }
    }

    /// The values of a parameter in all trials.
    private static func cells(
        _ entry: ReportData, _ place: String, count: Int
    ) throws(ExchangeError) -> [ReportColumn.Cell<ParameterValue>] {
        let column = try entry.column("values", in: place, count: count)
        if case .list(let words)? = entry.node["values"]?["words"] {
            guard let places = column.placeCells else { throw entry.damaged(place, "it holds no places of words") }
            var cells: [ReportColumn.Cell<ParameterValue>] = []
            for cell in places {
                guard let cell = cell.lookedUp(in: words) else {
                    throw entry.damaged(place, "it has no such word")
                }
                cells.append(cell)
            }
            return cells
        }
        if let cells = column.integerCells { return cells.map { $0.map { .integer($0) } } }
        guard let numbers = column.numberCells else { throw entry.damaged(place, "it holds no numbers") }
        let cells = numbers.map { $0.map { ParameterValue.number($0) } }
        guard entry.node["exact"] != nil, entry.node["exact"] != .null else { return cells }
        // Integers that are no numbers of JavaScript's.
        let digits = try entry.texts("exact", count: count)
        return zip(cells, digits).map { cell, digits in
            digits.isEmpty ? cell : ParameterValue(json: digits).map { .value($0) } ?? cell
        }
    }
}

extension ReportColumn.Cell {
    /// The same cell with another value.
    fileprivate func map<Other>(_ change: (Value) -> Other) -> ReportColumn.Cell<Other> {
        switch self {
        case .value(let value): .value(change(value))
        case .inactive: .inactive
        case .unknown: .unknown
        }
    }
}

extension ReportColumn.Cell<Int> {
    /// The word at this place; nil if there is none.
    fileprivate func lookedUp(in words: [ParameterValue]) -> ReportColumn.Cell<ParameterValue>? {
        switch self {
        case .value(let place): words.indices.contains(place) ? .value(words[place]) : nil
        case .inactive: .inactive
        case .unknown: .unknown
        }
    }
}
