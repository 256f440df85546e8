import Foundation
import SweepModel
import SweepSearch
import TerminalDrawing

/// The trials of a sweep as rows that are written one by one, each when its trial ends.
///
/// What has been written cannot be moved any more, so the columns are made as wide as the legal values need before the
/// first row. A row is never longer than the terminal: what does not fit is left out, what matters least first.
///
///     var rows = TrialRows(sweep)
///     rows.heading(columns: 80)      // trial  state       val_loss        time  learning_rate  curve
///     rows.text(row, columns: 80)    //    12  complete        0.21 ★     3.0 s         0.0123  █▅▃▂▁
struct TrialRows: Sendable {
    /// What one row shows.
    struct Row: Sendable {
        var number: Int
        var state: TrialState
        var isBest = false
        var value: Double?
        /// The values of the other metrics that the sweep optimizes or bounds.
        var further: [String: Double] = [:]
        /// A few characters, see `Sparkline`.
        var curve = ""
        var step: Int?
        var seconds: Double?
        var parameters: Assignment
        /// Why it ended as it did, or how it stands while it runs.
        var note = ""
        /// The address of the trial's folder.
        var link: String?
    }

    private enum Column: Hashable {
        case number, state, metric, time, curve, step, note
        case further(Int)
        case parameter(Int)
    }

    private struct ParameterColumn: Sendable {
        var name: String
        var title: String
        var cells: DecimalColumn
        /// Texts are put at the left edge of the column, and numbers below each other's points.
        var isText: Bool
    }

    private let metricName: String
    /// The other metrics that the sweep optimizes or bounds.
    private var further: [(name: String, cells: DecimalColumn)]
    private var parameters: [ParameterColumn]
    private var values: DecimalColumn
    private var digits: Int
    private var stepDigits = 5

    static let curveWidth = 8
    private static let longestText = 16
    /// More than this many are never looked at: no terminal is wide enough for them.
    private static let maxParameters = 60

    init(_ sweep: Sweep) {
        metricName = sweep.metric.name
        further = sweep.objectives.further.map { ($0.name, DecimalColumn(["0.00001", "-1"])) }
        let reserved: Set = ["trial", "state", "time", "curve", "step", sweep.metric.name]
        let short = ParameterNames.short(sweep.space.parameters.map(\.name), besides: reserved)
        let varying = sweep.space.parameters.filter { $0.distribution.onlyValue == nil }
        parameters = varying.prefix(Self.maxParameters).map { parameter in
            let values = parameter.distribution.examples
            let texts = values.map(Self.cell)
            return ParameterColumn(
                name: parameter.name, title: short[parameter.name] ?? parameter.name, cells: DecimalColumn(texts),
                isText: values.contains { $0.asNumber == nil })
        }
        values = DecimalColumn(["0.00001", "-1"])
        digits = max(3, String(sweep.budget.trials.map { max(0, $0 - 1) } ?? 0).count)
    }

    /// Makes the columns wide enough for a trial, before any of its rows is written.
    mutating func include(_ number: Int, _ assignment: Assignment) {
        digits = max(digits, String(number).count)
        for (name, value) in assignment {
            guard let column = parameters.firstIndex(where: { $0.name == name }) else { continue }
            parameters[column].cells.include(Self.cell(value))
        }
    }

    mutating func include(step: Int) { stepDigits = max(stepDigits, String(step).count) }

    mutating func include(value: Double) { values.include(HumanText.number(value)) }

    /// Makes room for the values of the other metrics.
    mutating func include(further values: [String: Double]) {
        for index in further.indices {
            if let value = values[further[index].name] { further[index].cells.include(HumanText.number(value)) }
        }
    }

    // MARK: Text

    func heading(columns: Int) -> StyledText {
        let layout = Layout(self, width: max(1, columns - 1))
        var line = StyledText()
        for (column, width) in layout.columns {
            let words = layout.isNarrow ? shortTitle(of: column) : title(of: column)
            if !line.isEmpty { line += StyledText(layout.gap) }
            let isParameter = if case .parameter = column { true } else { false }
            let title = isParameter ? TextWidth.shortened(words, to: width) : words
            line += StyledText(title).cut(to: width).padded(to: width, isLeft(column) ? .left : .right)
        }
        return line.trimmed().cut(to: layout.width).styled(TextStyle(.gray, bold: true))
    }

    func text(_ row: Row, columns: Int) -> StyledText {
        let layout = Layout(self, width: max(1, columns - 1))
        // A trial without a result says why in the place of its values, unless there is a column for that.
        let reason = StyledText(row.note, row.state.style)
        let hasRoom = layout.columns.last.map { $0.column == .note && $0.width >= reason.columns } ?? false
        let isReasonFirst = row.state.isFinal && row.value == nil && !reason.isEmpty && !hasRoom
        var line = StyledText()
        for (column, width) in layout.columns {
            if isReasonFirst, !Self.isBeforeReason(column, layout.isNarrow) { break }
            if !line.isEmpty { line += StyledText(layout.gap) }
            line += cell(column, of: row, width, layout)
        }
        if isReasonFirst { line += StyledText(layout.gap) + reason }
        return line.trimmed().cut(to: layout.width)
    }

    private static func isBeforeReason(_ column: Column, _ isNarrow: Bool) -> Bool {
        switch column {
        case .number, .state: true
        case .metric, .time: !isNarrow
        case .further, .curve, .step, .note, .parameter: false
        }
    }

    private func cell(_ column: Column, of row: Row, _ width: Int, _ layout: Layout) -> StyledText {
        let style = row.isBest ? SweepHeader.bestStyle : .plain
        let text: StyledText =
            switch column {
            case .number: StyledText(String(row.number), style, link: row.link)
            case .state: StyledText(layout.isNarrow ? row.state.sign : row.state.rawValue, row.state.style)
            case .metric: metric(row, style, layout)
            case .further(let index):
                StyledText(
                    row.further[further[index].name].map { further[index].cells.aligned(HumanText.number($0)) } ?? "",
                    style)
            case .time: StyledText(row.seconds.map { duration(row, $0) } ?? "")
            case .curve: StyledText(row.curve, row.state.style)
            case .step: StyledText(row.step.map(String.init) ?? "")
            case .note: StyledText(row.note, .dim)
            case .parameter(let index): parameter(parameters[index], of: row, style)
            }
        return text.cut(to: width).padded(to: width, isLeft(column) ? .left : .right)
    }

    /// Tenths of a second would change with every frame while the trial runs.
    private func duration(_ row: Row, _ seconds: Double) -> String {
        row.state.isFinal ? HumanText.duration(seconds: seconds) : HumanText.time(.seconds(seconds))
    }

    private func metric(_ row: Row, _ style: TextStyle, _ layout: Layout) -> StyledText {
        let mark = row.isBest ? StyledText("★", style) : StyledText(" ")
        guard let value = row.value else { return StyledText() }
        return StyledText(values.aligned(HumanText.number(value)), style) + StyledText(layout.isNarrow ? "" : " ")
            + mark
    }

    private func parameter(_ column: ParameterColumn, of row: Row, _ style: TextStyle) -> StyledText {
        guard let value = row.parameters[column.name] else { return StyledText() }
        let text = Self.cell(value)
        return StyledText(column.isText ? text : column.cells.aligned(text), style)
    }

    private static func cell(_ value: ParameterValue) -> String {
        if case .number(let number) = value { return String(format: "%.4g", number) }
        return StyledText(HumanText.value(value)).cut(to: longestText).text
    }

    // MARK: Columns

    private func isLeft(_ column: Column) -> Bool {
        switch column {
        case .number, .metric, .further, .time, .step: false
        case .state, .curve, .note: true
        case .parameter(let index): parameters[index].isText
        }
    }

    private func title(of column: Column) -> String {
        switch column {
        case .number: "trial"
        case .state: "state"
        case .metric: metricName + "  "
        case .further(let index): further[index].name
        case .time: "time"
        case .curve: "curve"
        case .step: "step"
        case .note: ""
        case .parameter(let index): parameters[index].title
        }
    }

    private func shortTitle(of column: Column) -> String {
        switch column {
        case .number: "#"
        case .state: ""
        case .metric: metricName + " "
        case .further, .time, .curve, .step, .note, .parameter: title(of: column)
        }
    }

    private func width(of column: Column, isNarrow: Bool) -> Int {
        switch column {
        case .number: isNarrow ? digits : max(5, digits)
        case .state: isNarrow ? 1 : 8
        case .metric:
            max(values.columns, isNarrow ? 0 : min(14, TextWidth.columns(of: metricName))) + (isNarrow ? 1 : 2)
        case .further(let index): max(further[index].cells.columns, min(14, TextWidth.columns(of: further[index].name)))
        case .time: 9
        case .curve: Self.curveWidth
        case .step: stepDigits
        case .note: 0
        case .parameter(let index):
            max(parameters[index].cells.columns, min(Self.longestText, TextWidth.columns(of: parameters[index].title)))
        }
    }

    /// Which columns a terminal of some width has room for.
    private struct Layout {
        var columns: [(column: Column, width: Int)] = []
        let width: Int
        let isNarrow: Bool
        let gap: String

        init(_ rows: TrialRows, width: Int) {
            self.width = width
            isNarrow = width < SweepHeader.narrow
            gap = isNarrow ? " " : "  "
            var chosen: Set<Column> = []
            var rest = width + gap.count
            func add(_ column: Column) {
                let needed = rows.width(of: column, isNarrow: isNarrow) + gap.count
                if needed <= rest || column == .number {
                    chosen.insert(column)
                    rest -= needed
                }
            }
            let parameters = rows.parameters.indices.map { Column.parameter($0) }
            let further = rows.further.indices.map { Column.further($0) }
            var wanted: [Column] = [.number, .state, .metric] + further + (isNarrow ? [] : [.time]) + parameters
            // The first parameters matter more than the curve, which matters more than the others.
            wanted.insert(.curve, at: wanted.endIndex - max(0, parameters.count - 2))
            wanted.insert(.step, at: wanted.endIndex - max(0, parameters.count - 3))
            let noteWidth = width < 100 ? 0 : min(48, width / 4)
            rest -= noteWidth
            for column in wanted { add(column) }
            rest += noteWidth
            let order = [Column.number, .state, .metric] + further + [.time] + parameters + [.step, .curve]
            columns = order.filter(chosen.contains).map { ($0, rows.width(of: $0, isNarrow: isNarrow)) }
            if rest - gap.count >= 12 { columns.append((.note, rest - gap.count)) }
        }
    }
}

extension Distribution {
    /// Values that a column is to have room for: all of a few, and of a range some that are spread over it.
    fileprivate var examples: [ParameterValue] {
        switch self {
        case .choice(let values, _), .ordinal(let values): Array(values.prefix(100))
        case .real, .quantized, .integer: (0...32).map { value(atQuantile: Double($0) / 32) }
        }
    }
}
